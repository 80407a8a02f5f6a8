"""Where copies of one picture agree, and who is to be believed where they do not. Pure.

Everything is told for the pixels of one moment: how far two copies differ, what difference is ordinary (coders differ
more where there is contrast), and a belief from 0 to 1 for each pixel of each copy.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, permutations
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from holdfast.restore.assemble.view import View
from holdfast.restore.laid_over import CLEARLY, COHERENT, edge_power, edges_between, outline, sums, things

Pixels = NDArray[np.uint8]
Plane = NDArray[np.float32]

_MARGIN = 1.2
_EDGES = 1.0
_AROUND = 6.0
# Two copies that differ by this much are not of one picture there; so many such places make letters over letters.
_GLARING = 25.0
_MOST_ORDINARY = 40.0
_DENSE = 0.06
_BLAME = 120.0
# What is smaller than this share of the picture is no logo and no letters.
_SPECK = 1 / 300
# Two copies of which less than half looks alike show different pictures, if they have more than a trifle in common.
_HALF, _ENOUGH = 0.5, 0.02


def planes_of(view: View) -> Plane:
    """Luma and two colour differences (h, w, 3) float32 of its picture."""
    return np.asarray(cv2.cvtColor(view.pixels, cv2.COLOR_RGB2YCrCb), np.float32)


def soft(plane: Plane, deviation: float) -> Plane:
    """The plane blurred by a Gaussian of this deviation (pixels)."""
    return cast("Plane", cv2.GaussianBlur(plane, (0, 0), deviation))


def contrast(luma: Plane) -> Plane:
    """How steep the brightness is around each pixel, in steps a pixel."""
    across, down = cv2.Sobel(luma, cv2.CV_32F, 1, 0), cv2.Sobel(luma, cv2.CV_32F, 0, 1)
    return soft(cast("Plane", cv2.magnitude(across, down) * np.float32(0.125)), 2.0)


def difference(one: Plane, other: Plane) -> Plane:
    """How far two pictures differ around each pixel: in brightness, and half as much in colour."""
    apart = cv2.absdiff(one, other)
    return soft(apart[..., 0] + 0.5 * (apart[..., 1] + apart[..., 2]), _MARGIN)


def beliefs(planes: Sequence[Plane], valid: Sequence[NDArray[np.bool_]], tolerance: tuple[float, float]) -> list[Plane]:
    """For each copy how far it is to be believed at each pixel, 0 to 1."""
    count = len(planes)
    ordinary = ordinary_difference(planes, tolerance)
    support = [np.zeros(ordinary.shape, np.float32) for _ in planes]
    apart = [np.zeros(ordinary.shape, np.float32) for _ in planes]
    for one, other in combinations(range(count), 2):
        far = difference(planes[one], planes[other])
        near = np.clip(2 - far / ordinary, 0, 1) * (valid[one] & valid[other])
        for number in (one, other):
            support[number] += near
            apart[number] = np.maximum(apart[number], far)
    most = np.maximum.reduce(support)
    present = np.sum(valid, axis=0)
    scale = 1 / np.maximum(most, 1e-6)
    belief = [np.square(each * scale, dtype=np.float32) for each in support]
    for each, is_valid in zip(belief, valid, strict=True):
        each[(present == 1) & is_valid] = 1
    doubt = _uncovered(planes, valid, belief, (most < 0.5) & (present > 1))
    _settle(planes, valid, belief, doubt, _AROUND)
    strange = [
        (each < 0.5) & (far > np.maximum(_GLARING, 2 * ordinary)) for each, far in zip(belief, apart, strict=True)
    ]
    zone, guilt = _guilt(strange)
    _settle(planes, valid, belief, zone, 2.5 * _AROUND, guilt)
    return belief


def ordinary_difference(planes: Sequence[Plane], tolerance: tuple[float, float]) -> Plane:
    """The difference that is ordinary at each pixel. The copy of least contrast counts: letters have much of it."""
    least = np.minimum.reduce([contrast(np.ascontiguousarray(each[..., 0])) for each in planes])
    return cast("Plane", np.minimum(tolerance[0] + tolerance[1] * least, _MOST_ORDINARY))


def _guilt(strange: Sequence[NDArray[np.bool_]]) -> tuple[NDArray[np.bool_], list[Plane]]:
    """Where two copies or more are strange somewhere near, and whose the guilt is there (shares of 1).

    Letters over letters may agree by chance: there agreement says nothing, but a copy without letters is known by
    being strange in a few places only.
    """
    height, width = strange[0].shape
    if sum(bool(each.any()) for each in strange) < 2:
        return np.zeros((height, width), np.bool_), []
    small = (max(1, width // 4), max(1, height // 4))
    near = [
        soft(cast("Plane", cv2.resize(each.astype(np.float32), small, interpolation=cv2.INTER_AREA)), 3.0)
        for each in strange
    ]
    dense = (np.sort(np.stack(near), axis=0)[-2] > _DENSE).astype(np.uint8)
    dense = cv2.morphologyEx(dense, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    wide = cv2.resize(cv2.dilate(dense, np.ones((5, 5), np.uint8)), (width, height), interpolation=cv2.INTER_NEAREST)
    total = sum(near) + np.float32(1e-3)
    guilt = [cv2.resize(each / total, (width, height), interpolation=cv2.INTER_LINEAR) for each in near]
    return np.asarray(wide > 0), [cast("Plane", each) for each in guilt]


def _uncovered(
    planes: Sequence[Plane], valid: Sequence[NDArray[np.bool_]], belief: list[Plane], doubt: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Believes, of every thing on which nobody agrees, the copy over which nothing lies there (in place).

    Gives what is left: doubts of which the edges do not tell. Where the edges of another are the same and weaker,
    nothing lies over anybody, and the first that shows the place is believed: it was chosen for its detail. So it is in
    specks on which two disagree: they are leaves that one coder dropped more often than anything that lies over a film.
    """
    if not doubt.any():
        return doubt
    count, labels = things(doubt)
    strip = np.where(outline(doubt), labels, 0)
    lumas = [np.ascontiguousarray(each[..., 0]) for each in planes]
    edges = np.stack([sums(edge_power(luma), strip, count) for luma in lumas])
    area = sums(np.ones_like(lumas[0]), labels, count)
    is_there = np.stack([sums(each.astype(np.float32), labels, count) for each in valid]) > area / 2
    best = np.argmin(np.where(is_there, edges, np.inf), axis=0)
    is_clear, is_weaker = is_there.any(axis=0), np.zeros(count, np.bool_)
    for one, other in permutations(range(len(planes)), 2):
        rivals = (best == one) & is_there[other]
        if rivals.any():
            between = np.maximum(sums(edges_between(lumas[one], lumas[other]), strip, count), 1e-6)
            lead = (edges[other] - edges[one]) / between
            is_clear &= ~rivals | (lead > CLEARLY)
            is_weaker |= rivals & (lead > COHERENT)
    is_speck = (is_there.sum(axis=0) == 2) & (area < lumas[0].size * _SPECK)
    is_clear, is_weaker = is_clear | is_speck, is_weaker | is_speck
    believed = np.where(is_weaker, np.argmax(is_there, axis=0), best)
    decided = np.concatenate([[False], is_clear])[labels]
    whose = np.concatenate([[-1], believed])[labels]
    for number, each in enumerate(belief):
        each[decided] = (whose == number)[decided]
    return np.asarray(doubt & ~decided, np.bool_)


def _settle(
    planes: Sequence[Plane],
    valid: Sequence[NDArray[np.bool_]],
    belief: list[Plane],
    doubt: NDArray[np.bool_],
    around: float,
    guilt: Sequence[Plane] | None = None,
) -> None:
    """Where nobody is to be believed for agreeing: who continues best what is certain around (in place).

    Without `guilt`, edges speak against a copy; with it, its share of the guilt.
    """
    rows, columns = np.flatnonzero(doubt.any(axis=1)), np.flatnonzero(doubt.any(axis=0))
    if not len(rows):
        return
    margin = int(3 * around)
    part = np.s_[
        max(0, rows[0] - margin) : rows[-1] + margin + 1, max(0, columns[0] - margin) : columns[-1] + margin + 1
    ]
    unsure = doubt[part]
    weights = [each[part] for each in belief]
    total = np.maximum(sum(weights), 1e-6)
    known = cast("Plane", sum(plane[part] * (w / total)[..., None] for plane, w in zip(planes, weights, strict=True)))
    expected = _continued(known, ~unsure, around)
    costs = []
    for number, (plane, is_valid) in enumerate(zip(planes, valid, strict=True)):
        apart = cv2.absdiff(plane[part], expected)
        cost = apart[..., 0] + 0.5 * (apart[..., 1] + apart[..., 2])
        if guilt is None:
            cost += _EDGES * contrast(np.ascontiguousarray(plane[part][..., 0]))
        else:
            cost += _BLAME * guilt[number][part]
        costs.append(np.where(is_valid[part], soft(cost, 0.8), 1e6))
    best = np.argmin(np.stack(costs), axis=0)
    for number, each in enumerate(weights):
        each[unsure] = (best == number)[unsure]


def _continued(known: Plane, sure: NDArray[np.bool_], around: float) -> Plane:
    """What is sure, continued softly over what is not."""
    height, width = sure.shape
    step = max(1, int(around // 3))
    small = (max(1, width // step), max(1, height // step))
    weight = sure.astype(np.float32)
    less = cv2.resize(known * weight[..., None], small, interpolation=cv2.INTER_AREA)
    share = cv2.resize(weight, small, interpolation=cv2.INTER_AREA)
    continued = soft(cast("Plane", less), around / step) / (soft(cast("Plane", share), around / step) + 1e-4)[..., None]
    return cast("Plane", cv2.resize(continued, (width, height), interpolation=cv2.INTER_LINEAR))


def astray(planes: Sequence[Plane], masks: Sequence[Pixels], tolerance: tuple[float, float]) -> set[int]:
    """The copies that show another picture altogether at this moment: a drop-out, a frame too many or too few."""
    count, few = len(planes), np.s_[::4, ::4]
    small = [np.ascontiguousarray(soft(plane, 2.0)[few]) for plane in planes]
    ordinary = ordinary_difference(small, tolerance)
    alike = np.ones((count, count))
    for one, other in combinations(range(count), 2):
        both = (masks[one][few] > 0) & (masks[other][few] > 0)
        if both.mean() > _ENOUGH:
            share = float((difference(small[one], small[other]) < np.maximum(2 * ordinary, _GLARING))[both].mean())
            alike[one, other] = alike[other, one] = share
    friends = (alike > _HALF).sum(axis=1)
    base = int(np.argmax(friends))  # of equals the first, which was chosen
    return {number for number in range(count) if alike[base, number] <= _HALF}


def tolerance_of(samples: Sequence[Sequence[View]]) -> tuple[float, float]:
    """How far copies differ where nothing is wrong: at no contrast, and for each step of contrast."""
    apart, least = [], []
    for views in samples:
        planes = [planes_of(view) for view in views]
        contrasts = [contrast(np.ascontiguousarray(each[..., 0])) for each in planes]
        for one, other in combinations(range(len(views)), 2):
            both = (views[one].mask > 0) & (views[other].mask > 0)
            apart.append(difference(planes[one], planes[other])[both][::17])
            least.append(np.minimum(contrasts[one], contrasts[other])[both][::17])
    d, c = np.concatenate(apart), np.concatenate(least)
    if len(d) < 100:
        return 10.0, 1.0
    flat = c <= np.percentile(c, 40)
    busy = c >= np.percentile(c, 75)
    low, high = float(np.percentile(d[flat], 85)), float(np.percentile(d[busy], 85))
    rise = max(0.0, high - low) / max(1.0, float(c[busy].mean() - c[flat].mean()))
    return max(6.0, 2.0 * low), min(3.0, 2.0 * rise)
