"""Stretches and moments: every moment in its stretch, the same for all, never in step with a film's frames."""

from __future__ import annotations

from fractions import Fraction

import pytest

from holdfast.model.time import Span
from holdfast.restore.choose.grid import LOOKS, Grid


def test_stretches_cover_the_whole_line_and_the_last_is_what_is_left() -> None:
    grid = Grid(Fraction(7), Fraction(2))
    stretches = [grid.stretch(number) for number in range(len(grid))]
    assert [each.duration for each in stretches] == [2, 2, 2, 1]
    assert stretches[-1].end == 7


def test_every_moment_lies_in_its_stretch_and_they_ascend() -> None:
    grid = Grid(Fraction(101, 3), Fraction(2))
    moments = [grid.moment(number) for number in range(len(grid) * LOOKS)]
    assert moments == sorted(set(moments))
    for number, moment in enumerate(moments):
        stretch = grid.stretch(number // LOOKS)
        assert stretch.start <= moment < stretch.end


def test_moments_fall_into_all_phases_of_a_slow_copy() -> None:
    grid = Grid(Fraction(100), Fraction(2))
    phases = [grid.moment(number) * 12 % 1 for number in range(len(grid) * LOOKS)]
    assert {int(phase * 5) for phase in phases} == {0, 1, 2, 3, 4}


def test_only_moments_within_a_stretch_of_the_asset_are_given() -> None:
    grid = Grid(Fraction(60), Fraction(2))
    span = Span(Fraction(31, 10), Fraction(83, 10))
    found = list(grid.moments_within(span))
    assert found == [n for n in range(60) if span.start <= grid.moment(n) < span.end]
    assert found


def test_a_grid_without_pace_is_refused() -> None:
    with pytest.raises(ValueError, match="no grid"):
        Grid(Fraction(1), Fraction(0))
