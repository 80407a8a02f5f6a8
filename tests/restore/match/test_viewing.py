"""What is seen of a copy is compared with what the work shows at that moment, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from holdfast.model.fingerprint import Fingerprint, PictureTrack, View
from holdfast.restore.match.viewing import FAR, Line, Turned, Viewing, WorkViews
from tests.restore.match.reels import MICRO, Reel

WORK = Reel(3, 60)
VIEWS = WorkViews(WORK.fingerprint())


def viewing(seconds: np.ndarray, *reels: Reel, start: float = 0.0) -> Viewing:
    """What copies show that begin at `start` of these reels: a way to take the picture for each."""
    hashes = np.stack([[reel.hash_at(start + second) for second in seconds] for reel in reels])
    return Viewing(Turned(), (seconds * MICRO).astype(np.int64), hashes, np.ones(len(seconds), np.float32))


def test_the_picture_of_the_same_moment_is_near_and_of_another_far() -> None:
    seen = viewing(np.arange(0, 20, 0.4), WORK, start=12.0)
    assert VIEWS.nearest(seen, seen.times + 12 * MICRO).max() <= 8
    assert np.median(VIEWS.nearest(seen, seen.times + 30 * MICRO)) > 90


def test_moments_outside_of_the_work_are_far_from_all_of_it() -> None:
    seen = viewing(np.array([0.0, 1.0]), WORK)
    assert VIEWS.nearest(seen, np.array([-5 * MICRO, 70 * MICRO])).tolist() == [FAR, FAR]


def test_a_stored_picture_does_not_stand_for_a_moment_long_after_it() -> None:
    whole = WORK.fingerprint()
    track = whole.pictures
    left = (track.times < 20 * MICRO) | (track.times > 30 * MICRO)
    track = PictureTrack(track.times[left], track.hashes[left], track.views[left], track.quality[left])
    seen = viewing(np.array([25.0]), WORK)
    assert WorkViews(replace(whole, pictures=track)).nearest(seen, seen.times).tolist() == [FAR]


def test_the_way_and_the_view_that_are_nearest_are_named() -> None:
    other = Reel(4, 60)
    whole, center = WORK.fingerprint().pictures, other.fingerprint().pictures
    track = PictureTrack(
        np.concatenate([whole.times, center.times]),
        np.concatenate([whole.hashes, center.hashes]),
        np.repeat([View.WHOLE, View.CENTER], [len(whole), len(center)]).astype(np.uint8),
        np.full(len(whole) + len(center), 90, np.uint8),
    )
    views = WorkViews(Fingerprint(Fraction(60), (640, 360), pictures=track))
    seen = viewing(np.arange(0, 10, 0.4), Reel(5, 60), other)
    _, which = views.compared(seen, seen.times)
    assert set(which.tolist()) == {16 * View.CENTER + 1}


def test_a_moment_without_anything_stored_near_it_names_no_view() -> None:
    nothing = WorkViews(Fingerprint(Fraction(60), (640, 360)))
    seen = viewing(np.array([1.0]), WORK)
    assert nothing.compared(seen, seen.times)[1].tolist() == [-1]


def test_the_place_of_a_picture_is_found_beside_the_moment_that_was_guessed() -> None:
    seen = viewing(np.arange(0, 20, 0.4), WORK, start=8.0)
    rows, there = VIEWS.places(seen, seen.times + 8 * MICRO + 600_000)
    assert len(rows) >= 8
    assert np.abs(there - seen.times[rows] - 8 * MICRO).max() <= 200_000


def test_places_are_found_by_the_way_to_take_the_picture_that_is_near() -> None:
    seen = viewing(np.arange(0, 20, 0.4), Reel(5, 60), WORK, start=8.0)
    rows, there = VIEWS.places(seen, seen.times + 8 * MICRO)
    assert len(rows) >= 8
    assert np.abs(there - seen.times[rows] - 8 * MICRO).max() <= 200_000


def test_a_picture_that_stands_still_has_no_place_of_its_own() -> None:
    whole = WORK.fingerprint()
    still = replace(whole, pictures=replace(whole.pictures, hashes=np.repeat(whole.pictures.hashes[:1], 150, axis=0)))
    seen = viewing(np.zeros(10), WORK)
    rows, _ = WorkViews(still).places(seen, np.full(10, 20 * MICRO))
    assert len(rows) == 0


@pytest.mark.parametrize(("rate", "offset_us"), [(1.0, 0), (25 / 24, -3_000_001), (0.96, 7_500_000)])
def test_a_line_told_exactly_is_the_line_to_a_microsecond_a_second(rate: float, offset_us: int) -> None:
    line = Line(0, rate, offset_us)
    exact_rate, exact_offset = line.exact()
    (there,) = line.at(np.array([10 * MICRO]))
    assert abs(int(there) - (exact_rate * 10 + exact_offset) * MICRO) <= 6
