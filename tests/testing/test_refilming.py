"""A filmed screen lies where its corners say, a tape smears its colors, and both are the same for the same seed."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from holdfast.testing.alterations import Alteration, Pixels
from holdfast.testing.refilming import Filmed, Noise, Taped, noisy

CORNERS = ((0.15, 0.1), (0.9, 0.2), (0.85, 0.85), (0.1, 0.9))
QUIET = {"shake": 0.0, "blur": 0.3, "glare": 0.0, "flicker": 0.0, "noise": 0.0}


def picture(seed: int = 1) -> Pixels:
    blots = np.random.default_rng(seed).integers(0, 256, (9, 16, 3)).astype(np.uint8)
    return np.asarray(cv2.resize(blots, (320, 180), interpolation=cv2.INTER_CUBIC))


@pytest.mark.parametrize(
    "change", [Filmed((320, 240), CORNERS, 4), Taped(4), Noise(5.0, 4)], ids=["film", "tape", "noise"]
)
def test_a_frame_is_the_same_whenever_it_is_asked_for(change: Alteration) -> None:
    first = change(picture(), 3)
    change(picture(), 9)
    assert (change(picture(), 3) == first).all()
    assert (change(picture(), 4) != first).any()


def test_a_filmed_screen_lies_between_its_corners() -> None:
    change = Filmed((320, 240), CORNERS, 4, **QUIET)
    seen = change(np.full((180, 320, 3), 255, np.uint8), 0)
    assert change.size_of((320, 180)) == (320, 240)
    for x, y in ((0.25, 0.25), (0.5, 0.5), (0.8, 0.75)):
        assert seen[int(y * 240), int(x * 320)].min() > 90
    assert seen[2, 2].max() < 40


def test_the_matrix_of_a_filmed_screen_takes_corners_to_corners() -> None:
    places = Filmed((320, 240), CORNERS, 4).matrix((320, 180)) @ np.array([[0, 1, 1, 0], [0, 0, 1, 1], [1, 1, 1, 1]])
    assert np.allclose((places[:2] / places[2]).T, CORNERS, atol=1e-6)


def test_a_hand_that_shakes_moves_the_screen_between_frames() -> None:
    still, shaken = (Filmed((320, 240), CORNERS, 4, **QUIET | {"shake": shake}) for shake in (0.0, 0.01))
    assert (still(picture(), 0) == still(picture(), 30)).all()
    assert np.abs(shaken(picture(), 0).astype(int) - shaken(picture(), 30)).mean() > 0.5


def test_a_lamp_on_the_glass_only_brightens_it() -> None:
    dark = Filmed((320, 240), CORNERS, 4, **QUIET)(picture(), 0).astype(int)
    lit = Filmed((320, 240), CORNERS, 4, **QUIET | {"glare": 0.5})(picture(), 0).astype(int)
    assert (lit - dark).min() >= -1
    assert (lit - dark).mean() > 3


def test_a_tape_smears_color_further_than_light() -> None:
    halves = np.zeros((180, 320, 3), np.uint8)
    halves[:, :160], halves[:, 160:] = (200, 60, 60), (60, 60, 200)
    taped = Taped(4, smear=12, jitter=0.0, snow=0.0)(halves, 0)[40:140]
    color = cv2.cvtColor(taped, cv2.COLOR_RGB2YCrCb).astype(float).mean(axis=0)
    width = [int((np.abs(np.diff(color[:, channel])) > 0.5).sum()) for channel in (0, 1)]
    assert width[1] > width[0]


def test_grain_has_the_strength_that_was_asked_for() -> None:
    flat = np.full((180, 320, 3), 128, np.uint8)
    grain = noisy(flat, 6.0, (1, 2)).astype(float) - 128
    assert abs(grain.std() - 6) < 0.6
    assert abs(grain.mean()) < 0.8
