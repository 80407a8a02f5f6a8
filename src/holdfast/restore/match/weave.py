"""Which line of a work a copy follows at each moment, if any: the most likely way through all of them.

A copy that was cut together, re-ordered or shortened leaves one line and goes on along another. Each line says at each
moment how much speaks for it; leaving a line and taking up another has a price. The way with the greatest sum is found
exactly, by dynamic programming over the moments (Viterbi 1967).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from holdfast.restore.match.likeness import Floats

ENTER, LEAVE, CHANGE = 2.0, 0.4, 2.4


@dataclass(frozen=True)
class Stretch:
    """Rows [first, end) of the moments follow line number `line`; `score` is what they say for it together."""

    line: int
    first: int
    end: int
    score: float


def weave(said: Floats, prices: Floats | None = None) -> list[Stretch]:
    """The stretches of the most likely way, in order.

    `said` (lines, n) is what each moment says for each line, `prices` (lines,) what taking up each costs beside.
    """
    count, moments = said.shape
    if not count or not moments:
        return []
    way = _way(said, np.zeros(count, np.float32) if prices is None else prices)
    edges = np.flatnonzero(np.diff(way)) + 1
    starts, ends = np.concatenate([[0], edges]), np.concatenate([edges, [moments]])
    return [
        Stretch(int(way[first]), int(first), int(end), float(said[way[first], first:end].sum()))
        for first, end in zip(starts, ends, strict=True)
        if way[first] >= 0
    ]


def _way(said: Floats, prices: Floats) -> NDArray[np.int32]:
    """The line at each moment, -1 for none."""
    count, moments = said.shape
    came_from = np.empty((moments, count + 1), np.int32)
    total = np.zeros(count + 1)  # the last state is "no line"
    total[:count] = -ENTER - prices
    stay = np.arange(count + 1)
    for at in range(moments):
        best = int(np.argmax(total[:count]))
        off, on = total[count], total[best]
        reach = np.maximum(off - ENTER, on - CHANGE) - prices
        source = count if off - ENTER >= on - CHANGE else best
        moved = reach > total[:count]
        came_from[at] = stay
        came_from[at, :count][moved] = source
        total[:count] = np.where(moved, reach, total[:count])
        if on - LEAVE > off:
            total[count], came_from[at, count] = on - LEAVE, best
        total[:count] += said[:, at]
    way = np.empty(moments, np.int32)
    state = int(np.argmax(np.append(total[:count] - LEAVE, total[count])))
    for at in range(moments - 1, -1, -1):
        way[at] = state
        state = int(came_from[at, state])
    return np.where(way == count, -1, way)
