"""Copies that show the same moment, laid beside each other: what each has that the others lack, and what is too much.

Nobody has the original, so each copy is judged against every other (`Duel`), in the patches that both show wholly:

    detail     in small windows the one with more of it is nearer to the original, as far as it is more than its noise
    noise      what is left in the calmest windows, where a film has nothing
    alone      what a third copy says: who is more like it is nearer to the original
    overlaid   places where one copy disagrees with those that agree, or (of two) has the harder edges
    unrest     what changes from frame to frame in one copy and not in the other: noise, jitter, a hand that shakes
    taped      a tape blurs along its lines and shifts them against each other: less changes across, more downwards
    late       a copy of few frames that has not moved on yet

Brightness and contrast are made equal first: assembly does that too. Two copies of one film rarely change frames at
the same moment, so each is taken at that of its two frames that fits the others.

Windows and constants are those of the structural similarity (SSIM).
Source: Wang, Bovik, Sheikh, Simoncelli, "Image quality assessment: from error visibility to structural similarity",
IEEE Trans. Image Processing, 2004.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from holdfast.restore.choose.looks import Look
from holdfast.restore.choose.overlays import Overlays, overlays

Stack = NDArray[np.float32]
Table = NDArray[np.float64]

_C2 = 58.5  # (0.03 * 255) ** 2
_EDGE = 6  # windows that reach over the border of a patch are left out
_FINE, _COARSE = 0.9, 1.8
_GRAIN, _UNREST, _FOREIGN = 1.2, 40.0, 200.0  # steps of 255; of the latter two the squares
_DARK, _BRIGHT = 26, 230
_FEW_FRAMES = 0.8  # of the other's rate
# Deviations of the filters whose differences are the bands of `detail`, and the share of the finest line that each
# band stands for: half an octave apart.
_BANDS = (0.0, 0.6, 0.85, 1.2, 1.7, 2.4, 3.4)
_SHARES = (1.0, 0.7, 0.5, 0.35, 0.25, 0.18)


class Duel(NamedTuple):
    """What speaks for one copy against another; every figure of the other against it is the same with another sign."""

    sharper: float
    fine: float
    coarse: float
    calmer: float
    cleaner: float
    less_blocked: float
    steadier: float
    untaped: float
    in_time: float
    barer: float
    bare_alone: float
    likelier: float
    likelier_coarse: float
    likeliest: float


class Seen(NamedTuple):
    """What was seen of one copy at one moment: `duels` with each other copy by number, and its own figures."""

    duels: dict[int, Duel]
    noise: float
    noise_loss: float
    overlaid: float
    bands: tuple[float, ...]


class _Windows(NamedTuple):
    """Patches (n, side, side, 8) made equal in contrast, their local means and variances, and those of two bands.

    `change` is the local power of what changes to the next frame, apart from light; `across` and `down` that of steps
    from column to column and from row to row.
    """

    picture: Stack
    mean: Stack
    variance: Stack
    fine: Stack
    coarse: Stack
    coarse_variance: Stack
    noise: Table
    coarse_noise: Table
    change: Stack
    across: Stack
    down: Stack


def compared(looks: Mapping[int, Look]) -> dict[int, Seen]:
    """Every copy of one moment against every other. Copies without a whole patch are judged by all they have."""
    numbers = sorted(looks)
    frames = _fitting(looks, numbers)
    whole = np.stack([looks[each].is_whole for each in numbers])
    patches = np.stack([looks[each].patches[frame] for each, frame in zip(numbers, frames, strict=True)])
    changes = np.stack([looks[each].patches[1].astype(np.float32) - looks[each].patches[0] for each in numbers])
    windows = _windows(_stacked(patches), _stacked(changes), whole)
    like = _likeness(windows, whole)
    over = overlays([looks[each] for each in numbers], frames)
    found = {}
    for here, number in enumerate(numbers):
        duels = {
            other: _duel(windows, whole, like, over, (here, there), (looks[number], looks[other]))
            for there, other in enumerate(numbers)
            if there != here
        }
        own = _some(whole[here])
        detail = np.maximum(windows.variance[here] - _noise_of(windows, here), 0)[_inner(own)]
        noise = _noise_of(windows, here)
        found[number] = Seen(
            duels,
            float(np.sqrt(noise)),
            float((noise / (2 * detail + noise + _C2)).mean()),
            max(float(over.alone[here]), float(over.against[here].max(initial=0.0)) if len(numbers) == 2 else 0.0),
            _banded(windows.picture[here][:, :, own], noise),
        )
    return found


def _fitting(looks: Mapping[int, Look], numbers: list[int]) -> list[int]:
    """Which of its two frames of each copy fits those of the others: 0 or 1.

    Each in turn is held with its first; the one with which all others agree best decides. A frame that is further
    than a frame and a half (of the quickest copy) from the held one does not count: that copy is late.
    """
    rough = np.stack([_rough(looks[each].patches) for each in numbers])  # (n, 2, values, 8)
    power = (rough * rough).sum(axis=2)
    reach = 1.6 / max(looks[each].own.rate for each in numbers)
    best, chosen = -np.inf, [0] * len(numbers)
    for held, pivot in enumerate(numbers):
        frames, total = [], 0.0
        for there, other in enumerate(numbers):
            both = looks[pivot].is_whole & looks[other].is_whole
            if there == held or not both.any():
                frames.append(0)
                continue
            shared = (rough[held, 0][:, both] * rough[there][:, :, both]).sum(axis=(1, 2))
            likeness = shared / np.sqrt(power[held, 0][both].sum() * power[there][:, both].sum(axis=1) + 1e-3)
            if abs(looks[other].starts[1] - looks[pivot].starts[0]) > reach:
                likeness[1] = -1.0
            frames.append(int(np.argmax(likeness)))
            total += float(likeness[frames[-1]])
        if total > best:
            best, chosen = total, frames
    return chosen


def _rough(patches: NDArray[np.uint8]) -> Stack:
    """Patches (2, 8, side, side) a quarter as fine, without their means: (2, values, 8)."""
    small = np.stack(
        [
            [cv2.resize(each, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA).ravel() for each in two]
            for two in patches
        ]
    )
    rough = small.astype(np.float32).transpose(0, 2, 1)
    found: Stack = rough - rough.mean(axis=1, keepdims=True)
    return found


def _blurred(stack: Stack, sigma: float) -> Stack:
    return np.stack([cv2.GaussianBlur(each, (0, 0), sigma).reshape(each.shape) for each in stack])


def _local(stack: Stack) -> Stack:
    return np.stack([cv2.GaussianBlur(each, (11, 11), 1.5).reshape(each.shape) for each in stack])


def _stacked(patches: NDArray[np.generic]) -> Stack:
    return np.ascontiguousarray(patches.transpose(0, 2, 3, 1), np.float32)


def _windows(patches: Stack, changes: Stack, whole: NDArray[np.bool_]) -> _Windows:
    contrast = _blurred(patches, 2.0) - _blurred(patches, 8.0)
    shared = _some(np.logical_and.reduce(whole))
    scale = np.sqrt((contrast[..., shared] ** 2).mean(axis=(1, 2, 3)) + 4)
    equal = (np.median(scale) / scale).astype(np.float32)[:, None, None, None]
    picture, changes = patches * equal, changes * equal
    rough_changes = changes - _blurred(changes, _COARSE)
    mean = _local(picture)
    across = np.diff(picture, axis=2, append=picture[:, :, -1:])
    down = np.diff(picture, axis=1, append=picture[:, -1:])
    soft = _blurred(picture, _FINE)
    fine, coarse = picture - soft, soft - _blurred(picture, _COARSE)
    fine_variance, coarse_variance = _local(fine * fine), _local(coarse * coarse)
    light = _local(patches)
    noise = np.array([_floor(*each) for each in zip(fine_variance, light, whole, strict=True)])
    coarse_noise = np.array([_floor(*each) for each in zip(coarse_variance, light, whole, strict=True)])
    change = _local(rough_changes * rough_changes)
    moves = changes.any(axis=(1, 2, 3))
    # What stands still in the calmest places is texture: noise changes from frame to frame, by twice its variance.
    unrest = np.array([_floor(*each) / 2 for each in zip(change, light, whole, strict=True)])
    noise = np.where(moves, np.minimum(noise, unrest), noise)
    coarse_noise = np.where(moves, np.minimum(coarse_noise, unrest), coarse_noise)
    variance = np.maximum(_local(picture * picture) - mean * mean, 0)
    return _Windows(
        picture,
        mean,
        variance,
        fine_variance,
        coarse,
        coarse_variance,
        noise,
        coarse_noise,
        change,
        _local(across * across),
        _local(down * down),
    )


def _floor(variance: Stack, light: Stack, whole: NDArray[np.bool_]) -> float:
    """The variance of noise: that of the calmest tenth of the windows, which is a little less than the mean.

    Black and white are left out where there is anything else: noise is cut off there.
    """
    inner = _inner(_some(whole))
    kept = variance[inner][(light[inner] > _DARK) & (light[inner] < _BRIGHT)]
    enough = kept.size > variance[inner].size / 20
    return 1.2 * float(np.percentile(kept if enough else variance[inner], 10))


def _noise_of(windows: _Windows, here: int) -> float:
    # White noise leaves about three quarters of its variance in the fine band.
    return float(1.35 * windows.noise[here] + windows.coarse_noise[here])


def _some(whole: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return whole if whole.any() else np.ones_like(whole)


def _inner(which: NDArray[np.bool_]) -> tuple[slice, slice, NDArray[np.bool_]]:
    return (slice(_EDGE, -_EDGE), slice(_EDGE, -_EDGE), which)


def _likeness(windows: _Windows, whole: NDArray[np.bool_]) -> Table:
    """(2, n, n): mean contrast and structure terms of SSIM between copies, of the pictures and of their coarse band."""
    count = len(whole)
    found = np.stack([np.eye(count)] * 2)
    for one in range(count):
        for other in range(one):
            inner = _inner(_some(whole[one] & whole[other]))
            shared = _local((windows.picture[one] * windows.picture[other])[None])[0]
            shared -= windows.mean[one] * windows.mean[other]
            both = windows.variance[one] + windows.variance[other]
            found[0, one, other] = found[0, other, one] = ((2 * shared + _C2) / (both + _C2))[inner].mean()
            shared = _local((windows.coarse[one] * windows.coarse[other])[None])[0]
            both = windows.coarse_variance[one] + windows.coarse_variance[other]
            found[1, one, other] = found[1, other, one] = ((2 * shared + 6) / (both + 6))[inner].mean()
    return found


def _duel(
    windows: _Windows,
    whole: NDArray[np.bool_],
    like: Table,
    over: Overlays,
    pair: tuple[int, int],
    looks: tuple[Look, Look],
) -> Duel:
    one, other = pair
    inner = _inner(_some(whole[one] & whole[other]))

    agreed = _agreed(windows, pair)[inner]

    def surplus(variance: Stack, noise: tuple[float, float], constant: float) -> float:
        first, second = (np.maximum(variance[each] - least, 0)[inner] for each, least in zip(pair, noise, strict=True))
        return float((agreed * (first - second) / (first + second + constant)).mean())

    losses = [(_noise_of(windows, each) / (2 * windows.variance[each][inner] + _C2)).mean() for each in pair]
    steadier = 0.0
    if all(look.starts[1] > look.starts[0] for look in looks) and _are_alike(looks[0].own.rate, looks[1].own.rate):
        first, second = (windows.change[each][inner] for each in pair)
        steadier = float(((second - first) / (first + second + _UNREST)).mean())
    others = [each for each in range(len(whole)) if each not in pair]
    thirds = like[:, one, others] - like[:, other, others] if others else np.zeros((2, 1))
    best = like[0, one, others].max() - like[0, other, others].max() if others else 0.0
    rates = [min(look.own.rate, 31.0) for look in looks]
    is_slow = float(rates[1] < _FEW_FRAMES * rates[0]) - float(rates[0] < _FEW_FRAMES * rates[1])
    return Duel(
        sharper=surplus(windows.variance, (_noise_of(windows, one), _noise_of(windows, other)), _C2),
        fine=surplus(windows.fine, (windows.noise[one], windows.noise[other]), 3.0),
        coarse=surplus(windows.coarse_variance, (windows.coarse_noise[one], windows.coarse_noise[other]), 6.0),
        calmer=_snow(windows.noise[other]) - _snow(windows.noise[one]),
        cleaner=float(losses[1] - losses[0]),
        less_blocked=min(looks[1].own.blocking, 2.0) - min(looks[0].own.blocking, 2.0),
        steadier=steadier,
        untaped=surplus(windows.across, (0.0, 0.0), 6.0) - surplus(windows.down, (0.0, 0.0), 6.0),
        in_time=is_slow * (1 - float(like[0, one, other])),
        barer=float(over.against[other, one] - over.against[one, other]),
        bare_alone=float(over.alone[other] - over.alone[one]),
        likelier=float(thirds[0].mean()),
        likelier_coarse=float(thirds[1].mean()),
        likeliest=float(best),
    )


def _snow(noise: float) -> float:
    """How much stronger the noise is than the grain of a film, which is no fault, can be."""
    return max(0.0, float(np.sqrt(noise)) - _GRAIN)


def _agreed(windows: _Windows, pair: tuple[int, int]) -> NDArray[np.bool_]:
    """Where two copies show the same at all: what is laid over one of them is no detail."""
    one, other = pair
    shared = _local((windows.picture[one] * windows.picture[other])[None])[0] - windows.mean[one] * windows.mean[other]
    both = windows.variance[one] + windows.variance[other]
    differs: NDArray[np.bool_] = (2 * shared + _C2 < 0.4 * (both + _C2)) & (both - 2 * shared > _FOREIGN)
    return ~differs


def _are_alike(rate: float, other: float) -> bool:
    return _FEW_FRAMES < rate / other < 1 / _FEW_FRAMES


def _banded(patches: Stack, noise: float) -> tuple[float, ...]:
    """Deviations of the picture in bands half an octave apart, the finest first, without those of noise."""
    soft = [patches] + [cv2.GaussianBlur(patches, (0, 0), sigma).reshape(patches.shape) for sigma in _BANDS[1:]]
    found = []
    for number, (one, other) in enumerate(pairwise(soft)):
        # White noise has half as much in every coarser band.
        power = float(((one - other)[_EDGE:-_EDGE, _EDGE:-_EDGE] ** 2).mean()) - noise / 2 ** (number + 1)
        found.append(float(np.sqrt(max(power, 0.0))))
    return tuple(found)


def resolved(bands: tuple[float, ...], reference: tuple[float, ...]) -> float:
    """Which share of the finest possible lines a picture resolves, 0 to 1, beside what all together have.

    Where it has less than half of the deviation of the reference, a band counts as lost, with a slope between.
    """
    edge = 0.0
    for share, own, most in zip(reversed(_SHARES), reversed(bands), reversed(reference), strict=True):
        gain = own / most if most > 0.05 else 1.0
        step = min(1.0, max(0.0, (gain - 0.25) / 0.5))
        edge = edge + (share - edge) * step if step else edge
    return edge or _SHARES[-1]
