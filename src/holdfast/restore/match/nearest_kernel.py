"""The inner loop of `WorkViews.compared`, compiled for the processor at hand. Importing this loads a compiler (Numba).

A line is tried at some seventy offsets and rates, each time over hundreds of moments, each with the hashes of up to six
views before and after it: in NumPy a millisecond a try, here twenty microseconds.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

_ODD = np.uint64(0x5555555555555555)
_PAIRS = np.uint64(0x3333333333333333)
_NIBBLES = np.uint64(0x0F0F0F0F0F0F0F0F)
_BYTES = np.uint64(0x0101010101010101)


@njit(cache=True, nogil=True)
def _count(value: Any) -> Any:
    """The bits of a word that are set. The compiler knows this sum and puts one instruction in its place."""
    value = value - ((value >> np.uint64(1)) & _ODD)
    value = (value & _PAIRS) + ((value >> np.uint64(2)) & _PAIRS)
    value = (value + (value >> np.uint64(4))) & _NIBBLES
    return (value * _BYTES) >> np.uint64(56)


@njit(cache=True, nogil=True)
def compare(
    moments: Any,
    hashes: Any,
    times: Any,
    stored: Any,
    starts: Any,
    names: Any,
    holds: Any,
    ahead: Any,
    best: Any,
    which: Any,
) -> None:
    """Puts the least distance and its view and way to `best` and `which` (n,), which hold the worst to begin with.

    `times` (m,) and `stored` (m, 4) are those of all views, view v in rows [starts[v], starts[v + 1]), its number in
    `names`. `hashes` (k, n, 4) are those of the copy.
    """
    for view in range(len(names)):
        first, end = starts[view], starts[view + 1]
        for row in range(len(moments)):
            low, high = first, end
            while low < high:  # the first stored hash after the moment
                middle = (low + high) // 2
                if times[middle] <= moments[row]:
                    low = middle + 1
                else:
                    high = middle
            for at in (low - 1, low):
                if at < first or at >= end:
                    continue
                apart_us = moments[row] - times[at]
                if apart_us > holds or -apart_us > ahead:
                    continue
                for way in range(hashes.shape[0]):
                    apart = np.uint64(0)
                    for word in range(4):
                        apart += _count(hashes[way, row, word] ^ stored[at, word])
                    if apart < best[row]:
                        best[row] = apart
                        which[row] = names[view] * 16 + way
