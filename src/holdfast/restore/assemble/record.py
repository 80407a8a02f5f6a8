"""What came from whom: told for every stretch and, where several copies share a picture, for its regions."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import cv2
import numpy as np
from numpy.typing import NDArray

from holdfast.model.time import Span

COLUMNS, ROWS = 16, 9
# Regions are told for stretches of at most this length.
_LONGEST_S = 10

Shares = NDArray[np.float32]


@dataclass(frozen=True)
class Contribution:
    """One stretch of the result and the copies that it was made of, the one that gave most first.

    No `sources`: a slate, or silence. `shares` is what each gave of the picture, 0 to 1. `regions`, if several gave
    something, has for each of them 9 rows of 16 cells, from the upper left, with its share of each cell.
    """

    span: Span
    sources: tuple[str, ...]
    shares: tuple[float, ...] = ()
    regions: tuple[tuple[tuple[float, ...], ...], ...] = ()


@dataclass(frozen=True)
class Assembled:
    """What was written, and what could not be done as the edit list says.

    Frame n of `frame_count` is shown from n / frame rate on, sample n of `sample_count` heard at n / 48000: both from
    the beginning, neither with a gap, so that picture and sound cannot drift. A count of 0: there is no such track.
    """

    frame_count: int
    sample_count: int
    pictures: tuple[Contribution, ...]
    sounds: tuple[Contribution, ...]
    notes: tuple[str, ...] = ()


class Recorder:
    """Collects frame by frame what `Assembled` tells of the picture."""

    def __init__(self) -> None:
        self._done: list[Contribution] = []
        self._start: Fraction | None = None
        self._end = Fraction(0)
        self._sources: tuple[str, ...] = ()
        self._sums: dict[str, Shares] = {}
        self._counted = 0

    def add(self, span: Span, shares: dict[str, Shares | None]) -> None:
        """One frame: which copies gave it, each with its share of every cell (9, 16), or None for all of it."""
        names = tuple(sorted(shares))
        is_long = self._start is not None and len(names) > 1 and span.start - self._start >= _LONGEST_S
        if self._start is None or names != self._sources or is_long:
            self._finish()
            self._start, self._sources = span.start, names
            self._sums, self._counted = {name: np.zeros((ROWS, COLUMNS), np.float32) for name in names}, 0
        self._end = span.end
        if len(names) > 1:
            self._counted += 1
            for name, share in shares.items():
                self._sums[name] += 1.0 if share is None else share

    def contributions(self) -> tuple[Contribution, ...]:
        """All that was told so far."""
        self._finish()
        return tuple(self._done)

    def _finish(self) -> None:
        if self._start is None:
            return
        span, names = Span(self._start, self._end), self._sources
        self._start = None
        if len(names) < 2:
            self._done.append(Contribution(span, names, (1.0,) * len(names)))
            return
        grids = {name: self._sums[name] / max(1, self._counted) for name in names}
        order = sorted(names, key=lambda name: (-float(grids[name].mean()), name))
        shares = tuple(round(float(grids[name].mean()), 3) for name in order)
        regions = tuple(
            tuple(tuple(round(float(cell), 2) for cell in row) for row in grids[name].tolist()) for name in order
        )
        self._done.append(Contribution(span, tuple(order), shares, regions))


def cells(weight: NDArray[np.uint8] | NDArray[np.float32]) -> Shares:
    """A weight per pixel (h, w), of 0 to 255 if uint8 and else of 0 to 1, as the share of each cell (9, 16)."""
    small = cv2.resize(weight.astype(np.float32), (COLUMNS, ROWS), interpolation=cv2.INTER_AREA)
    return np.asarray(small / (255 if weight.dtype == np.uint8 else 1), np.float32)
