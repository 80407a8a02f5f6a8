"""What was turned, mirrored, framed or cropped comes back in its place; what is lost stays black and is told."""

from __future__ import annotations

from fractions import Fraction

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from holdfast.model.edit import Placement
from holdfast.model.match import Geometry
from holdfast.model.time import Span
from holdfast.restore.geometry import held_upright, undone

SPAN = Span(Fraction(0), Fraction(1))
SIZE = (160, 90)


def scenery() -> NDArray[np.uint8]:
    """A smooth picture (90, 160, 3) without symmetry."""
    rough = np.random.default_rng(7).integers(0, 255, (9, 16, 3)).astype(np.uint8)
    return np.asarray(cv2.resize(rough, SIZE, interpolation=cv2.INTER_CUBIC), np.uint8)


def placed(geometry: Geometry | None = None, *, mirrored: bool = False, rotation: int = 0) -> Placement:
    return Placement("ab" * 64, SPAN, SPAN, mirrored=mirrored, rotation=rotation, geometry=geometry)


def difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize(("rotation", "turn"), [(0, 0), (90, 3), (180, 2), (270, 1)])
def test_a_picture_that_was_mirrored_and_turned_comes_back(rotation: int, turn: int, mirrored: bool) -> None:
    picture = scenery()
    copy = np.ascontiguousarray(np.rot90(picture[:, ::-1] if mirrored else picture, turn))

    assert np.array_equal(held_upright(copy, mirrored=mirrored, rotation=rotation), picture)
    back, mask = undone(copy, placed(mirrored=mirrored, rotation=rotation), SIZE)
    assert np.array_equal(back, picture)
    assert mask.all()


def test_borders_around_a_picture_are_taken_away() -> None:
    picture = scenery()
    copy = np.zeros((120, 200, 3), np.uint8)
    copy[15:105, 20:180] = picture
    box = (20 / 200, 15 / 120, 180 / 200, 105 / 120)
    matrix = (160 / 200, 0, 20 / 200, 0, 90 / 120, 15 / 120, 0, 0, 1.0)

    back, mask = undone(copy, placed(Geometry(matrix, box=box)), SIZE)

    assert difference(back, picture) < 0.5
    assert mask.all()


def test_what_a_crop_lost_stays_black_and_is_told() -> None:
    picture = scenery()
    copy = picture[9:81, 16:144]  # the middle 80 %
    matrix = (1 / 0.8, 0, -0.125, 0, 1 / 0.8, -0.125, 0, 0, 1.0)

    back, mask = undone(copy, placed(Geometry(matrix, shown=(0.1, 0.1, 0.9, 0.9))), SIZE)

    assert difference(back[12:78, 20:140], picture[12:78, 20:140]) < 0.5
    assert not mask[:8].any()
    assert not back[:8].any()
    assert not mask[:, 146:].any()
    assert abs(mask.mean() / 255 - 0.64) < 0.04  # and a rim of one pixel


def test_a_picture_filmed_from_the_side_is_set_straight() -> None:
    picture = scenery()
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    seen = np.array([[0.1, 0.12], [0.9, 0.2], [0.85, 0.8], [0.14, 0.9]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, seen)
    wide = (480, 320)
    to_pixels = cv2.getPerspectiveTransform(corners * np.float32(SIZE), seen * np.float32(wide))
    copy = np.asarray(cv2.warpPerspective(picture, to_pixels, wide, flags=cv2.INTER_CUBIC), np.uint8)

    back, mask = undone(copy, placed(Geometry(tuple(matrix.ravel()))), SIZE)

    assert difference(back[4:-4, 4:-4], picture[4:-4, 4:-4]) < 6
    assert mask.mean() > 250
