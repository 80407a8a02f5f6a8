"""One picture from several copies of it: each place from those who agree, weighted by what each preserved. Pure.

    plan = learned(samples)               # some moments of a stretch, each seen in every copy
    picture, shares = combined(views, plan)

The pictures are registered already (same size, same place, same colours). The rules:
- where copies agree, all of them count. How much is measured for each band of detail: what several copies have in
  common is picture, what only one has is its noise; a copy that lost detail counts in the coarse bands only;
- who disagrees with copies that agree among themselves is left out there: a logo, letters, a drop-out;
- where nobody agrees with anybody, the copy is taken that adds no edges: letters and logos do; where edges do not
  tell, the one that continues best what is certain around it; in mere specks on which two disagree, the chosen one;
- what lies over a copy for most of the time, with edges of its own, is an overlay, and is left out from then on;
- nothing is made up: every pixel is a mean of what copies show there.

Source: that a coder's error lies across what it keeps is the centroid condition of a good quantizer (S. P. Lloyd,
1957; Gersho and Gray, "Vector Quantization and Signal Compression", 6.2); that what copies have in common is one
signal times a gain each is factor analysis with one factor (C. Spearman, 1904).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from holdfast.restore.assemble.agreement import (
    Pixels,
    Plane,
    astray,
    beliefs,
    planes_of,
    soft,
    tolerance_of,
)
from holdfast.restore.assemble.overlaid import Overlaid
from holdfast.restore.assemble.view import View

# Edges of the bands of detail: deviations in pixels of the soft pictures between which they lie.
_SOFTNESS = (0.8, 2.0)
BANDS = len(_SOFTNESS) + 1
# Found on four clips in sixteen sets of coders, where every clip came nearer to the work than its chosen copy.
_EVENNESS = 0.1
_OTHERS, _OTHERS_OF_TWO = 0.95, 0.9
# Detail that is alike to this degree (correlation) is of one coding.
_KIN = 0.985
# Two copies: how alike their detail is (correlation) from which on, and from which on fully, the second counts.
_ALIKE = ((0.52, 0.65), (0.78, 0.88))


@dataclass(frozen=True)
class Plan:
    """What was learned of the copies of a stretch.

    `weights` (bands, copies) sum to 1 or a little more in each band. A disagreement of `tolerance[0]` + `tolerance[1]`
    times the local contrast is ordinary. `overlays` has for each copy where something lies over its picture.
    """

    weights: NDArray[np.float64]
    tolerance: tuple[float, float]
    overlays: tuple[NDArray[np.bool_] | None, ...]

    def of(self, numbers: Sequence[int]) -> Plan:
        """The same for some of the copies: the weight of the others goes to them."""
        if len(numbers) == len(self.overlays):
            return self
        part = self.weights[:, list(numbers)]
        total = part.sum(axis=1, keepdims=True)
        even = np.where(total > 1e-6, part / np.maximum(total, 1e-6), 1 / len(numbers))
        return Plan(even, self.tolerance, tuple(self.overlays[number] for number in numbers))


def combined(views: Sequence[View], plan: Plan) -> tuple[Pixels, NDArray[np.uint8], list[Plane]]:
    """The picture (h, w, 3), where it is known (255), and the share of each copy in each pixel (0 to 1)."""
    planes = [planes_of(view) for view in views]
    lost = astray(planes, [view.mask for view in views], plan.tolerance)
    shown = [view.mask > 0 if number not in lost else np.zeros_like(view.mask > 0) for number, view in enumerate(views)]
    valid = _valid(shown, plan.overlays)
    belief = beliefs(planes, valid, plan.tolerance)
    healed = _healed(planes, belief)
    luma = _in_bands([each[..., 0] for each in healed], plan.weights)
    coarse = plan.weights[-1] / plan.weights[-1].sum()
    color = sum(each[..., 1:] * np.float32(weight) for each, weight in zip(healed, coarse, strict=True))
    whole = np.concatenate([luma[..., None], cast("Plane", color)], axis=2)
    rgb = cv2.cvtColor(np.clip(np.rint(whole), 0, 255).astype(np.uint8), cv2.COLOR_YCrCb2RGB)
    known = np.logical_or.reduce(shown).astype(np.uint8) * np.uint8(255)
    rgb[known == 0] = 0
    mean = plan.weights.mean(axis=0)
    given = [each * np.float32(max(weight, 1e-3)) for each, weight in zip(belief, mean, strict=True)]
    total = np.maximum(sum(given), np.float32(1e-6))
    return np.asarray(rgb, np.uint8), known, [cast("Plane", each / total) for each in given]


def _valid(shown: Sequence[NDArray[np.bool_]], overlays: Sequence[NDArray[np.bool_] | None]) -> list[NDArray[np.bool_]]:
    """Where each copy shows the work. An overlay counts as nothing if another copy shows what is under it."""
    clear = [each if overlay is None else each & ~overlay for each, overlay in zip(shown, overlays, strict=True)]
    anybody = np.logical_or.reduce(clear)
    return [each | (whole & ~anybody) for each, whole in zip(clear, shown, strict=True)]


def _healed(planes: Sequence[Plane], belief: Sequence[Plane]) -> list[Plane]:
    """Each copy with what it is not believed replaced by what the others show there."""
    total = np.maximum(sum(belief), 1e-6)
    mean = cast("Plane", sum(plane * (each / total)[..., None] for plane, each in zip(planes, belief, strict=True)))
    return [cast("Plane", mean + (plane - mean) * each[..., None]) for plane, each in zip(planes, belief, strict=True)]


def bands_of(luma: Plane) -> list[Plane]:
    """The picture as a sum of bands, the finest first."""
    found, rest = [], luma
    for deviation in _SOFTNESS:
        softer = soft(luma, deviation)
        found.append(rest - softer)
        rest = softer
    return [*found, rest]


def _in_bands(lumas: Sequence[Plane], weights: NDArray[np.float64]) -> Plane:
    """The weighted sum of the copies in each band. The blurs are linear, so they are made of sums, not of copies."""
    mixes = [cast("Plane", sum(luma * np.float32(w) for luma, w in zip(lumas, row, strict=True))) for row in weights]
    out = mixes[0]
    for number, deviation in enumerate(_SOFTNESS):
        out = out + soft(mixes[number + 1] - mixes[number], deviation)
    return out


def learned(samples: Sequence[Sequence[View]], memory: Overlaid | None = None) -> Plan:
    """The plan for copies of which some moments were seen: `samples[moment][copy]`, all copies in one order."""
    count = len(samples[0])
    kin = _kin(samples)
    if kin:
        own = [number for number in range(count) if number not in kin]
        return _with_kin(_learned([[views[number] for number in own] for views in samples], memory), own, samples)
    return _learned(samples, memory)


def _kin(samples: Sequence[Sequence[View]]) -> set[int]:
    """The copies that are another one over again, with the same errors: they must not vote twice."""
    found: set[int] = set()
    fine = [[bands_of(planes_of(view)[..., 0])[0] for view in views] for views in samples[:: max(1, len(samples) // 3)]]
    for one, other in combinations(range(len(samples[0])), 2):
        likeness = []
        for views, bands in zip(samples[:: max(1, len(samples) // 3)], fine, strict=True):
            both = (views[one].mask > 0) & (views[other].mask > 0)
            x, y = bands[one][both][::5], bands[other][both][::5]
            if len(x) > 100 and min(x.std(), y.std()) > 0.1:
                likeness.append(float(np.corrcoef(x, y)[0, 1]))
        if one not in found and likeness and np.median(likeness) > _KIN:
            found.add(other)
    return found


def _with_kin(plan: Plan, own: Sequence[int], samples: Sequence[Sequence[View]]) -> Plan:
    """The plan of those that count, widened by their kin, which is looked at only where nobody else shows anything."""
    count = len(samples[0])
    weights = np.zeros((BANDS, count))
    weights[:, list(own)] = plan.weights
    whole = np.ones(samples[0][0].mask.shape, np.bool_)
    overlays: list[NDArray[np.bool_] | None] = [whole] * count
    for number, overlay in zip(own, plan.overlays, strict=True):
        overlays[number] = overlay
    return Plan(weights, plan.tolerance, tuple(overlays))


def _learned(samples: Sequence[Sequence[View]], memory: Overlaid | None) -> Plan:
    count = len(samples[0])
    if count == 1:
        return Plan(np.ones((BANDS, 1)), (10.0, 1.0), (None,))
    tolerance = tolerance_of(samples)
    memory = memory if memory is not None else Overlaid()
    for views in samples:
        memory.seen(views, tolerance)
    overlays = memory.over([view.source for view in samples[0]])
    covariance = np.zeros((BANDS, count, count))
    for views in samples:
        planes = [planes_of(view) for view in views]
        belief = beliefs(planes, _valid([view.mask > 0 for view in views], overlays), tolerance)
        sure = np.minimum.reduce(belief) > 0.5
        bands = [bands_of(each[..., 0]) for each in planes]
        for band in range(BANDS):
            values = np.stack([each[band][sure] for each in bands])[:, ::3]
            if values.shape[1] > 100:
                values = values - values.mean(axis=1, keepdims=True)
                covariance[band] += values @ values.T / values.shape[1]
    weights = _of_detail(covariance[:-1])
    # In the coarsest band copies differ by less than what can be told from it: the one above knows who is better.
    weights.append(weights[-1] / weights[-1].sum())
    return Plan(np.stack(weights), tolerance, overlays)


def _of_detail(covariance: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """The weights in the bands above the coarsest. Who has nothing to give to coarser detail has nothing finer either.

    A coder loses the finest first: what is alike in two copies there, and in nothing coarser, is alike by chance.
    """
    weights = [_weights(each, band) for band, each in enumerate(covariance)]
    for band in range(len(weights) - 2, -1, -1):
        nothing = (weights[band + 1] <= 0) & (weights[band] > 0)
        nothing[0] = False
        if nothing.any():
            kept = np.flatnonzero(~nothing)
            weights[band] = np.zeros(len(nothing))
            weights[band][kept] = _weights(covariance[band][np.ix_(kept, kept)], band) if len(kept) > 1 else 1.0
    return weights


def _weights(covariance: NDArray[np.float64], band: int) -> NDArray[np.float64]:
    """How much each copy counts in a band, from the powers of its detail there and what it has in common with others.

    The least squares of the work by its copies need what each copy has in common with the work. For a copy that a
    coder made that is the copy's own power, because what a coder leaves out lies across what it keeps; what is not in
    common with the other copies is taken off, for it is noise that the coder added.
    """
    power = np.diag(covariance)
    weights = np.zeros(len(power))
    if power[0] <= 1e-6:
        weights[0] = 1
        return weights
    shared = power * _credit(covariance, band)
    kept = np.flatnonzero(power > 1e-6)
    while True:
        part, aim = covariance[np.ix_(kept, kept)], shared[kept]
        even = np.eye(len(kept)) * np.trace(part) / len(kept)
        found = np.linalg.solve(part + _EVENNESS * even, aim)
        if found.min() >= 0 or len(kept) == 1:
            break
        kept = np.delete(kept, int(np.argmin(found)))
    # What evens the weights out must not make the picture weaker.
    weights[kept] = found * (np.linalg.solve(part + 1e-4 * even, aim).sum() / max(found.sum(), 1e-9))
    return weights


def _credit(covariance: NDArray[np.float64], band: int) -> NDArray[np.float64]:
    """How much of each copy's power is taken for picture, at most 1.

    The first was chosen, so what only it has is taken for detail. Of the others that may be noise: of three, what a
    copy has in common with the rest tells. Two cannot tell whose the noise is: only if they are as alike as the copies
    of two good coders does the second count.
    """
    power = np.maximum(np.diag(covariance), 1e-9)
    if len(power) > 2:
        common = _gains(covariance) ** 2 / power
        credit = _OTHERS * np.sqrt(common / max(common.max(), 1e-9))
    else:
        low, high = _ALIKE[band]
        likeness = covariance[0, 1] / np.sqrt(power[0] * power[1])
        credit = np.full(2, _OTHERS_OF_TWO * np.clip((likeness - low) / (high - low), 0, 1))
    credit[0] = 1
    return np.asarray(credit, np.float64)


def _gains(covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    """The gain of the common signal in each of three or more copies, by repeated principal factors."""
    shared = covariance.copy()
    np.fill_diagonal(shared, np.abs(covariance - np.diag(np.diag(covariance))).max(axis=1))
    gains = np.zeros(len(covariance))
    for _ in range(50):
        values, vectors = np.linalg.eigh(shared)
        gains = vectors[:, -1] * np.sqrt(max(values[-1], 0.0))
        gains = gains if gains.sum() > 0 else -gains
        np.fill_diagonal(shared, np.minimum(gains**2, np.diag(covariance)))
    return np.asarray(np.maximum(gains, 0.0), np.float64)
