"""A majority of the copies that pass a place says what belongs to the work."""

from __future__ import annotations

from holdfast.restore.timeline.judging import Verdict, judged
from holdfast.restore.timeline.pieces import cut, passages
from holdfast.restore.timeline.ties import Tie
from tests.restore.timeline.graphs import tie


def verdict(lengths: list[float], ties: list[Tie]) -> tuple[Verdict, list[tuple[float, float]]]:
    """The verdict, and the line as start and length in the first copy that shows each passage."""
    found = passages(cut(lengths, ties), ties)
    said = judged(found, range(len(lengths)), [False] * len(lengths))
    rows = [next(p for p, of in zip(found.pieces, found.of, strict=True) if of == passage) for passage in said.line]
    return said, [(round(row.start, 1), round(row.length, 1)) for row in rows]


INSERTED = [tie(0, 1, 0, 20, 0), tie(0, 1, 30, 60, 20)]


def test_one_against_one_is_an_open_question_and_stays_on_the_line() -> None:
    said, line = verdict([60, 50], INSERTED)
    assert line == [(0, 20), (20, 10), (30, 30)]
    assert [(each.length, each.shown_by, each.passed_by) for each in said.open] == [(10, (0,), (1,))]


def test_what_two_pass_over_is_foreign_and_counted_against_its_copy() -> None:
    ties = [*INSERTED, tie(0, 2, 0, 20, 0), tie(0, 2, 30, 60, 20), tie(1, 2, 0, 50, 0)]
    said, line = verdict([60, 50, 50], ties)
    assert line == [(0, 20), (30, 30)]
    assert (list(said.foreign.values()), said.inserted[0]) == ([(0,)], 1)


def test_what_two_show_is_counted_as_removed_from_the_third() -> None:
    ties = [*INSERTED, tie(0, 2, 0, 60, 0), tie(1, 2, 0, 20, 0), tie(1, 2, 20, 50, 30)]
    said, line = verdict([60, 50, 60], ties)
    assert [length for _, length in line] == [20, 10, 30]
    assert (said.open, said.foreign, said.removed[1]) == ([], {}, 1)


def test_a_copy_that_ends_before_the_place_says_nothing_of_it() -> None:
    said, line = verdict([60, 20], [tie(0, 1, 0, 20, 0)])
    assert line == [(0, 20), (20, 40)]
    assert said.open == []


def test_of_two_ends_that_disagree_the_longer_is_kept() -> None:
    said, line = verdict([60, 45], [tie(0, 1, 0, 30, 0)])
    assert line == [(0, 30), (30, 30)]
    assert list(said.foreign.values()) == [(1,)]


def test_an_end_of_one_copy_where_another_stops_is_loose() -> None:
    said, _ = verdict([60, 40], [tie(0, 1, 0, 40, 0)])
    assert [(each.length, each.shown_by, each.passed_by) for each in said.loose] == [(20, (0,), (1,))]
