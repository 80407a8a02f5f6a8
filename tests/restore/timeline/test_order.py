"""Passages stand in the order in which most copies have them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from holdfast.restore.timeline.order import in_order, ordered


def test_orders_that_overlap_are_one_order() -> None:
    assert ordered([[0, 1, 2], [2, 3], [3, 4, 5]], [1, 1, 1], [9] * 6) == [0, 1, 2, 3, 4, 5]


def test_two_copies_outvote_one_that_was_re_ordered() -> None:
    assert ordered([[0, 2, 1, 3], [0, 1, 2, 3], [0, 1, 2, 3]], [1, 1, 1], [9] * 4) == [0, 1, 2, 3]


def test_the_copy_that_counts_more_decides_between_two() -> None:
    assert ordered([[0, 2, 1, 3], [0, 1, 2, 3]], [1.5, 1], [9] * 4) == [0, 2, 1, 3]


def test_no_passages_are_in_no_order() -> None:
    assert ordered([], [], []) == []


def test_the_most_seconds_that_rise_together_stand_in_order() -> None:
    rank = {0: 0, 1: 1, 2: 2, 3: 3}
    assert in_order([0, 2, 1, 3], rank, [9, 30, 5, 9]) == [True, False, True, True]
    assert in_order([0, 2, 1, 3], rank, [9, 9, 30, 5]) == [True, True, False, True]
    assert in_order([], rank, []) == []


@given(
    st.integers(2, 12).flatmap(lambda n: st.tuples(st.just(n), st.lists(st.sets(st.integers(0, n - 1)), max_size=6)))
)
def test_what_no_copy_contradicts_is_kept_by_any_order(given_: tuple[int, list[set[int]]]) -> None:
    count, sets = given_
    walks = [sorted(each) for each in sets]
    order = ordered(walks, [1.0] * len(walks), [1.0] * count)
    assert sorted(order) == list(range(count))
    rank = {passage: place for place, passage in enumerate(order)}
    for walk in walks:
        assert [rank[p] for p in walk] == sorted(rank[p] for p in walk)
