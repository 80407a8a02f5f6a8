"""Copies are cut wherever one leaves another, and pieces that show the same are one passage."""

from __future__ import annotations

from holdfast.restore.timeline.pieces import Piece, cut, passages
from holdfast.restore.timeline.ties import Tie
from tests.restore.timeline.graphs import tie


def rows(lengths: list[float], ties: list[Tie]) -> list[list[tuple[float, float]]]:
    pieces = cut(lengths, ties)
    return [[(p.start, p.end) for p in pieces if p.copy == copy] for copy in range(len(lengths))]


def test_a_copy_without_ties_is_one_piece() -> None:
    assert rows([30.0], []) == [[(0.0, 30.0)]]


def test_both_copies_are_cut_where_something_was_put_into_one_of_them() -> None:
    found = rows([60.0, 50.0], [tie(0, 1, 0, 20, 0), tie(0, 1, 30, 60, 20)])
    assert found == [[(0, 20), (20, 30), (30, 60)], [(0, 20), (20, 50)]]


def test_a_border_is_carried_to_every_copy_that_shows_this_moment() -> None:
    ties = [tie(0, 1, 0, 20, 0), tie(0, 1, 30, 60, 20), tie(1, 2, 10, 50, 0)]
    assert rows([60.0, 50.0, 40.0], ties)[2] == [(0, 10), (10, 40)]


def test_borders_that_differ_only_by_the_errors_of_alignments_are_one() -> None:
    ties = [tie(0, 1, 10, 60, 0), tie(0, 2, 10.3, 60, 0)]
    assert rows([60.0, 50.0, 49.7], ties)[0] == [(0, 10), (10, 60)]


def test_pieces_that_show_the_same_are_one_passage() -> None:
    ties = [tie(0, 1, 0, 20, 0), tie(0, 1, 30, 60, 20)]
    found = passages(cut([60.0, 50.0], ties), ties)
    assert [found.of[n] for n in (0, 2)] == [found.of[n] for n in (3, 4)]
    assert found.of.count(found.of[1]) == 1
    assert found.repeats == frozenset()


def test_what_a_copy_shows_again_is_a_repeat_of_the_first() -> None:
    ties = [tie(0, 1, 0, 30, 0), tie(0, 1, 30, 60, 20)]  # copy 0 shows seconds 20 to 30 twice
    found = passages(cut([60.0, 50.0], ties), ties)
    (again,) = found.repeats
    assert found.pieces[again] == Piece(0, 30, 40)


def test_what_repeats_itself_without_end_is_not_cut_without_end() -> None:
    ties = [tie(0, 1, 0, 3000, 0), tie(0, 1, 0, 2999, 1)]
    assert len(cut([3000.0, 3000.0], ties)) <= 20_010
