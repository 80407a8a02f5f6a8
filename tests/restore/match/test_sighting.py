"""A frame of a copy is known by how its points lie, however few of them the index names, and never by chance."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from holdfast.catalog.fingerprints.shelf import Shelf
from holdfast.model.fingerprint import Fingerprint, PointTrack
from holdfast.restore.match import pointed
from holdfast.restore.match.sighting import RADIUS, sightings
from tests.restore.match.reels import MICRO

SIZE = (640, 360)
INSET = np.array([[0.45, 0, 0.5], [0, 0.45, 0.05], [0, 0, 1.0]])
IN_PLACE = np.eye(3)
ASKEW = np.array([[0.62, 0.1, 0.18], [-0.06, 0.7, 0.16], [0.12, -0.1, 1.0]])  # a screen filmed from the side


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


def test_four_points_that_are_named_and_twenty_that_lie_where_they_should_are_a_sighting_of_all() -> None:
    work = points(1)
    copy = shown_through(work, INSET, 24)
    copy.bits[4:24, 0] ^= np.uint64((1 << RADIUS + 6) - 1)  # too unlike for the index
    (found,) = sightings(copy, SIZE, shelf(work), mirrored=False, shown=[0])
    assert found.agreeing >= 20
    assert np.abs(pointed.corners_of(found.matrix) - pointed.corners_of(INSET)).max() < 0.02


def test_four_points_that_are_named_and_none_beside_them_are_no_sighting() -> None:
    work = points(1)
    copy = shown_through(work, INSET, 24)
    copy.bits[4:24] = points(9).bits[4:24]
    assert sightings(copy, SIZE, shelf(work), mirrored=False, shown=[0]) == []


def test_a_screen_filmed_from_the_side_is_placed_with_its_perspective() -> None:
    work = points(1)
    (found,) = sightings(shown_through(work, ASKEW, 40), SIZE, shelf(work), mirrored=False, shown=[0])
    assert found.agreeing >= 36
    assert np.abs(pointed.corners_of(found.matrix) - pointed.corners_of(ASKEW)).max() < 0.02
