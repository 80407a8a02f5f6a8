"""A film asked for its sound gives the samples of that moment, and silence where it has none."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from holdfast.errors import SourceMissing
from holdfast.media.hearing import Hearing
from tests.media.films import RATE, clicks, steady, write


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight seconds with a click at every second."""
    return write(tmp_path_factory.mktemp("film") / "film.mkv", sound=clicks(Fraction(8)))


def test_samples_are_those_of_their_moment_in_any_pieces(film: Path) -> None:
    whole = clicks(Fraction(8))
    with Hearing(film) as sound:
        for first, count in ((0, 700), (700, 48000), (47000, 100), (6 * RATE, RATE)):
            assert np.abs(sound.read(first, count) - whole[:, first : first + count]).max() < 1e-4


def test_before_the_beginning_and_after_the_end_there_is_silence(film: Path) -> None:
    with Hearing(film) as sound:
        assert not sound.read(-500, 500).any()
        assert sound.heard_until is None
        late = sound.read(8 * RATE - 100, 1000)
        assert late.shape == (2, 1000)
        assert not late[:, 100:].any()
        assert sound.heard_until == 8 * RATE


def test_what_lies_far_back_is_refused_rather_than_made_up(film: Path) -> None:
    with Hearing(film) as sound:
        sound.read(7 * RATE, 100)
        assert 0 < sound.earliest <= 5 * RATE
        with pytest.raises(ValueError, match="earliest in hand"):
            sound.read(RATE, 100)


def test_a_film_without_sound_is_silent_and_says_so(tmp_path: Path) -> None:
    mute = write(tmp_path / "mute.mkv", steady(Fraction(25), Fraction(1)))
    with Hearing(mute) as sound:
        assert not sound.read(0, 1000).any()
        assert sound.heard_until == 0


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing):
        Hearing(tmp_path / "gone.mkv")
