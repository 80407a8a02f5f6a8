"""Bands and noise: the parts are the whole, what lasts is told from what does not, and patches find each other."""

from __future__ import annotations

import numpy as np
import pytest

from holdfast.restore.choose.bands import SIGMAS, Stack, banded, blurred, noise_of, shift_between, together
from tests.restore.choose.views import look, noisy, scenery

WHOLE = np.ones(16, np.bool_)


def patches(picture: np.ndarray) -> Stack:
    return np.ascontiguousarray(look(picture).patches[0].transpose(1, 2, 0), np.float32)


def test_the_bands_and_what_is_coarser_are_the_picture_again() -> None:
    stack = patches(scenery())
    parts = banded(stack)
    assert len(parts) == len(SIGMAS) - 1
    assert np.allclose(sum(parts) + blurred(stack, SIGMAS[-1]), stack, atol=0.01)


def test_noise_is_measured_in_a_picture_full_of_detail() -> None:
    picture = scenery()
    found = noise_of(patches(noisy(picture, 8, 1)), patches(noisy(picture, 8, 2)), WHOLE)
    # The calmest windows have about a quarter of the variance of white noise, of which brightness has a half.
    assert found.variance.sum() == pytest.approx(8**2 * 0.447 / 4.2, rel=0.3)
    clean = noise_of(patches(picture), patches(picture), WHOLE)
    assert clean.variance.sum() < 0.1
    assert found.lasting[0] < 1.5 * clean.lasting[0] + 2


def test_a_picture_that_moves_on_as_a_whole_is_no_noise() -> None:
    picture = scenery()
    found = noise_of(patches(picture), patches(np.roll(picture, 4, axis=1)), WHOLE)
    assert np.sqrt(found.variance.sum()) < 1.5


def test_patches_that_are_not_shown_wholly_lower_no_noise() -> None:
    one, other = patches(noisy(scenery(), 8, 1)), patches(noisy(scenery(), 8, 2))
    whole = np.arange(16) < 8
    one[..., ~whole] = other[..., ~whole] = 0
    assert noise_of(one, other, whole).variance.sum() > 4
    assert not noise_of(one, None, whole).is_known


def test_patches_that_lie_apart_are_found_and_laid_together() -> None:
    one, other = patches(scenery()), patches(np.roll(scenery(), 2, axis=1))
    assert shift_between(one, other) == pytest.approx((2, 0), abs=0.15)
    first, second = together(one, other)
    assert np.abs(first - second)[12:-12, 12:-12].mean() < np.abs(one - other)[12:-12, 12:-12].mean() / 2
    flat = np.zeros((64, 64, 3), np.float32)
    assert shift_between(flat, flat) == (0, 0)
