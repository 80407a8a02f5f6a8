"""Times of a shard in few bytes, each of which can be looked up alone: the low digits, and where the high ones turn.

Microseconds keep their low 32 bits and turn every 71 minutes, hops their low 16 and turn every nine. Times need not
rise from one work to the next: there they just turn.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Turns = NDArray[np.int64]


def split(times: NDArray[Any], kind: type[np.unsignedinteger[Any]]) -> tuple[NDArray[Any], Turns]:
    """The low digits of `times` (n,), as numbers of this kind, and its turns (k, 2): from which row on which high."""
    high = times.astype(np.int64) >> np.iinfo(kind).bits
    rows = np.flatnonzero(np.diff(high, prepend=high[:1] - 1))
    return times.astype(kind), np.stack([rows, high[rows]], axis=1)


def times_at(low: NDArray[Any], turns: Turns, rows: NDArray[Any]) -> NDArray[np.int64]:
    """The times of these rows, in any order."""
    if not len(rows):
        return np.empty(0, np.int64)
    high = turns[np.searchsorted(turns[:, 0], rows, "right") - 1, 1]
    times: NDArray[np.int64] = low[rows].astype(np.int64) | high << np.iinfo(low.dtype).bits
    return times


def check_turns(low: NDArray[Any], turns: NDArray[Any]) -> None:
    """Raises ValueError if a time could not be looked up."""
    if turns.ndim != 2 or turns.shape[1] != 2 or low.ndim != 1 or low.dtype.kind != "u":
        raise ValueError("times and their turns are of another form")
    if len(low) and (not len(turns) or turns[0, 0] != 0 or (np.diff(turns[:, 0]) <= 0).any()):
        raise ValueError("times do not turn in order from the first on")
