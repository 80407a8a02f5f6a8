"""Times of a shard come back exactly, one by one and in any order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.catalog.fingerprints.rising import check_turns, split, times_at


@given(st.lists(st.lists(st.integers(0, 1 << 62), max_size=9), max_size=4), st.sampled_from([np.uint16, np.uint32]))
def test_times_of_any_works_come_back_exactly(works: list[list[int]], kind: Any) -> None:
    times = np.array([time for work in works for time in sorted(work)], np.int64)
    low, turns = split(times, kind)
    check_turns(low, turns)
    rows = np.random.default_rng(1).permutation(len(times))
    assert low.dtype == kind
    assert np.array_equal(times_at(low, turns, rows), times[rows])
    assert np.array_equal(times_at(low, turns, np.arange(len(times))), times)


def test_an_hour_turns_once_in_the_beginning_and_two_hours_once_more() -> None:
    times = np.arange(7200, dtype=np.int64) * 1_000_000
    assert split(times[:3600], np.uint32)[1].tolist() == [[0, 0]]
    assert split(times, np.uint32)[1].tolist() == [[0, 0], [4295, 1]]
    assert split(np.concatenate([times, times]), np.uint32)[1][:, 1].tolist() == [0, 1, 0, 1]


@pytest.mark.parametrize(
    ("low", "turns"),
    [
        (np.zeros(3, np.uint16), np.empty((0, 2), np.int64)),
        (np.zeros(3, np.uint16), np.array([[1, 0]])),
        (np.zeros(3, np.uint16), np.array([[0, 0], [2, 1], [2, 2]])),
        (np.zeros(3, np.uint16), np.zeros(2, np.int64)),
        (np.zeros(3, np.int64), np.array([[0, 0]])),
    ],
)
def test_turns_by_which_a_time_cannot_be_found_are_refused(low: Any, turns: Any) -> None:
    with pytest.raises(ValueError, match="turn"):
        check_turns(low, turns)
