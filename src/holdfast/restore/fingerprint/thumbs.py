"""A frame of any size and shape as 128 x 128 means of its brightness.

The shape is given up: a picture of 4:3 and the same one stretched to 16:9 have one thumb. Means are taken in two steps,
because OpenCV halves a picture in a thirtieth of the time in which it takes means over uneven blocks: 15 and then 135
microseconds instead of 430 for 854 x 480.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from holdfast.media.picture import Turn
from holdfast.media.samples import upright

SIDE = 128

Thumbs = NDArray[np.uint8]


def thumb(luma: NDArray[np.uint8], turn: Turn = Turn()) -> Thumbs:  # noqa: B008 - a frozen value
    """The (128, 128) uint8 of a plane (h, w) uint8, upright."""
    small = _scaled(halved(luma, 2 * SIDE), SIDE, SIDE)
    return np.ascontiguousarray(upright(small, turn))


def halved(plane: NDArray[np.uint8], least_px: int) -> NDArray[np.uint8]:
    """The plane halved as often as both of its sides still have `least_px`; an odd last row or column is left out."""
    while min(plane.shape) >= least_px:
        high, wide = plane.shape[0] // 2, plane.shape[1] // 2
        plane = _resized(plane[: 2 * high, : 2 * wide], wide, high, cv2.INTER_AREA)
    return plane


def window(picture: Thumbs, box: tuple[float, float, float, float], side: int) -> Thumbs:
    """A part of a picture, (side, side) uint8; `box` is left, top, right, bottom in shares, to the nearest pixel."""
    high, wide = picture.shape
    left, right = _whole(box[0] * wide, box[2] * wide, wide)
    top, bottom = _whole(box[1] * high, box[3] * high, high)
    return _scaled(picture[top:bottom, left:right], side, side)


def _whole(start: float, end: float, limit: int) -> tuple[int, int]:
    first = min(max(round(start), 0), limit - 1)
    return first, min(max(round(end), first + 1), limit)


def _scaled(plane: NDArray[np.uint8], wide: int, high: int) -> NDArray[np.uint8]:
    # Means where a side shrinks, straight lines where it grows: first the one, then the other.
    shrunk = min(wide, plane.shape[1]), min(high, plane.shape[0])
    if shrunk != plane.shape[::-1]:
        plane = _resized(plane, *shrunk, cv2.INTER_AREA)
    return plane if shrunk == (wide, high) else _resized(plane, wide, high, cv2.INTER_LINEAR)


def _resized(plane: NDArray[np.uint8], wide: int, high: int, how: int) -> NDArray[np.uint8]:
    result: Any = cv2.resize(plane, (wide, high), interpolation=how)
    return np.asarray(result, np.uint8).reshape(high, wide)
