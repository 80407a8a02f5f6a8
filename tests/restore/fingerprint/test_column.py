"""A column gives back what was put into it, however much that was, and holds little of it meanwhile."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from holdfast.restore.fingerprint.column import Column


@pytest.mark.parametrize("count", [0, 1, 40_000])
def test_all_rows_come_back_in_their_order_from_memory_and_from_a_file(count: int) -> None:
    rows = np.arange(3 * count, dtype=np.int64).reshape(-1, 3)
    column = Column(np.int64, (3,))
    for start in range(0, count, 1000):
        column.add(rows[start : start + 1000])
    assert np.array_equal(column.array(), rows)
    assert column.array().shape == (count, 3) if count < 2 else True


def test_numbers_of_another_type_are_taken_as_those_of_the_column() -> None:
    column = Column(np.uint8)
    column.add(np.array([1, 2, 3]))
    assert column.array().dtype == np.uint8
    assert column.array().tolist() == [1, 2, 3]


def test_ten_times_as_many_rows_take_no_more_memory() -> None:
    peaks = []
    for count in (20, 200):
        tracemalloc.start()
        column = Column(np.uint8)
        for _ in range(count):
            column.add(np.zeros(100_000, np.uint8))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert column.array().shape == (count * 100_000,)
    assert peaks[1] < 1.1 * peaks[0]
