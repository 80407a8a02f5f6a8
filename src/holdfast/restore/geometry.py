"""Undoing what moved a work's picture inside a copy's: turns, mirrors, borders, crops, insets, a slanted telephone.

A work's picture lies in a copy's by a homography between shares (0 to 1) of width and height, see
`model.match.Geometry`. Undoing asks, for every pixel of the work's picture, where it lies in the copy; what lies
outside of the copy, or under its borders, is told by a mask and never invented.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from holdfast.model.edit import Placement
from holdfast.model.match import Geometry

Pixels = NDArray[np.uint8]
Mask = NDArray[np.uint8]
Matrix = NDArray[np.float64]

_QUARTERS = {0: 0, 90: 1, 180: 2, 270: 3}  # np.rot90 turns against the clock, so these undo


def held_upright(picture: Pixels, *, mirrored: bool, rotation: int) -> Pixels:
    """The copy's picture (h, w, 3) as it was before it was mirrored and then turned by `rotation` clockwise degrees."""
    back = np.rot90(picture, _QUARTERS[rotation % 360])
    return np.ascontiguousarray(back[:, ::-1] if mirrored else back)


def matrix_of(geometry: Geometry | None) -> Matrix:
    """The homography (3, 3) from places of the work's picture to places of the upright copy's, in shares."""
    return np.eye(3) if geometry is None else np.array(geometry.matrix, np.float64).reshape(3, 3)


def in_pixels(matrix: Matrix, work: tuple[int, int], copy: tuple[int, int]) -> Matrix:
    """The same homography from pixels of a work's picture of that (width, height) to pixels of a copy's.

    Pixels are counted at their middles, as OpenCV does: the share of pixel x is (x + 1/2) / width.
    """
    to_shares = np.array([[1 / work[0], 0, 0.5 / work[0]], [0, 1 / work[1], 0.5 / work[1]], [0, 0, 1]])
    to_pixels = np.array([[copy[0], 0, -0.5], [0, copy[1], -0.5], [0, 0, 1.0]])
    found: Matrix = to_pixels @ matrix @ to_shares
    return found


def undone(picture: Pixels, placement: Placement, size: tuple[int, int]) -> tuple[Pixels, Mask]:
    """The work's picture, of `size` (width, height), as far as the copy's picture (h, w, 3) holds it.

    And a mask (h, w) uint8: 255 where the copy shows it, 0 where it does not; there the picture is black.
    """
    upright = held_upright(picture, mirrored=placement.mirrored, rotation=placement.rotation)
    here = (upright.shape[1], upright.shape[0])
    if placement.geometry is None:
        how = cv2.INTER_AREA if size[0] < here[0] else cv2.INTER_CUBIC
        whole = upright if here == size else cv2.resize(upright, size, interpolation=how)
        return np.asarray(whole, np.uint8), np.full((size[1], size[0]), 255, np.uint8)
    warp = in_pixels(matrix_of(placement.geometry), size, here)
    shrinking = np.sqrt(abs(np.linalg.det(warp[:2, :2])))
    if shrinking > 1.5:  # a warp takes single pixels: what is made much smaller is made soft first
        sigma = float(shrinking) / 2.5
        upright = np.asarray(cv2.GaussianBlur(upright, (0, 0), sigma), np.uint8)
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    warped = cv2.warpPerspective(upright, warp, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    shown = cv2.warpPerspective(
        _inside(placement.geometry, here), warp, size, flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    )
    found = np.asarray(warped, np.uint8)
    # A pixel at the rim may lie half outside: it is taken from the one beside it, and not left black.
    mask = np.asarray(cv2.dilate(shown, np.ones((3, 3), np.uint8)), np.uint8)
    found[mask == 0] = 0
    return found, mask


def _inside(geometry: Geometry, copy: tuple[int, int]) -> Mask:
    """Which pixels of the copy belong to the work's picture: those of its box."""
    left, top, right, bottom = geometry.box
    inside = np.zeros((copy[1], copy[0]), np.uint8)
    rows = slice(max(0, round(top * copy[1])), max(0, round(bottom * copy[1])))
    columns = slice(max(0, round(left * copy[0])), max(0, round(right * copy[0])))
    inside[rows, columns] = 255
    return inside
