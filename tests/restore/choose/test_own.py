"""A copy's own pixels: coding blocks, combed fields and repeated frames are told from what films look like."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from holdfast.restore.choose.own import blocking_of, brightness, combing_of, own_figures
from tests.restore.choose.views import scenery


@pytest.mark.parametrize("phase", [0, 3])
def test_a_grid_of_blocks_is_seen_wherever_it_begins(phase: int) -> None:
    luma = brightness(scenery())
    blocks = cv2.resize(
        cv2.resize(luma, (40, 30), interpolation=cv2.INTER_AREA), (320, 240), interpolation=cv2.INTER_NEAREST
    )
    mixed = (0.4 * luma + 0.6 * blocks)[:, phase:]
    assert blocking_of(mixed) > blocking_of(luma[:, phase:]) + 0.2
    assert blocking_of(luma) < 0.15


def test_two_fields_that_have_moved_apart_are_combed_and_one_picture_is_not() -> None:
    still = brightness(scenery())
    moved = np.roll(still, 6, axis=1)
    woven = still.copy()
    woven[1::2] = moved[1::2]
    assert combing_of(woven) > 0.1
    assert combing_of(still) < 0.02


def test_a_frame_shown_again_is_told_from_one_that_moved_on() -> None:
    picture = scenery()
    assert own_figures(picture, picture, picture.copy(), 25.0).is_repeated == 1
    assert own_figures(picture, picture, np.roll(picture, 3, axis=1), 25.0).is_repeated == 0
    assert np.isnan(own_figures(picture, picture, None, 25.0).is_repeated)


def test_blocks_that_a_coder_left_as_they_were_are_frozen() -> None:
    now = scenery()
    after = np.roll(now, 5, axis=1)
    after[:, :160] = now[:, :160]
    assert own_figures(now, now, after, 25.0).frozen == pytest.approx(0.5, abs=0.05)
    assert own_figures(now, now, None, 25.0).frozen == 0


def test_a_picture_too_small_for_blocks_has_none() -> None:
    tiny = np.zeros((4, 4, 3), np.uint8)
    figures = own_figures(tiny, tiny, None, 25.0)
    assert (figures.blocking, figures.combing) == (0.0, 0.0)
