"""Lines of sound made exact: offsets to milliseconds, with and without the work's samples; bounds to a tenth or two."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
import pytest

from holdfast.model.fingerprint import SoundTrack
from holdfast.restore.align.sound import by_peaks, by_samples, fitted, heard_extent, heard_spans
from holdfast.restore.landmarks import RATE, Landmarker, Peaks
from holdfast.testing.films import film_plan

SECONDS = 24


@dataclass(frozen=True)
class Proposed:
    offset_us: int
    start_us: int
    end_us: int
    rate: float = 1.0
    pitch: float = 1.0


@lru_cache
def sound(seed: int) -> np.ndarray:
    stereo = film_plan(seed, SECONDS, (64, 36)).samples(Fraction(0), Fraction(SECONDS))
    return stereo.mean(axis=0).reshape(-1, 6).mean(axis=1).astype(np.float32)


def landmarker(samples: np.ndarray) -> Landmarker:
    made = Landmarker()
    made.push(samples.astype(np.float32), 0)
    return made


@lru_cache
def track(seed: int) -> SoundTrack:
    return landmarker(sound(seed)).finish()


def cut(seed: int, start: float, end: float) -> np.ndarray:
    return sound(seed)[round(start * RATE) : round(end * RATE)]


def faster(samples: np.ndarray, speed: float) -> np.ndarray:
    return np.interp(np.arange(int(len(samples) / speed)) * speed, np.arange(len(samples)), samples).astype(np.float32)


@pytest.mark.parametrize("start_us", [3_000_000, 3_013_250, 3_027_500])
def test_landmarks_alone_tell_an_offset_to_a_few_milliseconds(start_us: int):
    copy = cut(0, start_us / 1e6, start_us / 1e6 + 12)
    fit = by_peaks(Proposed(start_us + 20_000, 0, 12_000_000), landmarker(copy).peaks(), track(0))
    assert abs(fit.offset_us + fit.rate * 6_000_000 - start_us - 6_000_000) < 4_000
    assert abs(fit.rate - 1) < 0.001
    assert fit.error_us < 4_000


def test_landmarks_alone_tell_the_speed_of_a_copy_to_a_thousandth():
    copy = faster(sound(0), 1.0417)
    proposed = Proposed(10_000, 0, 22_000_000, 1.04, 1.04)
    fit = by_peaks(proposed, landmarker(copy).peaks(), track(0))
    assert abs(fit.rate / 1.0417 - 1) < 0.001


@pytest.mark.parametrize("speed", [1.0, 0.96])
def test_the_samples_of_both_files_tell_an_offset_to_a_millisecond(speed: float):
    copy = faster(cut(1, 5, 20), speed)
    proposed = Proposed(5_040_000, 500_000, 14_000_000, speed, speed)
    fit = by_samples(proposed, copy, 0, sound(1), 0)
    assert abs(fit.offset_us + fit.rate * 7_000_000 - 5_000_000 - speed * 7_000_000) < 1_500
    assert abs(fit.rate - speed) < 0.0005


def test_noise_on_the_copy_does_not_move_its_offset():
    copy = cut(1, 5, 20)
    noisy = copy + np.random.default_rng(1).normal(0, float(copy.std()), len(copy)).astype(np.float32)
    fit = by_samples(Proposed(4_970_000, 0, 15_000_000), noisy, 0, sound(1), 0)
    assert abs(fit.offset_us - 5_000_000) < 2_000


def test_samples_that_do_not_fit_tell_nothing_about_the_line():
    fit = by_samples(Proposed(0, 0, 12_000_000), cut(0, 0, 12), 0, np.zeros(12 * RATE, np.float32), 0)
    assert fit.error_us == np.inf
    short = by_samples(Proposed(0, 0, 200_000), cut(0, 0, 1), 0, sound(0), 0)
    assert (short.count, short.error_us) == (0, np.inf)


def test_the_bounds_of_a_stretch_lie_where_the_sounds_change():
    copy = np.concatenate([cut(0, 5, 11), cut(1, 3, 12), cut(2, 9, 15)])
    spans = heard_spans(Proposed(-3_000_000, 7_500_000, 13_500_000), landmarker(copy).peaks(), track(1))
    assert len(spans) == 1
    assert abs(spans[0].start_us - 6_000_000) <= max(400_000, spans[0].start_room_us)
    assert abs(spans[0].end_us - 15_000_000) <= max(400_000, spans[0].end_room_us)
    assert spans[0].score > 0


def test_a_hole_in_a_stretch_parts_it_in_two():
    copy = sound(1).copy()
    copy[9 * RATE : 15 * RATE] = cut(0, 5, 11)
    spans = heard_spans(Proposed(0, 1_000_000, 23_000_000), landmarker(copy).peaks(), track(1))
    assert len(spans) == 2
    assert abs(spans[0].end_us - 9_000_000) < 700_000
    assert abs(spans[1].start_us - 15_000_000) < 700_000


def test_a_line_without_peaks_has_no_spans_and_no_fit():
    proposed = Proposed(0, 0, 5_000_000)
    assert heard_spans(proposed, Peaks.empty(), track(0)) == []
    assert by_peaks(proposed, Peaks.empty(), SoundTrack.empty()).error_us == np.inf


def test_a_fit_is_not_led_astray_by_a_third_of_wrong_pairs():
    rng = np.random.default_rng(5)
    copy = np.sort(rng.uniform(0, 30e6, 90))
    work = 2e6 + 1.01 * copy + rng.normal(0, 3_000, 90)
    work[::3] += rng.uniform(-40_000, 40_000, 30)
    fit = fitted(copy, work, np.ones(90), 1.0101, 1_999_000)
    assert abs(fit.rate - 1.01) < 0.0002
    assert abs(fit.offset_us - 2_000_000) < 3_000


def test_a_rate_that_pairs_cannot_tell_from_a_usual_one_is_that_one():
    rng = np.random.default_rng(2)
    copy = np.sort(rng.uniform(0, 4e6, 40))
    work = copy * 1.0005 + rng.normal(0, 5_000, 40)
    assert fitted(copy, work, np.ones(40), 1.001, 0.0, (0.96, 1.0)).rate == 1.0
    exact = fitted(copy, copy * 1.02, np.ones(40), 1.019, 0.0, (0.96, 1.0))
    assert abs(exact.rate - 1.02) < 1e-4


def test_the_extent_of_a_line_reaches_from_one_change_of_sound_to_the_other():
    copy = np.concatenate([sound(7)[: 6 * RATE], cut(2, 3, 15), sound(8)[: 6 * RATE]])
    line = Proposed(-3_000_000, 7_500_000, 14_000_000)
    start, end = heard_extent(line, landmarker(copy).peaks(), track(2))
    assert abs(start - 6_000_000) < 300_000
    assert abs(end - 18_000_000) < 300_000


def test_the_silence_at_both_ends_of_a_copy_belongs_to_its_extent():
    silence = np.zeros(RATE, np.float32)
    work = np.concatenate([cut(2, 0, 4), silence, cut(2, 5, 12), silence, cut(2, 13, 20)])
    copy = work[round(4.2 * RATE) : round(12.8 * RATE)]
    line = Proposed(4_200_000, 1_500_000, 7_000_000)
    both = landmarker(copy).peaks(), landmarker(work).finish()
    assert heard_extent(line, *both, 8_600_000) == (0, 8_600_000)
    assert heard_extent(line, *both)[1] < 8_200_000


def test_a_line_that_nothing_supports_keeps_its_own_bounds():
    line = Proposed(3_000_000, 1_000_000, 5_000_000)
    assert heard_extent(line, Peaks.empty(), track(0)) == (1_000_000, 5_000_000)
