"""Where in the copy's picture a work's picture lies, when it is not simply the whole of it: found by local features.

An inset, a crop, a telephone that films a screen: hashes of the whole picture do not survive these, single points do.
Points of a frame of the copy that lie as those of one frame of a work do are a `Sighting` (see `sighting`).
Sightings that agree with each other on the place make a `Viewing`: the copy's sampled pictures are then straightened to
what the work's picture would be, and hashed, and from there on everything goes as with whole pictures.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from holdfast.model.fingerprint import Bits, Fingerprint, Times
from holdfast.model.match import Box, Geometry
from holdfast.restore.fingerprint import pdq
from holdfast.restore.fingerprint.views import windows_of
from holdfast.restore.match.likeness import Floats, weights
from holdfast.restore.match.placing import warped
from holdfast.restore.match.sighting import Matrix, Sighting
from holdfast.restore.match.viewing import POINTED, Turned, Viewing

# A view of which the copy shows so much is as good as shown whole.
_COVERED = 0.93
_AT_ONCE = 512  # pictures straightened at a time
NEAR_US = 2_500_000  # a sighting speaks for lines that pass it so near
_FLICKER_BITS = 20.0  # in pictures that are cut out of small thumbs


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
    return float(min(0.5 * (agreeing - 5.5), 5.0) + min(max(agreeing - 15, 0) * 0.15, 4.0))


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
