"""The copies of one stretch, made ready to be combined: which frame, which place, which colours, whose detail.

A stretch is at most twenty seconds of one edit. A few of its moments are looked at in every copy, ahead of the frames
that are being written and by readers of its own; then nothing more has to be found out frame by frame. The copies are
brought to the first, which was chosen. What lies over a copy is remembered from stretch to stretch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import cv2
import numpy as np
from numpy.typing import NDArray

from holdfast.errors import SourceMissing
from holdfast.model.edit import Edit, EditList, Placement, Take
from holdfast.model.match import Geometry
from holdfast.model.time import Span
from holdfast.restore.assemble.color import NONE, Compared, Correction, fitted
from holdfast.restore.assemble.consensus import Plan, learned
from holdfast.restore.assemble.overlaid import Overlaid
from holdfast.restore.assemble.plan import middle
from holdfast.restore.assemble.registration import (
    Matrix,
    Pair,
    best_shift,
    likeness_of_shifts,
    registered,
    tells_of_time,
)
from holdfast.restore.assemble.sources import Reels
from holdfast.restore.assemble.view import View
from holdfast.restore.geometry import matrix_of, undone

Pixels = NDArray[np.uint8]

_LONGEST_S = 20
_MOMENTS = 9
_ENOUGH = 5
_SHIFTS = (-2, -1, 0, 1, 2)
_LIKENESS = 0.85


@dataclass(frozen=True)
class Panel:
    """The takes of a stretch as they are to be shown, the first chosen, and how they are combined (None: the first)."""

    span: Span
    takes: tuple[Take, ...]
    colors: dict[str, Correction]
    plan: Plan | None


class Panels:
    """Makes the panels of an edit list, in order. `reels` are its own readers, nobody else's."""

    def __init__(self, edit: EditList, reels: Reels, colors: dict[str, Correction], check: Callable[[], None]) -> None:
        self._edit, self._reels, self._colors, self._check = edit, reels, colors, check
        self._overlaid = Overlaid()
        self._told: dict[tuple[str, Fraction], list[list[float | None]]] = {}

    def panel(self, edit: Edit, takes: Sequence[Take], time: Fraction) -> Panel:
        """The panel for the stretch of this edit that begins at `time`, of those takes that still serve."""
        left = edit.asset.end - time
        parts = max(1, -(-left // _LONGEST_S))
        span = Span(time, time + left / parts)
        self._reels.keep({take.source for take in takes})
        moments = self._moments(span)
        chosen, *others = takes
        try:
            first = self._looked(chosen.placement, moments)
        except SourceMissing:
            first = {}
        ours = {
            time: self._view(chosen.placement, self._colors.get(chosen.source, NONE), *pair)
            for time, pair in first.items()
        }
        ready, colors, seen = [chosen], dict(self._colors), [ours]
        for take in others:
            found = self._brought(take, ours, moments) if ours else None
            if found is not None:
                ready.append(found[0])
                colors[take.source] = found[1]
                seen.append(found[2])
        common = [moment for moment in moments if all(moment in each for each in seen)]
        if len(ready) < 2 or len(common) < 3:
            return Panel(span, (chosen,) if not ready else tuple(ready), colors, None)
        samples = [[each[moment] for each in seen] for moment in common]
        return Panel(span, tuple(ready), colors, learned(samples, self._overlaid))

    def _moments(self, span: Span) -> list[Fraction]:
        rate = self._edit.frame_rate
        first, last = int(span.start * rate), max(int(span.start * rate), int(span.end * rate) - 1)
        count = min(_MOMENTS, last - first + 1)
        numbers = {first + (2 * n + 1) * (last - first) // (2 * count) for n in range(count)}
        return [middle(number, rate) for number in sorted(numbers)]

    def _looked(self, placement: Placement, moments: Sequence[Fraction]) -> dict[Fraction, tuple[Pixels, Placement]]:
        found = {}
        for moment in moments:
            self._check()
            shown = self._reels.shown(placement.source, placement.copy_time(moment))
            if shown.pixels is not None:
                found[moment] = (shown.pixels, placement)
        return found

    def _view(self, placement: Placement, color: Correction, pixels: Pixels, _asked: Placement) -> View:
        return View.of(pixels, placement, color, self._edit.size)

    def _brought(
        self, take: Take, ours: dict[Fraction, View], moments: Sequence[Fraction]
    ) -> tuple[Take, Correction, dict[Fraction, View]] | None:
        """The take in the right frame and place, its colours, and its views; None if it does not show the same."""
        try:
            placement, raw = self._in_time(take.placement, ours, moments)
        except SourceMissing:
            return None
        views = {moment: undone(pixels, placement, self._edit.size) for moment, pixels in raw.items()}
        pairs = [
            Pair(_gray(ours[moment].pixels), _gray(pixels), np.minimum(ours[moment].mask, mask))
            for moment, (pixels, mask) in views.items()
            if moment in ours
        ]
        moved = registered(pairs[:: max(1, len(pairs) // 4)][:4]) if pairs else None
        if moved is not None:
            placement = _refined(placement, moved, self._edit.size)
            views = {moment: undone(pixels, placement, self._edit.size) for moment, pixels in raw.items()}
        compared = [
            Compared(ours[moment].pixels, pixels, np.minimum(ours[moment].mask, mask))
            for moment, (pixels, mask) in views.items()
            if moment in ours
        ]
        change, likeness = fitted(compared)
        if likeness < _LIKENESS:
            if not self._is_apart(compared):  # it shows other pictures, or hardly any that both show
                return None
            change = self._colors.get(take.source, NONE)
        ready = replace(take, placement=placement)
        seen = {moment: View.of(pixels, placement, change, self._edit.size) for moment, pixels in raw.items()}
        return ready, change, seen

    @staticmethod
    def _is_apart(compared: Sequence[Compared]) -> bool:
        """Whether the two show hardly anything in common, as two windows of one picture do."""
        return bool(compared) and float(np.mean([(each.both > 0).mean() for each in compared])) < 0.02

    def _in_time(
        self, placement: Placement, ours: dict[Fraction, View], moments: Sequence[Fraction]
    ) -> tuple[Placement, dict[Fraction, Pixels]]:
        """The placement moved to the frame that is most alike, and what it shows at the moments.

        Stretches of one placement are asked until enough is known: the first may be two frames long, or dark.
        """
        key = (placement.source, placement.copy.start - placement.asset.start)
        told: list[list[float | None]] = self._told.setdefault(key, [])
        step = self._reels.step(placement.source)
        searched: dict[Fraction, dict[int, Pixels]] = {}
        for moment in moments:
            # Copies are read forward: what is looked at around one moment must not reach back before the last.
            is_past = not searched or moment - max(searched) >= (len(_SHIFTS) - 1) * step
            if moment in ours and is_past and len(told) < _ENOUGH:
                self._check()
                shown = {}
                for shift in _SHIFTS:
                    pixels = self._reels.shown(placement.source, placement.copy_time(moment) + shift * step).pixels
                    step = self._reels.step(placement.source)
                    if pixels is not None:
                        shown[shift] = pixels
                searched[moment] = shown
                if len(shown) == len(_SHIFTS):
                    row = self._likeness(ours[moment], list(shown.values()), placement)
                    told += [row] if tells_of_time(row) else []
        shift = _SHIFTS[best_shift(told)] if told else 0
        raw = {moment: shown[shift] for moment, shown in searched.items() if shift in shown}
        placement = _later(placement, shift * step)
        for moment in moments:
            if not searched or moment > max(searched):
                self._check()
                pixels = self._reels.shown(placement.source, placement.copy_time(moment)).pixels
                if pixels is not None:
                    raw[moment] = pixels
        return placement, raw

    def _likeness(self, ours: View, frames: Sequence[Pixels], placement: Placement) -> list[float | None]:
        """How alike our picture and each of these frames of a copy are."""
        pairs = []
        for pixels in frames:
            theirs, mask = undone(pixels, placement, self._edit.size)
            pairs.append(Pair(_gray(ours.pixels), _gray(theirs), np.minimum(ours.mask, mask)))
        return likeness_of_shifts(pairs)


def _gray(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)


def _later(placement: Placement, by: Fraction) -> Placement:
    """The same stretch of the asset, shown `by` seconds later in the copy."""
    if not by:
        return placement
    return replace(placement, copy=Span(placement.copy.start + by, placement.copy.end + by))


def _refined(placement: Placement, moved: Matrix, size: tuple[int, int]) -> Placement:
    """The placement with its picture where it was found to lie: `moved` takes our pixels to those it was put in."""
    width, height = size
    to_shares = np.array([[1 / width, 0, 0.5 / width], [0, 1 / height, 0.5 / height], [0, 0, 1]])
    matrix = matrix_of(placement.geometry) @ to_shares @ moved @ np.linalg.inv(to_shares)
    old = placement.geometry or Geometry(())
    geometry = Geometry(tuple(float(each) for each in (matrix / matrix[2, 2]).ravel()), old.shown, old.box)
    return replace(placement, geometry=geometry)
