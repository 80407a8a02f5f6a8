"""Which of several pictures something lies over: where they differ, the edges are edges of that which has it. Pure.

A logo or a line of letters ends somewhere, and there its picture has a step that the others lack:

    with letters   ___|~|_|~~|___      steps where the two begin to differ
    without        ______________      nothing to be seen there
    difference     ___|~|_|~~|___      has the steps of the one that is overlaid

So the power of edges along the outline of a difference is counted for each, and told in shares of what the edges of the
difference have: near 1 all of them are its own, near -1 they are the other's. Much above 1 means something else: the
same edges, only weaker in the other, which has lost detail and is not the cleaner for it.
"""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]
Flags = NDArray[np.bool_]

# From which share on, and up to which, the edges of a difference are those of one copy.
CLEARLY, COHERENT = 0.35, 1.4
_SOFT = 1.0
# Two that differ by less than a step a pixel have no edge between them.
_FAINT = 1.0
_OUTSIDE, _INSIDE = np.ones((5, 5), np.uint8), np.ones((9, 9), np.uint8)
# Letters of one line are one thing.
_WORDS = np.ones((9, 15), np.uint8)


def edge_power(luma: Plane) -> Plane:
    """The squared steepness of brightness (h, w) at each pixel, in steps a pixel."""
    soft = cv2.GaussianBlur(luma, (0, 0), _SOFT)
    across, down = cv2.Sobel(soft, cv2.CV_32F, 1, 0, scale=0.125), cv2.Sobel(soft, cv2.CV_32F, 0, 1, scale=0.125)
    return cast("Plane", across * across + down * down)


def edges_between(one: Plane, other: Plane) -> Plane:
    """The power of the edges that the difference of two pictures has, and a little more than none where it has none."""
    return cast("Plane", edge_power(one - other) + np.float32(_FAINT))


def outline(apart: Flags) -> Flags:
    """The border of what differs, to a few pixels on either side: a logo may lie over whatever is busy in itself."""
    mask = apart.astype(np.uint8)
    return np.asarray((cv2.dilate(mask, _OUTSIDE) > 0) & (cv2.erode(mask, _INSIDE, borderValue=0) == 0))


def things(apart: Flags) -> tuple[int, NDArray[np.int32]]:
    """How many things differ, and the number (from 1 on) of the thing at each pixel; 0: none."""
    closed = cv2.morphologyEx(apart.astype(np.uint8), cv2.MORPH_CLOSE, _WORDS)
    count, labels = cv2.connectedComponents(cv2.dilate(closed, _OUTSIDE))
    return count - 1, np.asarray(labels, np.int32)


def sums(plane: Plane, labels: NDArray[np.int32], count: int) -> NDArray[np.float64]:
    """The sum of a plane over each of `count` things."""
    return np.asarray(np.bincount(labels.ravel(), plane.ravel(), count + 1)[1:], np.float64)


def edged(apart: Flags, one: Plane, other: Plane) -> tuple[Flags, Flags]:
    """Where two pictures differ: the things that lie over the first, and those that lie over the second."""
    if not apart.any():
        return np.zeros_like(apart), np.zeros_like(apart)
    count, labels = things(apart)
    strip = np.where(outline(apart), labels, 0)
    lead = sums(edge_power(one) - edge_power(other), strip, count)
    return blamed(labels, lead, sums(edges_between(one, other), strip, count))


def blamed(labels: NDArray[np.int32], lead: NDArray[np.float64], between: NDArray[np.float64]) -> tuple[Flags, Flags]:
    """The same of things whose edges were counted: `lead` has the first's beyond the second's, `between` those of the
    difference, one figure for each."""
    share = lead / np.maximum(between, 1e-6)
    first, second = (
        np.concatenate([[False], (side * share > CLEARLY) & (side * share < COHERENT)])[labels] for side in (1, -1)
    )
    return np.asarray(first, np.bool_), np.asarray(second, np.bool_)
