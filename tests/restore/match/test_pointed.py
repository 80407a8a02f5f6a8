"""Where in a copy a work's picture lies is found by points, however few of them are left, and never by chance."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import cv2
import numpy as np
import pytest

from holdfast.model.fingerprint import Fingerprint
from holdfast.restore.fingerprint import pdq
from holdfast.restore.match import pointed
from holdfast.restore.match.pointed import says_of_points
from holdfast.restore.match.sighting import Sighting
from holdfast.restore.match.viewing import Turned
from tests.restore.match.reels import MICRO

SIZE = (640, 360)
INSET = np.array([[0.45, 0, 0.5], [0, 0.45, 0.05], [0, 0, 1.0]])
IN_PLACE = np.eye(3)
NARROW = np.array([[3.16, 0, -1.08], [0, 1.0, 0], [0, 0, 1]])  # the middle 9:16 of a picture of 16:9 fills the copy


def sighting(
    time_s: float, there_s: float, matrix: np.ndarray = INSET, agreeing: int = 12, shared: int = 1
) -> Sighting:
    return Sighting(0, round(time_s * MICRO), round(there_s * MICRO), False, matrix, agreeing, shared)


def test_sightings_of_one_place_are_one_cluster_and_of_two_places_two() -> None:
    moved = INSET + np.array([[0, 0, -0.45], [0, 0, 0], [0, 0, 0]])
    groups = pointed.clusters([sighting(0, 0), sighting(2, 2, moved), sighting(4, 4, INSET + 0.001, 30)])
    assert sorted(sorted(one.time_us // MICRO for one in group) for group in groups) == [[0, 4], [2]]


# ---------------------------------------------------------------------------------------------------- geometry


def test_a_picture_that_fills_the_copy_is_in_place_and_an_inset_is_not() -> None:
    assert pointed.is_in_place(IN_PLACE)
    assert pointed.is_in_place(np.diag([1.03, 0.98, 1]))
    assert not pointed.is_in_place(INSET)


def test_an_inset_shows_the_whole_work_in_its_box() -> None:
    geometry = pointed.geometry_of(INSET * 2)
    assert geometry.matrix == pytest.approx(INSET.ravel())
    assert geometry.box == pytest.approx((0.5, 0.05, 0.95, 0.5))
    assert geometry.shown == pytest.approx((0, 0, 1, 1))


def test_a_crop_fills_the_copy_with_a_part_of_the_work() -> None:
    geometry = pointed.geometry_of(NARROW)
    assert geometry.box == pytest.approx((0, 0, 1, 1))
    assert geometry.shown == pytest.approx((0.3418, 0, 0.6582, 1), abs=0.001)


def test_the_width_by_height_of_a_work_without_a_picture_is_taken_as_usual() -> None:
    assert pointed.aspect_of(Fingerprint(Fraction(1), (640, 480))) == pytest.approx(4 / 3)
    assert pointed.aspect_of(Fingerprint(Fraction(1), (0, 0))) == pytest.approx(16 / 9)


# ----------------------------------------------------------------------------------------------- straightening


def scene(seed: int) -> np.ndarray:
    """A picture (128, 128) uint8 of soft blots."""
    blots = np.random.default_rng(seed).integers(0, 256, (9, 9)).astype(np.uint8)
    return np.asarray(cv2.resize(blots, (128, 128), interpolation=cv2.INTER_CUBIC))


def inset_of(picture: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    to_thumb = np.diag([128, 128, 1]) @ matrix @ np.diag([1 / 128, 1 / 128, 1])
    canvas = scene(77).copy()
    return cv2.warpPerspective(picture, to_thumb, (128, 128), canvas, borderMode=cv2.BORDER_TRANSPARENT)


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_straightened_inset_has_the_hash_of_the_work(mirrored: bool) -> None:
    copy = inset_of(scene(1), INSET)
    thumbs = np.stack([copy[:, ::-1] if mirrored else copy] * 3)
    times = np.arange(3, dtype=np.int64) * MICRO
    seen = pointed.straightened(thumbs, times, INSET, 16 / 9, mirrored=mirrored, span_us=(0, 3 * MICRO))
    whole = pdq.hashes(pdq.coefficients(pdq.means(scene(1)[None])))
    assert pdq.distance(seen.hashes[:, 0], whole).min() < 30
    assert seen.turned == Turned(mirrored)
    assert seen.geometry is not None


def test_a_straightened_viewing_is_silent_outside_of_its_span() -> None:
    thumbs = np.stack([scene(number) for number in range(6)])
    times = np.arange(6, dtype=np.int64) * MICRO
    seen = pointed.straightened(thumbs, times, INSET, 16 / 9, mirrored=False, span_us=(2 * MICRO, 4 * MICRO))
    assert (seen.weight > 0).tolist() == [False, False, True, True, True, False]
    assert not seen.hashes[:, [0, 1, 5]].any()


# ----------------------------------------------------------------------------------------------- what it says


def test_more_points_that_agree_say_more_up_to_a_limit() -> None:
    said = [says_of_points(count) for count in (6, 8, 10, 100, 1000)]
    assert said == sorted(said)
    assert 0 < said[0] < said[1] < said[2] < said[3] == said[4]


def test_sightings_speak_only_along_the_line_that_they_lie_on() -> None:
    times = np.arange(0, 8 * MICRO, MICRO, dtype=np.int64)
    found = [sighting(1, 31), sighting(3, 60)]
    said = pointed.said_by_sightings(found, times, times + 30 * MICRO, np.ones(8, np.float32))
    assert np.flatnonzero(said).tolist() == [1]


def test_a_picture_that_stands_still_is_sighted_again_and_says_no_more() -> None:
    times = np.arange(0, 8 * MICRO, MICRO, dtype=np.int64)
    found = [sighting(second, second) for second in range(8)]
    still = np.array([1, *[0.01] * 7], np.float32)
    one = says_of_points(12)
    assert pointed.said_by_sightings(found, times, times, still).sum() < 1.1 * one
    assert pointed.said_by_sightings(found, times, times, np.ones(8, np.float32)).sum() == pytest.approx(
        8 * one, rel=0.01
    )


def test_what_is_sighted_in_four_works_says_a_quarter_for_each() -> None:
    times = np.array([0], np.int64)
    new = np.ones(1, np.float32)
    alone = pointed.said_by_sightings([sighting(0, 0)], times, times, new)
    shared = pointed.said_by_sightings([replace(sighting(0, 0), shared=4)], times, times, new)
    assert shared.tolist() == pytest.approx((alone / 4).tolist())
