"""The part of the picture that is not bars."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from holdfast.restore.fingerprint.borders import WHOLE, active_box
from holdfast.restore.fingerprint.thumbs import thumb
from holdfast.testing.films import film_plan
from holdfast.testing.scenes import SceneKind


@pytest.fixture(scope="module")
def scenes() -> list[np.ndarray]:
    plan = film_plan(2, 6, (320, 180), kinds=(SceneKind.TOWN, SceneKind.LEAVES))
    return [np.ascontiguousarray(plan.frame(number)[..., 1]) for number in range(20, 95, 6)]


def barred(scene: np.ndarray, top: int, bottom: int, left: int, right: int, color: int = 16) -> np.ndarray:
    """The scene in 320 x 180 with bars of so many pixels, in the noise of coding."""
    picture = np.full((180, 320), color, np.uint8)
    picture[top : 180 - bottom, left : 320 - right] = cv2.resize(scene, (320 - left - right, 180 - top - bottom))
    noise = np.random.default_rng(int(scene[0, 0])).normal(0, 1, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def box_of(frames: list[np.ndarray]) -> tuple[float, ...] | None:
    return active_box(np.stack([thumb(frame) for frame in frames]))


@pytest.mark.parametrize(
    ("bars", "color"),
    [((22, 22, 0, 0), 16), ((0, 0, 40, 40), 16), ((20, 20, 40, 40), 0), ((0, 40, 0, 60), 90), ((30, 30, 0, 0), 235)],
    ids=["letterbox", "pillarbox", "windowbox", "corner in gray", "white"],
)
def test_bars_of_one_color_are_taken_away(
    bars: tuple[int, int, int, int], color: int, scenes: list[np.ndarray]
) -> None:
    top, bottom, left, right = bars
    box = box_of([barred(scene, *bars, color) for scene in scenes])
    assert box == pytest.approx((left / 320, top / 180, 1 - right / 320, 1 - bottom / 180), abs=0.012)


def test_a_logo_in_a_bar_does_not_make_it_a_picture(scenes: list[np.ndarray]) -> None:
    frames = [barred(scene, 30, 30, 0, 0) for scene in scenes]
    for frame in frames:
        frame[8:24, 20:60] = 200
    assert box_of(frames) == pytest.approx((0, 1 / 6, 1, 5 / 6), abs=0.012)


def test_a_picture_without_bars_is_whole(scenes: list[np.ndarray]) -> None:
    assert box_of(scenes) == WHOLE


def test_bars_with_a_blurred_copy_of_the_picture_are_found(scenes: list[np.ndarray]) -> None:
    frames = []
    for scene in scenes:
        wide = cv2.GaussianBlur(cv2.resize(scene, (320, 568))[194:374], (0, 0), 9)
        wide[:, 110:210] = cv2.resize(scene[:, 110:210], (100, 180))
        frames.append(wide)
    box = box_of(frames)
    assert box is not None
    assert box == pytest.approx((110 / 320, 0, 210 / 320, 1), abs=0.012)


def test_of_black_nobody_can_say_where_the_picture_is() -> None:
    assert active_box(np.full((5, 128, 128), 16, np.uint8)) is None


def test_a_dark_scene_keeps_its_dark_edges(scenes: list[np.ndarray]) -> None:
    fall = np.linspace(0, 1, 180)[:, None] ** 1.5
    noise = np.random.default_rng(1)
    frames = [np.clip(scene * fall * 0.35 + 18 + noise.normal(0, 1, scene.shape), 0, 255) for scene in scenes]
    box = box_of([frame.astype(np.uint8) for frame in frames])
    assert box is None or box[1] < 0.2
