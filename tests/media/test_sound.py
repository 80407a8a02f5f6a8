"""Sound in an unbroken row: gaps, offsets, drift, downmix, and how loud it is."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from holdfast.media.decode import Sound
from holdfast.media.sound import RATE, Heard, SoundChain, measured
from tests.media.films import clicks, write


def sound(samples: NDArray[np.float32], time: Fraction, rate: int = RATE, layout: str = "stereo") -> Sound:
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout=layout)
    frame.sample_rate = rate
    return Sound(frame, time.numerator, 0, time.denominator)


def tone(seconds: float, level: float = 0.25, rate: int = RATE, channels: int = 2) -> NDArray[np.float32]:
    wave = level * np.sin(2 * np.pi * 500 * np.arange(round(seconds * rate)) / rate)
    return np.tile(wave.astype(np.float32), (channels, 1))


def through(
    sounds: Iterable[Sound], chain: SoundChain | None = None, end: Fraction = Fraction(0)
) -> NDArray[np.float32]:
    chain = chain or SoundChain()
    heard: list[Heard] = [each for item in sounds for each in chain.push(item)]
    heard += [*chain.drain(), *chain.silence_until(end)]
    assert [each.position for each in heard] == list(np.cumsum([0, *(each.samples.shape[1] for each in heard)])[:-1])
    return np.concatenate([each.samples for each in heard], axis=1)


def pieces(samples: NDArray[np.float32], start: Fraction = Fraction(0), stretch: Fraction = Fraction(1)) -> list[Sound]:
    """The samples in packets of 1024, on a clock that runs `stretch` times as fast as it should."""
    firsts = range(0, samples.shape[1], 1024)
    return [sound(samples[:, at : at + 1024], start + Fraction(at, RATE) * stretch) for at in firsts]


def test_sound_without_gaps_passes_sample_by_sample() -> None:
    samples = tone(1.0)
    assert np.array_equal(through(pieces(samples)), samples)


def test_the_gain_is_applied_to_every_sample() -> None:
    out = through(pieces(tone(0.5, 0.1)), SoundChain(Fraction(6)))
    assert float(np.abs(out).max()) == pytest.approx(0.1 * 10 ** (6 / 20), rel=1e-3)


def test_sound_that_begins_late_is_preceded_by_silence() -> None:
    out = through(pieces(tone(0.5), start=Fraction(1, 4)))
    assert out.shape[1] == 36000
    assert not out[:, :12000].any()
    assert np.array_equal(out[:, 12000:], tone(0.5))


def test_a_gap_is_filled_with_silence_of_its_length() -> None:
    samples = tone(2.0)
    kept = [each for each in pieces(samples) if not Fraction(1, 2) <= each.time < Fraction(3, 2)]
    out = through(kept)
    assert out.shape == samples.shape
    assert np.array_equal(out[:, -20000:], samples[:, -20000:])
    assert not out[:, 26000:70000].any()


def test_sound_that_comes_twice_is_heard_once() -> None:
    samples = tone(1.0)
    doubled = [*pieces(samples[:, :24576]), *pieces(samples[:, 12288:], start=Fraction(12288, RATE))]
    assert np.array_equal(through(doubled), samples)


def test_a_slow_clock_is_followed_without_a_gap() -> None:
    samples = tone(20.0)
    out = through(pieces(samples, stretch=Fraction(1002, 1000)))
    assert abs(out.shape[1] - samples.shape[1] * 1.002) < RATE // 400
    assert np.abs(np.diff(out[0])).max() < 1.5 * np.abs(np.diff(samples[0])).max(), "a step: it was cut, not stretched"


def test_jitter_of_a_millisecond_is_left_alone() -> None:
    samples = tone(1.0)
    shaken = [
        Sound(each.frame, 1000 * each.at + (n % 3 - 1) * each.unit, 0, 1000 * each.unit)
        for n, each in enumerate(pieces(samples))
    ]
    assert through(shaken).shape == samples.shape


def test_any_rate_and_layout_becomes_stereo_at_48_khz() -> None:
    mixed = [
        sound(tone(1.0, rate=44100), Fraction(0), 44100),
        sound(tone(1.0, channels=1), Fraction(1), RATE, "mono"),
        sound(tone(1.0, 0.1, channels=6), Fraction(2), RATE, "5.1"),
    ]
    out = through(mixed)
    assert abs(out.shape[1] - 3 * RATE) < 100
    for second in range(3):
        assert np.abs(out[:, second * RATE + 4000 : (second + 1) * RATE - 4000]).max() > 0.1


def test_silence_is_added_up_to_the_end_of_the_film() -> None:
    out = through(pieces(tone(0.5)), end=Fraction(2))
    assert out.shape[1] == 2 * RATE
    assert not out[:, 24000:].any()


def test_loudness_and_peak_of_a_known_tone_are_measured_right(tmp_path: Path) -> None:
    # A stereo sine of 1 kHz at -20 dBFS is -20 LUFS (EBU Tech 3341, case 1, read for both channels).
    wave = 0.1 * np.sin(2 * np.pi * 1000 * np.arange(5 * RATE) / RATE)
    path = write(tmp_path / "tone.wav", sound=np.tile(wave.astype(np.float32), (2, 1)))
    told: list[float] = []
    loudness = measured(path, told.append, lambda: None)
    assert loudness is not None
    assert float(loudness.integrated_lufs or 0) == pytest.approx(-20, abs=0.1)
    assert float(loudness.true_peak_dbtp or 0) == pytest.approx(-20, abs=0.2)
    assert told == sorted(told)
    assert told[-1] > 0.9


def test_silence_has_no_loudness_and_a_film_without_sound_none_at_all(tmp_path: Path) -> None:
    silent = write(tmp_path / "silent.wav", sound=np.zeros((2, RATE), np.float32))
    loudness = measured(silent, lambda _done: None, lambda: None)
    assert loudness is not None
    assert loudness.integrated_lufs is None
    text = tmp_path / "text.wav"
    text.write_text("no sound")
    assert measured(text, lambda _done: None, lambda: None) is None


def test_measuring_stops_when_it_is_told_to(tmp_path: Path) -> None:
    path = write(tmp_path / "tone.wav", sound=clicks(Fraction(3)))

    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        measured(path, lambda _done: None, stop)
