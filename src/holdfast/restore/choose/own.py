"""What only a copy's own pixels tell: edges of coding blocks, combed fields, a frame that was shown again.

They are measured before its geometry is undone, because a block grid that was turned or resized is none any more.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Luma = NDArray[np.float32]

_UNCHANGED = 0.3


class OwnFigures(NamedTuple):
    """Figures of one frame, for people and for their reasons.

    `blocking`: how much larger steps are across the lines of an 8 x 8 grid than beside them, 0 for none, 1 for twice.
    `combing`: the share of rows' detail that neighbours of the same field do not have, 0 to 1. `is_repeated`: 1 if the
    next frame is the same once more, 0 if it moved on, NaN if there was none. `rate`: frames a second. `lines`: rows of
    the copy's picture. `frozen`: the share of 8 x 8 blocks that the next frame shows unchanged, 0 where there was none.
    """

    blocking: float
    combing: float
    is_repeated: float
    rate: float
    lines: float
    frozen: float = 0.0


def own_figures(upright: Pixels, now: Pixels, after: Pixels | None, rate: float) -> OwnFigures:
    """Of a frame as it stood before it was turned (`upright`), and of it and the frame after it as decoded."""
    luma = brightness(upright)
    repeated, frozen = float("nan"), 0.0
    if after is not None and after.shape == now.shape:
        difference = np.abs(now[::4, ::4, 1].astype(np.int16) - after[::4, ::4, 1]).mean()
        repeated = float(difference < 0.25)
        frozen = frozen_of(brightness(now), brightness(after))
    return OwnFigures(blocking_of(luma), combing_of(luma), repeated, rate, float(upright.shape[0]), frozen)


def brightness(picture: Pixels) -> Luma:
    """(h, w) float32, BT.601 weights, of an RGB picture."""
    found: Luma = picture.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    return found


def blocking_of(luma: Luma) -> float:
    """How much larger the steps across an 8 x 8 grid are than those beside it, in shares; 0 for no grid.

    The second difference across the border of a block against those of pixels within: edges of the scene are as
    likely at either. The grid of a picture whose sides were cropped may begin anywhere, so every phase is tried and the
    strongest counts, less what the best of eight phases has by chance.
    Source: after Wang, Bovik, Evans, "Blind measurement of blocking artifacts in images", ICIP 2000 (in the space of
    pixels instead of frequencies).
    """
    found = []
    for each in (luma, luma.T):
        if each.shape[1] < 64 or each.shape[0] < 8:
            return 0.0
        bend = np.minimum(np.abs(each[:, :-3] - 3 * each[:, 1:-2] + 3 * each[:, 2:-1] - each[:, 3:]), 24)
        columns = bend.mean(axis=0)
        usable = columns[: len(columns) // 8 * 8].reshape(-1, 8)
        phases = np.sort(np.median(usable, axis=0))
        found.append((phases[-1] - phases[-2]) / (np.median(phases) + 0.5))
    return float(max(0.0, np.mean(found)))


def frozen_of(now: Luma, after: Luma) -> float:
    """The share of 8 x 8 blocks that hardly change (by 0.3 steps of 255 on average) from one frame to the next."""
    high, wide = now.shape[0] // 8 * 8, now.shape[1] // 8 * 8
    if not high or not wide:
        return 0.0
    change = np.abs(now[:high, :wide] - after[:high, :wide]).reshape(high // 8, 8, wide // 8, 8).mean(axis=(1, 3))
    return float((change < _UNCHANGED).mean())


def combing_of(luma: Luma) -> float:
    """How far the rows of two fields have come apart, 0 (one picture) to 1.

    Where every row differs from both neighbours in the same direction, but is near the row after next.
    """
    if luma.shape[0] < 8:
        return 0.0
    up, here, down, next_one = luma[:-3], luma[1:-2], luma[2:-1], luma[3:]
    apart = (here - up) * (here - down)
    near = (here - next_one) ** 2 + (up - down) ** 2
    combed = (apart > 60) & (near < apart / 2)
    return float(combed.mean())
