"""A frame of any size as 128 x 128 means."""

from __future__ import annotations

import numpy as np
import pytest

from holdfast.media.picture import Turn
from holdfast.restore.fingerprint.thumbs import halved, thumb, window


def waves(wide: int, high: int) -> np.ndarray:
    across, down = np.meshgrid((np.arange(wide) + 0.5) / wide, (np.arange(high) + 0.5) / high)
    return np.rint(128 + 60 * np.sin(9 * across) + 60 * np.cos(7 * down)).astype(np.uint8)


@pytest.mark.parametrize("size", [(854, 480), (1280, 720), (640, 360), (240, 128), (131, 77), (3000, 100), (16, 9)])
def test_the_thumb_of_a_scene_does_not_depend_on_the_size_it_came_in(size: tuple[int, int]) -> None:
    difference = np.abs(thumb(waves(*size)).astype(int) - waves(128, 128))
    assert difference.mean() < 3


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (7680, 2), (2, 4320)])
def test_a_frame_of_any_shape_has_a_thumb(size: tuple[int, int]) -> None:
    assert thumb(np.full(size[::-1], 77, np.uint8)).tolist() == np.full((128, 128), 77).tolist()


def test_a_thumb_is_upright() -> None:
    picture = waves(640, 360)
    turned = thumb(picture, Turn(is_transposed=True, is_mirrored=True))
    assert np.array_equal(turned, np.rot90(thumb(picture), -1))


def test_halving_stops_before_a_side_becomes_too_short() -> None:
    assert halved(waves(854, 480), (256, 144)).shape == (240, 427)
    assert halved(waves(255, 4000), (128, 128)).shape == (4000, 255)


def test_a_plane_with_padding_behind_its_rows_is_not_misread() -> None:
    padded = np.zeros((480, 896), np.uint8)
    padded[:, :854] = waves(854, 480)
    assert np.array_equal(thumb(padded[:, :854]), thumb(waves(854, 480)))


def test_a_window_is_the_part_that_its_box_names() -> None:
    picture = np.zeros((128, 128), np.uint8)
    picture[32:96, 64:] = 200
    assert window(picture, (0.5, 0.25, 1.0, 0.75), 64).tolist() == np.full((64, 64), 200).tolist()
    assert window(picture, (0.999, 0.0, 1.0, 0.001), 64).shape == (64, 64)
