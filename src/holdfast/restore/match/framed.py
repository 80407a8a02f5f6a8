"""Where in a copy's picture another one is framed: found by straight edges that stay, whatever moves on both sides.

A film in a corner of another one has edges that stand still while everything else moves. In the median of many pictures
spread over the copy they are what is left. Four that bound a rectangle are a guess where a picture lies; whether it is
one, and of what, the index is asked as about a whole picture.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from holdfast.model.match import Box
from holdfast.restore.match.placing import Matrix

_PICTURES = 48  # are looked at, spread over the copy
_FEWEST = 8
_NARROWEST, _WIDEST = 0.12, 0.7  # of the copy's picture, either way
_EDGE, _STANDS_OUT = 3.0, 1.5  # levels of brightness, and how often those beside it
_BESIDE = 3  # pixels
_COLUMNS = 7  # the best upright edges between two rows
_SUPPORTED, _LEAST_SUPPORTED = 0.75, 0.55  # of all four sides on average, and of each: the part that is an edge
_MOST = 4
_SAME = 0.04

Marks = NDArray[np.float32]


def frames(thumbs: NDArray[np.uint8]) -> list[Box]:
    """The rectangles in which another picture may lie in thumbs (n, s, s), the clearest first, in shares."""
    if len(thumbs) < _FEWEST:
        return []
    some = np.linspace(0, len(thumbs) - 1, min(len(thumbs), _PICTURES)).astype(int)
    pictures = np.asarray(thumbs[some], np.int16)
    upright = _standing(np.median(np.abs(np.diff(pictures, axis=2)), axis=0))
    level = _standing(np.median(np.abs(np.diff(pictures, axis=1)), axis=0).T).T
    sides, supports = _rectangles(upright, level)
    chosen: list[Box] = []
    size = thumbs.shape[1]
    for number in np.argsort(-supports.mean(axis=1), kind="stable").tolist():
        if len(chosen) >= _MOST:
            break
        # An edge lies between two pixels: the one before it is outside on the left, inside on the right.
        left, right, top, bottom = ((sides[number] + 1) / size).tolist()
        box = (left, top, right, bottom)
        if not any(np.abs(np.subtract(box, other)).max() < _SAME for other in chosen):
            chosen.append(box)
    return chosen


def matrix_of(box: Box) -> Matrix:
    """Takes shares of a picture that fills `box` to those of the copy."""
    left, top, right, bottom = box
    return np.array([[right - left, 0, left], [0, bottom - top, top], [0, 0, 1]])


def _standing(strength: NDArray[np.floating]) -> Marks:
    """1 where an upright edge (h, w) stands out from what lies beside it, 0 elsewhere; a pixel off counts as well."""
    strength = strength.astype(np.float32)
    padded = np.pad(strength, ((0, 0), (_BESIDE, _BESIDE)), mode="edge")
    wide = strength.shape[1]
    beside = np.maximum(padded[:, :wide], padded[:, 2 * _BESIDE :][:, :wide])
    marks = (strength >= _EDGE) & (strength >= _STANDS_OUT * beside)
    near = marks.copy()
    near[:, 1:] |= marks[:, :-1]
    near[:, :-1] |= marks[:, 1:]
    return (0.75 * near + 0.25 * marks).astype(np.float32)


def _rectangles(upright: Marks, level: Marks) -> tuple[NDArray[np.int64], Marks]:
    """Rectangles as numbers of edges (left, right, top, bottom), (r, 4), and what part of each side is one, (r, 4)."""
    high, wide = level.shape[0], upright.shape[1]
    least, most = int(_NARROWEST * high), int(_WIDEST * high)
    down = np.concatenate([np.zeros((1, wide)), np.cumsum(upright, axis=0)])
    along = np.concatenate([np.zeros((high, 1)), np.cumsum(level, axis=1)], axis=1)
    rows = [(top, bottom) for top in range(high) for bottom in range(top + least, min(top + most, high - 1) + 1)]
    tops, bottoms = np.array(rows).T
    support = (down[bottoms + 1] - down[tops + 1]) / (bottoms - tops)[:, None]
    best = np.argsort(-support, axis=1)[:, :_COLUMNS]
    pairs = np.array(list(combinations(range(_COLUMNS), 2)))
    ends = np.sort(best[:, pairs], axis=2)  # (rows, pairs, 2)
    tops, bottoms = np.repeat(tops, len(pairs)), np.repeat(bottoms, len(pairs))
    row = np.repeat(np.arange(len(rows)), len(pairs))
    left, right = ends.reshape(-1, 2).T
    length = np.maximum(right - left, 1)
    parts = np.stack(
        [
            support[row, left],
            support[row, right],
            (along[tops, right + 1] - along[tops, left + 1]) / length,
            (along[bottoms, right + 1] - along[bottoms, left + 1]) / length,
        ],
        axis=1,
    )
    good = (right - left >= least) & (right - left <= most)
    good &= (parts.min(axis=1) >= _LEAST_SUPPORTED) & (parts.mean(axis=1) >= _SUPPORTED)
    kept = np.flatnonzero(good)
    sides = np.stack([left, right, tops, bottoms], axis=1)[kept].astype(np.int64)
    return sides, parts[kept].astype(np.float32)
