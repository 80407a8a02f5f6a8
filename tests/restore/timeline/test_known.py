"""A surviving fingerprint is the time line: segments become placements, and no moment is claimed twice."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.restore.timeline.known import from_work
from tests.restore.timeline.graphs import segment, told

HOUR = Fraction(3600)


def test_segments_of_copies_become_placements_in_the_time_of_the_work() -> None:
    line = from_work(HOUR, {"a": [segment(0, 30, 100)], "b": [segment(5, 25, 110, Fraction(25, 24))]})
    assert told(line) == {"a": [(0, 30, 100)], "b": [(5, 25, 110)]}
    assert (line.duration, line.is_duration_known, line.doubts) == (HOUR, True, ())
    assert line.placements[1].asset.duration == Fraction(125, 6)


def test_a_moment_that_two_segments_claim_goes_to_the_one_with_more_behind_it() -> None:
    line = from_work(HOUR, {"a": [segment(0, 30, 100), segment(25, 35, 900)]})
    assert told(line) == {"a": [(0, 30, 100), (30, 35, 905)]}


def test_picture_and_sound_may_come_from_different_places_at_once() -> None:
    picture = segment(0, 30, 100, heard=False)
    sound = segment(0, 30, 700, seen=False)
    line = from_work(HOUR, {"a": [picture, sound]})
    assert {(p.asset.start, p.seen, p.heard) for p in line.placements} == {(100, True, False), (700, False, True)}


def test_only_the_sound_is_taken_from_what_another_segment_shows() -> None:
    line = from_work(HOUR, {"a": [segment(0, 30, 100, heard=False), segment(10, 20, 700)]})
    assert [(p.asset.start, p.seen, p.heard) for p in line.placements] == [(100, True, False), (700, False, True)]


def test_a_doubtful_segment_waits_until_a_person_accepts_it() -> None:
    matches = {"a": [segment(0, 30, 100), segment(40, 60, 200, doubt="too short")]}
    waiting = from_work(HOUR, matches)
    assert told(waiting) == {"a": [(0, 30, 100)]}
    assert waiting.doubts == ("a: 1 doubtful stretch was left out until a person accepts.",)
    assert told(from_work(HOUR, matches, accepted={"a"})) == {"a": [(0, 30, 100), (40, 60, 200)]}


@pytest.mark.parametrize(("hole", "is_closed"), [(0.15, True), (0.3, False)])
def test_a_tiny_hole_between_two_stretches_of_one_line_is_closed(hole: float, is_closed: bool) -> None:
    line = from_work(HOUR, {"a": [segment(0, 30, 100), segment(30 + hole, 60, 130 + hole)]})
    first, second = line.placements
    assert (first.copy.end == second.copy.start) is is_closed
    assert first.asset_time(first.copy.end) == first.asset.end


def test_a_tiny_hole_where_the_line_is_left_stays_open() -> None:
    line = from_work(HOUR, {"a": [segment(0, 30, 100), segment(30.1, 60, 131)]})
    assert line.placements[0].copy.end == 30


def test_what_lies_beyond_the_end_of_the_work_is_cut_off() -> None:
    line = from_work(Fraction(120), {"a": [segment(0, 30, 100)], "b": [segment(0, 30, 130)]})
    assert told(line) == {"a": [(0, 20, 100)]}
    assert line.left_out == ("b",)


def test_segments_that_cannot_be_are_passed_over() -> None:
    line = from_work(HOUR, {"a": [segment(5, 5, 0), segment(0, 9, 3, seen=False, heard=False)], "b": []})
    assert line.placements == ()
    assert line.left_out == ("a", "b")


@given(
    st.lists(st.tuples(st.integers(0, 100), st.integers(1, 60), st.integers(0, 3000), st.floats(0.1, 0.99)), max_size=8)
)
def test_no_moment_of_a_copy_is_ever_claimed_twice(rows: list[tuple[int, int, int, float]]) -> None:
    segments = [segment(start, start + length, at, probability=p) for start, length, at, p in rows]
    placed = from_work(HOUR, {"a": segments}).placements
    for one, other in itertools.pairwise(placed):
        assert one.copy.end <= other.copy.start
    for start, length, _, _ in rows:  # and nothing that a segment claims is lost, but unsure ends
        claimed = sum(max(min(p.copy.end, start + length) - max(p.copy.start, start), 0) for p in placed)
        assert claimed >= length - Fraction(1)
