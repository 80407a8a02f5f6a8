"""What is to be made of an edit list, frame by frame and sample by sample. Pure.

Rules:
- frame n stands for the moment in its middle, (n + 1/2) / frame rate: that moment decides which edit it belongs to and
  which frame of a copy is shown. So a placement that is right to within half a frame gives the very frame;
- edits that follow each other and go on in the same copy without a jump are one run: nothing is cut or faded there;
- sounds that follow each other are cross-faded around the join where both copies have sound, and fade shortly where
  one of them has none. What begins or ends with the film itself is not faded.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from holdfast.model.edit import EditList, Placement, Take
from holdfast.model.time import Span

RATE = 48000
_CROSS = Fraction(40, 1000)
_SHORT = Fraction(5, 1000)
# Two stretches of a copy whose maps from asset time differ by less than this are one run.
_NO_JUMP_S = Fraction(1, 1000)


def frame_count(edit: EditList) -> int:
    """How many frames the reconstruction has: those whose middle lies before its end; at least one."""
    return max(1, math.ceil(edit.duration * edit.frame_rate - Fraction(1, 2)))


def sample_count(edit: EditList) -> int:
    """How many samples at 48 kHz its sound has."""
    return round(edit.duration * RATE)


def middle(number: int, frame_rate: Fraction) -> Fraction:
    """The moment of the asset that frame `number` stands for."""
    return (number + Fraction(1, 2)) / frame_rate


def without_sources(edit: EditList, gone: Collection[str]) -> EditList:
    """The same edit list with the takes of some sources left out: the next take is used, or there is a gap."""
    edits = tuple(
        replace(
            each,
            picture=tuple(take for take in each.picture if take.source not in gone),
            sound=tuple(take for take in each.sound if take.source not in gone),
        )
        for each in edit.edits
    )
    return replace(edit, edits=edits)


@dataclass(frozen=True)
class Run:
    """A stretch of the asset that goes on in one copy without a jump (or, without takes, in none).

    `span` is exact; the takes are those of its first edit.
    """

    span: Span
    takes: tuple[Take, ...] = ()

    @property
    def placement(self) -> Placement | None:
        """Where the copy that was chosen lies; None in a gap."""
        return self.takes[0].placement if self.takes else None


def goes_on(one: Placement, other: Placement, at: Fraction) -> bool:
    """Whether two placements say the same of this moment of the asset: the same copy, moment, speed and place."""
    if (one.source, one.mirrored, one.rotation, one.geometry) != (
        *(other.source, other.mirrored, other.rotation, other.geometry),
    ):
        return False
    is_as_fast = one.rate == other.rate and one.pitch == other.pitch
    return is_as_fast and abs(one.copy_time(at) - other.copy_time(at)) < _NO_JUMP_S


def runs_of_sound(edit: EditList) -> list[Run]:
    """The runs of its sound, gaps among them, in order."""
    runs: list[Run] = []
    for each in edit.edits:
        if each.asset.duration == 0:
            continue
        fresh = Run(each.asset, each.sound)
        if runs and _is_one(runs[-1], fresh):
            runs[-1] = _grown(runs[-1], fresh)
        else:
            runs.append(fresh)
    return runs


def _is_one(before: Run, after: Run) -> bool:
    if before.placement is None or after.placement is None:
        return before.placement is after.placement
    return goes_on(before.placement, after.placement, after.span.start)


def _grown(before: Run, after: Run) -> Run:
    """Both as one. What the placement is known to cover grows with it, because fades look at that."""
    span = Span(before.span.start, after.span.end)
    if before.placement is None or after.placement is None:
        return Run(span)
    old, end = before.placement, max(before.placement.asset.end, after.placement.asset.end)
    whole = replace(old, asset=Span(old.asset.start, end), copy=Span(old.copy.start, old.copy_time(end)))
    others = {take.source: take for take in (*after.takes[1:], *before.takes[1:])}
    return Run(span, (replace(before.takes[0], placement=whole), *others.values()))


@dataclass(frozen=True)
class Piece:
    """Some samples [first, end) of the result: of one run, of two that are cross-faded, or silence.

    `fade` is "" for a run as it is, "in" or "out" for a short fade, "across" from `run` to `then`.
    """

    first: int
    end: int
    run: int | None = None
    then: int | None = None
    fade: str = ""


def pieces_of_sound(runs: list[Run], duration: Fraction) -> list[Piece]:
    """What is heard, sample by sample: the pieces cover [0, duration) in order, without a gap."""
    edges = [_edge(runs, number) for number in range(len(runs) + 1)]
    pieces: list[Piece] = []
    for number, run in enumerate(runs):
        (_, start), (stop, _) = edges[number], edges[number + 1]
        if run.placement is None:
            pieces.append(Piece(start, stop))
            continue
        before, after = number > 0, run.span.end < duration
        is_in = before and edges[number][0] == edges[number][1]
        is_out = after and edges[number + 1][0] == edges[number + 1][1]
        short = min(int(_SHORT * RATE), (stop - start) // 2)
        first, last = start + short * is_in, stop - short * is_out
        pieces += [Piece(start, first, number, fade="in"), Piece(first, last, number)]
        pieces.append(Piece(last, stop, number, fade="out"))
        begin, end = edges[number + 1]
        if begin < end:
            pieces.append(Piece(begin, end, number, number + 1, "across"))
    return [piece for piece in pieces if piece.first < piece.end]


def _edge(runs: list[Run], number: int) -> tuple[int, int]:
    """Where the cross-fade into run `number` begins and ends (samples); the same twice if there is none."""
    if number in (0, len(runs)):
        at = runs[number].span.start if number == 0 else runs[-1].span.end
        return round(at * RATE), round(at * RATE)
    before, after = runs[number - 1], runs[number]
    join = after.span.start
    if before.placement is None or after.placement is None:
        return round(join * RATE), round(join * RATE)
    half = min(_CROSS / 2, before.span.duration / 2, after.span.duration / 2)
    start = max(join - half, after.placement.asset.start)
    end = min(join + half, before.placement.asset.end)
    if end - start < 2 * _SHORT or not start <= join <= end:
        return round(join * RATE), round(join * RATE)
    return round(start * RATE), round(end * RATE)


def joins(edit: EditList) -> Iterator[tuple[Take, Take, Fraction]]:
    """The joins of its picture: the take before, the take after, and where, where it does not simply go on."""
    for before, after in pairwise(each for each in edit.edits if each.asset.duration):
        if before.picture and after.picture:
            one, other, at = before.picture[0], after.picture[0], after.asset.start
            if not goes_on(one.placement, other.placement, at):
                yield one, other, at


def whole_source(edit: EditList, *, consensus: bool = True) -> str | None:
    """The digest of the copy that serves whole and untouched, so that its own bits are the reconstruction; or None.

    It gives all of the picture and all of the sound, from its first moment on, at its own speed, neither mirrored nor
    turned, cropped or framed. With `consensus`, an edit to which other copies contribute is not untouched. Whether
    the copy has the wanted size, and does not go on after the asset's end, only its file tells.
    """
    takes = [(each.picture, each.sound) for each in edit.edits if each.asset.duration]
    if not takes or any(not pictures or not sounds for pictures, sounds in takes):
        return None
    if consensus and any(len(pictures) > 1 for pictures, _ in takes):
        return None
    used = [take.placement for pictures, sounds in takes for take in (pictures[0], sounds[0])]
    frame = 1 / edit.frame_rate  # containers shift a film by as much, for the sake of its sound
    is_untouched = all(
        each.source == used[0].source
        and each.rate == 1
        and not (each.mirrored or each.rotation or each.geometry)
        and abs(each.copy.start - each.asset.start) < frame
        for each in used
    )
    return used[0].source if is_untouched else None
