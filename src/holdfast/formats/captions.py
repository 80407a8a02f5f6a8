"""Captions and subtitles: bytes of WebVTT, SubRip or ASS to cues with exact times.

Old subtitles come in the code pages of their countries; what is not UTF-8 is read in the usual one of its language.
Machine-made captions repeat each line while it rolls up the screen; the repetitions are left out, so that a search
finds a sentence once, where it begins.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import PurePath

import pysubs2

from holdfast.errors import BadSidecar
from holdfast.formats.canonical import printable
from holdfast.model.asset import UNKNOWN_LANGUAGE
from holdfast.model.time import Span

SUFFIXES = {".vtt": "vtt", ".srt": "srt", ".ass": "ass", ".ssa": "ssa"}
_CODE_PAGES = {"ru": "cp1251", "uk": "cp1251", "bg": "cp1251", "zh": "gb18030", "ko": "cp949", "ja": "cp932"}
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_MARKUP = re.compile(r"<[^>]*>|\{[^}]*\}")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Cue:
    """One stretch of text on the screen, without markup, on one line."""

    span: Span
    text: str


def language_of_name(name: str) -> str:
    """The language that a caption file's name tells: `film.zh-Hans.vtt` is `zh-Hans`; `und` if it tells none."""
    parts = PurePath(name).name.split(".")
    candidate = parts[-2] if len(parts) > 2 else ""
    return candidate if _LANGUAGE.fullmatch(candidate) else UNKNOWN_LANGUAGE


def parse_captions(data: bytes, name: str, language: str = UNKNOWN_LANGUAGE) -> tuple[Cue, ...]:
    """The cues of a caption file, in the order of their times.

    Raises:
        BadSidecar: it is of no known form, or holds not one cue.
    """
    kind = SUFFIXES.get(PurePath(name).suffix.lower())
    if kind is None:
        raise BadSidecar(path=name, reason=f"only {', '.join(SUFFIXES)} are known as captions")
    try:
        parsed = pysubs2.SSAFile.from_string(_decode(data, language), format_=kind, keep_unknown_html_tags=True)
    except Exception as error:  # a parser for other people's files may fail in any way
        raise BadSidecar(path=name, reason=f"it does not read as {kind} ({error})") from error
    cues = [_cue(event) for event in sorted(parsed, key=lambda e: (e.start, e.end)) if event.type == "Dialogue"]
    kept = _without_repetitions([cue for cue in cues if cue.text])
    if not kept:
        raise BadSidecar(path=name, reason="it holds no text with a time")
    return kept


def _cue(event: pysubs2.SSAEvent) -> Cue:
    start, end = max(0, event.start), max(0, event.start, event.end)
    return Cue(Span(Fraction(start, 1000), Fraction(end, 1000)), _plain_text(event.text))


def _plain_text(text: str) -> str:
    spoken = _MARKUP.sub("", text.replace("\\N", " ").replace("\\n", " ").replace("\\h", " "))
    return _SPACES.sub(" ", printable(spoken)).strip()


def _decode(data: bytes, language: str) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode(_CODE_PAGES.get(language.split("-", maxsplit=1)[0], "cp1252"), "replace")


def _without_repetitions(cues: list[Cue]) -> tuple[Cue, ...]:
    kept: list[Cue] = []
    for cue in cues:
        before = kept[-1] if kept else None
        follows_at_once = before is not None and cue.span.start - before.span.end <= Fraction(1, 5)
        if before is None or not follows_at_once:
            kept.append(cue)
        elif cue.text == before.text:
            kept[-1] = Cue(Span(before.span.start, max(before.span.end, cue.span.end)), before.text)
        elif cue.text.startswith(before.text + " "):  # the line before rolled up, and a new one came below it
            kept.append(Cue(cue.span, cue.text[len(before.text) + 1 :]))
        else:
            kept.append(cue)
    return tuple(kept)
