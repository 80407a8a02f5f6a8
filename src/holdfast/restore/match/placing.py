"""The exact place of a work's picture in a copy's, from a place that points told roughly.

Points of a frame of the copy are compared with a frame of the work that may be a second away. Where the camera moves,
the place that follows is off by as much as the camera moved meanwhile, and six in a hundred of the picture are enough
for hashes not to agree at all. So places around it are tried: that one is right at which the straightened pictures come
nearest to some picture of the work in those seconds.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from holdfast.model.fingerprint import Bits
from holdfast.restore.fingerprint import pdq

Matrix = NDArray[np.float64]

# Steps across, down and in size, in shares of the work's picture: first wide, then around the best of those.
_ROUNDS = ((0.05, 3, (0.93, 1.0, 1.07)), (0.02, 2, (0.97, 1.0, 1.03)), (0.008, 2, (0.99, 1.0, 1.01)))
_SIDE = 64
_BETTER_BITS = 3.0


def warped(thumb: NDArray[np.uint8], to_copy: Matrix, side: int, *, mirrored: bool) -> NDArray[np.uint8]:
    """The part of a thumb where the work lies, (side, side): `to_copy` takes its shares to those of the copy."""
    picture = np.ascontiguousarray(thumb[:, ::-1]) if mirrored else thumb
    scale = np.diag([thumb.shape[1], thumb.shape[0], 1]) @ to_copy @ np.diag([1 / side, 1 / side, 1])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    made = cv2.warpPerspective(picture, scale, (side, side), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(made, np.uint8)


def placed_exactly(
    matrix: Matrix, thumbs: NDArray[np.uint8], near: list[Bits], *, mirrored: bool
) -> tuple[Matrix, float]:
    """The place near to `matrix` at which `thumbs` agree best with the work, and their mean distance there.

    Args:
        matrix: takes shares of the work's picture to those of the copy's.
        thumbs: of the copy (t, 128, 128), some that the work should be seen in.
        near: for each of them the hashes (h, 4) of the work's whole picture that it may show.
        mirrored: whether the copy is to be held in a mirror first.
    """
    best, least = matrix, _apart([matrix], thumbs, near, mirrored=mirrored)[0]
    for step, reach, sizes in _ROUNDS:
        center = best
        tried = [center @ _moved(x * step, y * step, size) for size in sizes for x, y in _grid(reach)]
        apart = _apart(tried, thumbs, near, mirrored=mirrored)
        number = int(np.argmin(apart))
        if apart[number] < least - (_BETTER_BITS if best is matrix else 0.0):
            best, least = tried[number], apart[number]
    return best, least


def _grid(reach: int) -> list[tuple[int, int]]:
    steps = range(-reach, reach + 1)
    return [(x, y) for x in steps for y in steps]


def _moved(x: float, y: float, size: float) -> Matrix:
    """The work's picture moved by shares of itself, and made larger about its middle."""
    return np.array([[size, 0, x + (1 - size) / 2], [0, size, y + (1 - size) / 2], [0, 0, 1]])


def _apart(tried: list[Matrix], thumbs: NDArray[np.uint8], near: list[Bits], *, mirrored: bool) -> list[float]:
    """The mean distance of the thumbs to what they may show, at each place."""
    totals = np.zeros(len(tried))
    for thumb, theirs in zip(thumbs, near, strict=True):
        seen = np.stack([warped(thumb, place, _SIDE, mirrored=mirrored) for place in tried])
        hashes = pdq.hashes(pdq.coefficients(pdq.means(seen)))
        totals += pdq.distance(hashes[:, None], theirs[None]).min(axis=1)
    return [float(total) for total in totals / max(len(thumbs), 1)]
