"""A thorough look at a copy that is asked about."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from holdfast.restore.fingerprint import look as looking
from holdfast.restore.fingerprint import pdq
from holdfast.restore.fingerprint.look import EvenPace, look
from holdfast.testing.films import film_plan, write_film

MINUTE = 60_000_000


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_film(film_plan(3, 8, (320, 180)), tmp_path_factory.mktemp("films") / "film.mkv")


def test_a_short_copy_is_looked_at_eight_times_a_second(film: Path) -> None:
    seen = look(film)
    assert len(seen) == pytest.approx(64, abs=2)
    assert seen.thumbs.shape == (len(seen), 128, 128)
    assert seen.boxes.shape == (len(seen), 4)
    assert seen.whole.shape == seen.active.shape == (len(seen), 8, 4)
    assert seen.quality.shape == (len(seen),)
    assert (np.diff(seen.times) > 0).all()
    assert seen.fingerprint.size == (320, 180)


def test_the_hashes_are_those_of_the_thumbs_in_all_eight_ways(film: Path) -> None:
    seen = look(film)
    expected = pdq.variants(pdq.coefficients(pdq.means(np.asarray(seen.thumbs))))
    assert np.median(pdq.distance(seen.whole, expected)) == 0


def test_the_features_for_asking_are_those_of_a_picture_and_its_mirror(film: Path) -> None:
    seen = look(film)
    assert len(seen.points) >= 2
    assert seen.points.starts.tolist() == seen.mirrored.starts.tolist()
    across = seen.points.places[:, 0].astype(int) + seen.mirrored.places[:, 0]
    assert np.abs(across - 65535).max() <= 2
    assert len(seen.points.bits) > 3 * len(seen.fingerprint.points.bits)


def test_the_thumbs_of_a_long_copy_lie_in_a_file(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_memory = look(film).thumbs
    monkeypatch.setattr(looking, "_IN_MEMORY", 10)
    in_file = look(film).thumbs
    assert isinstance(in_file, np.memmap)
    assert np.array_equal(in_file, in_memory)


def test_long_copies_are_looked_at_less_often_whatever_their_header_says() -> None:
    assert EvenPace(0).step_us(5 * MINUTE) == 125_000
    assert EvenPace(30 * MINUTE).step_us(0) == 250_000
    assert EvenPace(0).step_us(30 * MINUTE) == 250_000
    assert EvenPace(0).step_us(90 * MINUTE) == 500_000


def test_a_look_at_what_is_no_film_sees_nothing(tmp_path: Path) -> None:
    path = tmp_path / "film.mkv"
    path.write_bytes(b"nothing to be seen\n" * 50)
    seen = look(path)
    assert (len(seen), seen.thumbs.shape, seen.whole.shape) == (0, (0, 128, 128), (0, 8, 4))
    assert seen.fingerprint.warnings
