"""The offset of a copy to the frame, from how much its frames change: a curve that crops, mirrors and logos leave be.

Two recordings of the same film move at the same moments, whatever was done to the picture. So the sums of change of
both are compared over short steps of time, at shifts of a hundredth of a second. Frame rates may differ: what is
compared is change in a span of time, not from frame to frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from holdfast.model.fingerprint import FrameTrack

GRID_US = 10_000
_SPAN_US = 80_000  # about two frames: a doubled or a dropped one changes little
_SLOW_US = 2_000_000
_LEAST_SPREAD = 0.12

Curve = NDArray[np.float64]


@dataclass(frozen=True)
class Shift:
    """How far a line is off: `by_us` is to be added to the work's times. `likeness` is the correlation there, -1 to 1.

    `margin` is how much less the next best shift reaches that is not its neighbor.
    """

    by_us: int
    likeness: float
    margin: float


def curve(track: FrameTrack, start_us: float, step_us: float, count: int) -> Curve:
    """The change around `count` moments from `start_us` on, `step_us` apart, in logarithms, without its slow part.

    NaN where the film has no frames.
    """
    moments = start_us + step_us * np.arange(count)
    at, total = _summed(track)
    half = _SPAN_US / 2 * step_us / GRID_US
    # A frame's change is taken as spread over the time since the frame before, so that frame rates do not matter.
    sums = np.interp(moments + half, at, total) - np.interp(moments - half, at, total)
    found = np.log1p(np.maximum(sums, 0.0))
    outside = (moments < at[0] - GRID_US) | (moments > at[-1] + GRID_US) if len(at) else np.ones(count, bool)
    found[outside] = np.nan
    return _without_slow(found)


@lru_cache(maxsize=8)  # a copy and the works that it is just laid over: each is asked about line by line
def _summed(track: FrameTrack) -> tuple[Curve, Curve]:
    """The times of the frames, and how much has changed up to each."""
    change = (np.exp2(track.activity.astype(np.float64) / 32.0) - 1.0) / 2.0  # see `restore.fingerprint.activity`
    return track.times.astype(np.float64), np.cumsum(change)


def _without_slow(values: Curve) -> Curve:
    width = min(round(_SLOW_US / GRID_US), len(values))
    known = ~np.isnan(values)
    kernel = np.ones(width)
    sums = np.convolve(np.where(known, values, 0.0), kernel, mode="same")
    counts = np.convolve(known.astype(np.float64), kernel, mode="same")
    slow: Curve = sums / np.maximum(counts, 1)
    return values - slow


def best_shift(
    copy: FrameTrack, work: FrameTrack, rate: float, offset_us: float, span_us: tuple[int, int], reach_us: int
) -> Shift | None:
    """The shift within `reach_us` under which `work` moves most as `copy` does in `span_us` of it.

    None where too little moves for a word, or where nothing is there to be compared.
    """
    if len(copy) < 8 or len(work) < 8:
        return None
    count = int((span_us[1] - span_us[0]) // GRID_US)
    steps = int(reach_us // GRID_US)
    if count < 60:
        return None
    ours = curve(copy, span_us[0], GRID_US, count)
    theirs = curve(work, rate * span_us[0] + offset_us - steps * GRID_US * rate, GRID_US * rate, count + 2 * steps)
    likeness = _correlations(ours, theirs, steps)
    if likeness is None:
        return None
    peak = int(np.argmax(likeness))
    apart = np.abs(np.arange(len(likeness)) - peak) > 25
    rest = float(likeness[apart].max()) if apart.any() else -1.0
    return Shift(
        round((peak + _between(likeness, peak) - steps) * GRID_US * rate),
        float(likeness[peak]),
        float(likeness[peak]) - rest,
    )


def _correlations(ours: Curve, theirs: Curve, steps: int) -> Curve | None:
    """Pearson's correlation at each of 2 * steps + 1 shifts, over what both know; None where neither moves."""
    count = len(ours)
    known = ~np.isnan(ours)
    their_known = ~np.isnan(theirs)
    ours, theirs = np.where(known, ours, 0.0), np.where(their_known, theirs, 0.0)
    if known.sum() < 60 or their_known.sum() < 60 or np.std(ours[known]) < _LEAST_SPREAD:
        return None
    size = 1 << int(np.ceil(np.log2(len(theirs) + count)))

    def slide(one: Curve, other: Curve) -> Curve:
        product = np.fft.irfft(np.fft.rfft(other, size) * np.conj(np.fft.rfft(one, size)), size)
        return np.asarray(product[: 2 * steps + 1])

    ones, their_ones = known.astype(np.float64), their_known.astype(np.float64)
    number = np.maximum(slide(ones, their_ones), 1.0)
    sum_ours, sum_theirs = slide(ours, their_ones), slide(ones, theirs)
    both = slide(ours, theirs) - sum_ours * sum_theirs / number
    spread = (slide(ours**2, their_ones) - sum_ours**2 / number) * (slide(ones, theirs**2) - sum_theirs**2 / number)
    likeness = both / np.sqrt(np.maximum(spread, 1e-9))
    likeness[(number < 0.5 * known.sum()) | (spread < 1e-3)] = -1.0
    return likeness if likeness.max() > -1 else None


def _between(values: Curve, peak: int) -> float:
    """The top of the parabola through a peak and its neighbors, in steps from it (-0.5 to 0.5)."""
    if not 0 < peak < len(values) - 1:
        return 0.0
    left, middle, right = values[peak - 1 : peak + 2]
    bend = left - 2 * middle + right
    return float(np.clip(0.5 * (left - right) / bend, -0.5, 0.5)) if bend < -1e-12 else 0.0
