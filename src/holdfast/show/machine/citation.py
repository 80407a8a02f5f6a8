"""How a work is cited, as programs for literature read it: CSL-JSON and BibTeX.

Source: https://docs.citationstyles.org/en/stable/specification.html (variables), BibTeX's manual "BibTeXing" (fields)
"""

from __future__ import annotations

import re
from typing import Any

from holdfast.model.time import clock
from holdfast.show.addresses import Moment, written
from holdfast.show.machine.told import Told

_PLAIN_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")
_TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: "\\" + sign for sign in "{}%&$#_"},
}


def csl(told: Told, moment: Moment | None = None) -> list[dict[str, Any]]:
    """The work as one item of CSL-JSON; at a moment, its address leads there."""
    said = {
        "id": told.work.id,
        "type": "motion_picture",
        "title": told.title.text,
        "director": _names(told, "director"),
        "author": _names(told, "author"),
        "issued": _issued(told),
        "archive": told.archive,
        "archive_location": told.work.id,
        "dimensions": clock(told.duration) if told.duration else "",
        "abstract": told.description,
        "URL": _address(told, moment),
    }
    return [{name: value for name, value in said.items() if value}]


def bibtex(told: Told, moment: Moment | None = None) -> str:
    """The work as an entry of BibTeX."""
    people = [person.name for person in told.work.record.people if person.role in ("director", "author")]
    date = _PLAIN_DATE.match(told.work.record.dates[0].edtf) if told.work.record.dates else None
    said = {
        "title": "{" + _tex(told.title.text) + "}",
        "author": " and ".join("{" + _tex(name) + "}" for name in people),
        "year": date[1] if date else "",
        "howpublished": _tex(told.archive),
        "note": _tex(told.work.id),
        "url": re.sub(r"([{}%\\])", lambda match: f"%{ord(match[1]):02X}", _address(told, moment)),
    }
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in said.items() if value)
    return f"@misc{{{told.work.id},\n{fields}}}\n"


def _address(told: Told, moment: Moment | None) -> str:
    return told.page + (f"?t={written(moment)}" if moment else "")


def _names(told: Told, role: str) -> list[dict[str, str]]:
    return [{"literal": person.name} for person in told.work.record.people if person.role == role]


def _issued(told: Told) -> dict[str, Any]:
    if not told.work.record.dates:
        return {}
    edtf = told.work.record.dates[0].edtf
    plain = _PLAIN_DATE.fullmatch(edtf)
    return {"date-parts": [[int(part) for part in plain.groups() if part]]} if plain else {"literal": edtf}


def _tex(text: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in " ".join(text.split()))
