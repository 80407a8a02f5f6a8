"""Pictures taken apart into bands of half an octave, and what of each band is noise because it does not last.

What a film shows is still there in its next frame, at most a little further; snow, the wandering lines of a tape and
much of what a coder does are not. So each patch of a frame is laid on the same patch of the frame after it, moved as a
whole if it fits better so, and what is left is held to be noise, where the film itself is calm.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Stack = NDArray[np.float32]
Table = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Deviations of the filters whose differences are the bands, in pixels of the work's picture.
SIGMAS = (0.0, 0.5, 0.8, 1.2, 1.8, 2.7, 4.0, 6.0)
EDGE = 8  # windows that reach over the border of a patch are left out
INNER = (slice(EDGE, -EDGE), slice(EDGE, -EDGE))
_DARK, _BRIGHT = 26, 230
_FAR = 12.0  # pixels that a patch may move from one frame to the next
_STILL = 0.1


class Noise(NamedTuple):
    """What a copy's frames have that does not last.

    `variance` (bands,): that of noise in each band. `unrest` (side, side, n): local power of what changes to the next
    frame in the third band, half of it. `lasting` (bands,): the power of what is in both frames. `is_known`: False
    where there was no next frame; then `unrest` is 0 and noise is taken from the calmest places alone.
    """

    variance: Table
    unrest: Stack
    lasting: Table
    is_known: bool


def banded(stack: Stack) -> list[Stack]:
    """The bands of patches (side, side, n), the finest first."""
    soft = [stack] + [blurred(stack, sigma) for sigma in SIGMAS[1:]]
    return [one - other for one, other in pairwise(soft)]


def blurred(stack: Stack, sigma: float) -> Stack:
    """Gaussian of that deviation over patches (side, side, n)."""
    return np.asarray(cv2.GaussianBlur(stack, (0, 0), sigma), np.float32).reshape(stack.shape)


def local(stack: Stack) -> Stack:
    """Means in the windows of the structural similarity."""
    return np.asarray(cv2.GaussianBlur(stack, (11, 11), 1.5), np.float32).reshape(stack.shape)


def noise_of(now: Stack, after: Stack | None, whole: Flags) -> Noise:
    """What of patches (side, side, n) is not in those of the frame after them; None where there is none.

    Figures are of those that the copy shows wholly (`whole`); `unrest` is of all.
    """
    light = local(now)[..., whole]
    parts = banded(now)
    floors = np.array([_floor(local(part * part)[..., whole], light, 10) for part in parts])
    powers = np.array([float((part[..., whole][INNER] ** 2).mean()) for part in parts])
    if after is None:
        return Noise(floors, np.zeros_like(now), np.maximum(powers - floors, 0), is_known=False)
    change = now - moved_on(now, after)
    changes = banded(change - blurred(change, SIGMAS[-1]))
    halves = [local(part * part) * np.float32(0.5) for part in changes]
    unrest = np.array([_floor(half[..., whole], light, 20) for half in halves])
    lost = np.array([float(half[..., whole][INNER].mean()) for half in halves])
    # What stands still in the calmest places is texture, what moves there is noise.
    variance = np.minimum(floors, 1.2 * unrest)
    return Noise(variance, halves[2], np.maximum(powers - lost, 0), is_known=True)


def moved_on(now: Stack, after: Stack) -> Stack:
    """Patches of the frame after, each moved to where it lies in this one, if it is nearer so."""
    found = after.copy()
    window = cv2.createHanningWindow((now.shape[1], now.shape[0]), cv2.CV_32F)
    for number in range(now.shape[2]):
        one, other = np.ascontiguousarray(now[..., number]), np.ascontiguousarray(after[..., number])
        (across, down), _ = cv2.phaseCorrelate(one - one.mean(), other - other.mean(), window)
        if _STILL < abs(across) + abs(down) < _FAR:
            there = moved(other, across, down)
            if ((there - one)[INNER] ** 2).sum() < ((other - one)[INNER] ** 2).sum():
                found[..., number] = there
    return found


def moved(patch: Stack, across: float, down: float) -> Stack:
    """A patch as it is so many pixels further right and down."""
    way = np.array([[1, 0, across], [0, 1, down]], np.float32)
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    size = (patch.shape[1], patch.shape[0])
    found: Stack = np.asarray(cv2.warpAffine(patch, way, size, flags=flags, borderMode=cv2.BORDER_REFLECT), np.float32)
    return found


def shift_between(one: Stack, other: Stack) -> tuple[float, float]:
    """How far (across, down) most patches of the second lie from those of the first; 0 where nothing is seen of it."""
    window = cv2.createHanningWindow((one.shape[1], one.shape[0]), cv2.CV_32F)
    shifts = []
    soft = [blurred(each, 1.0) for each in (one, other)]
    for number in range(one.shape[2]):
        first, second = (np.ascontiguousarray(each[..., number]) for each in soft)
        if one[..., number].std() > 4:
            shifts.append(cv2.phaseCorrelate(first - first.mean(), second - second.mean(), window)[0])
    if not shifts:
        return 0.0, 0.0
    across, down = np.median(np.array(shifts), axis=0).tolist()
    return across, down


def together(one: Stack, other: Stack) -> tuple[Stack, Stack]:
    """Patches of two copies moved onto each other, each by half of the way: moving softens, so both bear it."""
    across, down = shift_between(one, other)
    if not 0.15 < abs(across) + abs(down) < 6:
        return one, other
    return _all_moved(one, -across / 2, -down / 2), _all_moved(other, across / 2, down / 2)


def _all_moved(stack: Stack, across: float, down: float) -> Stack:
    patches: Sequence[Stack] = [np.ascontiguousarray(stack[..., number]) for number in range(stack.shape[2])]
    return np.stack([moved(each, across, down) for each in patches], axis=2)


def _floor(variance: Stack, light: Stack, share: float) -> float:
    """The variance in the calmest windows. Black and white are left out if there is more: noise is cut off there."""
    inner, lit = variance[INNER], light[INNER]
    kept = inner[(lit > _DARK) & (lit < _BRIGHT)]
    return float(np.percentile(kept if kept.size > inner.size / 20 else inner, share))
