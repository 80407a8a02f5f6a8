"""Landmarks: the same wherever a recording begins, at any loudness and speed; none of silence and hum."""

from __future__ import annotations

import tracemalloc
from fractions import Fraction
from functools import lru_cache

import numpy as np
import pytest

from holdfast.restore import landmarks
from holdfast.restore.landmarks import HOP_US, RATE, Landmarker, kept_peaks, pitch_steps
from holdfast.testing.films import film_plan


@lru_cache
def spoken(seed: int = 1, seconds: int = 16) -> np.ndarray:
    stereo = film_plan(seed, seconds, (64, 36)).samples(Fraction(0), Fraction(seconds))
    return stereo.mean(axis=0).reshape(-1, 6).mean(axis=1).astype(np.float32)


def heard(samples: np.ndarray, *, time_us: int = 0, block: int = 8000) -> Landmarker:
    landmarker = Landmarker()
    for first in range(0, len(samples), block):
        landmarker.push(samples[first : first + block].astype(np.float32), time_us + first * 125)
    return landmarker


def shared(one: Landmarker, other: Landmarker) -> float:
    first, second = one.finish(), other.finish()
    pairs = set(zip(first.keys.tolist(), first.times.tolist(), strict=True))
    return len(pairs & set(zip(second.keys.tolist(), second.times.tolist(), strict=True))) / max(len(pairs), 1)


def test_another_rate_of_samples_is_refused_at_once():
    with pytest.raises(ValueError, match="8000 samples"):
        Landmarker(44100)


def test_speech_and_music_have_some_landmarks_each_second_and_are_heard():
    track = heard(spoken()).finish()
    assert 3 * 16 < len(track) < 30 * 16
    assert (np.diff(track.times) >= 0).all()
    assert track.times[-1] * HOP_US < 16_000_000
    assert (track.heard[:, 1] - track.heard[:, 0]).sum() > 8_000_000


def test_blocks_of_any_size_give_the_same_landmarks():
    whole, pieces = heard(spoken(), block=10**6), heard(spoken(), block=777)
    assert shared(whole, pieces) == 1.0


@pytest.mark.slow
def test_a_long_sound_is_heard_block_by_block_as_it_would_be_at_once():
    long = np.concatenate([spoken(seed) for seed in (1, 2, 3, 4, 5)])
    late = heard(long[32 * RATE :], time_us=32_000_000)
    early = heard(long).finish()
    same = np.isin(late.finish().times[40:], early.times)
    assert same.mean() > 0.95


def test_loudness_does_not_matter_to_what_is_heard():
    loud, quiet = heard(spoken()), heard(spoken() * np.float32(0.01))
    assert shared(loud, quiet) > 0.6
    assert len(quiet.finish().heard)


@pytest.mark.parametrize("what", ["silence", "hum", "noise", "one sample"])
def test_silence_and_hum_and_steady_noise_are_not_heard(what: str):
    times = np.arange(20 * RATE) / RATE
    noise = np.random.default_rng(1).normal(0, 0.1, len(times))
    hum = sum(np.sin(2 * np.pi * 50 * number * times) for number in range(1, 30)) * 0.02
    samples = {"silence": times * 0, "hum": hum, "noise": noise, "one sample": np.ones(1)}[what]
    track = heard(samples).finish()
    assert len(track.heard) == 0
    assert len(track) < (100 if what == "noise" else 1)


def test_a_gap_between_blocks_is_silence_of_that_length():
    landmarker = Landmarker()
    landmarker.push(spoken()[: 8 * RATE], 0)
    landmarker.push(spoken()[8 * RATE :], 108_000_000)
    split = landmarker.finish()
    whole = heard(spoken()).finish()
    later = split.times[split.times * HOP_US > 110_000_000] - 100_000_000 // HOP_US
    assert np.isin(later, whole.times).mean() > 0.8
    assert not ((split.times * HOP_US > 10_000_000) & (split.times * HOP_US < 107_000_000)).any()


def test_a_block_that_overlaps_the_one_before_counts_once():
    landmarker = Landmarker()
    for first in range(0, len(spoken()), RATE):
        landmarker.push(spoken()[max(first - 2000, 0) : first + RATE], max(first - 2000, 0) * 125)
    assert shared(heard(spoken()), landmarker) == 1.0


def test_a_jump_of_days_costs_no_memory_and_no_time():
    landmarker = Landmarker()
    landmarker.push(spoken()[: 4 * RATE], 0)
    landmarker.push(spoken()[4 * RATE :], 10**11)
    assert landmarker.peaks().times[-1] > 10**11


def test_broken_numbers_among_the_samples_do_no_harm():
    samples = spoken().copy()
    samples[5000] = np.nan
    samples[9000] = np.inf
    assert len(heard(samples).finish()) > 40


def test_a_sound_played_faster_has_the_keys_of_the_work_at_its_own_speed():
    places = np.arange(int(len(spoken()) / 1.06)) * 1.06
    fast = np.interp(places, np.arange(len(spoken())), spoken())
    work, copy = heard(spoken()).finish(), heard(fast).peaks()
    at_speed, plain = copy.pairs(1.06, 1.06), copy.pairs()
    assert np.isin(work.keys, at_speed.keys).mean() > 0.4
    assert np.isin(work.keys, plain.keys).mean() < 0.2


def test_the_peaks_a_work_keeps_can_be_read_back_from_its_keys():
    landmarker = heard(spoken())
    peaks = landmarker.peaks()
    times, steps = kept_peaks(landmarker.finish(), 0, 16_000_000)
    own = pitch_steps(peaks.pitches)
    for time, step in zip(times[::7].tolist(), steps[::7].tolist(), strict=True):
        near = np.abs(peaks.times - time) <= HOP_US
        assert np.abs(own[near] - step).min() <= 0.51


def test_a_work_that_is_never_asked_about_has_the_same_landmarks_of_fewer_peaks():
    long = np.concatenate([spoken()] * 8)  # several blocks of spectrum
    work = Landmarker(is_work=True)
    work.push(long, 0)
    asked = heard(long)
    made, wanted = work.finish(), asked.finish()
    assert np.array_equal(made.keys, wanted.keys)
    assert np.array_equal(made.times, wanted.times)
    assert np.array_equal(made.heard, wanted.heard)
    assert len(work.peaks()) < 0.7 * len(asked.peaks())


@pytest.mark.parametrize("at_once", [1, 7, 100])
def test_landmarks_are_the_same_however_many_peaks_are_paired_at_once(
    monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    whole = heard(spoken()).finish()
    monkeypatch.setattr(landmarks, "_ANCHORS_AT_ONCE", at_once)
    parts = heard(spoken()).finish()
    assert len(whole) > 200
    assert np.array_equal(parts.keys, whole.keys)
    assert np.array_equal(parts.times, whole.times)


@pytest.mark.slow
def test_two_hours_of_a_work_are_heard_and_paired_in_as_much_memory_as_half_an_hour() -> None:
    minute = np.tile(spoken(), 4)[: 60 * RATE]
    peaks, counts = [], []
    for minutes in (30, 120):
        tracemalloc.start()
        landmarker = Landmarker(is_work=True)
        for number in range(minutes):
            landmarker.push(minute, number * 60_000_000)
        counts.append(len(landmarker.finish()))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert counts[1] > 3.9 * counts[0] > 40_000
    assert peaks[1] < 1.05 * peaks[0]


def test_the_rank_of_a_peak_is_how_many_of_its_band_near_it_are_stronger_also_across_blocks():
    peaks = heard(np.concatenate([spoken()] * 8)).peaks()
    bands = np.searchsorted((750, 1600), peaks.pitches)
    assert (np.diff(peaks.times) >= 0).all()
    for row in range(0, len(peaks), 9):
        near = (np.abs(peaks.times - peaks.times[row]) <= 500_000) & (bands == bands[row])
        assert peaks.ranks[row] >= (near & (peaks.heights > peaks.heights[row])).sum()
        assert peaks.ranks[row] < 7


def test_nothing_pushed_gives_an_empty_track():
    track = Landmarker().finish()
    assert len(track) == len(track.heard) == 0
