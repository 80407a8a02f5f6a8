"""The most likely way through the lines of a work: it follows cuts, and does not flutter."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from holdfast.restore.match.weave import CHANGE, ENTER, LEAVE, Stretch, weave


def test_a_copy_that_jumps_from_one_line_to_another_is_told_as_two_stretches() -> None:
    said = np.full((2, 40), -0.5, np.float32)
    said[0, :20] = said[1, 20:] = 0.75
    assert weave(said) == [Stretch(0, 0, 20, 15.0), Stretch(1, 20, 40, 15.0)]


def test_a_moment_that_speaks_against_a_line_does_not_break_it() -> None:
    said = np.full((1, 30), 0.4, np.float32)
    said[0, 15] = -1.0
    assert [(one.first, one.end) for one in weave(said)] == [(0, 30)]


def test_a_long_stretch_against_a_line_breaks_it() -> None:
    said = np.full((1, 60), 0.4, np.float32)
    said[0, 20:40] = -1.0
    assert [(one.first, one.end) for one in weave(said)] == [(0, 20), (40, 60)]


def test_little_that_is_said_by_chance_is_not_worth_a_stretch() -> None:
    said = np.full((3, 30), -0.5, np.float32)
    said[1, 10:12] = 0.6
    assert weave(said) == []


def test_nothing_is_woven_of_no_lines_or_no_moments() -> None:
    assert weave(np.empty((0, 5), np.float32)) == []
    assert weave(np.empty((2, 0), np.float32)) == []


@given(arrays(np.float32, (3, 12), elements=st.floats(-2, 2, width=32)))
def test_no_other_way_through_the_lines_has_a_greater_sum(said: np.ndarray) -> None:
    assert value(way_of(weave(said), 12), said) >= best_value(said) - 1e-3


def way_of(stretches: list[Stretch], moments: int) -> list[int]:
    way = [-1] * moments
    for one in stretches:
        way[one.first : one.end] = [one.line] * (one.end - one.first)
    return way


def price(before: int, after: int) -> float:
    if before == after:
        return 0.0
    return ENTER if before < 0 else LEAVE if after < 0 else CHANGE


def value(way: list[int], said: np.ndarray) -> float:
    steps = zip([-1, *way], [*way, -1], strict=True)
    return sum(float(said[line, at]) for at, line in enumerate(way) if line >= 0) - sum(price(*step) for step in steps)


def best_value(said: np.ndarray) -> float:
    """By asking all states, one moment after the other."""
    states = [*range(len(said)), -1]
    total = {state: -price(-1, state) for state in states}
    for at in range(said.shape[1]):
        gain = {state: float(said[state, at]) if state >= 0 else 0.0 for state in states}
        if at:
            total = {state: max(total[other] - price(other, state) for other in states) for state in states}
        total = {state: total[state] + gain[state] for state in states}
    return max(total[state] - price(state, -1) for state in states)
