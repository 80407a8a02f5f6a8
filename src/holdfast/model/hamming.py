"""How many bits of two values differ, for many values at once: pictures have hashes of 256 bits, points of 128.

Nothing here guesses: every value is compared with every other. At 30 % bit noise, where cropped and filmed copies lie,
filters that look at a part of the bits first lose half of the true pairs, and on one core the kernel compares
about 3.5 thousand million pairs of 256 bits a second (`bench/index.py`), so that nothing need be lost.

    near = within(queries, columns_of(hashes), radius=80)
    near.query, near.row, near.distance
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]

FEW_PAIRS = 400_000  # for fewer the kernel is not worth the half second that its compiler takes to load
_ROWS_AT_ONCE = 1 << 20
_PAIRS_AT_ONCE = 1 << 18
_ROOM = 1 << 16


@dataclass(frozen=True)
class Near:
    """Pairs that differ in few bits, in the order of query, then row: `query` int32, `row` int64, `distance` uint16."""

    query: NDArray[np.int32]
    row: NDArray[np.int64]
    distance: NDArray[np.uint16]

    def __len__(self) -> int:
        return len(self.query)


def distances(left: Words, right: Words) -> NDArray[np.uint16]:
    """The bits that differ between each of `left` (n, words) and each of `right` (m, words): (n, m)."""
    total = np.zeros((len(left), len(right)), np.uint16)
    for word in range(left.shape[1]):
        total += np.bitwise_count(left[:, word, None] ^ right[None, :, word])
    return total


def columns_of(values: Words) -> Words:
    """Values (n, words) as the search reads them: (words, n), all first words together, then all second ones."""
    return np.ascontiguousarray(values.T)


def within(queries: Words, columns: Words, radius: int) -> Near:
    """All pairs that differ in at most `radius` bits.

    Args:
        queries: (q, words) uint64.
        columns: (words, n) uint64, as `columns_of` makes them; each of its rows contiguous, as in a mapped file.
        radius: bits, 0 or more.

    Raises:
        ValueError: queries and columns do not have the same number of words.
    """
    if queries.ndim != 2 or columns.ndim != 2 or queries.shape[1] != columns.shape[0]:
        raise ValueError(f"queries {queries.shape} and columns {columns.shape} do not fit together")
    if radius < 0:
        columns = columns[:, :0]
    kernel = _kernel() if len(queries) * columns.shape[1] > FEW_PAIRS else None
    queries = np.ascontiguousarray(queries, np.uint64)
    found = [_no_rows()]
    for start in range(0, columns.shape[1], _ROWS_AT_ONCE):
        part = columns[:, start : start + _ROWS_AT_ONCE]
        near = _plainly(queries, part, radius) if kernel is None else _by_kernel(kernel, queries, part, radius)
        found.append((near[0], near[1] + start, near[2]))
    query, row, distance = _joined(found)
    order = np.lexsort((row, query))
    return Near(query[order], row[order], distance[order])


_Rows = tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.uint16]]


def _plainly(queries: Words, columns: Words, radius: int) -> _Rows:
    step = max(1, _PAIRS_AT_ONCE // max(1, columns.shape[1]))
    found = [_no_rows()]
    for start in range(0, len(queries), step):
        apart = distances(queries[start : start + step], columns.T)
        query, row = np.nonzero(apart <= radius)
        found.append(((query + start).astype(np.int32), row.astype(np.int64), apart[query, row]))
    return _joined(found)


def _no_rows() -> _Rows:
    return np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0, np.uint16)


def _joined(parts: list[_Rows]) -> _Rows:
    query, row, distance = zip(*parts, strict=True)
    return np.concatenate(query), np.concatenate(row), np.concatenate(distance)


def _by_kernel(kernel: Any, queries: Words, columns: Words, radius: int) -> _Rows:
    room = _ROOM
    while True:
        query, row, distance = np.empty(room, np.int32), np.empty(room, np.int64), np.empty(room, np.uint16)
        count = int(kernel(queries, tuple(columns), radius, query, row, distance))
        if count <= room:  # else there were more than fit, and it is done again with room for all
            return query[:count].copy(), row[:count].copy(), distance[:count].copy()
        room = count


@cache
def _kernel() -> Any:
    """The compiled search, or None where the compiler (extra [restore]) is missing: then the same, slowly."""
    try:
        from holdfast.model.hamming_kernel import near_rows  # takes half a second
    except ImportError:
        return None
    return near_rows
