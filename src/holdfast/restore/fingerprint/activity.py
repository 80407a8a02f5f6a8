"""How much every frame differs from the one before it, in one byte, and where new shots begin.

The picture is cut into 16 x 16 blocks, of each a mean is taken. Grain and the noise of coding vanish in means of
hundreds of pixels; bars, a mirror, a turn, a crop of the picture leave the course of the changes alone. The byte is

    activity = 32 log2(1 + 2 d),   d the mean absolute difference of the block means, in levels of 0 to 255

so 0 is a frame shown again, 32 half a level (somebody breathes), 255 a difference of 125 levels. Being a logarithm,
it is only shifted where a copy has less contrast or shows the film in a part of its picture.

A new shot begins where the blocks change much, in another pattern, more than just before, and do not come back: light
that flickers keeps the pattern, a flash comes back, fast movement has been fast before.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from holdfast.restore.fingerprint.column import Column

GRID = 16
_STEPS = 32.0
_SCALE = 2.0
# More rows than this of a block tell no more, and reading them would cost more than all the rest.
_ROWS_OF_A_BLOCK = 8

# Held against 24 made films of 24 s: of 146 cuts 140 are found, the six others lead to black; nothing else is called a
# cut but 8 of the fades. Of eight real films a copy of 144 to 240 lines, poorly encoded, has the very same cuts.
_CUT_LEVELS = 5.0  # the least change that is a cut, in levels
_CUT_LIKENESS = 0.8  # correlation of the patterns before and after it, at most
_CUT_JUMP = 2.5  # times the largest of the changes just before it
_AHEAD = 3  # frames: what looks as before after so many was a flash
_SHORTEST = 4  # frames: the shortest shot
_AT_ONCE = 4096  # values

Grid = NDArray[np.float32]


def activity_of(levels: float) -> int:
    """The byte for a mean absolute difference of block means."""
    return min(int(_STEPS * math.log2(1.0 + _SCALE * levels) + 0.5), 255)


@dataclass(frozen=True)
class _Doubt:
    """A change that is a cut if the picture does not come back."""

    frame: int
    before: Grid


class ActivityMeter:
    """Takes the frames of a film in order; `grid` (16, 16) float32 are the block means of the last one."""

    def __init__(self) -> None:
        self.grid: Grid = np.zeros((GRID, GRID), np.float32)
        self._values, self._latest = Column(np.uint8), bytearray()
        self._number = 0  # of frames
        self.cuts: list[int] = []
        self._before: Grid = self.grid.copy()
        self._shape: tuple[int, ...] = ()
        self._edges: tuple[NDArray[np.int32], NDArray[np.int32], int] | None = None
        self._recent: deque[float] = deque([0.0], maxlen=_AHEAD)
        self._doubt: _Doubt | None = None

    def push(self, luma: NDArray[np.uint8]) -> int:
        """The activity of this frame, (h, w) uint8 in any size; of the first frame 0. It is kept for `values`."""
        if luma.shape != self._shape:
            self._shape = luma.shape
            self._edges = _edges(luma.shape[0]), _edges(luma.shape[1]), _step(luma.shape[0])
        assert self._edges is not None
        self.grid, self._before = self._before, self.grid
        number = self._number
        levels = _measure(luma, *self._edges, self.grid, self._before)
        levels = levels if number else 0.0
        self._watch(number, levels)
        value = activity_of(levels)
        self._latest.append(value)
        self._number += 1
        if len(self._latest) >= _AT_ONCE:
            self._pass_on()
        return value

    def values(self) -> NDArray[np.uint8]:
        """The activity of all frames, (n,); none can be pushed after that."""
        self._pass_on()
        return self._values.array()

    def _pass_on(self) -> None:
        self._values.add_bytes(self._latest)
        self._latest.clear()

    def _watch(self, number: int, levels: float) -> None:
        """Decides on the doubt that is open, and whether this frame opens one."""
        if self._doubt is not None and number == self._doubt.frame + _AHEAD:
            self._settle(self._doubt)
        if self._doubt is None and levels >= _CUT_LEVELS and levels >= _CUT_JUMP * max(self._recent):
            last = self.cuts[-1] if self.cuts else 0
            if number - last >= _SHORTEST and likeness(self.grid, self._before) <= _CUT_LIKENESS:
                self._doubt = _Doubt(number, self._before.copy())
        self._recent.append(levels)

    def _settle(self, doubt: _Doubt) -> None:
        if likeness(self.grid, doubt.before) <= _CUT_LIKENESS:
            self.cuts.append(doubt.frame)
        self._doubt = None

    def finish(self) -> None:
        """The film has ended: what is still in doubt is settled by its last frame."""
        if self._doubt is not None:
            self._settle(self._doubt)


def difference(left: Grid, right: Grid) -> float:
    """The mean absolute difference of two grids, in levels."""
    return float(_difference(left, right))


def likeness(left: Grid, right: Grid) -> float:
    """The correlation of two grids, -1 to 1, whatever their brightness and contrast. A flat one is like another."""
    a, b = left - left.mean(), right - right.mean()
    power = float((a * a).sum()), float((b * b).sum())
    if min(power) < GRID * GRID:  # a standard deviation below one level: flat
        return 1.0 if max(power) < GRID * GRID else 0.0
    return float((a * b).sum()) / math.sqrt(power[0] * power[1])


def _edges(side: int) -> NDArray[np.int32]:
    """Where blocks begin and end along a side: (16, 2) int32. A side of fewer than 16 pixels shares them."""
    first = np.arange(GRID) * side // GRID
    last = np.maximum((np.arange(GRID) + 1) * side // GRID, first + 1)
    return np.stack([first, last], axis=1).astype(np.int32)


def _step(high: int) -> int:
    return max(high // (GRID * _ROWS_OF_A_BLOCK), 1)


def _compiled(**options: Any) -> Any:
    return numba.njit(cache=True, nogil=True, fastmath=True, **options)


@_compiled()  # type: ignore[untyped-decorator]
def _difference(left: Any, right: Any) -> Any:
    total = np.float32(0)
    for i in range(left.shape[0]):
        for j in range(left.shape[1]):
            total += abs(left[i, j] - right[i, j])
    return total / np.float32(left.size)


@_compiled()  # type: ignore[untyped-decorator]  # 15 us for 854 x 480, in NumPy 90
def _measure(luma: Any, rows: Any, columns: Any, step: int, grid: Any, before: Any) -> Any:
    line = np.empty(
        luma.shape[1], np.uint16
    )  # at most 16 rows of 255; adding whole rows is what the processor is good at
    for i in range(rows.shape[0]):
        line[:] = 0
        count = 0
        for y in range(rows[i, 0], rows[i, 1], step):
            count += 1
            for x in range(luma.shape[1]):
                line[x] += luma[y, x]
        for j in range(columns.shape[0]):
            total = np.uint32(0)
            for x in range(columns[j, 0], columns[j, 1]):
                total += line[x]
            grid[i, j] = total / (count * (columns[j, 1] - columns[j, 0]))
    return _difference(grid, before)
