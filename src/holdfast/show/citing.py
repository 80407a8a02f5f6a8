"""How to cite a work, or a moment of it: as a sentence, as BibTeX, as CSL-JSON."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from holdfast.show.sentences import ended

_SPECIAL = re.compile(r"([\\{}&%$#_~^])")
_YEAR = re.compile(r"[0-9]{4}")
_NAMES = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


@dataclass(frozen=True)
class Citation:
    """What is cited: `dated` as EDTF ("" if unknown), and `when` as people say it; `address` with the moment.

    `read_on` is the day of reading.
    """

    asset: str
    title: str
    people: tuple[str, ...]
    dated: str
    archive: str
    address: str
    read_on: date
    language: str = ""
    when: str = ""

    @property
    def text(self) -> str:
        """One line, in the form that most readers know: who (when). Title. Where kept. Address."""
        who, when = "; ".join(self.people), f"({self.when or self.dated})" if self.dated else ""
        parts = (" ".join(part for part in (who, when) if part), self.title, self.archive)
        return " ".join([*(ended(part) for part in parts if part), self.address])

    @property
    def bibtex(self) -> str:
        """An entry of BibTeX."""
        year = _YEAR.search(self.dated)
        fields = {
            "title": f"{{{_tex(self.title)}}}",
            "author": " and ".join(f"{{{_tex(name)}}}" for name in self.people),
            "year": year[0] if year else "",
            "howpublished": _tex(self.archive),
            "url": self.address,
            "urldate": self.read_on.isoformat(),
        }
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
        return "\n".join([f"@misc{{{self.asset},", *lines, "}"]) + "\n"

    @property
    def csl(self) -> str:
        """CSL-JSON, as reference managers read it."""
        year, day = _YEAR.search(self.dated), self.read_on
        item: dict[str, Any] = {
            "id": self.asset,
            "type": "motion_picture",
            "title": self.title,
            "author": [{"literal": name} for name in self.people],
            "issued": {"date-parts": [[int(year[0])]]} if year else None,
            "archive": self.archive,
            "URL": self.address,
            "accessed": {"date-parts": [[day.year, day.month, day.day]]},
            "language": self.language,
        }
        return json.dumps([{key: value for key, value in item.items() if value}], ensure_ascii=False, indent=2)


def _tex(text: str) -> str:
    return _SPECIAL.sub(lambda match: _NAMES.get(match[1], "\\" + match[1]), " ".join(text.split()))
