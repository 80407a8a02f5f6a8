"""One decoding pass, and what is kept of it."""

from __future__ import annotations

from concurrent.futures import CancelledError
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from holdfast.media.write import VideoSettings
from holdfast.model.fingerprint import MICRO, View
from holdfast.restore.fingerprint import pdq
from holdfast.restore.fingerprint.make import PointPace, fingerprint
from holdfast.restore.fingerprint.points import WORK_POINTS
from holdfast.testing.films import film_plan, write_film
from holdfast.testing.scenes import SceneKind

PLAN = film_plan(3, 8, (320, 180))


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_film(PLAN, tmp_path_factory.mktemp("films") / "film.mkv")


def test_every_part_of_a_film_is_known(film: Path) -> None:
    made = fingerprint(film)
    assert (made.size, made.mode, made.digest, made.warnings) == ((320, 180), "full", "", ())
    assert float(made.duration) == pytest.approx(8, abs=0.1)
    assert len(made.frames) == 200
    assert made.frames.times[50] == pytest.approx(2_000_000, abs=1000)
    assert len(made.pictures) > 10
    assert (np.diff(made.pictures.times) >= 0).all()
    assert len(made.points) >= 1
    assert made.points.starts[-1] == len(made.points.bits)
    assert len(made.stills) >= 1


def test_the_same_film_gives_the_same_fingerprint(film: Path) -> None:
    one, other = fingerprint(film, threads=1), fingerprint(film)
    assert np.array_equal(one.pictures.hashes, other.pictures.hashes)
    assert np.array_equal(one.points.bits, other.points.bits)
    assert np.array_equal(one.frames.activity, other.frames.activity)
    assert one.stills == other.stills


def test_a_poor_copy_has_nearly_the_same_hashes(film: Path, tmp_path: Path) -> None:
    small = film_plan(3, 8, (192, 108))
    copy = fingerprint(write_film(small, tmp_path / "copy.avi", video="mpeg4", audio=""))
    work = fingerprint(film)
    mine, theirs = (each.hashes[each.views == View.WHOLE] for each in (copy.pictures, work.pictures))
    nearest = pdq.distance(mine[:, None], theirs[None]).min(axis=1)
    assert np.median(nearest) <= 24
    activity = np.corrcoef(copy.frames.activity.astype(float), work.frames.activity.astype(float))[0, 1]
    assert activity > 0.9


def test_key_frames_alone_are_enough_for_a_first_look(film: Path) -> None:
    keys, full = fingerprint(film, mode="keys"), fingerprint(film)
    assert keys.mode == "keys"
    assert (len(keys.frames), len(keys.sounds)) == (0, len(full.sounds))
    assert 0 < len(keys.pictures) <= len(full.pictures)
    assert float(keys.duration) == pytest.approx(8, abs=0.1)


def test_progress_grows_to_the_end_and_the_work_can_be_stopped(film: Path) -> None:
    told: list[float] = []
    fingerprint(film, on_progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    with pytest.raises(CancelledError):
        fingerprint(film, should_stop=lambda: True)


def test_a_mode_that_does_not_exist_is_refused(film: Path) -> None:
    with pytest.raises(ValueError, match="keys"):
        fingerprint(film, mode="fast")


def test_sound_without_pictures_is_a_film_too(tmp_path: Path) -> None:
    made = fingerprint(write_film(PLAN, tmp_path / "f.mka", container="matroska", video="", audio="flac"))
    assert (len(made.pictures), len(made.frames), made.size, made.stills) == (0, 0, (0, 0), ())
    assert made.duration == pytest.approx(Fraction(8), abs=0.1)


def test_a_film_of_one_frame_has_a_hash(tmp_path: Path) -> None:
    made = fingerprint(write_film(film_plan(1, Fraction(1, 25), (320, 180)), tmp_path / "f.mkv", audio=""))
    assert (len(made.frames), len(made.stills)) == (1, 1)


def test_what_is_no_film_gives_an_empty_fingerprint_that_says_so(tmp_path: Path) -> None:
    path = tmp_path / "film.mkv"
    path.write_bytes(b"nothing to be seen\n" * 50)
    made = fingerprint(path)
    assert (len(made.pictures), len(made.frames), len(made.sounds), made.duration) == (0, 0, 0, 0)
    assert len(made.warnings) == 1


def test_a_film_cut_off_in_the_middle_is_known_by_its_first_half(film: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(film.read_bytes()[: film.stat().st_size // 2])
    made = fingerprint(cut)
    assert 50 < len(made.frames) < 190
    assert len(made.pictures) > 3


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_film_that_is_turned_for_viewing_is_known_as_it_is_viewed(tmp_path: Path, rotation: int) -> None:
    plan = film_plan(3, 2, (320, 180), kinds=(SceneKind.TOWN,))
    settings = VideoSettings("libx264", (320, 180), rotation=rotation)
    found = fingerprint(write_film(plan, tmp_path / "turned.mp4", video=settings, audio=""))
    assert found.size == ((320, 180) if rotation == 180 else (180, 320))
    assert len(found.pictures) > 0
    assert len(found.points) > 0


def test_frames_of_short_shots_give_fewer_points_each_and_lone_ones_give_all_they_may() -> None:
    pace = PointPace()
    given = []
    for second in range(20):  # a shot a second
        given.append(pace.most(second * MICRO))
        pace.gave(given[-1], second * MICRO)
    assert given[0] == WORK_POINTS
    assert set(given[4:]) == {48}
    assert pace.most(40 * MICRO) == WORK_POINTS
