"""Where something lies over a copy's picture: logos, subtitles, hands; seen because other copies do not have it.

Copies are laid beside each other small and soft, so that neither coding nor detail matters, and two disagree in a place
where nearly nothing of one's structure is found in the other. Of three and more copies, one is overlaid where it
disagrees with most while others agree; of two nobody can say, and it is held against the one with the harder edges:
what is laid over a film is meant to be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from holdfast.restore.choose.looks import Look

Stack = NDArray[np.float32]

_SOFT, _WINDOW = 1.0, 2.5
_C2 = 30.0
# Less structure in common than this, and a deviation of more than 8 steps of 255 that the other does not have.
_LITTLE, _MUCH = 0.5, 60.0
_HARDER = 1.5


class Overlays(NamedTuple):
    """Shares of the picture, 0 to 1.

    `alone` (n,): where a copy disagrees with most others, and others agree. `against` (n, n): where the first
    disagrees with the second and has the harder edges.
    """

    alone: NDArray[np.float64]
    against: NDArray[np.float64]


def overlays(looks: Sequence[Look], frames: Sequence[int]) -> Overlays:
    """What lies over each of the copies, taking of each look the frame that is named."""
    count = len(looks)
    shown = np.stack([look.shown for look in looks])
    raw = np.stack([look.small[frame] for look, frame in zip(looks, frames, strict=True)]).astype(np.float32)
    picture, mean, variance = _levelled(_blurred(raw, _SOFT), shown)
    apart = np.zeros((count, *picture.shape), np.bool_)
    against = np.zeros((count, count))
    for one in range(count):
        for other in range(one):
            shared = cv2.GaussianBlur(picture[one] * picture[other], (0, 0), _WINDOW) - mean[one] * mean[other]
            both = variance[one] + variance[other]
            common = shown[one] & shown[other]
            differs = ((2 * shared + _C2) < _LITTLE * (both + _C2)) & (both - 2 * shared > _MUCH) & common
            apart[one, other] = apart[other, one] = differs
            area = max(1, int(common.sum()))
            against[one, other] = (differs & (variance[one] > _HARDER * variance[other])).sum() / area
            against[other, one] = (differs & (variance[other] > _HARDER * variance[one])).sum() / area
    alone = np.array([_alone(number, apart, shown) for number in range(count)])
    return Overlays(alone, against)


def _alone(number: int, apart: NDArray[np.bool_], shown: NDArray[np.bool_]) -> float:
    others = [each for each in range(len(shown)) if each != number]
    if len(others) < 2:
        return 0.0
    most = 2 * apart[number, others].sum(axis=0) >= np.maximum(1, shown[others].sum(axis=0))
    agreed = np.zeros_like(most)
    for place, one in enumerate(others):
        for other in others[:place]:
            agreed |= ~apart[one, other] & shown[one] & shown[other]
    return float((most & agreed & shown[number]).sum() / max(1, int(shown[number].sum())))


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
