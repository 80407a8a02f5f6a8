"""Sound of copies is as long, as fast, as narrow as was asked for, and the same for the same dice."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from holdfast.testing import resounding
from holdfast.testing.resounding import RATE, Samples


def tone(hz: float, seconds: float = 1.0) -> Samples:
    wave = 0.3 * np.sin(2 * np.pi * hz * np.arange(round(RATE * seconds)) / RATE)
    return np.stack([wave, wave]).astype(np.float32)


def pitch_hz(samples: Samples) -> float:
    """The strongest frequency of what lies in the middle."""
    middle = samples[0, samples.shape[1] // 4 : -samples.shape[1] // 4]
    return float(np.argmax(np.abs(np.fft.rfft(middle * np.hanning(len(middle))))) * RATE / len(middle))


def loudness(samples: Samples) -> float:
    return float(np.sqrt((samples.astype(np.float64) ** 2).mean()))


@pytest.mark.parametrize("rate", [0.9, 1.08])
def test_faster_sound_is_higher_unless_its_pitch_is_kept(rate: float) -> None:
    count = round(RATE / rate)
    assert pitch_hz(resounding.resampled(tone(1000), rate, count)) == pytest.approx(1000 * rate, abs=4)
    assert pitch_hz(resounding.stretched(tone(1000), rate, count)) == pytest.approx(1000, abs=15)


@pytest.mark.parametrize("change", [resounding.resampled, resounding.stretched])
def test_as_many_samples_come_out_as_were_asked_for(change: Callable[[Samples, float, int], Samples]) -> None:
    for source in (tone(500), np.zeros((2, 0), np.float32)):
        assert change(source, 1.05, 12_345).shape == (2, 12_345)


def test_a_click_is_heard_where_the_speed_puts_it() -> None:
    click = np.zeros((2, RATE), np.float32)
    click[:, 24_000] = 1
    assert abs(int(np.argmax(resounding.resampled(click, 1.25, 38_400)[0])) - 19_200) <= 1


def test_a_band_lets_through_what_lies_in_it_and_little_else() -> None:
    for hz, share in ((100, 0.05), (1000, 1.0), (15_000, 0.05)):
        left = loudness(resounding.band(tone(hz), 300, 6000)) / loudness(tone(hz))
        assert left == pytest.approx(share, abs=0.06)


@pytest.mark.parametrize("change", [resounding.in_a_room, resounding.from_tape])
def test_rooms_and_tapes_are_the_same_for_the_same_dice(
    change: Callable[[Samples, np.random.Generator], Samples],
) -> None:
    one, again, other = (change(tone(700), np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert one.shape == tone(700).shape
    assert (one == again).all()
    assert (one != other).any()


def test_silence_in_a_room_is_as_loud_as_its_noise() -> None:
    quiet = resounding.in_a_room(np.zeros((2, RATE), np.float32), np.random.default_rng(3), -40)
    assert loudness(quiet) == pytest.approx(0.01, rel=0.05)


@pytest.mark.parametrize("change", [resounding.in_a_room, resounding.from_tape])
def test_a_film_without_sound_has_none_in_a_room_or_on_a_tape(
    change: Callable[[Samples, np.random.Generator], Samples],
) -> None:
    assert change(np.zeros((2, 0), np.float32), np.random.default_rng(1)).shape == (2, 0)


def test_a_mix_is_as_long_as_its_first_and_as_loud_as_was_asked() -> None:
    mixed = resounding.mixed(tone(500), tone(900, 0.25), -20, 0)
    assert mixed.shape == tone(500).shape
    assert loudness(mixed[:, 24_000:]) == pytest.approx(0.1 * loudness(tone(500)), rel=0.01)
    assert loudness(mixed[:, :12_000]) > loudness(tone(500)) * 0.9
