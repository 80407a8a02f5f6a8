"""Strands go on where the line does, and lie where most of what is known puts them."""

from __future__ import annotations

import pytest

from holdfast.restore.timeline.pieces import Passages, cut, passages
from holdfast.restore.timeline.solving import Strand, solved, strands
from holdfast.restore.timeline.ties import Tie
from tests.restore.timeline.graphs import tie


def laid(lengths: list[float], ties: list[Tie], line: list[int]) -> tuple[Passages, list[Strand]]:
    found = passages(cut(lengths, ties), ties)
    return found, strands(found, range(len(lengths)), line, set(), lengths)


EDITED = [tie(0, 1, 0, 20, 0), tie(0, 1, 30, 60, 20)]


def test_a_strand_goes_on_over_what_belongs_to_the_line_and_breaks_where_it_lacks_it() -> None:
    _, rows = laid([60, 50], EDITED, [0, 1, 2])
    assert [(each.copy, each.start, each.end) for each in rows] == [(0, 0, 60), (1, 0, 20), (1, 20, 50)]


def test_what_is_not_on_the_line_breaks_the_copy_that_shows_it() -> None:
    _, rows = laid([60, 50], EDITED, [0, 2])
    assert [(each.copy, each.start, each.end) for each in rows] == [(0, 0, 20), (0, 30, 60), (1, 0, 50)]


def test_strands_lie_where_their_ties_put_them() -> None:
    found, rows = laid([60, 50], EDITED, [0, 1, 2])
    answer = solved(rows, found, EDITED, [0, 1, 2], {0: 1.0, 1: 1.0}, 2)
    starts = [answer.at(n, each, each.start) for n, each in enumerate(rows)]
    assert [at - starts[0] for at in starts] == pytest.approx([0, 0, 30], abs=1e-3)


def test_a_wrong_end_is_struck_and_moves_nothing() -> None:
    right = [tie(0, 1, 0, 60, 10), tie(1, 2, 10, 70, 5), tie(0, 2, 0, 60, 5)]
    ties = [*right, tie(0, 2, 0, 60, 6.5)]
    found, rows = laid([60, 80, 80], right, [0])
    answer = solved(rows, found, ties, [0], dict.fromkeys(range(3), 1.0), 3)
    at = [answer.at(n, each, 0.0) for n, each in enumerate(rows)]
    assert [at[0] - at[1], at[0] - at[2]] == pytest.approx([10, 5], abs=0.05)
    assert answer.struck == 2


def test_strands_that_nothing_ties_are_laid_end_to_end() -> None:
    found, rows = laid([10, 20], [], [0, 1])
    answer = solved(rows, found, [], [0, 1], {0: 1.0, 1: 1.0}, 2)
    assert answer.at(1, rows[1], 0.0) - answer.at(0, rows[0], 10.0) == pytest.approx(0, abs=0.01)
