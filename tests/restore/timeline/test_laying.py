"""A group of copies is laid out as one line, and what copies leave open the listing decides."""

from __future__ import annotations

from fractions import Fraction

import pytest

from holdfast.restore.timeline.grouping import grouped
from holdfast.restore.timeline.laying import Laid, laid
from holdfast.restore.timeline.line import Alignment
from tests.restore.timeline.graphs import aligned, copies, segment


def of_pair(a: float, b: float, alignment: Alignment, listed: int | None = None) -> Laid:
    ground = grouped(copies(a=a, b=b), [alignment], {})
    return laid(ground, ground.groups[0], None if listed is None else Fraction(listed))


TWO_INSERTED = aligned("a", "b", segment(0, 40, 0), segment(50, 90, 40), segment(115, 150, 80))


@pytest.mark.parametrize(("listed", "length"), [(None, 150), (150, 150), (140, 140), (125, 125), (115, 115)])
def test_of_all_answers_the_one_that_makes_it_as_long_as_listed_is_taken(listed: int | None, length: int) -> None:
    assert round(of_pair(150, 115, TWO_INSERTED, listed).length, 1) == length


def test_a_line_that_cannot_be_as_short_as_listed_is_at_least_no_longer_than_need_be() -> None:
    assert round(of_pair(150, 115, TWO_INSERTED, 130).length) == 125


def test_a_speed_that_most_copies_contradict_is_not_taken_for_the_sake_of_the_listing() -> None:
    names = "abcde"
    pairs = [aligned(x, y, segment(0, 600, 0)) for i, x in enumerate(names) for y in names[i + 1 :]]
    pairs += [aligned("f", x, segment(0, 576, 0, Fraction(25, 24))) for x in names]
    ground = grouped(copies(**dict.fromkeys(names, 600), f=576), pairs, {})
    line = laid(ground, ground.groups[0], Fraction(576))
    assert {each.source: each.rate for each in line.placements}["a"] == 1


def test_an_odd_speed_is_kept_as_it_was_measured() -> None:
    odd = Fraction(107, 100)
    ground = grouped(
        copies(a=600, b=600, c=560),
        [
            aligned("a", "b", segment(0, 600, 0)),
            aligned("c", "a", segment(0, 560, 0, odd)),
            aligned("c", "b", segment(0, 560, 0, odd)),
        ],
        {},
    )
    line = laid(ground, ground.groups[0], None)
    rate = {each.source: each.rate for each in line.placements}["c"]
    assert abs(rate - odd) < Fraction(1, 100_000)


def test_weak_matches_that_break_the_order_are_taken_back() -> None:
    ground = grouped(
        copies(a=200, b=100, c=150),
        [
            aligned("a", "b", segment(100, 200, 0)),
            aligned("a", "c", segment(60, 200, 10)),
            aligned("b", "c", segment(0, 100, 50)),
        ],
        {},
    )
    clean = laid(ground, ground.groups[0], None)
    weak = grouped(
        copies(a=200, b=100, c=150, d=90),
        [
            aligned("a", "b", segment(100, 200, 0)),
            aligned("a", "c", segment(60, 200, 10)),
            aligned("b", "c", segment(0, 100, 50)),
            aligned("a", "d", segment(0, 50, 40)),
            aligned("b", "d", segment(60, 72, 20, probability=0.7)),
        ],
        {},
    )
    line = laid(weak, weak.groups[0], None)
    assert clean.length == 200
    assert line.length == 240
