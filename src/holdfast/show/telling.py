"""What the archive says of itself: a text that its keepers wrote, one for each language.

`about.de.md` in the archive's folder is the German one, `about.md` that for all other languages. It is Markdown. What
nobody wrote is not there: then the page has the facts alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from holdfast.model.language import is_well_formed, primary

LARGEST_BYTES = 400_000


@dataclass(frozen=True)
class About:
    """What was written, and in which language: "" where the file does not tell."""

    text: str
    language: str


def about(folder: Path, languages: Sequence[str]) -> About | None:
    """The text in the first of these languages, else that for all, else in the next language; None if there is none."""
    found = {name: path for path in sorted(folder.glob("about*.md")) if (name := _language(path.name)) is not None}
    wanted = [code for language in languages for code in (language.lower(), primary(language))]
    for code in (*wanted[:2], "", *wanted, *found):
        if code in found and (text := _read(found[code])):
            return About(text, code)
    return None


def _language(name: str) -> str | None:
    """The language of a file by its name, in small letters; "" for `about.md`, None for what is no such file."""
    if name == "about.md":
        return ""
    tag = name.removeprefix("about.").removesuffix(".md")
    return tag.lower() if is_well_formed(tag) else None


def _read(path: Path) -> str:
    """The text; "" if it cannot be read, is empty or is far too long to be one."""
    try:
        if path.is_symlink() or path.stat().st_size > LARGEST_BYTES:
            return ""
        return path.read_text("utf-8-sig", errors="replace").strip()
    except OSError:
        return ""
