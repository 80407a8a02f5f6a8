"""Captions and subtitles: bytes of WebVTT, SubRip or ASS to cues with exact times.

What can be read is read: a broken line costs its cue, not the file. The form is told by the content; a `.srt` that
holds WebVTT is WebVTT. Old subtitles come in the code pages of their countries (see `formats/codepages`). Machine-made
captions repeat each line while it rolls up the screen; the repetitions are left out, so that a search finds a sentence
once, where it begins.

Source: WebVTT, W3C Candidate Recommendation of 2019, section 6.1 (parsing); SubRip and ASS have no standard and are
read as players read them. The reader is our own because those that exist mistake a line of machine-made captions that
holds two times for a new cue, lose a line that is a number, or refuse a file for one bad line.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from operator import itemgetter
from pathlib import PurePath
from typing import NamedTuple

from holdfast.errors import BadSidecar
from holdfast.formats.canonical import printable
from holdfast.formats.codepages import old_text
from holdfast.model.asset import UNKNOWN_LANGUAGE
from holdfast.model.language import language_tag
from holdfast.model.time import Span

SUFFIXES = {".vtt": "vtt", ".srt": "srt", ".ass": "ass", ".ssa": "ssa"}

# `film.ru.forced.srt`: said of the captions after their language. `hi` is also Hindi, when nothing stands before it.
_QUALIFIERS = {"auto", "cc", "default", "forced", "hi", "orig", "sdh"}
_NUMBERED = re.compile(r" \([0-9]+\)$")  # how we tell two files of one name apart

_TIME = r"(?:([0-9]{1,4}):)?([0-9]{1,3}):([0-9]{1,3})[.,]([0-9]{1,6})"
_TIMING = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}")
_ALMOST_TIMING = re.compile(r"[0-9]\s*[:.,]|[:.,]\s*[0-9]")
_ASS_TIME = re.compile(r"\s*([0-9]{1,4}):([0-9]{1,3}):([0-9]{1,3})[.,:]([0-9]{1,6})\s*")
_COUNTER = re.compile(r"\s*[0-9]+\s*")
_LINE_END = re.compile(r"\r\n|\r|\n")  # and nothing else: str.splitlines would also cut at U+2028
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<[0-9:.]+>|</>")
_OVERRIDE = re.compile(r"\{\\[^{}]*\}")
_ASS_BRACES = re.compile(r"(\{[^{}]*\})")
_ASS_DRAWING = re.compile(r"\\p([0-9])")
_ASS_BREAK = re.compile(r"\\[Nn]")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{1,31});")
_GAP = 200_000  # microseconds: captions that follow each other within it are one flow


@dataclass(frozen=True)
class Cue:
    """One stretch of text on the screen, without markup, on one line."""

    span: Span
    text: str


class _Shown(NamedTuple):
    """A cue as the file has it: in microseconds (no form is finer), its lines without markup, none of them empty."""

    start: int
    end: int
    lines: tuple[str, ...]


def language_of_name(name: str, film: str = "") -> str:
    """The language that a caption file's name tells: `film.zh-Hans.vtt` is `zh-Hans`; `und` if it tells none.

    With the name of its film, only what follows that is looked at: `Go.to.srt` beside `Go.to.mp4` is not Tongan.
    """
    stem = _NUMBERED.sub("", PurePath(name).stem)
    film_stem = PurePath(film).stem
    has_its_name = film_stem and stem.startswith(film_stem)
    parts = (" " + stem[len(film_stem) :] if has_its_name else stem).split(".")
    for part, before in zip(reversed(parts[1:]), reversed(parts[:-1]), strict=True):
        if part.lower() in _QUALIFIERS and (part.lower() != "hi" or language_tag(before)):
            continue
        return language_tag(part) or UNKNOWN_LANGUAGE
    return UNKNOWN_LANGUAGE


def parse_captions(data: bytes, name: str, language: str = UNKNOWN_LANGUAGE) -> tuple[Cue, ...]:
    """The cues of a caption file, in the order of their times.

    Args:
        data: the bytes.
        name: the file's name, for its suffix and for errors.
        language: what is known of their language; it helps to read old code pages.

    Raises:
        BadSidecar: its suffix is none of `SUFFIXES`, or it holds not one text with a time.
    """
    if PurePath(name).suffix.lower() not in SUFFIXES:
        raise BadSidecar(path=name, reason=f"only {', '.join(SUFFIXES)} are known as captions")
    shown = [cue for cue in _shown(printable(old_text(data, language))) if cue.lines]
    if not shown:
        raise BadSidecar(path=name, reason="it holds no text with a time")
    kept = _without_repetitions(sorted(shown, key=itemgetter(0, 1)))
    return tuple(Cue(Span(_exact(start), _exact(end)), " ".join(lines)) for start, end, lines in kept)


def _exact(micros: int) -> Fraction:
    return Fraction(micros, 1_000_000)


def _shown(text: str) -> Iterator[_Shown]:
    lines = _LINE_END.split(text)
    if any(line.strip().lower() == "[events]" for line in lines):
        return _ass(lines)
    return _timed(lines, is_webvtt=text.lstrip("\ufeff \t\r\n").startswith("WEBVTT"))


# ------------------------------------------------------------------------------------------ WebVTT and SubRip


def _timed(lines: list[str], *, is_webvtt: bool) -> Iterator[_Shown]:
    """The cues of lines of which some give a stretch of time, and those after it the text."""
    starts = [n for n, line in enumerate(lines) if "-->" in line and _ALMOST_TIMING.search(line)]
    for n, end in pairwise([*starts, len(lines)]):
        match = _TIMING.match(lines[n])
        if match is None:  # a broken time: its text belongs to no other
            continue
        block = lines[n + 1 : end]
        text = _until_empty(block) if is_webvtt else _without_counter(block, is_last=end == len(lines))
        yield _stretch(match.groups()[:4], match.groups()[4:], _cleaned(map(_without_tags, text)))


def _until_empty(block: list[str]) -> list[str]:
    """An empty line ends a cue of WebVTT: notes, styles and the next cue's name may follow. One of spaces does not."""
    return block[: block.index("")] if "" in block else block


def _without_counter(block: list[str], *, is_last: bool) -> list[str]:
    """SubRip numbers its cues in the line above the next time. A number elsewhere, as a year, is text."""
    return block if is_last or not block or not _COUNTER.fullmatch(block[-1]) else block[:-1]


def _stretch(start: tuple[str | None, ...], end: tuple[str | None, ...], lines: tuple[str, ...]) -> _Shown:
    first, last = _micros(*start), _micros(*end)
    return _Shown(first, max(first, last), lines)


def _micros(hours: str | None, minutes: str | None, seconds: str | None, decimals: str | None) -> int:
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    return whole * 1_000_000 + int((decimals or "").ljust(6, "0"))


def _without_tags(line: str) -> str:
    """The words of a line: no `<v Name>`, `<c.yellow>`, `<00:01.500>`, `{\\an8}`; `&lt;` is `<`. `5 < 6` stays."""
    bare = _TAG.sub("", _OVERRIDE.sub("", line))
    return _ENTITY.sub(lambda match: html.unescape(match[0]), bare)


def _cleaned(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(clean for line in lines if (clean := " ".join(line.split())))


# -------------------------------------------------------------------------------------------------------- ASS


def _ass(lines: list[str]) -> Iterator[_Shown]:
    """The dialogue lines of an ASS or SSA script; comments and drawings are left out."""
    fields = ["layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text"]
    section = ""
    for line in lines:
        head, _, rest = line.partition(":")
        word = head.strip().lower()
        if line.startswith("["):
            section = line.strip().lower()
        elif section == "[events]" and word == "format":
            fields = [field.strip().lower() for field in rest.split(",")]
        elif section == "[events]" and word == "dialogue":
            values = dict(zip(fields, rest.split(",", len(fields) - 1), strict=False))
            start, end = (_ASS_TIME.fullmatch(values.get(name, "")) for name in ("start", "end"))
            if start and end:
                yield _stretch(start.groups(), end.groups(), _ass_lines(values.get("text", "")))


def _ass_lines(text: str) -> tuple[str, ...]:
    r"""The words: no `{...}`, and nothing between `{\p1}` and `{\p0}`, which draws a shape."""
    spoken, is_drawing = "", False
    for piece in _ASS_BRACES.split(text):
        if not piece.startswith("{"):
            spoken += "" if is_drawing else piece
        elif scales := _ASS_DRAWING.findall(piece):
            is_drawing = scales[-1] != "0"
    return _cleaned(_ASS_BREAK.split(spoken.replace("\\h", " ")))


# ------------------------------------------------------------------------------------------------ repetitions


def _without_repetitions(shown: list[_Shown]) -> list[_Shown]:
    """Each line once: what still stands from the cue before, or grew out of it word by word, is not said again."""
    kept: list[_Shown] = []
    before = _Shown(0, -2 * _GAP, ())
    for now in shown:
        is_flow = now.start - before.end <= _GAP
        standing = _standing(before.lines, now.lines) if is_flow else 0
        grown = _growth(before.lines, now.lines) if is_flow and not standing else ""
        if standing == len(now.lines) or grown:
            start, end, lines = kept[-1]
            kept[-1] = _Shown(start, max(end, now.end), (*lines[:-1], lines[-1] + grown))
        else:
            kept.append(now._replace(lines=now.lines[standing:]))
        before = now
    return kept


def _standing(before: tuple[str, ...], now: tuple[str, ...]) -> int:
    """How many of the last lines before are the first lines now. No screen holds more than a few."""
    most = min(len(before), len(now), 8)
    return next((count for count in range(most, 0, -1) if before[-count:] == now[:count]), 0)


def _growth(before: tuple[str, ...], now: tuple[str, ...]) -> str:
    """The words that were added to the last line, if that is all that changed."""
    is_grown = len(before) == len(now) and before[:-1] == now[:-1] and now[-1].startswith(before[-1] + " ")
    return now[-1][len(before[-1]) :] if is_grown else ""
