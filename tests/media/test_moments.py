"""Pictures at chosen moments are those that a viewer sees then, and a film that has none gives none."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from holdfast.errors import SourceMissing
from holdfast.media.moments import pictures_at
from tests.media.films import clicks, steady, write


def brightness(jpeg: bytes) -> float:
    return float(np.asarray(Image.open(io.BytesIO(jpeg)).convert("L")).mean())


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds with a white picture at 1 s and at 2 s."""
    return write(tmp_path_factory.mktemp("film") / "film.mkv", steady(Fraction(25), Fraction(3)))


def test_each_moment_gets_the_picture_that_is_seen_then_in_any_order(film: Path) -> None:
    times = [Fraction(2), Fraction(1, 2), Fraction(101, 100), Fraction(2), Fraction(5, 2)]
    white, dark, also_white, again, last = (brightness(jpeg) for jpeg in pictures_at(film, times))
    assert min(white, also_white, again) > 230
    assert max(dark, last) < 200


def test_a_moment_beyond_the_end_gets_the_last_picture(film: Path) -> None:
    (jpeg,) = pictures_at(film, [Fraction(99)])
    assert Image.open(io.BytesIO(jpeg)).size == (320, 240)


def test_pictures_are_no_larger_than_was_asked_for(film: Path) -> None:
    (jpeg,) = pictures_at(film, [Fraction(0)], longer_side=100)
    assert Image.open(io.BytesIO(jpeg)).size == (100, 75)


def test_a_film_without_pictures_gives_empty_bytes(tmp_path: Path) -> None:
    sound = write(tmp_path / "sound.mkv", sound=clicks(Fraction(2)))
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no film")
    for path in (sound, broken):
        assert pictures_at(path, [Fraction(0), Fraction(1)]) == [b"", b""]


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing):
        pictures_at(tmp_path / "gone.mp4", [Fraction(0)])
