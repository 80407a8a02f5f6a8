"""How fast copies run is measured against each other, and known speeds are known again."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from holdfast.restore.timeline.speeds import groups, relative, snapped


def test_speeds_follow_from_all_measurements_up_to_a_factor() -> None:
    found = relative(3, [(0, 1, 1.04, 60.0), (1, 2, 0.96, 60.0), (0, 2, 1.04 * 0.96, 60.0)])
    assert np.allclose(found / found[0], [1, 1 / 1.04, 1 / 1.04 / 0.96], atol=1e-6)


def test_a_wrong_measurement_is_outvoted_by_those_around_it() -> None:
    right = [(0, 1, 1.0, 300.0), (1, 2, 1.0, 300.0), (0, 2, 1.0, 300.0)]
    found = relative(3, [*right, (0, 1, 1.3, 20.0)])
    assert abs(found[1] / found[0] - 1) < 1e-3


def test_copies_that_nothing_measures_run_at_speed_one() -> None:
    assert relative(2, []).tolist() == [1.0, 1.0]


def test_the_speed_that_most_copies_have_comes_first() -> None:
    assert groups([1.04, 1.0, 1.0001], [100, 100, 100]) == [[1, 2], [0]]


def test_of_two_speeds_that_as_many_have_the_slower_comes_first() -> None:
    assert groups([25 / 24, 1.0], [500, 500]) == [[1], [0]]


@pytest.mark.parametrize(
    ("speed", "length", "known"),
    [
        (1.0003, 60, Fraction(1)),
        (1.04165, 600, Fraction(25, 24)),
        (1.00101, 1000, Fraction(1001, 1000)),
        (1.02, 600, None),
        (1.0003, 3600, None),
    ],
)
def test_a_speed_is_rounded_to_a_known_one_only_if_no_frame_would_tell(
    speed: float, length: float, known: Fraction | None
) -> None:
    assert snapped(speed, length) == known
