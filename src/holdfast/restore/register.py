"""Registration: exactly where a work's picture lies in a copy's, from the local features of many moments at once.

Recognition says that a copy shows a work, and roughly where; to put copies together that must be right to a fraction
of a pixel. A placement is one camera, one crop, one set of bars: so the features of a dozen moments are gathered, and
one map explains them all. The simplest map that does so is taken, because it is the most exact:

    scale and shift, each across and down    re-encodings, borders, crops, insets: four numbers
    a homography                             a telephone that films a screen from the side: eight

The reference is the work's own fingerprint, or, where none survives, features of another copy. Where too few features
agree (a face, fog), what recognition said stays; where that is the active picture, its borders are looked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from holdfast.media.frames import Frames
from holdfast.model.edit import Placement
from holdfast.model.fingerprint import MICRO, Bits, PointTrack
from holdfast.model.hamming import distances
from holdfast.model.match import Box, Geometry
from holdfast.restore.fingerprint.borders import active_box
from holdfast.restore.fingerprint.points import query_points
from holdfast.restore.geometry import held_upright

Pairs = NDArray[np.float64]
Matrix = NDArray[np.float64]

MOMENTS = 12  # of a placement
_LONGER_SIDE = 800
_NEAR_BITS, _CLEARER_BITS = 30, 6  # of 128; how much nearer than the next best
_TURN = 24  # 256ths of a turn: more is no picture held upright
_NEAR = 0.006  # of the picture's sides: pairs that far from a map agree with it
_LEAST = 14  # pairs; fewer may agree by chance
_SIMPLER = 1.25  # by how much a homography must be nearer than scale and shift to be believed
_TRIES = 600
_NO_BETTER = 1.2  # how much worse "as it was" may fit than the best scale and shift, to be taken for simplicity
_THUMB = 128
_UNEVEN = 0.04  # how much wider a bar may be than the one opposite
WITHIN = Fraction(1, 100)  # of a second into a frame: at its very beginning a microsecond decides which one it is
_STEPS = (-1, 0, 1, 2)  # frames of the copy: it may show the work's frame a little sooner or later
_EVEN = 0.004  # a corner that near to the edge of the picture is at the edge


@dataclass(frozen=True)
class Reference:
    """Features of one moment of the work: places (n, 2) in shares of its sides, directions in 256ths, 128 bits."""

    time: Fraction
    places: NDArray[np.float64]
    angles: NDArray[np.uint8]
    bits: Bits


def references(points: PointTrack, placement: Placement, most: int = MOMENTS) -> tuple[Reference, ...]:
    """Up to `most` moments of the work that lie in this stretch, evenly spread, with their features."""
    edge = min(placement.asset.duration / 10, Fraction(1, 2))
    first, last = (int(t * MICRO) for t in (placement.asset.start + edge, placement.asset.end - edge))
    rows = np.flatnonzero((points.times >= first) & (points.times <= last))
    chosen = (
        rows[np.unique(np.linspace(0, len(rows) - 1, min(most, len(rows))).round().astype(int))] if len(rows) else []
    )
    found = []
    for row in chosen:
        part = slice(int(points.starts[row]), int(points.starts[row + 1]))
        places = points.places[part].astype(np.float64) / 65535
        time = Fraction(int(points.times[row]), MICRO)
        found.append(Reference(time, places, points.angles[part], points.bits[part]))
    return tuple(found)


def registered(placement: Placement, film: Frames, known: Sequence[Reference]) -> Placement:
    """The placement with the exact place of the picture, asked of `film`, the copy, from its beginning.

    `known` are moments of the work in the order of time. The copy must not have been asked for later moments before.
    """
    if not placement.seen or not known:
        return placement
    matrix, seen = map_of_moments(placement, film, known)
    if matrix is not None:
        is_whole = bool(np.array_equal(matrix, np.eye(3)))
        return replace(placement, geometry=None if is_whole else geometry_of(matrix))
    if placement.geometry is None and seen:
        return replace(placement, geometry=within_borders(seen))
    return placement


def map_of_moments(
    placement: Placement, film: Frames, known: Sequence[Reference]
) -> tuple[Matrix | None, list[NDArray[np.uint8]]]:
    """The map (3, 3) from the picture of the moments `known` to the upright copy's, in shares; None if nobody can say.

    And the pictures (h, w) that were seen. `film` is the copy, as for `registered`.
    """
    steps = [Fraction(step) / (film.rate or 25) for step in _STEPS]
    pairs: list[list[Pairs]] = [[] for _ in steps]
    seen: list[NDArray[np.uint8]] = []
    times = [placement.copy_time(one.time + WITHIN) + step for one in known for step in steps]
    order = sorted(range(len(times)), key=times.__getitem__)
    for number, shown in zip(order, film.at(times[number] for number in order), strict=True):
        if shown.pixels is not None:
            upright = held_upright(shown.pixels, mirrored=placement.mirrored, rotation=placement.rotation)
            gray = np.asarray(cv2.cvtColor(upright, cv2.COLOR_RGB2GRAY), np.uint8)
            seen.append(gray)
            pairs[number % len(steps)].append(paired(known[number // len(steps)], gray))
    return _clearest([np.concatenate(each) for each in pairs if each]), seen


def _clearest(steps: Sequence[Pairs]) -> Matrix | None:
    """The map of the step at which the most pairs agree closely: a moving picture is only in one place in one frame."""
    best, matrix = -1, None
    for pairs in steps:
        found = map_of(pairs)
        if found is not None:
            off = np.abs(_taken(found, pairs[:, :2]) - pairs[:, 2:]).max(axis=1)
            if int((off < _NEAR / 2).sum()) > best:
                best, matrix = int((off < _NEAR / 2).sum()), found
    return matrix


def paired(known: Reference, picture: NDArray[np.uint8]) -> Pairs:
    """Features of a picture (h, w) uint8 that look like those of the work: (n, 4), x y of the work, x y of the copy."""
    ours, _ = query_points(picture)
    if len(ours) < 2 or not len(known.bits):
        return np.empty((0, 4))
    apart = distances(known.bits, ours.bits).astype(np.int32)
    best = np.argmin(apart, axis=1)
    rows = np.arange(len(best))
    nearest = apart[rows, best].copy()
    elsewhere = apart.copy()
    places = ours.places.astype(np.float64) / 65535
    # A place with two directions is two features: only another place is a rival.
    is_same = np.abs(places[best][:, None] - places[None]).max(axis=2) < 0.01
    elsewhere[is_same] = 999
    turn = (ours.angles[best].astype(np.int32) - known.angles) % 256
    is_upright = np.minimum(turn, 256 - turn) <= _TURN
    good = (nearest <= _NEAR_BITS) & (elsewhere.min(axis=1) - nearest >= _CLEARER_BITS) & is_upright
    return np.concatenate([known.places[good], places[best[good]]], axis=1)


def map_of(pairs: Pairs) -> Matrix | None:
    """The map (3, 3) from shares of the work's picture to shares of the copy's, that most of `pairs` (n, 4) agree on.

    None where too few agree, or where they lie in one corner of the picture.
    """
    if len(pairs) < _LEAST:
        return None
    plain, inside = _scaled_and_shifted(pairs)
    slanted = _homography(pairs)
    if slanted is not None:
        matrix, agreeing = slanted
        if agreeing.sum() >= max(_SIMPLER * inside.sum(), _LEAST) and _is_spread(pairs[agreeing]):
            return matrix
    if inside.sum() < _LEAST or not _is_spread(pairs[inside]):
        return None
    return plain


def geometry_of(matrix: Matrix) -> Geometry:
    """A map as it is told: which part of the work is shown, which part of the copy's picture it fills."""
    corners: NDArray[np.float64] = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float64)
    filled = np.clip(_taken(matrix, corners), 0, 1)
    shown = np.clip(_taken(np.asarray(np.linalg.inv(matrix), np.float64), corners), 0, 1)
    values = tuple(float(value) for value in (matrix / matrix[2, 2]).ravel())
    return Geometry(values, _box(shown), _box(filled))


def _scaled_and_shifted(pairs: Pairs) -> tuple[Matrix, NDArray[np.bool_]]:
    """The scale and shift that most pairs agree on, each side by itself; and which agree."""
    dice = np.random.default_rng(1)  # the same pairs give the same map
    first, second = dice.integers(0, len(pairs), (2, _TRIES))
    apart = pairs[second, :2] - pairs[first, :2]
    usable = (np.abs(apart) > 0.15).all(axis=1)
    first, second, apart = first[usable], second[usable], apart[usable]
    best: NDArray[np.bool_] = np.zeros(len(pairs), np.bool_)
    if not len(first):
        return np.eye(3), best
    scale = (pairs[second, 2:] - pairs[first, 2:]) / apart
    shift = pairs[first, 2:] - scale * pairs[first, :2]
    told = pairs[None, :, :2] * scale[:, None] + shift[:, None]
    off: NDArray[np.float64] = np.abs(told - pairs[None, :, 2:]).max(axis=2, initial=0.0)
    off[(scale < 0.02).any(axis=1)] = np.inf
    agreeing: NDArray[np.bool_] = np.less(off, _NEAR)
    best = agreeing[np.argmax(agreeing.sum(axis=1))]
    matrix = np.eye(3)
    for _ in range(4):  # least squares of those that agree, whoever they then are
        if best.sum() < 4:
            break
        for side in (0, 1):
            slope, height = np.polyfit(pairs[best, side], pairs[best, side + 2], 1)
            matrix[side, side], matrix[side, 2] = slope, height
        best = np.abs(_taken(matrix, pairs[:, :2]) - pairs[:, 2:]).max(axis=1) < _NEAR
    for side in (0, 1):
        if best.any() and _is_as_it_was(matrix[side, side], matrix[side, 2], pairs[best][:, [side, side + 2]]):
            matrix[side, side], matrix[side, 2] = 1.0, 0.0
    return matrix, best


def _is_as_it_was(slope: float, height: float, pairs: Pairs) -> bool:
    """Whether a side was neither scaled nor shifted, as far as pairs (n, 2) of one coordinate can tell."""
    at_ends = max(abs(height), abs(slope + height - 1))
    moved = np.sqrt(np.mean((pairs[:, 0] - pairs[:, 1]) ** 2))
    fitted = np.sqrt(np.mean((slope * pairs[:, 0] + height - pairs[:, 1]) ** 2))
    return bool(at_ends < _NEAR and moved <= _NO_BETTER * fitted)


def _homography(pairs: Pairs) -> tuple[Matrix, NDArray[np.bool_]] | None:
    cv2.setRNGSeed(1)
    found: Any
    found, _ = cv2.findHomography(pairs[:, :2], pairs[:, 2:], cv2.RANSAC, _NEAR, maxIters=2000, confidence=0.999)
    if found is None:
        return None
    matrix = np.asarray(found, np.float64)
    agreeing = np.abs(_taken(matrix, pairs[:, :2]) - pairs[:, 2:]).max(axis=1) < _NEAR
    is_sane = 0.001 < abs(np.linalg.det(matrix[:2, :2])) < 50
    return (matrix, agreeing) if is_sane else None


def _is_spread(pairs: Pairs) -> bool:
    """Whether they reach over a good part of the work's picture: what lies beyond them is only guessed."""
    low, high = np.quantile(pairs[:, :2], (0.05, 0.95), axis=0)
    return bool((high - low > 0.25).all())


def _taken(matrix: Matrix, places: NDArray[np.float64]) -> NDArray[np.float64]:
    mapped = np.concatenate([places, np.ones((len(places), 1))], axis=1) @ matrix.T
    divisor = np.where(np.abs(mapped[:, 2:]) < 1e-9, 1e-9, mapped[:, 2:])
    found: NDArray[np.float64] = mapped[:, :2] / divisor
    return found


def _box(corners: NDArray[np.float64]) -> Box:
    snapped = np.where(corners < _EVEN, 0.0, np.where(corners > 1 - _EVEN, 1.0, corners))
    (left, top), (right, bottom) = snapped.min(axis=0), snapped.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def within_borders(seen: Iterable[NDArray[np.uint8]]) -> Geometry | None:
    """The work fills what bars leave of the copy's picture; None where there are no bars, or nobody can say."""
    thumbs = np.stack(list(_thumbs(seen)))
    box = active_box(thumbs)
    if box is None or box == (0.0, 0.0, 1.0, 1.0):
        return None
    left, top, right, bottom = box
    if max(abs(left - (1 - right)), abs(top - (1 - bottom))) > _UNEVEN:
        return None  # bars stand on both sides; what is dark on one side only is a scene
    return Geometry((right - left, 0.0, left, 0.0, bottom - top, top, 0.0, 0.0, 1.0), box=box)


def _thumbs(seen: Iterable[NDArray[np.uint8]]) -> Iterator[NDArray[np.uint8]]:
    for picture in seen:
        yield np.asarray(cv2.resize(picture, (_THUMB, _THUMB), interpolation=cv2.INTER_AREA), np.uint8)
