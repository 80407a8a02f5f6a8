"""From lines and what is said along them to segments that can be told: exact ends, exact offset, probability, doubt.

1. The lines of a work are woven into the most likely way (`weave`).
2. Each stretch gets its offset to the frame: from sound where it was heard, else from how the frames move.
3. Its ends are set to the marks that ends leave (`align.ends`); stretches that go on along one line are joined.
4. What picture, points and sound say for it becomes a probability. Much that is said becomes a claim; something that
   is said is left to a person; the rest is dropped.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from holdfast.model.fingerprint import Fingerprint, FrameTrack, Times
from holdfast.model.match import Match, Segment
from holdfast.model.time import Span
from holdfast.restore.align.activity import Shift, best_shift
from holdfast.restore.align.ends import foreign_cuts, limits, snapped
from holdfast.restore.match.copy import Copy
from holdfast.restore.match.fitting import price
from holdfast.restore.match.likeness import Floats
from holdfast.restore.match.viewing import Line
from holdfast.restore.match.weave import Stretch, weave

# The sum of log likelihoods that no wrong pair of the bench reached, and the lowest that is shown to anybody.
CLAIMED, SHOWN = 11.0, 4.0
EVEN = (CLAIMED + SHOWN) / 2
_SOFT = 1.4  # how fast doubt fades about the middle between the two
_SEEN, _HEARD, _MOVING = 1.5, 3.0, 3.0  # what picture, or sound, must say to be named as a witness
_REACH_US, _FAR_REACH_US = 650_000, 1_300_000
_LIKE, _FAR_LIKE, _UNLIKE = 0.35, 0.6, 0.25
_LONG_US = 6_000_000
_NEARLY_ONE, _AS_LIKE = 0.012, 0.02
_FEW_PICTURES = 3.0
_SURE_SEGMENT = 0.9
_SAME_LINE_US, _NEAR_LINE_US = 140_000, 350_000
_JOINED_GAP_US = 4_000_000
_ASTRAY_US = 500_000
_SHORTEST_US = 40_000
_QUIET_US, _SLIVER_US, _STEP_US = 4_000_000, 1_000_000, 130_000


@dataclass(frozen=True)
class Told:
    """A match and whether it is a claim (else it is for a person to decide)."""

    match: Match
    is_claim: bool
    pictures: float = 0.0  # how many that differ speak for it; moving and heard ones need no count
    shown_us: Times = field(default_factory=lambda: np.empty(0, np.int64))  # moments of the work that are seen

    def doubted(self, reason: str) -> Told:
        """The same, left to a person for this reason: as likely right as wrong at most, however much speaks for it."""
        score = min(self.match.score, EVEN)
        segments = tuple(replace(segment, doubt=segment.doubt or reason) for segment in self.match.segments)
        match = replace(self.match, segments=segments, score=score, probability=probability(score))
        return replace(self, match=match, is_claim=False)


@dataclass(frozen=True)
class Extent:
    """From when to when in the copy a line is heard, as its sound alone tells."""

    line: Line
    start_us: int
    end_us: int


@dataclass(frozen=True)
class _Piece:
    """A stretch on its way to a segment: moments of the copy, the line, what was said for it."""

    start_us: int
    end_us: int
    line: Line
    seen: float
    heard: float
    is_other_minute: bool = False  # both move, and not alike
    pictures: float = 0.0
    shown_us: Times = field(default_factory=lambda: np.empty(0, np.int64))
    quiet_us: tuple[int, int] = (0, 0)  # as far as nothing is said for or against it, before and after

    @property
    def score(self) -> float:
        return max(self.seen, 0.0) + max(self.heard, 0.0)


def probability(score: float) -> float:
    """How likely a match of this score is right: 0.5 midway between what is shown and what is claimed."""
    return 1.0 / (1.0 + math.exp(-(score - EVEN) / _SOFT))


def tell(
    copy: Copy,
    work: int,
    fingerprint: Fingerprint,
    lines: list[Line],
    said: tuple[Floats, Floats, Floats],
    extents: Sequence[Extent] = (),
) -> Told | None:
    """What is to be said of one work; None if it is nothing. `said`: what is seen, heard, moving, each (lines, n)."""
    total_said = said[0] + said[1] + said[2]
    prices = np.array([price(line.rate) for line in lines], np.float32)
    stretches = simplified(weave(total_said, prices), lines, copy.times, total_said)
    pieces = [_piece(copy, fingerprint, lines, one, said) for one in stretches]
    pieces = _joined([piece for piece in pieces if piece.score >= SHOWN * 0.5])
    pieces = _apart([_ended(_as_heard(piece, extents), copy, fingerprint) for piece in pieces])
    if len(copy.times) > 1:
        pieces = [piece for piece in pieces if piece.end_us - piece.start_us >= _SHORTEST_US]
    if any(piece.score >= CLAIMED for piece in pieces):  # beside what is sure, nothing is told that hardly speaks
        pieces = [piece for piece in pieces if piece.score >= SHOWN]
    total = _together(pieces)
    if not pieces or total < SHOWN:
        return None
    segments = tuple(_segment(piece, total) for piece in sorted(pieces, key=lambda one: one.start_us))
    heard = any(piece.heard >= _HEARD for piece in pieces)
    pictures = math.inf if heard else sum(piece.pictures for piece in pieces)
    shown = np.concatenate([piece.shown_us for piece in pieces])
    if total < CLAIMED:
        segments = tuple(replace(segment, doubt=segment.doubt or "too little speaks for it") for segment in segments)
    told = Told(Match(work, probability(total), segments, total), total >= CLAIMED, pictures, shown)
    if told.is_claim and pictures < _FEW_PICTURES and all(piece.is_other_minute for piece in pieces):
        return told.doubted("the same scene, but it moves otherwise there: perhaps another minute of it")
    return told


def simplified(found: list[Stretch], lines: list[Line], times: Times, said: Floats) -> list[Stretch]:
    """The stretches, with neighbors as one that lie on nearly the same line: the one that explains more of both.

    A line that is left for a moment and taken up where it would have been was not left: a single picture that was found
    elsewhere is no edit, unless the line itself is contradicted there.
    """
    done: list[Stretch] = []
    for one in found:
        if len(done) > 1 and _is_astray(done[-2], done[-1], one, lines, times, said):
            astray, before = done.pop(), done.pop()
            gap = float(said[before.line, astray.first : one.first].sum())
            done.append(Stretch(before.line, before.first, one.first, before.score + gap))
        last = done[-1] if done else None
        if last is None or not _are_near(lines[last.line], lines[one.line], times[last.end - 1], times[one.first]):
            done.append(one)
            continue
        rows = slice(last.first, one.end)
        sums = {line: float(said[line, rows].sum()) for line in (last.line, one.line)}
        best = max(sums, key=lambda line: sums[line])
        if sums[best] >= 0.6 * (last.score + one.score):
            done[-1] = Stretch(best, last.first, one.end, sums[best])
        else:
            done.append(one)
    return done


def _is_astray(
    before: Stretch, between: Stretch, after: Stretch, lines: list[Line], times: Times, said: Floats
) -> bool:
    """Whether `between` is a moment at which the line of both others is left, with nothing that speaks against it."""
    here = times[between.end - 1] - times[between.first] <= _ASTRAY_US
    goes_on = _are_near(lines[before.line], lines[after.line], times[before.end - 1], times[after.first])
    return bool(here and goes_on and said[before.line, between.first : between.end].sum() >= 0)


def _are_near(one: Line, other: Line, end_us: int, start_us: int) -> bool:
    ends = np.array([end_us, start_us])
    apart = float(np.abs(one.at(ends) - other.at(ends)).max())
    return start_us - end_us < _JOINED_GAP_US and apart < _NEAR_LINE_US


def _piece(
    copy: Copy, fingerprint: Fingerprint, lines: list[Line], one: Stretch, said: tuple[Floats, Floats, Floats]
) -> _Piece:
    rows = slice(one.first, one.end)
    said_seen, said_heard, said_moving = (float(each[one.line, rows].sum()) for each in said)
    times = copy.times
    step = copy.step_us
    start = int(times[one.first]) - step // 2
    end = int(times[one.end - 1]) + step // 2
    quiet = _quiet_edges(said[0][one.line] + said[1][one.line], times, one)
    if quiet[0] <= times[0] and start - quiet[0] < _QUIET_US:
        start = quiet[0]
    if quiet[1] >= times[-1] and quiet[1] - end < _QUIET_US:
        end = quiet[1]
    line = lines[one.line]
    speaking = np.flatnonzero(said[0][one.line, rows] > 0) + one.first
    is_counted = said_moving < _MOVING and line.viewing is not None
    piece = _Piece(
        max(start, 0),
        end,
        line,
        said_seen + said_moving,
        said_heard,
        pictures=float(line.viewing.weight[speaking].sum()) if is_counted and line.viewing else math.inf,
        shown_us=line.at(times[speaking]),
        quiet_us=quiet,
    )
    return _moved(piece, copy, fingerprint) if said_seen >= _SEEN and said_heard < _HEARD else piece


def _quiet_edges(said: Floats, times: Times, one: Stretch) -> tuple[int, int]:
    """Beyond the ends of a stretch, as far as nothing is said for or against it (black, flat, unchanging)."""
    first, last = one.first, one.end - 1
    while first > 0 and abs(said[first - 1]) < 0.01:
        first -= 1
    while last < len(times) - 1 and abs(said[last + 1]) < 0.01:
        last += 1
    return int(times[first]), int(times[last])


def _moved(piece: _Piece, copy: Copy, fingerprint: Fingerprint) -> _Piece:
    """The piece with its line shifted to where the work moves as the copy does."""
    line, frames = piece.line, copy.look.fingerprint.frames
    span = (piece.start_us, piece.end_us)
    shift = best_shift(frames, fingerprint.frames, line.rate, line.offset_us, span, _FAR_REACH_US)
    if shift is None or shift.likeness < _FAR_LIKE:
        shift = best_shift(frames, fingerprint.frames, line.rate, line.offset_us, span, _REACH_US)
    if shift is None or shift.likeness < _LIKE:
        is_long = span[1] - span[0] >= _LONG_US and line.viewing is not None and line.viewing.geometry is None
        return replace(piece, is_other_minute=is_long and shift is not None and shift.likeness < _UNLIKE)
    plain, plain_shift = _at_rate_one(line, frames, fingerprint.frames, span)
    if plain_shift is not None and plain_shift.likeness >= shift.likeness - _AS_LIKE:
        line, shift = plain, plain_shift
    moved = replace(line, offset_us=line.offset_us + shift.by_us)
    return replace(piece, line=_straightened(moved, frames_of=copy, fingerprint=fingerprint, span=span))


def _at_rate_one(line: Line, copy: FrameTrack, work: FrameTrack, span: tuple[int, int]) -> tuple[Line, Shift | None]:
    """The line turned about its middle to rate 1, and its shift, if it is so near to that that pictures cannot tell."""
    if not 0 < abs(line.rate - 1) < _NEARLY_ONE:
        return line, None
    middle = (span[0] + span[1]) / 2
    plain = replace(line, rate=1.0, offset_us=line.offset_us + (line.rate - 1) * middle)
    return plain, best_shift(copy, work, 1.0, plain.offset_us, span, _REACH_US)


def _straightened(line: Line, *, frames_of: Copy, fingerprint: Fingerprint, span: tuple[int, int]) -> Line:
    """The line with the rate that the shifts of its parts ask for, if they lie on a straight line."""
    length = span[1] - span[0]
    if length < 16_000_000:
        return line
    parts = min(12, max(3, length // 8_000_000))
    edges = np.linspace(span[0], span[1], int(parts) + 1).astype(np.int64)
    middles, shifts = [], []
    for first, last in pairwise(edges):
        shift = best_shift(
            frames_of.look.fingerprint.frames,
            fingerprint.frames,
            line.rate,
            line.offset_us,
            (int(first), int(last)),
            500_000,
        )
        if shift is not None and shift.likeness >= 0.45:
            middles.append((first + last) / 2)
            shifts.append(shift.by_us)
    if len(middles) < 3:
        return line
    slope, level = _robust_line(np.array(middles, np.float64), np.array(shifts, np.float64))
    if abs(slope) > 0.01:
        return line
    return replace(line, rate=line.rate + slope, offset_us=line.offset_us + level)


def _robust_line(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float]:
    """Slope and level by the medians of Theil (1950) and Sen (1968)."""
    first, second = np.triu_indices(len(x), 1)
    slope = float(np.median((y[second] - y[first]) / (x[second] - x[first])))
    return slope, float(np.median(y - slope * x))


def _joined(pieces: list[_Piece]) -> list[_Piece]:
    """Pieces that go on along one line, across a short gap or none, as one."""
    done: list[_Piece] = []
    for piece in sorted(pieces, key=lambda one: one.start_us):
        last = done[-1] if done else None
        if last is not None and _go_on(last, piece):
            done[-1] = _one(last, piece)
        else:
            done.append(piece)
    return done


def _together(pieces: Sequence[_Piece]) -> float:
    """What pieces say for a work together: a moment of it that is shown twice has said what it has to say once."""
    total = 0.0
    told: list[tuple[float, float]] = []  # stretches of the work
    for piece in sorted(pieces, key=lambda one: (-one.score, one.start_us)):
        first, last = (float(at) for at in piece.line.at(np.array([piece.start_us, piece.end_us])))
        edges = sorted({first, last, *(min(max(at, first), last) for stretch in told for at in stretch)})
        fresh = sum(end - at for at, end in pairwise(edges) if not any(a <= at and end <= b for a, b in told))
        total += piece.score * (fresh / (last - first) if last > first else 1.0)
        told.append((first, last))
    return total


def _go_on(last: _Piece, piece: _Piece) -> bool:
    if piece.start_us - last.end_us > _JOINED_GAP_US:
        return False
    one, other = last.line.viewing, piece.line.viewing
    if one is not None and other is not None and one.turned != other.turned:
        return False
    ends = np.array([last.start_us, last.end_us, piece.start_us, piece.end_us])
    apart = np.abs(last.line.at(ends) - piece.line.at(ends))
    return bool(apart[1:3].max() < _SAME_LINE_US and abs(last.line.rate - piece.line.rate) < 0.012)


def _one(last: _Piece, piece: _Piece) -> _Piece:
    stronger = last if last.score >= piece.score else piece
    line = stronger.line
    if line.viewing is None:
        line = replace(line, viewing=(piece if stronger is last else last).line.viewing)
    return _Piece(
        min(last.start_us, piece.start_us),
        max(last.end_us, piece.end_us),
        line,
        last.seen + piece.seen,
        last.heard + piece.heard,
        is_other_minute=last.is_other_minute and piece.is_other_minute,
        pictures=last.pictures + piece.pictures,
        shown_us=np.concatenate([last.shown_us, piece.shown_us]),
        quiet_us=(last.quiet_us[0], piece.quiet_us[1]),
    )


def _ended(piece: _Piece, copy: Copy, fingerprint: Fingerprint) -> _Piece:
    """The piece with its ends at the marks that they leave."""
    line = piece.line
    ours, theirs = copy.look.fingerprint.frames, fingerprint.frames
    low, high = limits(
        round(copy.duration * 1_000_000), round(fingerprint.duration * 1_000_000), line.rate, line.offset_us
    )
    marks = foreign_cuts(ours.times[ours.cuts], theirs.times[theirs.cuts], line.rate, line.offset_us)
    if piece.seen < _SEEN:
        marks = marks[:0]
    start = snapped(_over_quiet(piece.start_us, piece.quiet_us[0], marks), marks, low, high)
    end = snapped(_over_quiet(piece.end_us, piece.quiet_us[1], marks), marks[marks > start + 200_000], low, high)
    return replace(piece, start_us=start, end_us=max(end, start))


def _as_heard(piece: _Piece, extents: Sequence[Extent]) -> _Piece:
    """A piece that was only heard, from the first to the last moment at which it is."""
    if piece.seen >= _SEEN:
        return piece
    middle = np.array([(piece.start_us + piece.end_us) // 2])
    own = [
        one
        for one in extents
        if one.start_us < piece.end_us
        and piece.start_us < one.end_us
        and abs(int(one.line.at(middle)[0] - piece.line.at(middle)[0])) < _SAME_LINE_US
    ]
    if not own:
        return piece
    return replace(piece, start_us=min(one.start_us for one in own), end_us=max(one.end_us for one in own))


def _over_quiet(edge_us: int, quiet_us: int, marks: Times) -> int:
    """The first mark between an end and where something is said again, within some seconds; else the end."""
    low, high = sorted((edge_us, quiet_us))
    between = marks[(marks >= low - _STEP_US) & (marks <= high + _STEP_US) & (np.abs(marks - edge_us) <= _QUIET_US)]
    return int(between[np.argmin(np.abs(between - edge_us))]) if len(between) else edge_us


def _apart(pieces: list[_Piece]) -> list[_Piece]:
    """The pieces without the slivers in which two of them overlap: what is said there once is said of the first."""
    done: list[_Piece] = []
    for piece in sorted(pieces, key=lambda one: one.start_us):
        before_us = done[-1].end_us if done else piece.start_us
        is_sliver = 0 < before_us - piece.start_us < _SLIVER_US
        done.append(replace(piece, start_us=min(before_us, piece.end_us)) if is_sliver else piece)
    return done


def _segment(piece: _Piece, total: float) -> Segment:
    line = piece.line
    rate, offset = line.exact()
    start, end = Fraction(piece.start_us, 1_000_000), Fraction(piece.end_us, 1_000_000)
    there = (max(rate * start + offset, Fraction(0)), max(rate * end + offset, Fraction(0)))
    viewing = line.viewing
    score = total if piece.score > 0.35 * total else piece.score
    return Segment(
        copy=Span(start, end),
        asset=Span(*(Fraction(round(moment * 1_000_000), 1_000_000) for moment in there)),
        rate=rate,
        seen=piece.seen >= _SEEN,
        heard=piece.heard >= _HEARD,
        probability=probability(score),
        mirrored=viewing is not None and viewing.turned.mirrored,
        rotation=viewing.turned.rotation if viewing is not None else 0,
        geometry=viewing.geometry if viewing is not None else None,
        doubt="" if probability(score) >= _SURE_SEGMENT else "less sure than the rest",
        views=(viewing.name,) if viewing is not None and piece.seen >= _SEEN else (),
    )
