"""Where in a copy a work's picture lies is found by points, however few of them are left, and never by chance."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import cv2
import numpy as np
import pytest

from holdfast.catalog.fingerprints.shelf import Shelf
from holdfast.model.fingerprint import Fingerprint, PointTrack
from holdfast.restore.fingerprint import pdq
from holdfast.restore.match import pointed
from holdfast.restore.match.pointed import Sighting, says_of_points, sightings
from holdfast.restore.match.viewing import Turned
from tests.restore.match.reels import MICRO

SIZE = (640, 360)
INSET = np.array([[0.45, 0, 0.5], [0, 0.45, 0.05], [0, 0, 1.0]])
IN_PLACE = np.eye(3)
NARROW = np.array([[3.16, 0, -1.08], [0, 1.0, 0], [0, 0, 1]])  # the middle 9:16 of a picture of 16:9 fills the copy


def points(seed: int, count: int = 60, frames: int = 3) -> PointTrack:
    """So many points in each of some frames, two seconds apart."""
    random = np.random.default_rng(seed)
    total = count * frames
    return PointTrack(
        np.arange(frames, dtype=np.int64) * 2 * MICRO,
        np.arange(0, total + 1, count, dtype=np.int32),
        np.rint(random.uniform(0.02, 0.98, (total, 2)) * 65535).astype(np.uint16),
        random.integers(60, 90, total).astype(np.uint8),
        random.integers(0, 256, total).astype(np.uint8),
        random.integers(0, 2**64, (total, 2), np.uint64),
    )


def shown_through(track: PointTrack, matrix: np.ndarray, kept: int, seed: int = 5) -> PointTrack:
    """The points as a copy has them that shows the picture there: `kept` of each frame, among as many strange ones."""
    copy = points(seed, len(track.bits) // len(track), len(track))
    for frame in range(len(track)):
        rows = slice(track.starts[frame], track.starts[frame] + kept)
        moved = pointed.placed(matrix, track.places[rows] / 65535)
        copy.places[rows] = np.rint(np.clip(moved, 0, 1) * 65535)
        copy.sizes[rows] = track.sizes[rows] + np.rint(16 * np.log2(np.sqrt(np.linalg.det(matrix[:2, :2]))))
        copy.angles[rows] = track.angles[rows]
        copy.bits[rows] = track.bits[rows] ^ np.uint64(0b1001001)
    return copy


def shelf(*tracks: PointTrack) -> Shelf:
    works = [Fingerprint(Fraction(6), SIZE, points=track) for track in tracks]
    return Shelf.of([(f"{number}", work) for number, work in enumerate(works)])


def sighting(
    time_s: float, there_s: float, matrix: np.ndarray = INSET, agreeing: int = 12, shared: int = 1
) -> Sighting:
    return Sighting(0, round(time_s * MICRO), round(there_s * MICRO), False, matrix, agreeing, shared)


# --------------------------------------------------------------------------------------------------- sightings


@pytest.mark.parametrize("matrix", [IN_PLACE, INSET], ids=["in place", "inset"])
def test_a_quarter_of_the_points_tells_where_the_picture_lies(matrix: np.ndarray) -> None:
    work = points(1)
    found = sightings(shown_through(work, matrix, 15), SIZE, shelf(work, points(2)), mirrored=False, shown=[0, 1, 2])
    assert [(one.work, one.time_us, one.work_time_us) for one in found] == [
        (0, t, t) for t in (0, 2 * MICRO, 4 * MICRO)
    ]
    for one in found:
        assert np.abs(pointed.corners_of(one.matrix) - pointed.corners_of(matrix)).max() < 0.02


def test_points_that_are_alike_but_lie_anyhow_are_no_sighting() -> None:
    work = points(1)
    copy = shown_through(work, INSET, 15)
    copy.places[:] = points(9).places
    assert sightings(copy, SIZE, shelf(work), mirrored=False, shown=[0, 1, 2]) == []


def test_four_points_are_too_few_for_a_sighting() -> None:
    work = points(1)
    assert sightings(shown_through(work, INSET, 4), SIZE, shelf(work), mirrored=False, shown=[0, 1, 2]) == []


def test_points_that_stand_upon_each_other_in_four_places_are_no_sighting() -> None:
    work = points(1)
    work.places[:] = work.places[np.arange(len(work.places)) % 4]
    assert sightings(shown_through(work, INSET, 30), SIZE, shelf(work), mirrored=False, shown=[0]) == []


def test_only_the_frames_that_were_chosen_are_asked_about() -> None:
    work = points(1)
    found = sightings(shown_through(work, INSET, 20), SIZE, shelf(work), mirrored=False, shown=[2])
    assert [one.time_us for one in found] == [4 * MICRO]


def test_a_sighting_tells_in_how_many_works_its_frame_was_sighted() -> None:
    work = points(1)
    found = sightings(shown_through(work, INSET, 20), SIZE, shelf(work, work, points(2)), mirrored=False, shown=[1])
    assert [(one.work, one.shared) for one in found] == [(0, 2), (1, 2)]


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
