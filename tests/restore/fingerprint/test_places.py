"""Places that look the same from nearer and farther, and the numbers around them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from holdfast.restore.fingerprint.places import find_places


def spots(*places: tuple[float, float, float], size: tuple[int, int] = (160, 120)) -> np.ndarray:
    """Bright round spots (x, y, blur) on gray."""
    across, down = np.meshgrid(np.arange(size[0]), np.arange(size[1]))
    picture = np.full(size[::-1], 60.0)
    for x, y, sigma in places:
        picture += 120 * np.exp(-((across - x) ** 2 + (down - y) ** 2) / (2 * sigma**2))
    return np.clip(picture, 0, 255).astype(np.uint8)


def wedge() -> np.ndarray:
    """A dark wedge with a step of light in it: something that has a direction."""
    picture = np.full((160, 160), 180, np.uint8)
    cv2.fillPoly(picture, [np.array([[60, 60], [110, 75], [70, 100]])], 40)
    return cv2.GaussianBlur(picture, (0, 0), 1.5)


@pytest.mark.parametrize(("x", "y", "sigma"), [(40.0, 50.0, 4.0), (91.3, 61.7, 7.0), (80.0, 60.0, 13.0)])
def test_a_spot_is_a_place_of_its_size(x: float, y: float, sigma: float) -> None:
    found = find_places(spots((x, y, sigma))).where[0]
    assert found[:2] == pytest.approx((x, y), abs=0.6)
    assert found[2] == pytest.approx(sigma, rel=0.25)


def test_an_edge_is_no_place() -> None:
    picture = np.full((100, 160), 40, np.uint8)
    picture[:, 80:] = 200
    assert len(find_places(picture)) == 0


def test_the_stronger_place_comes_first() -> None:
    picture = spots((40, 60, 4))
    picture[:, 80:] += spots((20, 60, 4), size=(80, 120)) // 4
    where = find_places(picture).where
    assert (np.diff(where[:, 3]) <= 0).all()
    assert where[0, 0] == pytest.approx(40, abs=1)


def test_a_turned_picture_has_turned_directions_and_the_same_numbers() -> None:
    picture = wedge()
    turned = np.ascontiguousarray(np.rot90(picture, -1))
    sides = []
    for each in (picture, turned):
        places = find_places(each)
        rows, degrees, numbers = places.described()
        sides.append((places.where[rows], degrees, numbers))
    (where, degrees, numbers), (where_turned, degrees_turned, numbers_turned) = sides
    row = 0
    across = 159 - where[row, 1], where[row, 0]  # clockwise: what was at the top is at the right
    near = np.hypot(*(where_turned[:, :2] - across).T) < 1
    by_direction = np.abs((degrees_turned - degrees[row] - 90 + 180) % 360 - 180)
    match = int(np.argmin(np.where(near, by_direction, 999)))
    assert by_direction[match] < 5
    assert np.corrcoef(numbers[row], numbers_turned[match])[0, 1] > 0.95


def test_chosen_places_are_described_in_any_number() -> None:
    places = find_places(wedge())
    rows, degrees, numbers = places.chosen(np.array([0], np.intp)).described()
    assert set(rows.tolist()) == {0}
    assert len(degrees) == len(numbers) <= 2
    assert numbers.shape[1] == 128
    nothing = places.chosen(np.empty(0, np.intp)).described()
    assert [len(each) for each in nothing] == [0, 0, 0]


@pytest.mark.parametrize("shape", [(1, 1), (11, 500), (12, 12)])
def test_a_picture_that_is_too_small_has_no_places(shape: tuple[int, int]) -> None:
    assert len(find_places(np.zeros(shape, np.uint8))) == 0
