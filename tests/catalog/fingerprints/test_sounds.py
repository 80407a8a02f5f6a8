"""Landmarks are found by their keys, all of them and no others."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from holdfast.catalog.fingerprints.sounds import order_by_key, rows_in, stretches

KEYS = st.lists(st.integers(0, 9) | st.just(2**32 - 1), max_size=30)


@given(KEYS, KEYS)
def test_the_rows_of_each_key_are_found_in_their_order(keys: list[int], asked: list[int]) -> None:
    array, wanted = np.array(keys, np.uint32), np.array(asked, np.uint32)
    order = order_by_key(array)
    first, last = stretches(array, order, wanted)
    query, rows = rows_in(order, first, last)
    expected = [(n, row) for n, key in enumerate(asked) for row, other in enumerate(keys) if other == key]
    assert list(zip(query.tolist(), rows.tolist(), strict=True)) == expected
    assert (last - first).tolist() == [keys.count(key) for key in asked]


def test_the_order_costs_four_bytes_a_landmark() -> None:
    assert order_by_key(np.array([3, 1, 2], np.uint32)).dtype == np.uint32
