"""Local features: found again where a part of the picture turns up."""

from __future__ import annotations

from fractions import Fraction

import cv2
import numpy as np
import pytest

from holdfast.media.picture import Turn
from holdfast.restore.fingerprint.points import (
    QUESTION_POINTS,
    WORK_POINTS,
    PointKeeper,
    Points,
    query_points,
    square_pixels,
    work_points,
)
from holdfast.testing.films import film_plan
from holdfast.testing.scenes import SceneKind


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    plan = film_plan(3, 4, (640, 360), kinds=(SceneKind.TOWN,))
    return np.ascontiguousarray(plan.frame(40)[..., 1])


def agreeing(work: Points, copy: Points, box: tuple[float, float, float, float]) -> int:
    """How many of the copy's features are nearest to one of the work's at the place where `box` of the copy has it."""
    distances = np.bitwise_count(work.bits[:, None] ^ copy.bits[None]).sum(axis=2)
    nearest = distances.argmin(axis=1)
    left, top, right, bottom = box
    at = work.places / 65535 * (right - left, bottom - top) + (left, top)
    off = np.abs(copy.places[nearest] / 65535 - at).max(axis=1)
    return int(((distances.min(axis=1) <= 28) & (off < 0.02)).sum())


def compressed(picture: np.ndarray, quality: int = 40) -> np.ndarray:
    return cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], 0)


def test_a_work_keeps_no_more_places_than_it_may_and_some_are_large(picture: np.ndarray) -> None:
    points = work_points(picture)
    assert len(points) <= WORK_POINTS
    assert len(points) > WORK_POINTS // 2
    assert (points.sizes >= 16 * np.log2(12)).sum() >= 0.2 * len(points)


def test_places_are_spread_over_the_picture(picture: np.ndarray) -> None:
    cells = {tuple(cell) for cell in (work_points(picture).places // 16384).tolist()}
    assert len(cells) >= 8


@pytest.mark.parametrize("share", [0.45, 0.33])
def test_a_work_shown_in_the_corner_of_another_film_is_found_there(share: float, picture: np.ndarray) -> None:
    other = film_plan(3, 4, (640, 360), kinds=(SceneKind.LEAVES,)).frame(30)[..., 1].copy()
    wide, high = round(640 * share), round(360 * share)
    other[20 : 20 + high, 30 : 30 + wide] = cv2.resize(picture, (wide, high), interpolation=cv2.INTER_AREA)
    plain, _ = query_points(compressed(other))
    box = (30 / 640, 20 / 360, (30 + wide) / 640, (20 + high) / 360)
    assert agreeing(work_points(picture), plain, box) >= 8


def test_a_blurred_crop_is_found_where_it_lies(picture: np.ndarray) -> None:
    crop = cv2.GaussianBlur(picture[40:320, 100:600], (0, 0), 1.2)
    plain, _ = query_points(compressed(crop))
    box = (-100 / 500, -40 / 280, 540 / 500, 320 / 280)
    assert agreeing(work_points(picture), plain, box) >= 15


def test_the_mirrored_features_are_those_of_the_mirrored_picture(picture: np.ndarray) -> None:
    _, mirrored = query_points(np.ascontiguousarray(picture[:, ::-1]))
    assert agreeing(work_points(picture), mirrored, (0, 0, 1, 1)) >= 25


def test_another_picture_has_other_features(picture: np.ndarray) -> None:
    other = film_plan(3, 4, (640, 360), kinds=(SceneKind.HILLS,)).frame(40)[..., 1]
    assert agreeing(work_points(picture), query_points(np.ascontiguousarray(other))[0], (0, 0, 1, 1)) <= 1


def test_a_small_picture_is_enlarged_and_gives_as_many_as_are_asked_for(picture: np.ndarray) -> None:
    small = cv2.resize(picture, (160, 90), interpolation=cv2.INTER_AREA)
    plain, mirrored = query_points(small)
    assert 60 < len(plain) <= QUESTION_POINTS
    assert len(plain) == len(mirrored)
    assert np.array_equal(plain.sizes, mirrored.sizes)


@pytest.mark.parametrize("size", [(1, 1), (2, 900), (40, 40)])
def test_a_flat_picture_of_any_shape_has_no_features(size: tuple[int, int]) -> None:
    plain, mirrored = query_points(np.full(size, 90, np.uint8))
    assert (len(plain), len(mirrored), len(work_points(np.full(size, 90, np.uint8)))) == (0, 0, 0)


def test_square_pixels_are_upright_and_as_wide_as_they_are_shown(picture: np.ndarray) -> None:
    assert square_pixels(picture, Fraction(1), Turn(), 320).shape == (180, 320)
    assert square_pixels(picture[:, ::2], Fraction(2), Turn(), 320).shape == (180, 320)
    assert square_pixels(picture, Fraction(1), Turn(is_transposed=True), 320).shape == (320, 180)


def test_a_track_has_the_features_of_each_frame_in_its_rows(picture: np.ndarray) -> None:
    keeper = PointKeeper()
    points = work_points(picture)
    keeper.add(7, points)
    keeper.add(8, work_points(np.full((90, 160), 5, np.uint8)))  # none: no frame
    keeper.add(9, points)
    track = keeper.track()
    assert track.times.tolist() == [7, 9]
    assert track.starts.tolist() == [0, len(points), 2 * len(points)]
    assert np.array_equal(track.bits[len(points) :], points.bits)


def test_a_track_of_nothing_is_empty() -> None:
    track = PointKeeper().track()
    assert (len(track), track.starts.tolist(), track.places.shape, track.bits.shape) == (0, [0], (0, 2), (0, 2))
