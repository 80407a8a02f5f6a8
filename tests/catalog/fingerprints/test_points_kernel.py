"""The compiled loop gives each pair once, however many tables find it."""

from __future__ import annotations

import numpy as np

from holdfast.catalog.fingerprints.points import KEY_BITS, TABLES, are_held, build_table, keys_of, mask_of
from holdfast.catalog.fingerprints.points_kernel import bits_set, near_candidates
from holdfast.model.hamming import columns_of


def test_a_pair_that_all_tables_find_is_given_once() -> None:
    values = np.random.default_rng(3).integers(0, 2**64, (20, 2), dtype=np.uint64)
    values = values[are_held(columns_of(values))][:2]
    columns = columns_of(values)
    made = [build_table(columns, table) for table in range(TABLES)]
    keys = np.stack([keys_of(columns, table) for table in range(TABLES)])
    masks = np.stack([mask_of(table) for table in range(TABLES)])
    found = np.empty(9, np.int32), np.empty(9, np.int64), np.empty(9, np.uint16)
    rows, starts = tuple(table[0] for table in made), tuple(table[1] for table in made)
    count = near_candidates(values, tuple(columns), keys, rows, starts, masks, KEY_BITS - 1, KEY_BITS, 0, *found)
    assert count == 2
    assert found[0][:2].tolist() == found[1][:2].tolist() == [0, 1]


def test_bits_are_counted_as_python_counts_them() -> None:
    for value in (0, 1, 2**64 - 1, 0x123456789ABCDEF0, 1 << 63):
        assert int(bits_set(np.uint64(value))) == value.bit_count()
