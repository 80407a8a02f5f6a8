"""Copies stand to each other mirrored or turned, and the way that most have it is taken for the work's."""

from __future__ import annotations

import pytest

from holdfast.restore.timeline.standing import Turn, after, back, standing
from holdfast.restore.timeline.ties import Tie, tied
from tests.restore.timeline.graphs import segment

TURNS: list[Turn] = [(mirrored, rotation) for mirrored in (False, True) for rotation in (0, 90, 180, 270)]


def shown(a: int, b: int, *, mirrored: bool = False, rotation: int = 0, seen: bool = True, heard: bool = True) -> Tie:
    row = segment(0, 50, 0, mirrored=mirrored, rotation=rotation, seen=seen, heard=heard)
    found = tied(a, b, row, 1.0, 1.0)
    assert found is not None
    return found


@pytest.mark.parametrize("turn", TURNS)
def test_every_turn_is_undone_by_its_back(turn: Turn) -> None:
    assert after(back(turn), turn) == after(turn, back(turn)) == (False, 0)


@pytest.mark.parametrize("turn", TURNS)
def test_turns_done_one_after_the_other_may_be_taken_together(turn: Turn) -> None:
    for first in TURNS:
        for second in TURNS:
            assert after(turn, after(second, first)) == after(after(turn, second), first)


def test_the_copy_that_is_mirrored_against_most_is_the_mirrored_one() -> None:
    found = standing([0, 1, 2], [shown(0, 1, mirrored=True), shown(0, 2, mirrored=True), shown(1, 2)])
    assert [found[n].mirrored for n in range(3)] == [True, False, False]


def test_turns_are_followed_along_a_chain_of_copies() -> None:
    ties = [shown(0, 1, rotation=90), shown(1, 2, rotation=90), shown(2, 3), shown(2, 4), shown(3, 4)]
    found = standing(range(5), ties)
    assert [found[n].rotation for n in range(5)] == [180, 90, 0, 0, 0]


def test_a_copy_that_is_only_ever_heard_has_no_picture() -> None:
    found = standing([0, 1, 2], [shown(0, 1), shown(1, 2, seen=False), shown(0, 2, seen=False)])
    assert [(found[n].is_seen, found[n].is_heard) for n in range(3)] == [(True, True), (True, True), (False, True)]


def test_of_a_copy_alone_nobody_knows_anything_against_it() -> None:
    assert standing([0], [])[0].is_seen
