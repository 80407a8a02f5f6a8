"""Points that look alike, among hundreds of millions: a table over sampled bits, asked with two bits wrong allowed.

While there are few points all are compared (`hamming.within`), and nothing is lost. Beyond that a point is a candidate
when of the 20 bits of its key at most two differ from the query's, and of 7 more, its tag, at most two. The bits are
fixed. The table holds only every second point, those with an odd number of bits in the remaining places: for it is
a few that are named which lead to the rest of their frame. So whether a pair is found depends on the two points alone:
not on the order of adding, the shards, or what else there is. A small shard without a table gives the same pairs by
comparing all and keeping those the table would.

The tag stands in the table beside the number of the row. Most candidates are refused by it, which spares reading their
descriptors from all over the file.

What is lost of pairs of those that are held, for independent errors (measured by `bench/index.py`): with 10 % of bits
wrong 35 %, with 12.5 % 50 %, with 15 % 62 %, with 20 % 82 %. A frame has dozens of points, and three are enough. Three
tables of 22 bits, asked with one bit wrong, lose as many and are three times as large.

Source: P. Indyk, R. Motwani, "Approximate nearest neighbors" (1998), for sampling bits; asking neighbours of the key
too as in Q. Lv et al., "Multi-probe LSH" (2007).
"""

from __future__ import annotations

from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdfast.model.hamming import Near, within

Words = NDArray[np.uint64]
Table = tuple[NDArray[np.uint32], NDArray[np.uint32]]

KEY_BITS, TAG_BITS = 20, 7
WRONG_BITS = 2  # at most, in the key, and in the tag
ROW_BITS = 32 - TAG_BITS
# Points in a shard; below the first comparing all is as fast, beyond the second they have no numbers in a table.
TABLED_FROM, TABLED_TO = 1 << 18, 1 << ROW_BITS
# Neighboring bits of a descriptor come from one corner of the patch and err together: so a key takes distant ones.
_STRIDE = 37


def key_places() -> NDArray[np.int64]:
    """Which of the 128 bits a key has, the lowest first."""
    return (np.arange(KEY_BITS) * _STRIDE) % 128


def tag_places() -> NDArray[np.int64]:
    """Which of the 128 bits a tag has, the lowest first."""
    return (np.arange(KEY_BITS, KEY_BITS + TAG_BITS) * _STRIDE) % 128


def mask_of(places: NDArray[np.int64]) -> Words:
    """These bits, set in a value of two words."""
    mask = [0, 0]
    for place in places.tolist():
        mask[place // 64] |= 1 << (place % 64)
    return np.array(mask, np.uint64)


def bits_at(columns: Words, places: NDArray[np.int64]) -> NDArray[np.uint32]:
    """The bits at these places of each of the values, (2, n) uint64, as a number: the first is its lowest bit."""
    numbers = np.zeros(columns.shape[1], np.uint32)
    for bit, place in enumerate(places.tolist()):
        at = columns[place // 64] >> np.uint64(place % 64) & np.uint64(1)
        numbers |= at.astype(np.uint32) << np.uint32(bit)
    return numbers


def are_held(columns: Words) -> NDArray[np.bool_]:
    """Which of the values, (2, n) uint64, stand in a table: (n,)."""
    rest = ~(mask_of(key_places()) | mask_of(tag_places()))
    counts = np.bitwise_count(columns[0] & rest[0]) + np.bitwise_count(columns[1] & rest[1])
    held: NDArray[np.bool_] = (counts & 1).astype(np.bool_)
    return held


def build_table(columns: Words) -> Table:
    """A table of values, (2, n) uint64: entries in the order of their keys, and where each bucket begins (one more).

    An entry is the number of a row, and above ROW_BITS its tag. A bucket has the rows whose keys begin with the same
    bits: as many bits as give it four to eight rows.
    """
    held = np.flatnonzero(are_held(columns))
    bits = bucket_bits(len(held))
    values = columns[:, held]
    buckets = bits_at(values, key_places()) >> np.uint32(KEY_BITS - bits)
    entries = held.astype(np.uint32) | bits_at(values, tag_places()) << np.uint32(ROW_BITS)
    starts = np.zeros((1 << bits) + 1, np.uint32)
    np.cumsum(np.bincount(buckets, minlength=1 << bits), out=starts[1:])
    return entries[np.argsort(buckets, kind="stable")], starts


def bucket_bits(rows: int) -> int:
    """How many bits of the key part the buckets of a table that holds so many rows."""
    return min(KEY_BITS, max(1, (rows // 8).bit_length()))


def near_by_table(queries: Words, columns: Words, table: Table | None, radius: int) -> Near:
    """The pairs that a table finds and that differ in at most `radius` bits.

    Args:
        queries: (q, 2) uint64.
        columns: (2, n) uint64.
        table: as `build_table` made it of `columns`, or none: then all are compared.
        radius: bits.
    """
    if table is None or _kernel() is None:
        return _as_by_table(queries, columns, radius)
    entries, starts = table
    bits = bucket_bits(len(entries))
    asked = np.ascontiguousarray(queries.T)
    buckets = bits_at(asked, key_places()) >> np.uint32(KEY_BITS - bits)
    question = (np.ascontiguousarray(queries), buckets, bits_at(asked, tag_places()), _turned(bits))
    limits = (mask_of(key_places()), WRONG_BITS, ROW_BITS, radius)
    room = 1 << 16
    while True:
        query, row, distance = np.empty(room, np.int32), np.empty(room, np.int64), np.empty(room, np.uint16)
        count = int(_kernel()(*question, tuple(columns), entries, starts, *limits, query, row, distance))
        if count <= room:
            break
        room = count
    query, row, distance = query[:count], row[:count], distance[:count]
    order = np.lexsort((row, query))
    return Near(query[order], row[order], distance[order])


@cache
def _turned(bits: int) -> NDArray[np.uint32]:
    """Numbers of so many bits of which at most WRONG_BITS are set: what turns one bucket into those that are asked."""
    some = [sum(1 << bit for bit in which) for n in range(WRONG_BITS + 1) for which in combinations(range(bits), n)]
    return np.array(some, np.uint32)


def _as_by_table(queries: Words, columns: Words, radius: int) -> Near:
    near = within(queries, columns, radius)
    differing = queries[near.query] ^ columns[:, near.row].T
    is_found = are_held(columns[:, near.row])
    for places in (key_places(), tag_places()):
        is_found &= np.bitwise_count(differing & mask_of(places)).sum(axis=1) <= WRONG_BITS
    return Near(near.query[is_found], near.row[is_found], near.distance[is_found])


@cache
def _kernel() -> Any:
    try:
        from holdfast.catalog.fingerprints.points_kernel import near_candidates  # loads a compiler
    except ImportError:
        return None
    return near_candidates
