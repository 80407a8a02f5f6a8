"""Where something lies over a copy's picture: logos, subtitles, hands; seen because other copies do not have it.

Copies are laid beside each other small and soft, so that neither coding nor detail matters, and two disagree in a place
where nearly nothing of one's structure is found in the other. Of three and more copies, one is overlaid where it
disagrees with most while others agree; of two it is the one that has the edges along the outline of what differs.
Next to the borders of what a copy shows nothing is said of it.

A single moment may deceive: a copy that is late disagrees wherever something moves. What lies over a film stays where
it is, so `Lasting` counts moments.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from holdfast.restore.choose.looks import Look
from holdfast.restore.laid_over import edged

Stack = NDArray[np.float32]

_SOFT, _WINDOW = 1.0, 2.5
_C2 = 30.0
# Less structure in common than this, and a deviation of more than 8 steps of 255 that the other does not have.
_LITTLE, _MUCH = 0.5, 60.0
# Pixels from the border of what is shown to where windows no longer reach over it.
_RIM = 8
# Something lies over a film where it does so in half of the moments, of at least so many.
_OFTEN, _FEWEST = 0.5, 4
# What covers more is neither a logo nor a line of text: the two do not lie well on each other, and nothing is known.
_MOST = 0.13


class Lasting:
    """Where something lies over a copy again and again, counted over the moments that are `taken`."""

    def __init__(self) -> None:
        self._counts: NDArray[np.int32] | None = None
        self._moments = 0

    def taken(self, over: NDArray[np.bool_]) -> None:
        """One more moment, as `overlays` gave it for this copy beside others."""
        self._counts = over.astype(np.int32) if self._counts is None else self._counts + over
        self._moments += 1

    @property
    def share(self) -> float:
        """Of the picture, 0 to 1; 0 after too few moments, and where it is too much to be lettering."""
        if self._counts is None or self._moments < _FEWEST:
            return 0.0
        share = float((self._counts >= _OFTEN * self._moments).mean())
        return share if share <= _MOST else 0.0


def overlays(looks: Sequence[Look], frames: Sequence[int]) -> NDArray[np.bool_]:
    """Where something may lie over each of the copies, (n, h, w) small, taking of each look the frame that is named."""
    count = len(looks)
    shown = np.stack([look.shown for look in looks])
    inside = np.stack([_without_rim(each) for each in shown])
    raw = np.stack([look.small[frame] for look, frame in zip(looks, frames, strict=True)]).astype(np.float32)
    picture, mean, variance = _levelled(_blurred(raw, _SOFT), shown)
    apart = np.zeros((count, *picture.shape), np.bool_)
    for one in range(count):
        for other in range(one):
            shared = cv2.GaussianBlur(picture[one] * picture[other], (0, 0), _WINDOW) - mean[one] * mean[other]
            both = variance[one] + variance[other]
            differs = ((2 * shared + _C2) < _LITTLE * (both + _C2)) & (both - 2 * shared > _MUCH)
            apart[one, other] = apart[other, one] = differs & inside[one] & inside[other]
    found = np.stack([_alone(number, apart, inside) for number in range(count)])
    are_two = inside.sum(axis=0) == 2
    for one in range(count):
        for other in range(one):
            alone = apart[one, other] & are_two
            for number, over in zip((one, other), edged(alone, picture[one], picture[other]), strict=True):
                found[number] |= over
    return found


def _without_rim(shown: NDArray[np.bool_]) -> NDArray[np.bool_]:
    side = 2 * _RIM + 1
    kept = cv2.erode(shown.astype(np.uint8), np.ones((side, side), np.uint8), borderValue=1)
    return np.asarray(kept, np.bool_)


def _alone(number: int, apart: NDArray[np.bool_], shown: NDArray[np.bool_]) -> NDArray[np.bool_]:
    others = [each for each in range(len(shown)) if each != number]
    agreed = np.zeros(shown.shape[1:], np.bool_)
    for place, one in enumerate(others):
        for other in others[:place]:
            agreed |= ~apart[one, other] & shown[one] & shown[other]
    most = 2 * apart[number, others].sum(axis=0) >= np.maximum(1, shown[others].sum(axis=0))
    found: NDArray[np.bool_] = most & agreed & shown[number]
    return found


def _levelled(soft: Stack, shown: NDArray[np.bool_]) -> tuple[Stack, Stack, Stack]:
    """Pictures made equal in contrast, with their local means and variances."""
    mean = _blurred(soft, _WINDOW)
    deviation = np.sqrt(np.maximum(_blurred(soft * soft, _WINDOW) - mean * mean, 0))
    contrast = np.array(
        [np.median(each[part]) if part.any() else 1.0 for each, part in zip(deviation, shown, strict=True)]
    )
    scale = ((contrast + 0.5) / np.median(contrast + 0.5)).astype(np.float32)[:, None, None]
    return soft / scale, mean / scale, np.asarray((deviation / scale) ** 2, np.float32)


def _blurred(stack: Stack, sigma: float) -> Stack:
    return np.stack([cv2.GaussianBlur(each, (0, 0), sigma) for each in stack]).astype(np.float32)
