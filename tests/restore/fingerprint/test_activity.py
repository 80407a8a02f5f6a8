"""One byte for every frame, and where shots begin."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from holdfast.restore.fingerprint.activity import ActivityMeter, activity_of, likeness
from holdfast.testing.films import film_plan
from holdfast.testing.scenes import SceneKind
from holdfast.testing.truth import Transition


def measured(frames: Iterable[np.ndarray]) -> ActivityMeter:
    meter = ActivityMeter()
    for frame in frames:
        meter.push(np.ascontiguousarray(frame[..., 1] if frame.ndim == 3 else frame))
    meter.finish()
    return meter


def scenery(seed: int) -> np.ndarray:
    return film_plan(seed, 4, (320, 180), grain=0).frame(30)


def test_a_frame_shown_again_has_no_activity() -> None:
    picture = scenery(1)
    assert list(measured([picture, picture, picture]).values()) == [0, 0, 0]


def test_the_byte_grows_by_32_with_every_doubling_and_never_overflows() -> None:
    assert [activity_of(levels) for levels in (0, 0.5, 1.5, 3.5, 255)] == [0, 32, 64, 96, 255]


def test_grain_is_hardly_activity_and_movement_is() -> None:
    picture = scenery(1).astype(int)
    rng = np.random.default_rng(2)
    grainy = [np.clip(picture + rng.normal(0, 4, picture.shape), 0, 255).astype(np.uint8) for _ in range(6)]
    moving = [np.roll(picture, 6 * step, axis=1).astype(np.uint8) for step in range(6)]
    assert max(measured(grainy).values()) < 26  # a third of a level: means of 220 pixels
    assert min(measured(moving).values()[1:]) > 40


def test_a_mirrored_smaller_and_darker_copy_has_the_same_course() -> None:
    frames = list(film_plan(3, 8, (320, 180)).frames())
    work = np.array(measured(frames).values(), float)
    copies = ((frame[::2, ::-2] * 0.7).astype(np.uint8) for frame in frames)
    copy = np.array(measured(copies).values(), float)
    assert np.corrcoef(work, copy)[0, 1] > 0.97


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1, 5])
def test_hard_cuts_are_found_and_nothing_else(seed: int) -> None:
    plan = film_plan(seed, 20, (192, 108))
    scenes = plan.truth.scenes
    hard = {each.first for each in scenes[1:] if each.entry is Transition.CUT and each.kind is not SceneKind.BLACK}
    soft = {number for each in scenes for number in range(each.first - 2, each.first + 30) if each.first not in hard}
    found = set(measured(plan.frames()).cuts)
    assert len(hard & found) >= len(hard) - 1
    assert found - hard - soft == set()


def test_a_flash_is_no_cut_and_a_cut_is_one() -> None:
    one, other = scenery(1), scenery(2)
    white = np.full_like(one, 250)
    assert measured([one] * 8 + [white] + [one] * 8).cuts == []
    assert measured([one] * 8 + [other] * 8).cuts == [8]


def test_light_that_flickers_is_no_cut() -> None:
    dark = (scenery(1) * 0.4).astype(np.uint8)
    assert measured([scenery(1)] * 5 + [dark] * 5).cuts == []


def test_frames_of_any_size_are_measured_even_when_it_changes() -> None:
    sizes = [(1, 1), (5, 700), (15, 17), (2160, 16), (100, 100)]
    meter = measured(np.full(size, 100, np.uint8) for size in sizes)
    assert list(meter.values()) == [0] * len(sizes)


def test_likeness_does_not_depend_on_brightness() -> None:
    grid = np.random.default_rng(1).uniform(0, 200, (16, 16)).astype(np.float32)
    assert likeness(grid, grid * 0.5 + 20) == pytest.approx(1, abs=1e-4)
    assert likeness(grid, np.full((16, 16), 50, np.float32)) == 0
    assert likeness(np.zeros((16, 16), np.float32), np.full((16, 16), 50, np.float32)) == 1
