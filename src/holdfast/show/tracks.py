"""What runs beside a film: its captions, as tracks and as a transcript, its chapters, and its storyboard.

What a browser gets is written by us from what was understood of the kept file; nothing of the file's own markup
reaches a page. A text that cannot be read is left out, and the log says which.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from holdfast.errors import HoldfastError
from holdfast.formats.captions import Cue, parse_captions
from holdfast.model.inventory import LogicalPath
from holdfast.model.time import Span, clock
from holdfast.show import site
from holdfast.show.works import described_in

if TYPE_CHECKING:
    from pathlib import Path

    from holdfast.show.works import AccessCopy, Work

logger = logging.getLogger(__name__)
TEXTS_AT_HAND = 64
_SHORTEST = Fraction(1, 1000)
_TILE = re.compile(r"([A-Za-z0-9_-]+\.jpg)#xywh=([0-9]{1,6}),([0-9]{1,6}),([0-9]{1,6}),([0-9]{1,6})")


@dataclass(frozen=True)
class Transcript:
    """What is said, in one language. `number` is the place of the text in the record; its address is made of it."""

    number: int
    language: str
    kind: str
    source: str
    cues: tuple[Cue, ...]


@dataclass(frozen=True)
class Tile:
    """A small picture of a moment: where it lies in its sheet, in pixels."""

    start: Fraction
    file: str
    x: int
    y: int
    width: int
    height: int


def transcripts(work: Work) -> tuple[Transcript, ...]:
    """The texts of a work that can be read, in the order of the record."""
    found = ((number, cues_of(work, number)) for number in range(len(work.record.texts)))
    texts = work.record.texts
    return tuple(
        Transcript(number, texts[number].language, texts[number].kind, texts[number].source, cues)
        for number, cues in found
        if cues
    )


def cues_of(work: Work, number: int) -> tuple[Cue, ...]:
    """The cues of one text of the record, counted from 0; none if there is no such text, or it cannot be read."""
    if not 0 <= number < len(work.record.texts):
        return ()
    text = work.record.texts[number]
    try:
        digest = work.inventory.digest_of(LogicalPath(text.file))
        return _cues(id(site.archive()), str(work.record.id.object_id), text.file, digest, text.language)
    except (HoldfastError, KeyError, ValueError) as error:
        logger.warning("text %d of %s is not shown: %s", number, work.id, error)
        return ()


@lru_cache(maxsize=TEXTS_AT_HAND)
def _cues(archive: int, object_id: str, file: str, digest: str, language: str) -> tuple[Cue, ...]:  # noqa: ARG001 (keys)
    return parse_captions(site.archive().root.read(object_id, file), file, language)


def chapters(work: Work) -> tuple[Cue, ...]:
    """The chapters of a work that have a title, in the order of their times."""
    named = [Cue(Span(one.start, one.end), one.title) for one in work.record.sections if one.title and one.start >= 0]
    return tuple(sorted(named, key=lambda cue: cue.span.start))


def webvtt(cues: Iterable[Cue], language: str = "") -> str:
    """Cues as WebVTT. Every sign that could be markup is escaped; a cue without length lasts a millisecond."""
    parts = ["WEBVTT" + (f"\nLanguage: {language}" if language else "")]
    for cue in cues:
        start, end = cue.span.start, max(cue.span.end, cue.span.start + _SHORTEST)
        text = " ".join(cue.text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        parts.append(f"{clock(start, millis=True)} --> {clock(end, millis=True)}\n{text}")
    return "\n\n".join(parts) + "\n"


def storyboard(copy: AccessCopy) -> tuple[Tile, ...]:
    """The tiles of a copy's storyboard, by time; none if it has none."""
    return tiles_in(copy.folder)


def tiles_in(folder: Path) -> tuple[Tile, ...]:
    """The tiles of the storyboard of the access copy in a folder, by time; none if it has none."""
    described = described_in(folder) or {}
    name, files = "storyboard.vtt", described.get("files", {})
    try:
        cues = parse_captions((folder / name).read_bytes(), name) if name in files else ()
    except (HoldfastError, OSError):
        return ()
    found = ((cue.span.start, _TILE.fullmatch(cue.text)) for cue in cues)
    return tuple(
        Tile(start, match[1], *(int(match[n]) for n in (2, 3, 4, 5)))
        for start, match in found
        if match is not None and match[1] in files
    )
