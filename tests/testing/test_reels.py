"""A reel shows what is shown at a moment, whatever was asked before; its sound is one array."""

from __future__ import annotations

import wave
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from holdfast.testing.films import film_plan, write_film
from holdfast.testing.reels import RATE, Reel, is_audible, sound_of, stretch


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_film(film_plan(41, 2, (160, 90)), tmp_path_factory.mktemp("reels") / "film.mp4")


def test_a_reel_knows_its_length_size_and_rate(film: Path) -> None:
    reel = Reel(film)
    assert (reel.duration, reel.size, reel.rate) == (2, (160, 90), 25)


def test_a_reel_is_no_higher_than_was_asked_and_even(film: Path) -> None:
    reel = Reel(film, lines=45)
    assert reel.size == (80, 44)
    assert reel.picture(Fraction(1)).shape == (44, 80, 3)


def test_a_picture_is_shown_until_the_next_one_begins(film: Path) -> None:
    reel = Reel(film)
    one, late, following = (reel.picture(Fraction(at, 1000)) for at in (1000, 1039, 1040))
    assert (one == late).all()
    assert (one != following).any()


def test_an_earlier_moment_is_shown_again_as_it_was(film: Path) -> None:
    reel = Reel(film)
    early = reel.picture(Fraction(1, 5)).copy()
    reel.picture(Fraction(9, 5))
    assert (reel.picture(Fraction(1, 5)) == early).all()


def test_before_the_first_picture_and_after_the_last_these_are_shown(film: Path) -> None:
    reel = Reel(film)
    assert (reel.picture(Fraction(-1)) == reel.picture(Fraction(0))).all()
    assert (reel.picture(Fraction(99)) == reel.picture(Fraction(49, 25))).all()


def test_the_sound_of_a_film_is_as_long_as_it(film: Path) -> None:
    sound = sound_of(film)
    assert sound.shape[0] == 2
    assert abs(sound.shape[1] - 2 * RATE) < RATE // 10


def test_a_stretch_of_sound_is_silent_where_there_is_none() -> None:
    samples = np.ones((2, RATE), np.float32)
    part = stretch(samples, Fraction(-1, 2), Fraction(3, 2))
    assert part.shape == (2, 2 * RATE)
    assert np.flatnonzero(part[0])[[0, -1]].tolist() == [RATE // 2, RATE // 2 + RATE - 1]


def test_a_recording_without_pictures_has_no_size_and_shows_nothing(tmp_path: Path) -> None:
    path = tmp_path / "heard.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(bytes(RATE))
    reel = Reel(path)
    assert reel.size == (0, 0)
    with pytest.raises(ValueError, match=r"heard\.wav has no picture"):
        reel.picture(Fraction(0))


def test_silence_is_not_audible_and_a_tone_is() -> None:
    tone = np.full((2, RATE), 0.1, np.float32)
    assert is_audible(tone)
    assert not is_audible(tone * np.float32(0.001))
    assert not is_audible(tone[:, :100])
