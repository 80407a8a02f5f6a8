"""How near the colors of copies are to those that most of them have; what is gray where others are not has lost them.

Only differences that assembly cannot mend count: shades that are off by a tint or a saturation are made equal first.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from holdfast.restore.choose.looks import Look

# With less than this share of the strongest colors of any copy, a copy is gray beside it.
_GRAY = 0.35
# A difference of so many steps of 255 leaves a likeness of 1/e.
_FAR = 12.0
# What lies over a picture may be the only color of it: so much of a picture, where its colors are strongest or farthest
# from those of others, does not count.
_APART = 0.08


def likeness_of_colors(looks: Sequence[Look]) -> list[float]:
    """For each copy of one moment, 0 to 1. Of two colorful ones nobody can say whose colors are right: both have 1."""
    colors = [look.colors.astype(np.float32) for look in looks]
    shown = [look.shown[::2, ::2][: each.shape[0], : each.shape[1]] for look, each in zip(looks, colors, strict=True)]
    common = np.logical_and.reduce(shown)
    if not common.any():
        return [1.0] * len(looks)
    parts = [each[common] for each in colors]
    # Of a tint alone nobody can say whether it is the film's: color is what differs from place to place.
    strength = [_strength(part) for part in parts]
    colorful = [part for part, power in zip(parts, strength, strict=True) if power >= _GRAY * max(strength)]
    middle = np.median(colorful, axis=0)
    is_open = len(colorful) == 2
    return [
        1.0 if is_open and power >= _GRAY * max(strength) else float(np.exp(-_difference(part, middle) / _FAR))
        for part, power in zip(parts, strength, strict=True)
    ]


def _strength(part: NDArray[np.float32]) -> float:
    """The larger deviation of its two colors, without what is strongest."""
    squares = np.sort((part - np.median(part, axis=0)) ** 2, axis=0)
    return float(np.sqrt(squares[: max(1, round(len(part) * (1 - _APART)))].mean(axis=0).max()))


def _difference(part: NDArray[np.float32], middle: NDArray[np.float32]) -> float:
    """The deviation that is left once tint and saturation were made equal, over both colors together."""
    left = 0.0
    for own, right in zip(part.T, middle.T, strict=True):
        made = own
        if own.std() > 1:
            centered = own - own.mean()
            gain = np.clip((centered * (right - right.mean())).mean() / own.var(), 0.5, 2)
            made = centered * gain + right.mean()
        squares = np.sort((made - right) ** 2)
        left += float(squares[: max(1, round(len(squares) * (1 - _APART)))].mean())
    return float(np.sqrt(left))
