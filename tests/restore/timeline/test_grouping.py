"""Copies are brought to a common clock and told apart by what ties them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from holdfast.restore.timeline.grouping import grouped, hanging, near, turned
from tests.restore.timeline.graphs import aligned, copies, segment, tie


def test_the_common_clock_is_that_of_most_copies() -> None:
    fast = Fraction(25, 24)
    ground = grouped(
        copies(a=100, b=100, c=96),
        [
            aligned("a", "b", segment(0, 100, 0)),
            aligned("c", "a", segment(0, 96, 0, fast)),
            aligned("c", "b", segment(0, 96, 0, fast)),
        ],
        {},
    )
    assert ground.speeds == pytest.approx((1, 1, 25 / 24))
    assert ground.lengths == pytest.approx((100, 100, 100))
    assert ground.groups == ((0, 1, 2),)


def test_an_improbable_short_match_does_not_connect_two_copies() -> None:
    ground = grouped(copies(a=100, b=100), [aligned("a", "b", segment(0, 10, 40, probability=0.6))], {})
    assert ground.groups == ((0,), (1,))


def test_a_weak_tie_of_copies_that_cannot_meet_is_dropped() -> None:
    chain = [tie(0, 1, 60, 100, 0), tie(1, 2, 60, 100, 0), tie(2, 3, 60, 100, 0)]
    weak, sure = tie(0, 3, 20, 30, 50, 0.8), tie(0, 3, 20, 30, 50, 0.95)
    assert near([*chain, weak], [100.0] * 4) == chain
    assert sure in near([*chain, sure], [100.0] * 4)


def test_a_segment_turned_twice_is_the_same() -> None:
    one = segment(3, 40, 7, Fraction(25, 24), rotation=90)
    assert turned(turned(one)) == one
    assert turned(one).rotation == 270
    assert turned(segment(3, 40, 7, mirrored=True, rotation=90)).rotation == 90


def test_what_is_linked_hangs_together_the_largest_first() -> None:
    assert hanging(6, [(4, 5), (1, 2), (2, 3)]) == [(1, 2, 3), (4, 5), (0,)]


def test_cuts_are_brought_to_the_common_clock() -> None:
    rows = [segment(0, 19.8, 0), segment(30.3, 60, 20.3)]
    ground = grouped(copies(a=60, b=50), [aligned("a", "b", *rows)], {"a": [Fraction(20), Fraction(30)]})
    assert [(each.start, each.end) for each in ground.ties] == [(0, 20), (pytest.approx(30), 60)]
