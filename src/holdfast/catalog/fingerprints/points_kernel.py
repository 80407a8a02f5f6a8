"""The inner loop of `points.near_by_tables`, compiled. Importing this loads a compiler (Numba)."""

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
    columns: Any,
    keys: Any,
    rows: Any,
    starts: Any,
    masks: Any,
    shift: Any,
    key_bits: Any,
    radius: Any,
    query: Any,
    row: Any,
    distance: Any,
) -> Any:
    """Fills `query`, `row`, `distance` as far as they reach; how many pairs there are.

    Each table is asked for the bucket of the query's key and for those of the keys with one bit turned. A pair that an
    earlier table has found is not given again.
    """
    room, found = query.shape[0], 0
    furthest = np.uint64(radius)
    one = np.uint64(1)
    for asked in range(queries.shape[0]):
        low, high = queries[asked, 0], queries[asked, 1]
        for table in range(keys.shape[0]):
            key = keys[table, asked]
            # The bits below the bucket's turn nothing: -1 stands for them all and for no bit turned.
            for turned in range(shift - 1, key_bits):
                bucket = key >> np.uint32(shift)
                if turned >= shift:
                    bucket ^= np.uint32(1) << np.uint32(turned - shift)
                for place in range(starts[table][bucket], starts[table][bucket + 1]):
                    at = rows[table][place]
                    a, b = low ^ columns[0][at], high ^ columns[1][at]
                    apart = bits_set(a) + bits_set(b)
                    if apart > furthest:
                        continue
                    first = -1
                    for other in range(table + 1):
                        if bits_set(a & masks[other, 0]) + bits_set(b & masks[other, 1]) <= one:
                            first = other
                            break
                    if first != table:
                        continue
                    if found < room:
                        query[found], row[found], distance[found] = asked, at, apart
                    found += 1
    return found


near_candidates: Any = compiled(_near_candidates)
