"""Copies that show the same moment, laid beside each other: what each has that the others lack, and what is too much.

Nobody has the original, so each copy is held against every other (`Duel`), in the patches that both show wholly, moved
onto each other. What both show is the picture; what only one shows may be detail that the other has lost, or noise, or
something that lies over it. So detail counts where the copies agree:

    edges     the power of either copy in a band, in the places where both have an edge of the film
    common    the same, weighed by how alike the two are in each window (their squared coherence)
    calm      what changes from frame to frame in one copy and not in the other: noise, wandering lines
    moving    a coder that saves bits leaves blocks of the frame before as they are
    late      a copy of few frames that has not moved on yet
    alike     what a third copy says: whose detail is found again in it has detail, and not noise

Brightness and contrast are made equal first: assembly does that too. Two copies of one film rarely change frames at
the same moment, so each is taken at that of its two frames that fits the others.

Windows are those of the structural similarity (SSIM).
Source: Wang, Bovik, Sheikh, Simoncelli, "Image quality assessment: from error visibility to structural similarity",
IEEE Trans. Image Processing, 2004. Source for coherence: Carter, Knapp, Nuttall, "Estimation of the magnitude-squared
coherence function", IEEE Trans. Audio and Electroacoustics, 1973.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from holdfast.restore.choose.bands import (
    INNER,
    Noise,
    Stack,
    Table,
    banded,
    blurred,
    local,
    noise_of,
    together,
)
from holdfast.restore.choose.looks import Look
from holdfast.restore.choose.overlays import overlays

_C2 = 58.5  # (0.03 * 255) ** 2, of the structural similarity
_FOREIGN = 200.0  # squared steps of 255
_FINEST, _THIRD, _FIFTH, _SIXTH = 0, 2, 4, 5
# What is added to the power of a band, so that what nobody sees decides nothing.
_LITTLE = {_FINEST: 1.0, _THIRD: 3.0, _FIFTH: 8.0, _SIXTH: 12.0}
_AN_EDGE = 40.0  # power of the fifth band that half counts as an edge
# The calmest windows have less than the mean, and hold a part of it: white noise has so many times their variance.
_ALL_OF_IT = 4.2
# Of many copies each is held against so many before and after it in a ring, or work grew with their number squared.
_REACH = 3
_MOST_BLOCKED, _MOST_FRAMES = 2.0, 31.0
# The share of the finest possible lines that each band stands for: half an octave apart.
_SHARES = (1.0, 0.7, 0.5, 0.35, 0.24, 0.16, 0.11)


class Duel(NamedTuple):
    """What speaks for one copy against another; every figure of the other against it is the same with another sign.

    `edges` and `contours` are of the fifth and sixth band, `outlines` of the sixth, `detail` of the finest.
    """

    edges: float
    contours: float
    outlines: float
    detail: float
    calm: float
    moving: float
    less_blocked: float
    in_time: float
    alike: float


class Seen(NamedTuple):
    """What was seen of one copy at one moment: `duels` with each other copy by number, and its own figures.

    `noise` in steps of 255, `noise_loss` what it takes of the structural similarity, `bands` deviations of what lasts
    from frame to frame in each band, the finest first, `over` (h, w) bool where something lies over it.
    """

    duels: dict[int, Duel]
    noise: float
    noise_loss: float
    over: NDArray[np.bool_]
    bands: tuple[float, ...]


class _Pair(NamedTuple):
    """A duel without its third voices, and how much of the power of the third band two copies have in common."""

    duel: Duel
    common: float


def compared(looks: Mapping[int, Look]) -> dict[int, Seen]:
    """Every copy of one moment against every other, or of many against six of them.

    Copies without a whole patch in common are judged by all patches.
    """
    numbers = sorted(looks)
    frames = _fitting(looks, numbers)
    noises = [_noise(looks[each]) for each in numbers]
    pairs: dict[tuple[int, int], _Pair] = {}
    for here in range(len(numbers)):
        for there in beside(here, len(numbers)):
            if (there, here) not in pairs:
                pairs[here, there] = _pair(
                    (looks[numbers[here]], looks[numbers[there]]),
                    (frames[here], frames[there]),
                    (noises[here], noises[there]),
                )
    alike = np.full((len(numbers), len(numbers)), np.nan)
    for (one, other), pair in pairs.items():
        alike[one, other] = alike[other, one] = pair.common
    found = {}
    for here, number in enumerate(numbers):
        others = beside(here, len(numbers))
        duels = {
            numbers[there]: _against(pairs, (here, there))._replace(alike=_third(alike, here, there))
            for there in others
        }
        group = [here, *others]
        over = overlays([looks[numbers[each]] for each in group], [frames[each] for each in group])[0]
        found[number] = _seen(duels, looks[number], noises[here], over)
    return found


def beside(here: int, count: int) -> list[int]:
    """Against which of `count` copies this one is held: all others, or those next to it in a ring of many."""
    if count <= 2 * _REACH + 1:
        return [each for each in range(count) if each != here]
    return sorted((here + way) % count for way in range(-_REACH, _REACH + 1) if way)


def _seen(duels: dict[int, Duel], look: Look, noise: Noise, over: NDArray[np.bool_]) -> Seen:
    picture = _stacked(look.patches[0][_some(look.is_whole)])
    mean = local(picture)
    variance = np.maximum(local(picture * picture) - mean * mean, 0)[INNER]
    power = _ALL_OF_IT * float(noise.variance.sum())
    return Seen(
        duels,
        float(np.sqrt(power)),
        float((power / (2 * np.maximum(variance - power, 0) + power + _C2)).mean()),
        over,
        tuple(np.sqrt(noise.lasting).tolist()),
    )


def _third(alike: Table, one: int, other: int) -> float:
    """Whether others that both were held against are more like the first than like the second."""
    leads = alike[one] - alike[other]
    known = leads[~np.isnan(leads)]
    return float(known.mean()) if known.size else 0.0


def _against(pairs: Mapping[tuple[int, int], _Pair], pair: tuple[int, int]) -> Duel:
    if pair in pairs:
        return pairs[pair].duel
    return Duel(*[-each for each in pairs[pair[1], pair[0]].duel])


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
    """Patches (2, n, side, side) a quarter as fine, without their means: (2, values, n)."""
    small = np.stack(
        [
            [cv2.resize(each, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA).ravel() for each in two]
            for two in patches
        ]
    )
    rough = small.astype(np.float32).transpose(0, 2, 1)
    found: Stack = rough - rough.mean(axis=1, keepdims=True)
    return found


def _stacked(patches: NDArray[np.uint8]) -> Stack:
    return np.ascontiguousarray(patches.transpose(1, 2, 0), np.float32)


def _some(whole: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return whole if whole.any() else np.ones_like(whole)


def _noise(look: Look) -> Noise:
    now, after = (_stacked(each) for each in look.patches)
    return noise_of(now, after if look.starts[1] > look.starts[0] else None, _some(look.is_whole))


def _pair(looks: tuple[Look, Look], frames: tuple[int, int], noises: tuple[Noise, Noise]) -> _Pair:
    both = _some(looks[0].is_whole & looks[1].is_whole)
    stacks = [_stacked(look.patches[frame][both]) for look, frame in zip(looks, frames, strict=True)]
    one, other = together(*stacks)
    power = [float(((blurred(each, 2.0) - blurred(each, 8.0)) ** 2).mean()) + 0.5 for each in (one, other)]
    gain = float((power[1] / power[0]) ** 0.25)
    one, other = one * gain, other / gain
    agreed = _agreed(one, other)
    bands = list(zip(banded(one), banded(other), strict=True))
    parts = {}
    for band in (_FINEST, _THIRD, _FIFTH, _SIXTH):
        a, b = bands[band]
        parts[band] = (local(a * a)[INNER], local(b * b)[INNER], local(a * b)[INNER])
    alike = {band: np.minimum(np.maximum(c, 0) ** 2 / (a * b + 0.05), 1) for band, (a, b, c) in parts.items()}
    surplus = {band: (a - b) / (a + b + _LITTLE[band]) * agreed for band, (a, b, _) in parts.items()}
    edge = np.maximum(parts[_FIFTH][2], 0) * agreed
    edge /= edge + _AN_EDGE
    weight = float(edge.sum()) + 1
    finest = parts[_FINEST]
    noise = noises[0].variance[0] * gain**2, noises[1].variance[0] / gain**2
    clean = np.maximum(finest[0] - noise[0], 0) - np.maximum(finest[1] - noise[1], 0)
    own = looks[0].own, looks[1].own
    calm = 0.0
    if noises[0].is_known and noises[1].is_known:
        first, second = noises[0].unrest[..., both][INNER] * gain**2, noises[1].unrest[..., both][INNER] / gain**2
        calm = float(((second - first) / (first + second + _LITTLE[_THIRD])).mean())
    third = parts[_THIRD][0] + parts[_THIRD][1]
    duel = Duel(
        edges=float((edge * surplus[_FIFTH]).sum()) / weight,
        contours=float((edge * surplus[_SIXTH]).sum()) / weight,
        outlines=float((alike[_SIXTH] * surplus[_SIXTH]).mean()),
        detail=float((alike[_FINEST] * agreed * clean / (finest[0] + finest[1] + _LITTLE[_FINEST])).mean()),
        calm=calm,
        moving=own[1].frozen - own[0].frozen,
        less_blocked=min(own[1].blocking, _MOST_BLOCKED) - min(own[0].blocking, _MOST_BLOCKED),
        in_time=_in_time(looks),
        alike=0.0,
    )
    return _Pair(duel, float((alike[_THIRD] * third).sum() / (third.sum() + 1)))


def _agreed(one: Stack, other: Stack) -> NDArray[np.bool_]:
    """Where two copies show the same at all: what is laid over one of them is no detail."""
    means = local(one), local(other)
    both = local(one * one) - means[0] ** 2 + local(other * other) - means[1] ** 2
    shared = local(one * other) - means[0] * means[1]
    differs: NDArray[np.bool_] = (2 * shared + _C2 < 0.4 * (both + _C2)) & (both - 2 * shared > _FOREIGN)
    return ~differs[INNER]


def _in_time(looks: tuple[Look, Look]) -> float:
    """How many more frames the first has, in powers of e, as far as the film moves from one of them to the next."""
    rates = [max(1.0, min(look.own.rate, _MOST_FRAMES)) for look in looks]
    quicker = looks[0] if rates[0] >= rates[1] else looks[1]
    now, after = _rough(quicker.patches)[..., _some(quicker.is_whole)]
    shared = float((now * after).sum() / np.sqrt((now * now).sum() * (after * after).sum() + 1e-3))
    moves = 1 - shared if quicker.starts[1] > quicker.starts[0] else 0.0
    return float(np.log(rates[0] / rates[1])) * moves


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
