"""Ties reach as far as they must, are one where they are of one line, and chance matches are dropped."""

from __future__ import annotations

import pytest

from holdfast.restore.timeline.ties import borne_out, joined, nearest, reaching, rising, tied
from tests.restore.timeline.graphs import segment, tie


def test_a_segment_that_runs_at_another_speed_than_its_copies_is_no_tie() -> None:
    assert tied(0, 1, segment(0, 40, 10), 1.0, 1.04) is None
    assert tied(0, 1, segment(0, 40, 10), 1.0, 1.001) is not None


def test_stretches_of_one_line_become_one_tie_over_a_hole_that_is_as_long_in_both() -> None:
    (one,) = joined([tie(0, 1, 0, 20, 5), tie(0, 1, 24, 50, 29.1)])
    assert (one.start, one.end) == (0, 50)
    assert one.unknown == ((20, 24),)
    assert len(one.measured) == 4


def test_a_stretch_that_left_the_line_is_another_tie() -> None:
    assert len(joined([tie(0, 1, 0, 20, 5), tie(0, 1, 20, 50, 40)])) == 2


def test_stretches_stay_apart_where_something_else_is_known_between_them() -> None:
    parts = [tie(0, 1, 0, 20, 0), tie(0, 1, 30, 50, 30), tie(0, 1, 20, 30, 60)]
    assert [(each.start, each.end) for each in joined(parts)] == [(0, 20), (20, 30), (30, 50)]


def test_a_tie_reaches_to_the_ends_of_copies_that_are_near() -> None:
    (one,) = reaching([tie(0, 1, 0.4, 29.5, 20.4)], (30, 90))
    assert (one.start, one.end) == (0, 30)


def test_a_tie_ends_where_it_was_told_when_no_end_is_near() -> None:
    (one,) = reaching([tie(0, 1, 10, 29, 20)], (50, 90))
    assert (one.start, one.end) == (10, 29)


def test_two_ties_meet_at_the_cut_where_minutes_were_taken_out() -> None:
    first, second = reaching([tie(0, 1, 0, 20, 0), tie(0, 1, 20.5, 50, 80.5)], (50, 120), ([20.4], []))
    assert (first.end, second.start) == pytest.approx((20.4, 20.4))


def test_what_was_put_in_begins_and_ends_at_cuts() -> None:
    first, second = reaching([tie(0, 1, 0, 19.8, 0), tie(0, 1, 30.3, 50, 20.3)], (50, 40), ([20.0, 30.0], []))
    assert (first.end, second.start) == (20.0, 30.0)


def test_the_nearest_cut_is_taken_only_when_it_is_near() -> None:
    assert nearest([1.0, 5.0, 9.0], 5.3) == 5.0
    assert nearest([1.0, 5.0, 9.0], 6.0) == 6.0
    assert nearest([], 6.0) == 6.0


def test_a_match_that_another_copy_contradicts_is_dropped() -> None:
    right = [tie(0, 1, 0, 100, 0), tie(0, 2, 0, 100, 0), tie(1, 2, 0, 100, 0)]
    wrong = tie(0, 1, 10, 20, 70, 0.95)
    assert borne_out([*right, wrong]) == right


def test_a_match_out_of_order_needs_to_be_sure_or_borne_out() -> None:
    right, wrong = tie(0, 1, 50, 100, 50), tie(0, 1, 10, 20, 120, 0.6)
    sure = tie(0, 1, 10, 20, 120, 0.95)
    assert borne_out([right, wrong]) == [right]
    assert borne_out([right, sure]) == [right, sure]


def test_the_rising_ties_are_those_in_the_same_order_in_both_copies() -> None:
    a, b, c = tie(0, 1, 0, 20, 0), tie(0, 1, 20, 25, 90), tie(0, 1, 25, 50, 25)
    assert rising([c, b, a]) == [a, c]


def test_a_tie_seen_from_the_other_copy_and_back_is_the_same() -> None:
    one = tie(0, 1, 10, 29, 20)
    other = one.seen_from(1)
    assert (other.a, other.start, other.end, other.shift) == (1, 20, 39, -10)
    assert other.seen_from(0) == one
