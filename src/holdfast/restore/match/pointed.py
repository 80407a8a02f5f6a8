"""Where in the copy's picture a work's picture lies, when it is not simply the whole of it: found by local features.

An inset, a crop, a telephone that films a screen: hashes of the whole picture do not survive these, single points do.
Points of a frame of the copy that agree with points of one frame of a work on scale, turn and place are a `Sighting`.
Sightings that agree with each other on the place make a `Viewing`: the copy's sampled pictures are then straightened to
what the work's picture would be, and hashed, and from there on everything goes as with whole pictures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from holdfast.model.fingerprint import Bits, Fingerprint, PointTrack, Times
from holdfast.model.hits import PointHits
from holdfast.model.match import Box, Geometry
from holdfast.restore.fingerprint import pdq
from holdfast.restore.fingerprint.views import windows_of
from holdfast.restore.match.asking import FingerprintIndex
from holdfast.restore.match.likeness import Floats, weights
from holdfast.restore.match.placing import warped
from holdfast.restore.match.viewing import POINTED, Turned, Viewing

Matrix = NDArray[np.float64]

RADIUS, NEAREST = 26, 4  # of 128 bits; how many stored points each point of the copy may stand for
LONG_SIDE = 480.0
_LEAST_SHARED, _LEAST_AGREEING = 5, 6
_VERIFIED = 8  # pairs of frames tried for each frame of the copy
_NEAR_PX = 5.0
_SCALES = (0.08, 12.0)

# A view of which the copy shows so much is as good as shown whole.
_COVERED = 0.93
_AT_ONCE = 512  # pictures straightened at a time
NEAR_US = 2_500_000  # a sighting speaks for lines that pass it so near
_FLICKER_BITS = 20.0  # in pictures that are cut out of small thumbs


@dataclass(frozen=True)
class Sighting:
    """Points of the copy at `time_us` that lie as those of the work at `work_time_us` do.

    `matrix` (3, 3) takes places of the work's picture to places of the copy's, both in shares of width and height;
    `agreeing` points fit it. `shared` is in how many works that frame of the copy was sighted.
    """

    work: int
    time_us: int
    work_time_us: int
    mirrored: bool
    matrix: Matrix
    agreeing: int
    shared: int = 1


def sightings(
    track: PointTrack, size: tuple[int, int], index: FingerprintIndex, *, mirrored: bool, shown: Sequence[int]
) -> list[Sighting]:
    """All sightings in the frames `shown` (numbers in `track`) of a copy whose picture has this size."""
    found: list[Sighting] = []
    for number in shown:
        rows = slice(int(track.starts[number]), int(track.starts[number + 1]))
        bits = track.bits[rows]
        if len(bits) < _LEAST_SHARED:
            continue
        hits = index.find_points(bits, RADIUS, NEAREST)
        here: list[Sighting] = []
        for work, frame, ours, theirs in _pairs_of_frames(hits):
            stored = index.fingerprint(work)
            match = _placed(track, rows.start + ours, size, stored.points, theirs, stored.size)
            if match is not None:
                time, there = int(track.times[number]), int(stored.points.times[frame])
                here.append(Sighting(work, time, there, mirrored, *match))
        shared = len({one.work for one in here})
        found += [replace(one, shared=shared) for one in here]
    return found


def _pairs_of_frames(hits: PointHits) -> Iterator[tuple[int, int, NDArray[np.int32], NDArray[np.int32]]]:
    """The frames of works that share most points with the copy's frame, with the points they share."""
    if not len(hits.query):
        return
    keys = hits.work.astype(np.int64) << 32 | hits.frame
    kinds, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    for kind in np.argsort(-counts, kind="stable")[:_VERIFIED]:
        if counts[kind] < _LEAST_SHARED:
            return
        rows = np.flatnonzero(inverse == kind)
        rows = rows[np.argsort(hits.distance[rows], kind="stable")]
        _, first = np.unique(hits.query[rows], return_index=True)
        rows = rows[np.sort(first)]
        _, first = np.unique(hits.row[rows], return_index=True)
        rows = rows[np.sort(first)]
        if len(rows) >= _LEAST_SHARED:
            yield int(kinds[kind] >> 32), int(kinds[kind] & 0xFFFFFFFF), hits.query[rows], hits.row[rows]


def _placed(
    ours: PointTrack,
    our_rows: NDArray[np.int32],
    our_size: tuple[int, int],
    theirs: PointTrack,
    their_rows: NDArray[np.int32],
    their_size: tuple[int, int],
) -> tuple[Matrix, int] | None:
    """The place of the work's picture in the copy's, if enough of the shared points agree on one."""
    agree = _agreeing_on_turn_and_scale(ours, our_rows, theirs, their_rows)
    if len(agree) < _LEAST_AGREEING - 1:
        return None
    to, to_scale = _in_pixels(ours.places[our_rows[agree]], our_size)
    start, from_scale = _in_pixels(theirs.places[their_rows[agree]], their_size)
    affine: Any
    affine, kept = cv2.estimateAffinePartial2D(
        start, to, method=cv2.RANSAC, ransacReprojThreshold=_NEAR_PX, maxIters=500, confidence=0.995
    )
    if affine is None:
        return None
    matrix = np.vstack([affine, [0, 0, 1]])
    inside = kept.ravel().astype(bool)
    if inside.sum() >= 12:
        wider, kept = cv2.findHomography(start, to, cv2.RANSAC, _NEAR_PX, maxIters=500)
        if wider is not None and kept.sum() >= inside.sum():
            matrix, inside = wider, kept.ravel().astype(bool)
    agreeing = _different(start[inside], to[inside])
    scale = np.sqrt(abs(np.linalg.det(matrix[:2, :2])))
    if agreeing < _LEAST_AGREEING or not _SCALES[0] < scale < _SCALES[1]:
        return None
    return np.diag([1 / to_scale[0], 1 / to_scale[1], 1]) @ matrix @ np.diag([*from_scale, 1]), agreeing


def _agreeing_on_turn_and_scale(
    ours: PointTrack, our_rows: NDArray[np.int32], theirs: PointTrack, their_rows: NDArray[np.int32]
) -> NDArray[np.intp]:
    """Those pairs whose change of size and angle is near to that of most: a cheap vote before the exact one."""
    sizes = (ours.sizes[our_rows].astype(np.float32) - theirs.sizes[their_rows]) / 16.0
    angles = (ours.angles[our_rows].astype(np.int16) - theirs.angles[their_rows]) % 256
    near = np.abs(sizes[:, None] - sizes[None, :]) <= 0.75
    apart = np.abs(angles[:, None] - angles[None, :])
    near &= np.minimum(apart, 256 - apart) <= 20
    return np.flatnonzero(near[np.argmax(near.sum(axis=1))])


def _in_pixels(places: NDArray[np.uint16], size: tuple[int, int]) -> tuple[NDArray[np.float32], tuple[float, float]]:
    longer = max(size)
    scale = (LONG_SIDE * size[0] / longer, LONG_SIDE * size[1] / longer)
    return (places.astype(np.float32) / 65535.0 * np.array(scale, np.float32)).astype(np.float32), scale


def _different(*sides: NDArray[np.float32]) -> int:
    """How many pairs there are that do not stand upon each other, on the side where fewer do."""
    return min(len(np.unique(np.rint(side / 4.0), axis=0)) for side in sides)


# ------------------------------------------------------------------------------------------------- straightening


def clusters(found: list[Sighting]) -> list[list[Sighting]]:
    """Sightings of one work by the place of its picture in the copy's: those whose corners nearly meet."""
    groups: list[tuple[NDArray[np.float64], list[Sighting]]] = []
    for one in sorted(found, key=lambda sighting: -sighting.agreeing):
        corners = corners_of(one.matrix)
        for center, group in groups:
            if np.abs(corners - center).max() < 0.07:
                group.append(one)
                break
        else:
            groups.append((corners, [one]))
    return [group for _, group in groups]


def corners_of(matrix: Matrix) -> NDArray[np.float64]:
    """Where the work's corners lie in the copy (4, 2), in shares: left top, right top, right bottom, left bottom."""
    return placed(matrix, np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float64))


def placed(matrix: Matrix, places: NDArray[np.float64]) -> NDArray[np.float64]:
    """`places` (n, 2) taken through a homography."""
    mapped = np.concatenate([places, np.ones((len(places), 1))], axis=1) @ matrix.T
    divisor = np.where(np.abs(mapped[:, 2:]) < 1e-9, 1e-9, mapped[:, 2:])
    taken: NDArray[np.float64] = mapped[:, :2] / divisor
    return taken


def is_in_place(matrix: Matrix) -> bool:
    """Whether the work's picture fills the copy's, as far as hashes can tell."""
    return bool(np.abs(corners_of(matrix) - [[0, 0], [1, 0], [1, 1], [0, 1]]).max() < 0.05)


def geometry_of(matrix: Matrix) -> Geometry:
    """The same for people: which part of the work is shown, and which part of the copy it fills."""
    corners = np.clip(corners_of(matrix), 0, 1)
    seen = np.clip(corners_of(np.linalg.inv(matrix).astype(np.float64)), 0, 1)
    return Geometry(tuple(float(value) for value in (matrix / matrix[2, 2]).ravel()), _box(seen), _box(corners))


def _box(corners: NDArray[np.float64]) -> Box:
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def straightened(
    thumbs: NDArray[np.uint8],
    times: Times,
    matrix: Matrix,
    aspect: float,
    *,
    mirrored: bool,
    span_us: tuple[int, int],
    name: str = POINTED,
) -> Viewing:
    """The copy's sampled pictures as the work's would be, if its picture lies where `matrix` says; hashed.

    Taken are the two stored views of the work of which the copy shows most. Only moments within `span_us` have weight.
    """
    rows = np.flatnonzero((times >= span_us[0]) & (times <= span_us[1]))
    ways: list[Bits] = []
    weight = np.zeros(len(times), np.float32)
    side = thumbs.shape[1]
    for box in _views_shown(matrix, aspect):
        to_view = np.array([[box[2] - box[0], 0, box[0]], [0, box[3] - box[1], box[1]], [0, 0, 1]])
        hashes = np.zeros((len(times), 4), np.uint64)
        if len(rows):
            quality = np.zeros(len(rows), np.uint8)
            for first in range(0, len(rows), _AT_ONCE):
                part = slice(first, first + _AT_ONCE)
                seen = [warped(thumbs[row], matrix @ to_view, side, mirrored=mirrored) for row in rows[part]]
                small = pdq.means(np.stack(seen))
                hashes[rows[part]], quality[part] = pdq.hashes(pdq.coefficients(small)), pdq.quality(small)
            if not ways:
                weight[rows] = weights(hashes[rows], quality, times[rows], _FLICKER_BITS)
        ways.append(hashes)
    return Viewing(Turned(mirrored), times, np.stack(ways), weight, name, geometry_of(matrix))


def _views_shown(matrix: Matrix, aspect: float) -> list[Box]:
    """The boxes of the two views of the work, of whose area the copy shows most; the largest first among equals."""
    shown = []
    whole: Box = (0.0, 0.0, 1.0, 1.0)
    for box in (whole, *windows_of(whole, aspect).values()):
        (left, top, right, bottom), steps = box, (np.arange(12) + 0.5) / 12
        across, down = np.meshgrid(left + steps * (right - left), top + steps * (bottom - top))
        lying = placed(matrix, np.stack([across.ravel(), down.ravel()], axis=1))
        share = float(((lying >= 0) & (lying <= 1)).all(axis=1).mean())
        shown.append((min(share, _COVERED), (right - left) * (bottom - top), box))
    return [box for _, _, box in sorted(shown, reverse=True)[:2]]


def says_of_points(agreeing: int) -> float:
    """What a sighting says for its pair of moments, as a log likelihood ratio: by how many points agree."""
    return float(min(0.55 * (agreeing - 5), 5.0) + min(max(agreeing - 15, 0) * 0.15, 4.0))


def said_by_sightings(
    found: list[Sighting], times: Times, line_at: Times, new: Floats, near_us: int = NEAR_US
) -> Floats:
    """What sightings say along a line: (n,) at the sampled moments `times`, of which the line shows `line_at`.

    `new` (n,) is how much each moment brought: a picture that stands still is sighted again and again, and says the
    same. Where a moment is sighted in several works (a test card, a title), `shared` of the sighting tells.
    """
    said = np.zeros(len(times), np.float32)
    brought = np.cumsum(new)
    told_until = -1.0
    for one in sorted(found, key=lambda sighting: (sighting.time_us, -sighting.agreeing)):
        row = int(np.clip(np.searchsorted(times, one.time_us), 0, len(times) - 1))
        if said[row] or abs(int(line_at[row]) - one.work_time_us) > near_us:
            continue
        share = min(float(brought[row]) - told_until, 1.0)
        said[row] = says_of_points(one.agreeing) * share / max(one.shared, 1)
        told_until = float(brought[row])
    return said


def aspect_of(fingerprint: Fingerprint) -> float:
    """Width by height of a work's picture; 16:9 where nobody knows."""
    width, height = fingerprint.size
    return width / height if width > 0 and height > 0 else 16 / 9
