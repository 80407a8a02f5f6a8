"""A place that points told roughly is made exact by what the straightened pictures come nearest to."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from holdfast.restore.fingerprint import pdq
from holdfast.restore.match.placing import placed_exactly, warped

INSET = np.array([[0.7, 0, 0.2], [0, 0.7, 0.1], [0, 0, 1.0]])


def scene(seed: int) -> np.ndarray:
    """A picture (128, 128) uint8 of soft blots."""
    blots = np.random.default_rng(seed).integers(0, 256, (9, 9)).astype(np.uint8)
    return np.asarray(cv2.resize(blots, (128, 128), interpolation=cv2.INTER_CUBIC))


def inset_of(picture: np.ndarray) -> np.ndarray:
    """A copy that shows the picture at `INSET`, over another one."""
    in_pixels = np.diag([128, 128, 1]) @ INSET @ np.diag([1 / 128, 1 / 128, 1])
    canvas = scene(77).copy()
    return cv2.warpPerspective(picture, in_pixels, (128, 128), canvas, borderMode=cv2.BORDER_TRANSPARENT)


def hash_of(picture: np.ndarray) -> np.ndarray:
    return pdq.hashes(pdq.coefficients(pdq.means(picture[None])))


def moved(x: float, y: float) -> np.ndarray:
    return INSET @ np.array([[1, 0, x], [0, 1, y], [0, 0, 1.0]])


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_place_that_is_off_by_a_tenth_is_put_right(mirrored: bool) -> None:
    copies = [inset_of(scene(seed)) for seed in (1, 2)]
    thumbs = np.stack([copy[:, ::-1] if mirrored else copy for copy in copies])
    near = [hash_of(scene(seed)) for seed in (1, 2)]
    place, apart = placed_exactly(moved(0.1, -0.06), thumbs, near, mirrored=mirrored)
    assert np.abs(place - INSET).max() < 0.02
    assert apart < 45


def test_a_place_that_is_right_is_left_as_it_is() -> None:
    thumbs = inset_of(scene(1))[None]
    place, apart = placed_exactly(INSET, thumbs, [hash_of(scene(1))], mirrored=False)
    assert np.abs(place - INSET).max() < 0.01
    assert apart < 45


def test_where_the_work_is_not_no_place_comes_near_to_it() -> None:
    _, apart = placed_exactly(INSET, scene(5)[None], [hash_of(scene(1))], mirrored=False)
    assert apart > 60


def test_any_picture_that_the_work_may_show_there_will_do() -> None:
    near = [np.concatenate([hash_of(scene(9)), hash_of(scene(1))])]
    assert placed_exactly(INSET, inset_of(scene(1))[None], near, mirrored=False)[1] < 45


def test_the_part_of_a_copy_where_the_work_lies_is_the_work() -> None:
    seen = warped(inset_of(scene(1)), INSET, 64, mirrored=False).astype(int)
    assert seen.shape == (64, 64)
    assert np.abs(seen - cv2.resize(scene(1), (64, 64), interpolation=cv2.INTER_AREA)).mean() < 6
