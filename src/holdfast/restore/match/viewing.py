"""Ways of looking at a copy's pictures, and how near what is seen comes to a work at a given moment of it.

A copy may be mirrored or turned, may have borders, may show the work in a window. Each guess about that is a `Viewing`:
for every sampled moment of the copy one or more hashes of what would be the work's picture if the guess were right.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from holdfast.model.fingerprint import Bits, Fingerprint, Times
from holdfast.model.match import Geometry
from holdfast.restore.fingerprint import pdq
from holdfast.restore.match.likeness import Floats

# A stored hash stands for its picture until the next; this much longer than the sampler's pause is too old.
_HOLDS_US = 1_600_000
_AHEAD_US = 600_000
_NEIGHBORS = 6  # stored hashes before and after a moment, among which its place is looked for
FAR = 256
WHOLE, POINTED, FRAMED, WINDOW = "whole", "points", "framed", "window"  # how the place of a viewing was found


class Turned(NamedTuple):
    """How the copy's picture was changed as a whole: first left and right exchanged, then turned (clockwise)."""

    mirrored: bool = False
    rotation: int = 0


@dataclass(frozen=True)
class Viewing:
    """One guess about where the work's picture lies in the copy's.

    `hashes` (k, n, 4) are k ways to take it at each of the n sampled moments, `times` (n,) when those are, `weight`
    (n,) in 0 to 1 how much each moment may say. A guess that holds only for a while has zeros elsewhere.
    """

    turned: Turned
    times: Times
    hashes: Bits
    weight: Floats
    name: str = WHOLE
    geometry: Geometry | None = None


class WorkViews:
    """The stored picture hashes of one work, by view, each in the order of time."""

    def __init__(self, fingerprint: Fingerprint) -> None:
        track = fingerprint.pictures
        order = np.lexsort((track.times, track.views))
        self.duration_us = round(fingerprint.duration * 1_000_000)
        self._times = np.ascontiguousarray(track.times[order])
        self._hashes = np.ascontiguousarray(track.hashes[order])
        self._names, first = np.unique(track.views[order], return_index=True)
        self._starts = np.append(first, len(order)).astype(np.int64)

    def nearest(self, viewing: Viewing, moments_us: NDArray[np.int64]) -> NDArray[np.uint16]:
        """The smallest distance of what is seen to what the work shows at each of `moments_us` (n,); (n,) uint16.

        `FAR` where the moment lies outside of the work, or where the work has no hash (black, flat).
        """
        return self.compared(viewing, moments_us)[0]

    def places(self, viewing: Viewing, moments_us: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
        """Where in the work, within a second of `moments_us`, its picture is nearest to what is seen.

        Returns:
            Rows of the viewing (r,) for which there is such a place, clearer than others half a second away, and the
            places (r,) in microseconds.
        """
        view, way = self._commonest(viewing, moments_us)
        rows = slice(int(self._starts[view]), int(self._starts[view + 1]))
        times, stored = self._times[rows], self._hashes[rows]
        if not len(times):
            return np.empty(0, np.intp), np.empty(0, np.int64)
        at = np.searchsorted(times, moments_us)[:, None] + np.arange(-_NEIGHBORS, _NEIGHBORS)[None, :]
        inside = (at >= 0) & (at < len(times))
        at = np.clip(at, 0, len(times) - 1)
        inside &= np.abs(times[at] - moments_us[:, None]) <= 1_000_000
        apart = np.where(inside, pdq.distance(viewing.hashes[way][:, None, :], stored[at]), FAR)
        best = np.argmin(apart, axis=1)
        every = np.arange(len(best))
        there = times[at[every, best]]
        away = np.where(np.abs(times[at] - there[:, None]) > 450_000, apart, FAR).min(axis=1)
        clear = (apart[every, best] <= 90) & (away >= apart[every, best] + 5) & (away < FAR)
        return np.flatnonzero(clear), there[clear]

    def _commonest(self, viewing: Viewing, moments_us: NDArray[np.int64]) -> tuple[int, int]:
        """The view (its place in `_names`) and the way of the copy that come nearest most often."""
        which = self.compared(viewing, moments_us)[1]
        found, counts = np.unique(which[which >= 0], return_counts=True)
        if not len(found):
            return 0, 0
        best = int(found[np.argmax(counts)])
        return int(np.flatnonzero(self._names == best // 16)[0]), best % 16

    def compared(self, viewing: Viewing, moments_us: NDArray[np.int64]) -> tuple[NDArray[np.uint16], NDArray[np.int16]]:
        """`nearest`, and beside it (n,) int16 which view of the work and way of the copy came nearest.

        That is 16 times the number of the view, and the number of the way; -1 where nothing was near in time.
        """
        from holdfast.restore.match.nearest_kernel import compare

        best = np.full(len(moments_us), FAR, np.uint16)
        which = np.full(len(moments_us), -1, np.int16)
        compare(
            moments_us,
            viewing.hashes,
            self._times,
            self._hashes,
            self._starts,
            self._names,
            _HOLDS_US,
            _AHEAD_US,
            best,
            which,
        )
        return best, which


@dataclass(frozen=True)
class Line:
    """A straight map of copy time to the time of a work: `work time = rate * copy time + offset`, under a viewing.

    `viewing` is None for a line that was only heard.
    """

    work: int
    rate: float
    offset_us: float
    viewing: Viewing | None = None
    score: float = 0.0

    def at(self, times_us: NDArray[np.int64]) -> NDArray[np.int64]:
        """The moments of the work that `times_us` of the copy show."""
        mapped: NDArray[np.int64] = np.rint(times_us * self.rate + self.offset_us).astype(np.int64)
        return mapped

    def exact(self) -> tuple[Fraction, Fraction]:
        """Rate and offset in seconds, as exact numbers of no more digits than they are known to."""
        return Fraction(round(self.rate * 1_000_000), 1_000_000), Fraction(round(self.offset_us), 1_000_000)
