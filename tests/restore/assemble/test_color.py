"""Casts of colour are found from what both copies show, and left alone where that does not explain them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from holdfast.restore.assemble.color import NONE, Compared, Correction, corrections, fitted, is_one_shot

FULL = np.full((90, 160), 255, np.uint8)


def scenery(seed: int = 7) -> np.ndarray:
    rough = np.random.default_rng(seed).integers(20, 200, (9, 16, 3)).astype(np.uint8)
    return np.asarray(cv2.resize(rough, (160, 90), interpolation=cv2.INTER_CUBIC), np.uint8)


def cast(picture: np.ndarray, gain: tuple[float, ...], offset: tuple[float, ...]) -> np.ndarray:
    return np.clip(np.rint(picture * np.array(gain) + np.array(offset)), 0, 255).astype(np.uint8)


def test_a_cast_is_found_and_undone_although_a_logo_lies_over_it() -> None:
    ours = scenery()
    theirs = cast(ours, (0.9, 1.0, 1.15), (5, -4, -10))
    theirs[5:25, 120:155] = (200, 30, 40)
    change, likeness = fitted([Compared(ours, theirs, FULL)])
    assert likeness > 0.95
    back = change.applied(theirs)
    assert np.abs(back[30:].astype(int) - ours[30:]).mean() < 1.5


def test_copies_of_one_colour_are_not_changed() -> None:
    noise = np.random.default_rng(3).normal(0, 4, (90, 160, 3))
    noisy = np.clip(scenery() + noise, 0, 255).astype(np.uint8)
    change, _ = fitted([Compared(scenery(), noisy, FULL)])
    assert change.is_none
    assert change.applied(noisy) is noisy


def test_another_picture_explains_nothing() -> None:
    assert fitted([Compared(scenery(1), scenery(2), FULL)]) == (NONE, 0.0)


def test_too_little_in_common_explains_nothing() -> None:
    little = np.zeros_like(FULL)
    little[:10, :10] = 255
    assert fitted([Compared(scenery(), scenery(), little)]) == (NONE, 0.0)
    assert fitted([]) == (NONE, 0.0)


def test_corrections_keep_within_bounds() -> None:
    change, _ = fitted([Compared(scenery(), cast(scenery(), (0.4, 0.4, 0.4), (0, 0, 0)), FULL)])
    assert max(change.gain) <= 1.4


def test_a_correction_and_its_way_back_change_nothing() -> None:
    change = Correction((1.1, 0.9, 1.0), (4.0, -3.0, 0.0))
    assert change.then(change.back()).is_none


def test_each_copy_is_brought_to_the_best_by_way_of_others() -> None:
    lighter, redder = Correction(offset=(10.0, 10.0, 10.0)), Correction(gain=(1.2, 1.0, 1.0))
    found = corrections([("a", "b", lighter, 5.0), ("c", "b", redder, 3.0)], {"a": 9.0, "b": 1.0, "c": 1.0, "d": 1.0})
    assert found["a"] == NONE
    assert found["b"] == lighter
    assert found["c"].gain[0] == pytest.approx(1 / 1.2)
    assert found["c"].offset[1] == pytest.approx(10)
    assert found["d"] == NONE


def test_what_explains_nothing_leads_nowhere() -> None:
    assert corrections([("a", "b", Correction(offset=(9.0, 9.0, 9.0)), 0.0)], {"a": 2.0, "b": 1.0})["b"] == NONE


def test_frames_of_one_shot_are_told_from_a_cut() -> None:
    assert is_one_shot(scenery(), np.roll(scenery(), 1, axis=1))
    assert not is_one_shot(scenery(1), scenery(2))
    assert not is_one_shot(np.zeros((90, 160, 3), np.uint8), np.zeros((90, 160, 3), np.uint8))
