"""Where a work's picture lies in a copy's is found to a fraction of a percent, and never from too little."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from holdfast.media.frames import Frames
from holdfast.model.edit import Placement
from holdfast.model.match import Geometry
from holdfast.model.time import Span
from holdfast.restore.fingerprint.make import fingerprint
from holdfast.restore.register import geometry_of, map_of, references, registered
from holdfast.testing.copies import Film, Material, make_copy
from holdfast.testing.films import film_plan, write_film

DICE = np.random.default_rng(5)


def pairs(matrix: NDArray[np.float64], count: int = 120, noise: float = 0.001, strays: int = 40) -> NDArray[np.float64]:
    """Pairs of places that a map explains, with errors, and some that nothing explains."""
    work = DICE.uniform(0, 1, (count, 2))
    mapped = np.c_[work, np.ones(count)] @ matrix.T
    copy = mapped[:, :2] / mapped[:, 2:] + DICE.normal(0, noise, (count, 2))
    wrong = DICE.uniform(0, 1, (strays, 4))
    return np.concatenate([np.c_[work, copy], wrong])


def corners(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    ends = np.array([[0, 0, 1], [1, 0, 1], [1, 1, 1], [0, 1, 1]], np.float64) @ matrix.T
    return ends[:, :2] / ends[:, 2:]


def test_scale_and_shift_are_found_among_strays() -> None:
    true = np.array([[0.62, 0, 0.2], [0, 0.7, 0.05], [0, 0, 1.0]])

    found = map_of(pairs(true))

    assert found is not None
    assert np.abs(corners(found) - corners(true)).max() < 0.002
    assert found[0, 1] == found[1, 0] == found[2, 0] == 0


def test_a_slanted_picture_is_found_as_such() -> None:
    ends = np.array([[0.1, 0.12], [0.92, 0.22], [0.86, 0.8], [0.13, 0.93]], np.float32)
    true = cv2.getPerspectiveTransform(np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32), ends).astype(np.float64)

    found = map_of(pairs(true))

    assert found is not None
    assert np.abs(corners(found) - corners(true)).max() < 0.006


def test_a_picture_that_was_not_moved_is_said_not_to_be_moved() -> None:
    found = map_of(pairs(np.eye(3), noise=0.0015))

    assert found is not None
    assert np.array_equal(found, np.eye(3))


def test_strays_alone_and_places_in_one_corner_are_no_map() -> None:
    assert map_of(DICE.uniform(0, 1, (60, 4))) is None
    assert map_of(np.empty((0, 4))) is None
    corner = pairs(np.eye(3), strays=0)
    corner[:, :2] *= 0.1
    corner[:, 2:] *= 0.1
    assert map_of(corner) is None


def test_the_same_pairs_give_the_same_map() -> None:
    given = pairs(np.diag([0.9, 0.8, 1.0]))

    first, second = map_of(given), map_of(given)

    assert first is not None
    assert second is not None
    assert np.array_equal(first, second)


def test_a_crop_and_bars_are_told_as_parts_of_both_pictures() -> None:
    cropped = geometry_of(np.array([[1.25, 0, -0.125], [0, 1.25, -0.125], [0, 0, 1.0]]))
    barred = geometry_of(np.array([[1.0, 0, 0], [0, 0.75, 0.125], [0, 0, 1.0]]))

    assert cropped.shown == pytest.approx((0.1, 0.1, 0.9, 0.9))
    assert cropped.box == (0, 0, 1, 1)
    assert barred.shown == (0, 0, 1, 1)
    assert barred.box == pytest.approx((0, 0.125, 1, 0.875))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["boxed", "crop15", "camphone", "mirror"])
def test_a_real_copy_is_placed_where_it_was_put(kind: str, tmp_path: Path) -> None:
    work = write_film(film_plan(31, 16, (480, 270)), tmp_path / "work.mp4")
    other = write_film(film_plan(32, 12, (480, 270)), tmp_path / "other.mp4")
    made = make_copy(kind, Material((Film(work),), (Film(other),)), 3, tmp_path)
    (true,) = made.segments
    copy, asset = (Span(Fraction(a, 1_000_000), Fraction(b, 1_000_000)) for a, b in (true.copy, true.asset))
    placement = Placement("ab" * 64, copy, asset, Fraction(true.rate), mirrored=true.mirrored, rotation=true.rotation)

    with Frames(tmp_path / made.file) as film:
        found = registered(placement, film, references(fingerprint(work).points, placement))

    assert true.corners is not None
    wanted = np.array([(1 - x, y) if true.mirrored else (x, y) for x, y in true.corners])
    geometry = found.geometry or Geometry((1, 0, 0, 0, 1, 0, 0, 0, 1))
    assert np.abs(corners(np.array(geometry.matrix).reshape(3, 3)) - wanted).max() < 0.012
