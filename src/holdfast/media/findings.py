"""From what a pass over a file found to sentences that name the symptom and the place. Pure: no FFmpeg here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from holdfast.media import sniff
from holdfast.media.tracks import Track
from holdfast.model.time import clock

# Headers round, and sound ends with a part of a block: only more than this is worth a word.
_SLACK = Fraction(1, 2)
_NO_FILMS = frozenset({"pdf", "zip", "gzip", "rar", "7z", "sqlite", "zeros"})


@dataclass
class Finding:
    """Everything that a warning may be about; times in seconds on the container's clock, `zero` its first moment."""

    looks_like: str = ""
    container: str = ""
    zero: Fraction = Fraction(0)
    duration: Fraction | None = None
    promised: Fraction | None = None
    tracks: list[Track] = field(default_factory=list)
    tags_are_cut: bool = False
    unreadable: int = 0
    unreadable_at: Fraction | None = None

    def note_unreadable(self, position: Fraction | None) -> None:
        """The demuxer could not read on, after this position."""
        if not self.unreadable:
            self.unreadable_at = position
        self.unreadable += 1


def damage_found(finding: Finding) -> Iterator[str]:
    """The warnings, gravest first."""
    playing = [track for track in finding.tracks if track.plays]
    if not playing:
        if not any(track.kind == "subtitle" for track in finding.tracks):
            yield "no picture and no sound was found in it"
    elif finding.looks_like in _NO_FILMS:
        yield f"FFmpeg takes it for {finding.container}, but it looks like {sniff.in_words(finding.looks_like)}"
    yield from _against_the_header(finding)
    if finding.unreadable:
        place = _place(finding.unreadable_at, finding.zero, finding.unreadable)
        yield f"reading stopped {_times(finding.unreadable)} at a place that could not be understood{place}"
    for track in playing:
        yield from _of_track(track, finding.zero)
    if finding.tags_are_cut:
        yield "it has more or longer tags than are kept here; all of them are in the file itself"


def _against_the_header(finding: Finding) -> Iterator[str]:
    promised, measured = finding.promised, finding.duration
    if promised is None:
        return
    if measured is None:
        yield f"the header promises {_seconds(promised)}, but not one packet could be read"
    elif promised > measured + _SLACK:
        yield f"the header promises {_seconds(promised)}, the packets end at {_seconds(measured)}"
    elif promised < measured - _SLACK:
        yield f"the header promises only {_seconds(promised)}, the packets go on until {_seconds(measured)}"


def _of_track(track: Track, zero: Fraction) -> Iterator[str]:
    extent, name = track.extent, f"track {track.index} ({track.kind})"
    if not extent.packets:
        yield f"{name} is described in the header, but has no packets"
        return
    if not track.is_understood:
        yield f"{name}: neither size nor rate could be found in it; it may be no picture or sound at all"
        return
    listed = int(track.stream.frames)
    if track.glance and listed - extent.packets > max(2, listed // 200):
        yield f"{name}: the index lists {listed} pictures, {extent.packets} could be read"
    if extent.corrupt:
        place = _place(extent.corrupt_at, zero, extent.corrupt)
        yield f"{name}: {_count(extent.corrupt, 'packet is', 'packets are')} incomplete or broken{place}"
    if extent.untimed * 2 > extent.packets:
        yield f"{name}: its packets have no time stamps; its length is counted from their durations"
    if extent.stray:
        yield f"{name}: {_count(extent.stray, 'packet has', 'packets have')} a time far outside the film, not counted"
    if extent.restarts:
        yield f"{name}: its time starts anew {_times(extent.restarts)}, as if several films were joined"
    for start, end in extent.gaps[:3]:
        yield f"{name}: nothing between {_seconds(start - zero)} and {_seconds(end - zero)}"
    if extent.rhythm.missing and extent.rhythm.missing_at is not None and track.stream.time_base:
        at = _place(extent.rhythm.missing_at * track.stream.time_base, zero, extent.rhythm.missing)
        yield f"{name}: {_count(extent.rhythm.missing, 'picture is', 'pictures are')} missing from its rhythm{at}"
    if track.glance and not track.glance.pictures:
        yield _no_picture(name, track)


def _no_picture(name: str, track: Track) -> str:
    if track.stream.codec_context is None:
        return f"{name}: FFmpeg has no decoder for it"
    return f"{name}: not one of its first pictures could be decoded"


def _place(at: Fraction | None, zero: Fraction, count: int) -> str:
    if at is None:
        return ""
    return f"{', the first' if count > 1 else ''} at {_seconds(max(at - zero, Fraction(0)))}"


def _seconds(value: Fraction) -> str:
    text = f"{float(value):.1f} s"
    return text if value < 600 else f"{text} ({clock(value)})"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _count(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
