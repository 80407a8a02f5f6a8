"""Points that look alike, among hundreds of millions: tables over sampled bits, asked with one bit wrong allowed.

While there are few points all are compared (`hamming.within`), and nothing is lost. Beyond that a point is a candidate
when in one of three tables at most one of its 22 bits there differs from the query's. The tables' bits are fixed and do
not overlap, and hold only every second point, those with an odd number of bits in the remaining places: for a table of
all points takes as much room as their descriptors, and a few that are named are enough to look at the rest of their
frame. So whether a pair is found depends on the two points alone: not on the order of adding, the shards, or what
else there is. A small shard without tables gives the same pairs by comparing all and keeping those the tables would.

What is lost of pairs of those that are held, for independent errors (measured by `bench/index.py`): with 10 % of bits
wrong 31 %, with 12.5 % 47 %, with 15 % 64 %, with 20 % 86 %. A frame has dozens of points, and three are enough.

Source: P. Indyk, R. Motwani, "Approximate nearest neighbors" (1998), for sampling bits; asking neighbours of the key
too as in Q. Lv et al., "Multi-probe LSH" (2007).
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdfast.model.hamming import Near, within

Words = NDArray[np.uint64]
Table = tuple[NDArray[np.uint32], NDArray[np.uint32]]

TABLES = 3
KEY_BITS = 22
TABLED_FROM = 1 << 18  # points in a shard; below this comparing all is as fast
# Neighbouring bits of a descriptor come from one corner of the patch and err together: so a table takes distant ones.
_STRIDE = 37


def places_of(table: int) -> NDArray[np.int64]:
    """Which of the 128 bits the key of a table has, the lowest first."""
    return (np.arange(table * KEY_BITS, (table + 1) * KEY_BITS) * _STRIDE) % 128


def mask_of(table: int) -> Words:
    """The bits of a table's key, set in a value of two words."""
    mask = [0, 0]
    for place in places_of(table).tolist():
        mask[place // 64] |= 1 << (place % 64)
    return np.array(mask, np.uint64)


@cache
def _unkeyed() -> Words:
    """The bits that are in no table's key."""
    keyed: Words = np.bitwise_or.reduce([mask_of(table) for table in range(TABLES)])
    return ~keyed


def keys_of(columns: Words, table: int) -> NDArray[np.uint32]:
    """The key of each of the values, (2, n) uint64, in a table."""
    keys = np.zeros(columns.shape[1], np.uint32)
    for bit, place in enumerate(places_of(table).tolist()):
        keys |= ((columns[place // 64] >> np.uint64(place % 64)) & np.uint64(1)).astype(np.uint32) << np.uint32(bit)
    return keys


def are_held(columns: Words) -> NDArray[np.bool_]:
    """Which of the values, (2, n) uint64, stand in tables: (n,)."""
    rest = _unkeyed()
    counts = np.bitwise_count(columns[0] & rest[0]) + np.bitwise_count(columns[1] & rest[1])
    held: NDArray[np.bool_] = (counts & 1).astype(np.bool_)
    return held


def build_table(columns: Words, table: int) -> Table:
    """A table: the rows it holds in the order of their keys, and where those of each bucket begin (one more).

    A bucket has the rows whose keys begin with the same bits: as many bits as give it about four rows.
    """
    held = np.flatnonzero(are_held(columns))
    bits = bucket_bits(len(held))
    buckets = keys_of(columns[:, held], table) >> np.uint32(KEY_BITS - bits)
    starts = np.zeros((1 << bits) + 1, np.uint32)
    np.cumsum(np.bincount(buckets, minlength=1 << bits), out=starts[1:])
    return held[np.argsort(buckets, kind="stable")].astype(np.uint32), starts


def bucket_bits(rows: int) -> int:
    """How many bits of the key part the buckets of a table that holds so many rows."""
    return min(KEY_BITS, max(1, (rows // 4).bit_length()))


def near_by_tables(queries: Words, columns: Words, tables: list[Table], radius: int) -> Near:
    """The pairs that the tables find and that differ in at most `radius` bits.

    Args:
        queries: (q, 2) uint64.
        columns: (2, n) uint64.
        tables: TABLES of them, as `build_table` made them of `columns`, or none: then all are compared.
        radius: bits.
    """
    if not tables or _kernel() is None:
        return _as_by_tables(queries, columns, radius)
    keys = np.stack([keys_of(np.ascontiguousarray(queries.T), table) for table in range(TABLES)])
    rows, starts = tuple(table[0] for table in tables), tuple(table[1] for table in tables)
    masks = np.stack([mask_of(table) for table in range(TABLES)])
    shift = KEY_BITS - bucket_bits(len(rows[0]))
    room = 1 << 16
    while True:
        query, row, distance = np.empty(room, np.int32), np.empty(room, np.int64), np.empty(room, np.uint16)
        args = (np.ascontiguousarray(queries), tuple(columns), keys, rows, starts, masks, shift, KEY_BITS, radius)
        count = int(_kernel()(*args, query, row, distance))
        if count <= room:
            break
        room = count
    query, row, distance = query[:count], row[:count], distance[:count]
    order = np.lexsort((row, query))
    return Near(query[order], row[order], distance[order])


def _as_by_tables(queries: Words, columns: Words, radius: int) -> Near:
    near = within(queries, columns, radius)
    differing = queries[near.query] ^ columns[:, near.row].T
    is_found = np.zeros(len(near), np.bool_)
    for table in range(TABLES):
        is_found |= np.bitwise_count(differing & mask_of(table)).sum(axis=1) <= 1
    is_found &= are_held(columns[:, near.row])
    return Near(near.query[is_found], near.row[is_found], near.distance[is_found])


@cache
def _kernel() -> Any:
    try:
        from holdfast.catalog.fingerprints.points_kernel import near_candidates  # loads a compiler
    except ImportError:
        return None
    return near_candidates
