"""Where another copy's picture really lies, to a fraction of a pixel, and which of its frames is the same. Pure.

A placement by fingerprints is right to a few pixels and a frame or two. Before pictures are combined they are laid on
each other: first in time, by which of the neighbouring frames is most alike; then in place, by an affine map that is
found at several moments and taken as their median, because a copy's place does not tremble.

Source: G. D. Evangelidis and E. Z. Psarakis, "Parametric Image Alignment Using Enhanced Correlation Coefficient
Maximization", IEEE PAMI 30 (2008), as OpenCV has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Gray = NDArray[np.uint8]
Mask = NDArray[np.uint8]
Matrix = NDArray[np.float64]

_LONGER_SIDE = 640
_LEAST_LIKENESS = 0.6
# Less than this is not worth another resampling, more is no refinement but another picture (pixels of the work).
_LEAST_PX = 0.15
_MOST_PX = 12.0
_SPREAD_PX = 1.0
_SIMPLER = 0.95
# What is black beyond the rim of a copy's picture makes edges this far into it.
_RIM = np.ones((19, 19), np.uint8)
# So much more alike must a neighbouring frame be before time is moved, and in so many of the moments, of at least two.
_CLEARLY = 0.001
_MOSTLY = 0.7
# Frames of which none is by so much more alike than another are of a picture that does not move, and what is less alike
# than this under every shift is hardly seen.
_MOVES, _SEEN = 0.004, 0.3
# Where the edges of neighbouring frames differ by less than this (power), nothing moves but what a coder makes.
_STIRS = 4.0
_FEWEST = 400  # pixels
# And for each pixel that it must be shifted to be alike, so much is taken off.
_ASIDE = 0.001


@dataclass(frozen=True)
class Pair:
    """One moment in two copies, both in the work's geometry: gray pictures (h, w), and where both show it."""

    ours: Gray
    theirs: Gray
    both: Mask


def likeness_of_shifts(pairs: Sequence[Pair]) -> list[float | None]:
    """How alike one picture of ours and each of a few frames of theirs in a row are, -1 to 1; None: nothing to compare.

    Only where theirs move is looked at: what stands still is alike in all of them, and a logo in none.
    """
    edges = np.stack([_edges(pair.theirs) for pair in pairs])
    stir = cv2.GaussianBlur(edges.var(axis=0), (0, 0), 2.0) > _STIRS
    return [_detail_likeness(pair, np.asarray(stir)) for pair in pairs]


def _detail_likeness(pair: Pair, where: NDArray[np.bool_]) -> float | None:
    """How alike the edges of two pictures are in some places.

    They are first shifted onto each other: while a camera pans, a copy that lies a little aside would else look most
    alike a frame too early or too late.
    """
    inside = cv2.erode(pair.both, _RIM)
    if ((inside > 0) & where).sum() < _FEWEST:
        return None
    one, other = _edges(pair.ours), _edges(pair.theirs)
    one[inside == 0], other[inside == 0] = 0, 0
    as_they_are = _correlation(one, other, (inside > 0) & where)
    (across, down), _ = cv2.phaseCorrelate(one, other)
    if max(abs(across), abs(down)) > _MOST_PX:
        return as_they_are
    back = np.array([[1, 0, -across], [0, 1, -down]])
    shifted = cv2.warpAffine(other, back, (one.shape[1], one.shape[0]), flags=cv2.INTER_CUBIC)
    inside = cv2.erode(inside, np.ones((2 * round(abs(down)) + 1, 2 * round(abs(across)) + 1), np.uint8))
    laid_on = _correlation(one, np.asarray(shifted, np.float64), (inside > 0) & where)
    if as_they_are is None or laid_on is None:
        return as_they_are
    return max(as_they_are, laid_on - _ASIDE * float(np.hypot(across, down)))


def _correlation(one: NDArray[np.float64], other: NDArray[np.float64], inside: NDArray[np.bool_]) -> float | None:
    one, other = one[inside], other[inside]
    if len(one) < _FEWEST or min(one.std(), other.std()) < 0.5:
        return None
    return float(np.corrcoef(one, other)[0, 1])


def _edges(gray: Gray) -> NDArray[np.float64]:
    plane = gray.astype(np.float32)
    finer, coarser = cv2.GaussianBlur(plane, (0, 0), 1.0), cv2.GaussianBlur(plane, (0, 0), 4.0)
    return np.asarray(np.clip(finer - coarser, -30, 30), np.float64)


def tells_of_time(row: Sequence[float | None]) -> bool:
    """Whether a moment can be told from those next to it: it is seen under every shift, and the picture moves."""
    known = [each for each in row if each is not None]
    return len(known) == len(row) and max(known) > max(_SEEN, min(known) + _MOVES)


def best_shift(likeness: Sequence[Sequence[float | None]]) -> int:
    """Which shift (its index) is the right one; `likeness[moment][shift]`, the middle one being no shift at all.

    Moments that tell nothing of time count nothing; a single one may deceive.
    """
    middle = len(likeness[0]) // 2 if likeness else 0
    told = np.array([row for row in likeness if tells_of_time(row)], np.float64).reshape(-1, 2 * middle + 1)
    if len(told) < 2:
        return middle
    mean = told.mean(axis=0)
    best = int(np.argmax(mean))
    is_better = (told[:, best] > told[:, middle]).mean() >= _MOSTLY and mean[best] > mean[middle] + _CLEARLY
    return best if is_better else middle


def registered(pairs: Sequence[Pair]) -> Matrix | None:
    """The map (3, 3) from pixels of our picture to those of theirs; None where it is the identity or cannot be told."""
    maps = [found for found in (_affine(pair) for pair in pairs) if found is not None]
    if not maps or len(maps) * 2 < len(pairs):
        return None
    height, width = pairs[0].ours.shape
    corners = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1.0]]).T
    median = np.eye(3)
    median[:2] = np.median(np.stack(maps), axis=0)
    moved = np.abs((median @ corners - corners)[:2])
    spread = np.median([np.abs((each @ corners) - (median @ corners)[:2]).max() for each in maps])
    if moved.max() < _LEAST_PX or moved.max() > _MOST_PX or spread > _SPREAD_PX:
        return None
    return median


def _steps(most: int) -> tuple[int, int, float]:
    return (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, most, 1e-6)


def _affine(pair: Pair) -> Matrix | None:
    height, width = pair.ours.shape
    scale = min(1.0, _LONGER_SIDE / max(width, height))
    size = (max(16, round(width * scale)), max(16, round(height * scale)))
    ours, theirs, mask = (
        cv2.resize(each, size, interpolation=cv2.INTER_AREA) for each in (pair.ours, pair.theirs, pair.both)
    )
    mask = cv2.erode((mask == 255).astype(np.uint8) * 255, _RIM)
    if (mask > 0).mean() < 0.1 or min(ours.std(), theirs.std()) < 4:
        return None
    one, other = (np.asarray(_edges(np.asarray(each, np.uint8)), np.float32) for each in (ours, theirs))
    start = np.eye(2, 3, dtype=np.float32)
    try:  # edges hold faster than tones
        shift_likeness, shift = cv2.findTransformECC(one, other, start, cv2.MOTION_TRANSLATION, _steps(50), mask, 3)
        likeness, found = cv2.findTransformECC(one, other, shift.copy(), cv2.MOTION_AFFINE, _steps(100), mask, 3)
    except cv2.error:  # it does not converge where there is nothing to hold on to
        return None
    if 1 - likeness > _SIMPLER * (1 - shift_likeness):  # six numbers must explain clearly more than two
        likeness, found = shift_likeness, shift
    if likeness < _LEAST_LIKENESS:
        return None
    across, down = size[0] / width, size[1] / height
    smaller = np.array([[across, 0, (across - 1) / 2], [0, down, (down - 1) / 2], [0, 0, 1]])
    whole = np.eye(3)
    whole[:2] = found
    return np.asarray((np.linalg.inv(smaller) @ whole @ smaller)[:2], np.float64)
