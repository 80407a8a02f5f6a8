"""A work is taken apart for a shard and put together again."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from holdfast.catalog.fingerprints.volume import volume_of
from holdfast.formats.fingerprint import without_stills
from holdfast.model.fingerprint import Fingerprint
from tests.model.prints import a_print, same


def test_a_volume_gives_the_fingerprint_it_was_made_of() -> None:
    made = replace(a_print(4), extra={"later": 1})
    assert same(volume_of("x", made).fingerprint, without_stills(made))
    assert volume_of("x", made).fingerprint.extra == {"later": 1}


def test_the_rest_does_not_hold_the_tracks_a_second_time() -> None:
    large = a_print(pictures=5000, points=5000, sounds=5000)
    assert len(volume_of("x", large).rest) < 2000
    assert volume_of("x", large).size_bytes > 5000 * (38 + 25 + 10)


@pytest.mark.parametrize("track", ["pictures", "points", "sounds"])
def test_tracks_of_unequal_length_are_refused(track: str) -> None:
    made = a_print()
    part = {"pictures": "quality", "points": "angles", "sounds": "times"}[track]
    old = getattr(getattr(made, track), part)
    wrong = replace(made, **{track: replace(getattr(made, track), **{part: old[:-1]})})
    with pytest.raises(ValueError, match="do not fit together"):
        volume_of("x", wrong)


def test_starts_that_point_beyond_the_points_are_refused() -> None:
    made = a_print()
    starts = made.points.starts + np.array([0, 0, 0, 1], np.int32)
    with pytest.raises(ValueError, match="do not fit together"):
        volume_of("x", replace(made, points=replace(made.points, starts=starts)))


def test_a_fingerprint_of_nothing_is_a_volume_too() -> None:
    nothing = Fingerprint(Fraction(0), (0, 0))
    assert same(volume_of("x", nothing).fingerprint, nothing)
