"""Sound that ran at another speed comes back to its moments and its pitch, whatever pieces it is asked for in."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from holdfast.restore.assemble.pacing import RATE, Samples, Voice, interpolated
from tests.restore.assemble.numbered import F, lying, span


def reader(sound: Samples) -> Callable[[int, int], Samples]:
    def read(first: int, count: int) -> Samples:
        out = np.zeros((2, count), np.float32)
        start, end = max(first, 0), min(first + count, sound.shape[1])
        if start < end:
            out[:, start - first : end - first] = sound[:, start:end]
        return out

    return read


def tone(hz: float, seconds: float) -> Samples:
    return np.tile((0.5 * np.sin(2 * np.pi * hz * np.arange(int(seconds * RATE)) / RATE)).astype(np.float32), (2, 1))


def pitch_of(samples: Samples) -> float:
    part = samples[0, RATE : 3 * RATE] * np.hanning(2 * RATE)
    return float(np.argmax(np.abs(np.fft.rfft(part)))) / 2


def test_a_copy_at_its_own_speed_gives_its_very_samples() -> None:
    sound = np.random.default_rng(1).normal(0, 0.1, (2, 4 * RATE)).astype(np.float32)
    voice = Voice(reader(sound), lying("a", span(1, 4), span(10, 13)), first=10 * RATE)
    assert np.array_equal(voice.take(5000), sound[:, RATE : RATE + 5000])
    assert np.array_equal(voice.take(700), sound[:, RATE + 5000 : RATE + 5700])


def test_samples_between_samples_are_those_of_the_tone() -> None:
    at = 100 + np.arange(5000) * 0.97
    wanted = 0.5 * np.sin(2 * np.pi * 3000 * at / RATE)
    assert np.abs(interpolated(tone(3000, 1), at)[0] - wanted).max() < 2e-4


@pytest.mark.parametrize(
    ("rate", "pitch", "copy_hz"),
    [
        (F(25, 24), None, 625),  # played faster: higher
        (F(24, 25), None, 576),
        (F(25, 24), F(1), 600),  # faster with its pitch kept
        (F(4, 5), F(1), 600),
        (F(26, 25), F(9, 10), 540),  # faster, and lowered besides
    ],
)
def test_speed_and_pitch_come_back_together(rate: Fraction, pitch: Fraction | None, copy_hz: float) -> None:
    placed = lying("a", span(0, F(5) / rate), rate=rate, pitch=pitch)
    voice = Voice(reader(tone(copy_hz, float(5 / rate))), placed, first=0)
    back = voice.take(4 * RATE)
    assert abs(pitch_of(back) - 600) < 1
    level = np.sqrt((back[0, RATE : 3 * RATE] ** 2).mean())
    assert level == pytest.approx(0.5 / np.sqrt(2), rel=0.03)


@pytest.mark.parametrize("pitch", [None, F(1)])
def test_any_cut_of_the_pieces_gives_the_same_sound(pitch: Fraction | None) -> None:
    noise = np.random.default_rng(2).normal(0, 0.1, (2, 3 * RATE)).astype(np.float32)
    placed = lying("a", span(0, 3), rate=F(25, 24), pitch=pitch)
    whole = Voice(reader(noise), placed, first=0).take(20000)
    voice = Voice(reader(noise), placed, first=0)
    pieces = np.concatenate([voice.take(count) for count in (1, 999, 4000, 15000)], axis=1)
    assert np.abs(pieces - whole).max() < 1e-4


def test_a_stretched_click_stays_within_ten_milliseconds_of_its_moment() -> None:
    sound = tone(220, 6) * np.float32(0.1)
    for second in range(1, 6):
        sound[:, second * RATE : second * RATE + 48] += 0.8
    rate = F(25, 24)
    back = Voice(reader(sound), lying("a", span(0, 6), rate=rate, pitch=F(1)), first=0).take(6 * RATE)
    for second in range(1, 6):
        wanted = float(second * rate) * RATE
        near = back[0, int(wanted) - 4800 : int(wanted) + 4800]
        assert abs(int(np.argmax(np.abs(near))) - 4800) < 480


def test_silence_stays_silence_when_it_is_stretched() -> None:
    voice = Voice(reader(np.zeros((2, RATE), np.float32)), lying("a", span(0, 1), rate=F(9, 8), pitch=F(1)), first=0)
    assert not voice.take(RATE).any()
