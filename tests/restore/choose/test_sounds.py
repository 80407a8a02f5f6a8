"""Sounds beside each other: a narrow band, hiss, clipping and drop-outs each make a copy worse, loudness does not."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

import numpy as np
import pytest

from holdfast.restore.choose.hearing import Samples, listened
from holdfast.restore.choose.quality import SoundQuality
from holdfast.restore.choose.sounds import steadied_sounds, weighed
from holdfast.testing.films import film_plan
from holdfast.testing.resounding import band


@lru_cache
def music() -> Samples:
    return film_plan(1, 8, (64, 36)).samples(Fraction(2), Fraction(4))


def closeness(*copies: Samples) -> list[float]:
    found = weighed({number: listened(each) for number, each in enumerate(copies)})
    return [found[number].closeness for number in range(len(copies))]


def test_a_narrow_band_is_further_from_the_original_and_its_edge_is_told() -> None:
    narrow = band(music(), 0, 2500)
    whole, less = closeness(music(), narrow)
    assert whole > less + 0.1
    found = weighed({0: listened(music()), 1: listened(narrow)})
    assert found[1].bandwidth_hz < 6000
    assert found[0].bandwidth_hz > found[1].bandwidth_hz


def test_hiss_is_worse_and_is_no_signal_although_it_reaches_high() -> None:
    hiss = music() + np.random.default_rng(1).normal(0, 0.02, music().shape).astype(np.float32)
    clean, noisy = closeness(music(), hiss)
    assert clean > noisy + 0.05


def test_a_louder_copy_is_not_a_better_one() -> None:
    one, other = closeness(music() * 0.5, music())
    assert abs(one - other) < 0.02


def test_clipping_is_heard_and_measured() -> None:
    clipped = np.clip(music() * 6, -1, 1)
    assert listened(clipped).clipped > 0.001
    assert listened(music()).clipped < 0.0005
    whole, torn = closeness(music(), clipped)
    assert whole > torn


def test_drop_outs_are_counted_where_there_was_sound() -> None:
    broken = music().copy()
    broken[:, 20 * 2048 : 23 * 2048] = 0
    assert listened(broken).dropped > listened(music()).dropped


def test_mono_in_two_channels_is_one_channel_and_hum_stands_out() -> None:
    mono = np.repeat(music().mean(axis=0, keepdims=True), 2, axis=0)
    assert listened(mono).channels == 1
    assert listened(np.stack([music()[0], -music()[0]])).channels == 2
    time = np.arange(mono.shape[1]) / 48_000
    humming = mono + 0.1 * np.sin(2 * np.pi * 50 * time).astype(np.float32)
    assert listened(humming).hum_db > 10


def test_hiss_in_two_channels_makes_no_stereo() -> None:
    mono = np.repeat(music().mean(axis=0, keepdims=True), 2, axis=0)
    hiss = np.random.default_rng(2).normal(0, 0.01, mono.shape).astype(np.float32)
    assert listened(mono + hiss).channels == 1


def test_a_deep_note_is_no_hum() -> None:
    time = np.arange(music().shape[1]) / 48_000
    bass = 0.2 * np.sin(2 * np.pi * 55 * time).astype(np.float32)
    assert listened(music() + bass).hum_db < 10


def test_a_louder_copy_has_no_more_noise_and_a_dull_one_no_less() -> None:
    hiss = music() + np.random.default_rng(1).normal(0, 0.003, music().shape).astype(np.float32)
    found = weighed({0: listened(hiss), 1: listened(hiss * 0.25), 2: listened(band(hiss, 0, 2500))})
    assert found[1].noise_db == pytest.approx(found[0].noise_db, abs=0.5)
    assert found[2].noise_db == pytest.approx(found[0].noise_db, abs=2)


def test_what_is_said_of_two_sounds_in_one_stretch_is_drawn_to_what_is_said_elsewhere() -> None:
    def heard(*near: float) -> dict[int, SoundQuality]:
        return {number: SoundQuality(each, 10_000, -60) for number, each in enumerate(near)}

    found = steadied_sounds([heard(0.8, 0.7)] * 9 + [heard(0.7, 0.8), {}])
    assert found[9][0].closeness > found[9][1].closeness
    assert found[9][0].closeness + found[9][1].closeness == pytest.approx(1.5)
    assert found[10] == {}


def test_silence_is_no_failing_of_a_copy_and_nothing_is_nothing() -> None:
    silence = np.zeros_like(music())
    assert closeness(silence, silence) == [1.0, 1.0]
    assert weighed({}) == {}
