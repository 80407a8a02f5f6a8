"""Two films of the same movement are aligned to a frame, whatever their frame rates."""

from __future__ import annotations

import numpy as np
import pytest

from holdfast.model.fingerprint import FrameTrack
from holdfast.restore.align.activity import best_shift


def change(moments_s: np.ndarray, seed: int = 7) -> np.ndarray:
    """How far a film has changed until each moment: jumps at cuts, and a movement that swells and ebbs."""
    random = np.random.default_rng(seed)
    cuts = np.sort(random.uniform(0, 60, 15))
    swell = sum(np.sin(moments_s * rate + phase) for rate, phase in random.uniform(0.5, 7, (6, 2)))
    fine = np.arange(0, 61, 0.001)
    speed = np.interp(fine, moments_s, np.abs(swell) * 4)
    return np.interp(moments_s, fine, np.cumsum(speed) * 0.001 * 20) + 60 * np.searchsorted(cuts, moments_s)


def film(rate: float, start_s: float, length_s: float, seed: int = 7) -> FrameTrack:
    """Frames at `rate` of the stretch from `start_s` on."""
    at = np.arange(0, length_s, 1 / rate)
    steps = np.diff(change(at + start_s, seed), prepend=change(np.array([start_s - 1 / rate]), seed))
    activity = np.clip(np.rint(32 * np.log2(1 + 2 * np.maximum(steps, 0))), 0, 255).astype(np.uint8)
    return FrameTrack(np.rint(at * 1e6).astype(np.int64), activity, np.empty(0, np.int32))


@pytest.mark.parametrize(("rate", "off_ms"), [(25.0, 300), (25.0, -120), (30.0, 200), (12.5, 260)])
def test_a_copy_is_aligned_to_less_than_a_frame_of_its_own(rate: float, off_ms: int) -> None:
    work, copy = film(25.0, 0, 60), film(rate, 20.0, 20)
    shift = best_shift(copy, work, 1.0, 20_000_000 - off_ms * 1000, (0, 20_000_000), 600_000)
    assert shift is not None
    assert abs(shift.by_us - off_ms * 1000) < 1e6 / rate
    assert shift.likeness > 0.5


def test_another_film_is_not_like_it_at_any_shift() -> None:
    shift = best_shift(film(25, 0, 20, seed=8), film(25, 0, 60), 1.0, 20_000_000, (0, 20_000_000), 600_000)
    assert shift is None or shift.likeness < 0.45


def test_a_film_that_does_not_move_has_no_word() -> None:
    still = FrameTrack(np.arange(500) * 40_000, np.zeros(500, np.uint8), np.empty(0, np.int32))
    assert best_shift(still, film(25, 0, 60), 1.0, 0, (0, 20_000_000), 600_000) is None
    assert best_shift(FrameTrack.empty(), film(25, 0, 60), 1.0, 0, (0, 20_000_000), 600_000) is None
