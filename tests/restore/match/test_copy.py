"""A copy is asked about by what is new in it, and its pictures vote for the moments that they come near to."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np

from holdfast.catalog.fingerprints.shelf import Shelf
from holdfast.model.fingerprint import Fingerprint
from holdfast.restore.fingerprint.look import Look
from holdfast.restore.match.copy import TICK_US, Copy, only_within, picture_votes
from holdfast.restore.match.viewing import Turned
from holdfast.restore.match.votes import Ballot
from tests.restore.match.reels import MICRO, Reel, look_at, stretch

WORKS = [Reel(seed, 60) for seed in range(3)]


def shelf(*works: Reel) -> Shelf:
    return Shelf.of([(f"{number}", work.fingerprint()) for number, work in enumerate(works)])


def votes_of(look: Look, index: Shelf, turns: tuple[int, ...] = (0,)) -> Ballot:
    """All votes of a copy that was looked at."""
    return Ballot.joined(*picture_votes(Copy.of(look), index, turns))


def silent_and_blind(seconds: int) -> Look:
    """A look at a film of which nothing could be seen."""
    look = look_at(stretch(WORKS[0], 0, 1))
    none = {name: getattr(look, name)[:0] for name in ("times", "thumbs", "boxes", "whole", "active", "quality")}
    return replace(look, fingerprint=Fingerprint(Fraction(seconds), (0, 0)), **none)


def test_there_is_a_viewing_for_every_way_to_hold_the_picture() -> None:
    turns = [viewing.turned for viewing in Copy.of(look_at(stretch(WORKS[0], 0, 3))).viewings]
    assert turns[0] == Turned()
    assert len(set(turns)) == len(turns) == 8
    assert {turned.rotation for turned in turns} == {0, 90, 180, 270}


def test_a_copy_with_borders_is_looked_at_with_them_and_without() -> None:
    look = look_at(stretch(WORKS[0], 0, 3))
    boxed = replace(look, boxes=look.boxes * np.array([1, 1, 1, 0.8], np.float32))
    assert [len(each.hashes) for each in Copy.of(look).viewings] == [1] * 8
    assert [len(each.hashes) for each in Copy.of(boxed).viewings] == [2] * 8


def test_a_copy_that_is_only_heard_has_moments_but_no_viewings() -> None:
    copy = Copy.of(silent_and_blind(3))
    assert copy.viewings == ()
    assert copy.times.tolist() == list(range(0, 3 * MICRO, TICK_US))
    assert list(picture_votes(copy, shelf(*WORKS), (0,))) == []


def test_what_stands_still_is_asked_about_once_a_second() -> None:
    still = Copy.of(look_at([(WORKS[0], 5.0)] * 80, noise=0))
    assert still.asked_rows().tolist() == list(range(0, 80, 8))


def test_what_changes_is_asked_about_more_often_and_flat_pictures_never() -> None:
    look = look_at(stretch(WORKS[0], 0, 10))
    assert 20 < len(Copy.of(look).asked_rows()) <= 40
    assert len(Copy.of(replace(look, quality=np.zeros(80, np.uint8))).asked_rows()) == 0


def test_the_pictures_of_a_copy_vote_for_the_work_that_it_shows() -> None:
    votes = votes_of(look_at(stretch(WORKS[1], 20, 10)), shelf(*WORKS))
    weight = np.bincount(votes.work, votes.weight, minlength=3)
    assert weight[1] > 20 * (weight[0] + weight[2])
    offset_s = np.rint((votes.work_time_us - votes.time_us)[votes.work == 1] / MICRO).astype(int) + 60
    assert np.argmax(np.bincount(offset_s, votes.weight[votes.work == 1])) == 20 + 60


def test_votes_name_the_turn_of_the_picture_that_was_near() -> None:
    look = look_at(stretch(WORKS[1], 20, 10), variant=4)
    votes = votes_of(look, shelf(*WORKS), (0, 4))
    assert set(votes.kind[votes.work == 1].tolist()) == {4}


def test_a_picture_that_three_works_have_says_less_for_each() -> None:
    look = look_at(stretch(WORKS[1], 20, 10))
    alone, shared = votes_of(look, shelf(WORKS[1])), votes_of(look, shelf(WORKS[1], WORKS[1], WORKS[1]))
    assert shared.weight[shared.work == 0].sum() < 0.5 * alone.weight.sum()


def test_a_viewing_for_a_while_is_silent_before_and_after() -> None:
    viewing = Copy.of(look_at(stretch(WORKS[0], 0, 10))).viewings[0]
    part = only_within(viewing, (2 * MICRO, 5 * MICRO))
    assert part.weight[16:41].tolist() == viewing.weight[16:41].tolist()
    assert not part.weight[:16].any()
    assert not part.weight[41:].any()


def test_a_long_copy_is_asked_about_some_minutes_at_a_time() -> None:
    film = Reel(7, 180)
    copy = Copy.of(look_at(stretch(film, 0, 180)))
    parts = list(picture_votes(copy, shelf(film), (0,)))
    assert len(parts) > 1
    for earlier, later in pairwise(parts):
        assert earlier.time_us.max() < later.time_us.min()
    every = Ballot.joined(*parts)
    assert (copy.times[every.frame] == every.time_us).all()
