"""Copies are made as loud as the best one, by what they have in common, within bounds."""

from __future__ import annotations

import numpy as np
import pytest

from holdfast.restore.assemble.levels import RATE, LevelJoin, gains, loudness_blocks


def tone(hz: float, level: float = 0.25, seconds: float = 1) -> np.ndarray:
    return np.tile((level * np.sin(2 * np.pi * hz * np.arange(int(seconds * RATE)) / RATE)).astype(np.float32), (2, 1))


def blocks(level_db: float, count: int = 80) -> np.ndarray:
    return np.full(count, 10 ** (level_db / 10))


def test_a_tone_of_997_hz_at_full_scale_has_the_power_that_the_recommendation_says() -> None:
    # BS.1770-4: a stereo tone of 997 Hz at 0 dBFS reads -0.691 + 10 lg(2 * power), which is +0.0 with both channels.
    power = loudness_blocks(tone(997, 1.0))
    assert len(power) == 10
    assert -0.691 + 10 * np.log10(power.mean()) == pytest.approx(0.0, abs=0.1)


def test_deep_rumble_counts_less_than_speech() -> None:
    assert loudness_blocks(tone(30)).mean() < 0.2 * loudness_blocks(tone(1000)).mean()


def test_the_lesser_copy_is_brought_to_the_better_one() -> None:
    found = gains([LevelJoin("a", "b", blocks(-20), blocks(-26), True)], {"a": 100.0, "b": 10.0}, {})
    assert found["a"] == pytest.approx(1.0, abs=0.01)
    assert found["b"] == pytest.approx(10 ** (6 / 20), rel=0.01)


def test_a_chain_of_copies_is_levelled_through_the_one_between() -> None:
    told = [LevelJoin("a", "b", blocks(-20), blocks(-24), True), LevelJoin("b", "c", blocks(-24), blocks(-21), True)]
    found = gains(told, {"a": 9.0, "b": 1.0, "c": 1.0}, {})
    assert found["c"] == pytest.approx(10 ** (1 / 20), rel=0.02)


def test_a_jingle_over_one_of_them_does_not_count() -> None:
    disturbed = blocks(-20)
    disturbed[:25] *= 50
    found = gains([LevelJoin("a", "b", blocks(-20), disturbed, True)], {"a": 2.0, "b": 1.0}, {})
    assert found["b"] == pytest.approx(1.0, abs=0.01)


def test_no_gain_lifts_a_peak_above_full_scale() -> None:
    found = gains([LevelJoin("a", "b", blocks(-14), blocks(-26), True)], {"a": 2.0, "b": 1.0}, {"b": 0.8})
    assert found["b"] == pytest.approx(1.25)


def test_no_gain_is_larger_than_twelve_decibels() -> None:
    found = gains([LevelJoin("a", "b", blocks(-10), blocks(-40), True)], {"a": 2.0, "b": 1.0}, {})
    assert found["b"] <= 10 ** (12 / 20) * 1.001


def test_silence_tells_nothing_and_changes_nothing() -> None:
    found = gains([LevelJoin("a", "b", np.zeros(80), blocks(-26), True)], {"a": 2.0, "b": 1.0}, {})
    assert found == pytest.approx({"a": 1.0, "b": 1.0}, abs=0.01)


def test_without_a_common_moment_the_sides_of_the_join_are_compared_within_six_decibels() -> None:
    found = gains([LevelJoin("a", "b", blocks(-20), blocks(-35), False)], {"a": 2.0, "b": 1.0}, {})
    assert 10 ** (5 / 20) < found["b"] <= 10 ** (6 / 20) * 1.001
