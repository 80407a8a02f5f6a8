"""The active picture: what is left of a stretch of about three seconds when bars at its edges are taken away.

A bar is a row or column at the edge that is of one color and stays so, while what follows it does not. A logo or a
clock may stand in it: a fifth of its pixels may do what they like. Bars may also hold an enlarged and blurred copy of
the picture, as upright films on wide screens have them: then a straight edge stands at both sides, in the same place
all the time, and nothing beyond it is sharp.

Dark scenes are what goes wrong here, since a dark ceiling is nearly a bar. So a bar must be even to two or three
levels, as only made ones are, and where too little is seen inside to be sure, there is no box (None): the caller
knows those of the stretches before and after.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from holdfast.model.match import Box

WHOLE: Box = (0.0, 0.0, 1.0, 1.0)

_EVEN = 3.0  # levels that a bar may differ from its color: coding noise, seldom more than 2 in a mean of pixels
_STILL = 6.0  # levels by which a bar may change from its darkest to its brightest moment
_SHARE = 0.8  # of the pixels of a bar's row that must be so
_LEAST = 2  # rows of 128: less is the ragged edge of an old transfer, and no matter
_LEAST_LEFT = 0.15  # of the side: a picture that is smaller is not one with bars but an inset or a slide
_LEAST_SEEN = 4.0  # levels: the standard deviation inside, below which the scene is too dark to tell

_BLUR_RATIO = 4.0  # how much sharper the picture is than bars with a blurred copy of it
_BLUR_EDGE = 4.0  # how much steeper the edge of such a bar is than anything in the bar
_BLUR_TRIED = 4  # of the places where edges stand at both sides, the steepest
_BLUR_FIRST, _BLUR_LAST = 10, 54  # columns of 128 that blurred bars may be wide


def active_box(thumbs: NDArray[np.uint8]) -> Box | None:
    """Left, top, right, bottom in shares, of (n, 128, 128) thumbs that follow each other; None if nobody can say."""
    mean, change = _over_time(thumbs)
    side = len(mean)
    top, bottom = _bar(mean, change), _bar(mean[::-1], change[::-1])
    rows = slice(top, side - bottom)
    inside = mean[rows], change[rows]
    left, right = _bar(*(each.T for each in inside)), _bar(*(each[:, ::-1].T for each in inside))
    if side - top - bottom < _LEAST_LEFT * side or side - left - right < _LEAST_LEFT * side:
        return None
    if float(mean[rows, left : side - right].std()) < _LEAST_SEEN:
        return None
    if not (top or bottom or left or right):
        left = right = _blurred(thumbs)
        if not left:
            top = bottom = _blurred(thumbs.swapaxes(1, 2))
    return left / side, top / side, 1 - right / side, 1 - bottom / side


@numba.njit(cache=True, nogil=True)  # a fifth of the time of NumPy's mean alone
def _over_time(thumbs: Any) -> Any:
    """The mean of every pixel of the thumbs, and from its darkest to its brightest moment: (128, 128) float32 each."""
    count, high, wide = thumbs.shape
    mean, change = np.empty((high, wide), np.float32), np.empty((high, wide), np.float32)
    total, low, most = np.empty(wide, np.uint32), np.empty(wide, np.uint8), np.empty(wide, np.uint8)
    for y in range(high):
        total[:], low[:], most[:] = 0, 255, 0
        for n in range(count):
            for x in range(wide):
                value = thumbs[n, y, x]
                total[x] += value
                low[x], most[x] = min(low[x], value), max(most[x], value)
        for x in range(wide):
            mean[y, x] = np.float32(total[x]) / np.float32(count)
            change[y, x] = most[x] - low[x]
    return mean, change


def _bar(mean: NDArray[np.float32], change: NDArray[np.float32]) -> int:
    """How many rows from the first one are a bar; 0 for less than `_LEAST`, or if all of them would be."""
    first = np.sort(mean[0])
    color = (first[(len(first) - 1) // 2] + first[len(first) // 2]) / 2  # the median; NumPy takes four times as long
    if not _rows(
        mean[:_LEAST], change[:_LEAST], color
    ).all():  # so it is in nearly all films: the rest is not looked at
        return 0
    rows = _rows(mean, change, color)
    return 0 if rows.all() else int(np.argmin(rows))


def _rows(mean: NDArray[np.float32], change: NDArray[np.float32], color: np.floating[Any]) -> NDArray[np.bool_]:
    """Which rows could be those of a bar of this color."""
    is_bar = (np.abs(mean - color) <= _EVEN) & (change <= _STILL)
    result: NDArray[np.bool_] = is_bar.mean(axis=1) >= _SHARE
    return result


def _blurred(thumbs: NDArray[np.uint8]) -> int:
    """The width in columns of blurred bars, the same at both sides; 0 if there are none."""
    few = thumbs[:: max(len(thumbs) // 4, 1)]
    # An edge that stands is one in the mean of all moments, in most of the rows.
    standing = np.abs(np.diff(few.mean(axis=0, dtype=np.float32), axis=1)).mean(axis=0)
    side = thumbs.shape[2]
    widths = np.arange(_BLUR_FIRST, _BLUR_LAST)
    edges = np.minimum(standing[widths - 1], standing[side - widths - 1])
    bends: NDArray[np.float32] | None = None
    for row in np.argsort(-edges)[:_BLUR_TRIED]:
        width, edge = int(widths[row]), float(edges[row])
        beyond = np.concatenate([standing[: width - 3], standing[side - width + 2 :]]).mean()
        if edge < _BLUR_EDGE * (beyond + 0.25):
            continue
        if bends is None:  # bend c is that of column c + 1; most films never have an edge to be measured by them
            bends = np.abs(np.diff(few.astype(np.float32), n=2, axis=2)).mean(axis=(0, 1))
        outside = np.concatenate([bends[: width - 3], bends[side - width + 1 :]]).mean()
        inside = bends[width + 1 : side - width - 3].mean()
        if inside >= _BLUR_RATIO * (outside + 0.1):
            return width
    return 0
