"""The inner loop of `points.near_by_table`, compiled. Importing this loads a compiler (Numba)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from holdfast.model.hamming_kernel import compiled


def _bits(value: Any) -> Any:
    """Bits set in a uint64, in parallel sums of 2, 4 and 8 bits; the compiler knows this as one instruction."""
    value -= (value >> np.uint64(1)) & np.uint64(0x5555555555555555)
    value = (value & np.uint64(0x3333333333333333)) + ((value >> np.uint64(2)) & np.uint64(0x3333333333333333))
    value = (value + (value >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return (value * np.uint64(0x0101010101010101)) >> np.uint64(56)


bits_set: Any = njit(inline="always")(_bits)


def _near_candidates(
    queries: Any,
    buckets: Any,
    tags: Any,
    turned: Any,
    columns: Any,
    entries: Any,
    starts: Any,
    key_mask: Any,
    wrong_bits: Any,
    row_bits: Any,
    radius: Any,
    query: Any,
    row: Any,
    distance: Any,
) -> Any:
    """Fills `query`, `row`, `distance` as far as they reach; how many pairs there are.

    Each query is asked of its own bucket and of those that `turned` makes of it. What the key's bits below those of the
    buckets are is seen in the descriptor.
    """
    room, found = query.shape[0], 0
    furthest, wrong, tag_at = np.uint64(radius), np.uint64(wrong_bits), np.uint64(row_bits)
    row_mask = np.uint32((1 << row_bits) - 1)
    for asked in range(queries.shape[0]):
        low, high, tag = queries[asked, 0], queries[asked, 1], np.uint64(tags[asked])
        for turn in turned:
            bucket = buckets[asked] ^ turn
            for place in range(starts[bucket], starts[bucket + np.uint32(1)]):
                entry = entries[place]
                if bits_set((np.uint64(entry) >> tag_at) ^ tag) > wrong:
                    continue
                at = entry & row_mask
                a, b = low ^ columns[0][at], high ^ columns[1][at]
                apart = bits_set(a) + bits_set(b)
                if apart > furthest or bits_set(a & key_mask[0]) + bits_set(b & key_mask[1]) > wrong:
                    continue
                if found < room:
                    query[found], row[found], distance[found] = asked, at, apart
                found += 1
    return found


near_candidates: Any = compiled(_near_candidates)
