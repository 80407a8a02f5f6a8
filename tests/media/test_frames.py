"""A film asked for its pictures gives the frame that is shown then, and nothing where it shows nothing."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from holdfast.media.frames import Frames
from tests.media.films import clicks, steady, write


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds with a white picture at 1 s and at 2 s."""
    return write(tmp_path_factory.mktemp("film") / "film.mkv", steady(Fraction(25), Fraction(3)))


def test_a_moment_shows_the_frame_that_began_last(film: Path) -> None:
    with Frames(film) as frames:
        before, at, within, after = frames.at([Fraction(99, 100), Fraction(1), Fraction(103, 100), Fraction(105, 100)])

    assert [one.number for one in (before, at, within, after)] == [24, 25, 25, 26]
    assert at.pixels is within.pixels
    assert at.pixels is not None
    assert before.pixels is not None
    assert at.pixels.shape == (240, 320, 3)
    assert at.pixels.mean() > 230 > before.pixels.mean()


def test_nothing_is_shown_before_the_beginning_or_after_the_end(film: Path) -> None:
    with Frames(film) as frames:
        early, last, late = frames.at([Fraction(-1), Fraction(299, 100), Fraction(3)])

    assert early.pixels is None
    assert last.number == 74
    assert late.pixels is None


def test_smaller_pictures_show_the_same(film: Path) -> None:
    with Frames(film) as whole, Frames(film, longer_side=80) as small:
        (large,), (little,) = list(whole.at([Fraction(1)])), list(small.at([Fraction(1)]))

    assert large.pixels is not None
    assert little.pixels is not None
    assert little.pixels.shape == (60, 80, 3)
    assert abs(float(np.mean(large.pixels)) - float(np.mean(little.pixels))) < 3


def test_a_film_without_pictures_shows_nothing(tmp_path: Path) -> None:
    sound = write(tmp_path / "sound.mkv", sound=clicks(Fraction(2)))

    with Frames(sound) as frames:
        assert [one.pixels for one in frames.at([Fraction(0), Fraction(1)])] == [None, None]


def test_the_first_picture_is_found_where_the_sound_begins_before_it(tmp_path: Path) -> None:
    times = [Fraction(2) + time for time in steady(Fraction(25), Fraction(1))]
    late = write(tmp_path / "late.mkv", times, sound=clicks(Fraction(3)))

    with Frames(late) as frames:
        first = frames.first()
        early, same, second = frames.at([Fraction(0), Fraction(2), Fraction(51, 25)])

    assert first is not None
    assert first.pixels is not None
    assert (first.time, first.number, frames.size) == (2, 0, (320, 240))
    assert early.pixels is None
    assert same.pixels is not None
    assert np.array_equal(same.pixels, first.pixels)
    assert (second.start, second.number) == (Fraction(51, 25), 1)


def test_a_film_without_pictures_has_no_first_one(tmp_path: Path) -> None:
    with Frames(write(tmp_path / "sound.mkv", sound=clicks(Fraction(1)))) as frames:
        assert frames.first() is None
        assert frames.size == (0, 0)


def test_every_picture_that_is_passed_is_told_though_nobody_asked_for_it(film: Path) -> None:
    told: list[Fraction] = []

    with Frames(film, reached=told.append) as frames:
        list(frames.at([Fraction(1, 2), Fraction(2)]))

    assert told == [Fraction(number, 25) for number in range(51)]
