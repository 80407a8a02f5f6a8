"""Colors: gray is a loss beside color, a tint that can be mended is none."""

from __future__ import annotations

import cv2
import numpy as np

from holdfast.restore.choose.colors import likeness_of_colors
from tests.restore.choose.views import look, scenery


def gray(picture: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)


def test_a_gray_copy_has_lost_what_others_still_have() -> None:
    picture = scenery()
    found = likeness_of_colors([look(picture), look(gray(picture))])
    assert found[0] > 0.95
    assert found[1] < 0.5


def test_a_film_that_is_gray_everywhere_has_lost_nothing() -> None:
    picture = gray(scenery())
    assert min(likeness_of_colors([look(picture), look(picture)])) > 0.99


def test_a_tint_is_not_a_loss_because_assembly_takes_it_away() -> None:
    picture = scenery()
    warm = np.clip(picture * np.array([1.1, 1.0, 0.85]), 0, 255).astype(np.uint8)
    assert min(likeness_of_colors([look(picture), look(picture), look(warm)])) > 0.6


def test_copies_that_show_nothing_in_common_are_not_held_against_each_other() -> None:
    left = np.zeros((240, 320), bool)
    left[:, :100] = True
    assert likeness_of_colors([look(scenery(), shown=left), look(scenery(), shown=~left)]) == [1.0, 1.0]


def test_of_two_copies_in_color_neither_is_called_poor() -> None:
    picture = scenery()
    warm = np.clip(picture[..., ::-1] * np.array([1.1, 1.0, 0.85]), 0, 255).astype(np.uint8)
    assert likeness_of_colors([look(picture), look(warm)]) == [1.0, 1.0]
    assert likeness_of_colors([look(picture), look(warm), look(gray(picture))])[2] < 0.5


def test_a_logo_is_not_the_color_of_a_film_that_has_little() -> None:
    pale = gray(scenery()) // 3 + np.array([10, 14, 12], np.uint8)
    logo = pale.copy()
    cv2.rectangle(logo, (240, 20), (300, 60), (200, 30, 40), -1)
    assert min(likeness_of_colors([look(pale), look(logo)])) > 0.95
    assert likeness_of_colors([look(pale), look(logo), look(pale)])[::2] == [1.0, 1.0]
