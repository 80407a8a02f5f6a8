"""Times come back exactly, in few bytes where they are even."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.formats.timecode import check_times, pack_times, unpack_times

RATES = ["24", "25", "30", "50", "60", "24000/1001", "30000/1001", "60000/1001", "15", "48", "12.5"]


@given(st.lists(st.integers(0, 10**13), max_size=20))
def test_any_rising_times_come_back_exactly(times: list[int]) -> None:
    array = np.array(sorted(times), np.int64)
    entry, numbers = pack_times(array)
    assert np.array_equal(unpack_times(entry, numbers, len(array)), array)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("start", [0, 123_457])
def test_frames_at_a_rate_of_films_need_no_array(rate: str, start: int) -> None:
    times = np.array([start + round(Fraction(n * 1_000_000) / Fraction(rate)) for n in range(5000)], np.int64)
    entry, numbers = pack_times(times)
    assert numbers is None
    assert np.array_equal(unpack_times(entry, numbers, 5000), times)


@pytest.mark.parametrize(("pauses", "size_bytes"), [(0, 125), (1, 250), (5, 500), (90, 1000)])
def test_milliseconds_of_a_stream_take_a_bit_each_and_with_pauses_some_more(pauses: int, size_bytes: int) -> None:
    times = np.array([n * 1001 // 30 * 1000 for n in range(1001)], np.int64)
    for pause in range(1, pauses + 1):
        times[pause * 10 :] += 7_000_000 * pause
    entry, numbers = pack_times(times)
    assert numbers is not None
    assert numbers.nbytes == size_bytes
    assert np.array_equal(unpack_times(entry, numbers, 1001), times)


def test_gaps_that_are_nearly_all_different_are_told_by_what_they_have_in_common() -> None:
    times = np.cumsum(np.random.default_rng(1).integers(0, 60_000, 1000)) * 1000
    entry, numbers = pack_times(times)
    assert numbers is not None
    assert (numbers.dtype, entry["unit"]) == (np.uint16, 1000)
    assert np.array_equal(unpack_times(entry, numbers, 1000), times)


@pytest.mark.parametrize("times", [[-1, 0], [5, 4]])
def test_times_that_fall_or_are_negative_are_not_written(times: list[int]) -> None:
    with pytest.raises(ValueError, match="negative or fall"):
        pack_times(np.array(times, np.int64))


@pytest.mark.parametrize(
    ("entry", "numbers", "count"),
    [
        (None, None, 3),
        ({"count": 4, "first": 0, "step": [1, 1, 0]}, None, 3),
        ({"count": 3, "first": -1, "step": [1, 1, 0]}, None, 3),
        ({"count": 3, "first": 0, "step": [1, 0, 0]}, None, 3),
        ({"count": 3, "first": 0, "step": [1, 1]}, None, 3),
        ({"count": 3, "first": 0, "step": [1 << 62, 1, 0]}, None, 3),
        ({"count": 3, "first": 0}, None, 3),
        ({"count": 3, "first": 0, "least": 1, "unit": 1}, None, 3),
        ({"count": 3, "first": 0, "least": 1, "unit": 1}, [1], 3),
        ({"count": 3, "first": 0, "least": 1, "unit": 1}, [1, -1], 3),
        ({"count": 3, "first": 0, "least": 1, "unit": 1 << 60}, [1, 9], 3),
        ({"count": 1, "first": 0, "least": 1, "unit": 1}, [], 1),
        ({"count": 0, "first": 0, "gaps": [1]}, [], 0),
        ({"count": 3, "first": 0, "gaps": []}, [0], 3),
        ({"count": 3, "first": 0, "gaps": [-1, 1]}, [0], 3),
        ({"count": 3, "first": 0, "gaps": [0] * 257}, [0, 0], 3),
        ({"count": 3, "first": 0, "gaps": [1, 2]}, None, 3),
        ({"count": 3, "first": 0, "gaps": [1, 2]}, [0], 3),
    ],
)
def test_an_entry_that_cannot_be_meant_is_refused(entry: Any, numbers: list[int] | None, count: int) -> None:
    with pytest.raises(ValueError, match=r"."):
        unpack_times(entry, None if numbers is None else np.array(numbers, np.int64), count)


@pytest.mark.parametrize(
    ("gaps", "numbers", "count"),
    [([1, 2, 3], [0b1100], 3), ([1, 2], [0, 0], 3), ([1, 2], [], 3), ([1 << 61, 2], [0], 3), ([1] * 17, [17, 0], 3)],
)
def test_gaps_that_are_not_listed_or_reach_beyond_all_bounds_are_refused(
    gaps: list[int], numbers: list[int], count: int
) -> None:
    entry = {"count": count, "first": 0, "gaps": gaps}
    with pytest.raises(ValueError, match=r"."):
        unpack_times(entry, np.array(numbers, np.uint8), count)


def test_times_in_two_dimensions_are_refused() -> None:
    with pytest.raises(ValueError, match="negative or fall"):
        check_times(np.zeros((2, 2), np.int64))
