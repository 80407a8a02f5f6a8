"""Registration of copies against one another, where nothing of their work survives to hold them against.

One copy is the first reference; each other is laid on it, or on one that was laid already, by the local features that
both have at the same moments. Then all lie in one plane, and the frame of the work is that of the copy which shows most
of it: bars are none of its picture, and a copy in which everything stands slanted (a filmed screen) is no frame.

    copy   |== picture ==|=bars=|        its picture is what its borders leave
    plane     [  crop  ]                 a crop shows less of the plane than the copy that was not cropped
    work   [== the most of it ==]        from 0 to 1, and every placement is told against that

What looks like bars is the work's own where two copies lie alike, bars and all: space around a planet is as dark as
bars are. A copy that cannot be laid on any other stays as recognition had it, without its bars; whoever asks is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from holdfast.media.frames import Frames
from holdfast.model.edit import Placement
from holdfast.model.match import Geometry
from holdfast.restore.fingerprint.points import query_points
from holdfast.restore.geometry import Matrix, held_upright, matrix_of
from holdfast.restore.register import MOMENTS, WITHIN, Reference, geometry_of, map_of_moments, within_borders

Gray = NDArray[np.uint8]
Open = Callable[[Path], Frames]

_EDGE = Fraction(1, 4)  # seconds of an overlap that are left out at either end: they may not be of it
_MORE = 1.02  # so much more of the plane must a copy show, to be the frame instead of a larger picture
_WHOLE = 0.004
_ALIKE = 0.02  # so near to each other must the corners of two copies lie to be the same
_LEAST_BAR = 0.03  # of a side: what stands still at the rim of a scene looks like a narrow bar


@dataclass(frozen=True)
class Together:
    """The placements with their geometry, `size` (width, height) of the work's picture, (0, 0) if there is none.

    `astray` are the digests of copies with a picture that could not be laid on any other, sorted.
    """

    placements: tuple[Placement, ...]
    size: tuple[int, int]
    astray: tuple[str, ...]


@dataclass(frozen=True)
class _Laid:
    """A copy in the plane: `matrix` takes the plane to its upright picture, `picture` are its borders' inside."""

    matrix: Matrix
    picture: Matrix
    size: tuple[int, int]

    @property
    def frame(self) -> Matrix:
        """From the unit square of its picture to the plane."""
        return np.asarray(np.linalg.inv(self.matrix) @ self.picture, np.float64)

    @property
    def is_slanted(self) -> bool:
        return bool(np.abs(self.matrix[[0, 1, 2, 2], [1, 0, 0, 1]]).max() > 1e-9)

    def area(self) -> float:
        return float(abs(np.linalg.det(self.frame[:2, :2])))


def registered_together(placements: Sequence[Placement], paths: Mapping[str, Path], open_film: Open) -> Together:
    """The placements of copies that show the same, in the frame of their work. `open_film` opens the path of a copy.

    Raises:
        MediaError: a copy cannot be read.
    """
    seen: dict[str, list[Placement]] = {}
    for one in placements:
        if one.seen:
            seen.setdefault(one.source, []).append(one)
    order = sorted(seen, key=lambda source: (-sum(one.asset.duration for one in seen[source]), source))
    asked = _Asked(seen, paths, open_film)
    laid = max((asked.laid(order, first) for first in order[:2]), key=lambda found: sum(_straight(found)), default={})
    if not laid:
        return Together(tuple(placements), (0, 0), tuple(sorted(seen)))
    laid = _with_own_borders(laid)
    frame = _frame(laid)
    found, lines = [], 0.0
    for one in placements:
        if one.source in laid and one.seen:
            matrix = _snapped(laid[one.source].matrix @ frame.frame)
            is_whole = bool(np.array_equal(matrix, np.eye(3)))
            found.append(replace(one, geometry=None if is_whole else geometry_of(matrix)))
            if not laid[one.source].is_slanted:
                lines = max(lines, float(matrix[1, 1]) * laid[one.source].size[1])
        else:
            found.append(replace(one, geometry=asked.borders(one.source)) if one.seen else one)
    wide, high = (frame.picture[0, 0] * frame.size[0], frame.picture[1, 1] * frame.size[1])
    share = min(max(lines / high, 1.0), 2.0)
    return Together(tuple(found), (round(wide * share), round(high * share)), tuple(sorted(set(seen) - set(laid))))


def _straight(laid: Mapping[str, _Laid]) -> list[bool]:
    return [not each.is_slanted for each in laid.values()]


def _with_own_borders(laid: Mapping[str, _Laid]) -> dict[str, _Laid]:
    """The same, with nothing taken for bars in a copy that lies just as another does, bars and all."""
    found = {}
    for source, one in laid.items():
        others = [other for name, other in laid.items() if name != source]
        has_twin = any(np.abs(_corners(one.matrix) - _corners(other.matrix)).max() < _ALIKE for other in others)
        found[source] = replace(one, picture=np.eye(3)) if has_twin else one
    return found


def _corners(matrix: Matrix) -> Matrix:
    """Where the corners of a copy lie in the plane, (4, 2)."""
    unit = np.array([[[0, 0], [1, 0], [1, 1], [0, 1.0]]])
    return np.asarray(cv2.perspectiveTransform(unit, np.linalg.inv(matrix))[0], np.float64)


def _frame(laid: Mapping[str, _Laid]) -> _Laid:
    """The copy whose picture is taken for the whole: it shows most of the plane; of equals, in most pixels."""
    straight = [laid[source] for source in sorted(laid) if not laid[source].is_slanted]
    most = max(each.area() for each in straight)
    return max(
        (each for each in straight if each.area() * _MORE >= most),
        key=lambda each: each.picture[0, 0] * each.size[0] * each.picture[1, 1] * each.size[1],
    )


def _snapped(matrix: Matrix) -> Matrix:
    """A side that is where it was, within what nobody can tell, is exactly there: untouched stays untouched."""
    exact = np.asarray(matrix / matrix[2, 2], np.float64)
    corners = cv2.perspectiveTransform(np.array([[[0, 0], [1, 0], [1, 1], [0, 1.0]]]), exact)[0]
    return np.eye(3) if np.abs(corners - [[0, 0], [1, 0], [1, 1], [0, 1]]).max() < _WHOLE else exact


class _Asked:
    """Copies that are looked at: how one lies on another, and the borders of each; each is looked at once."""

    def __init__(self, seen: Mapping[str, list[Placement]], paths: Mapping[str, Path], open_film: Open) -> None:
        self._seen, self._paths, self._open = seen, paths, open_film
        self._maps: dict[tuple[str, str], Matrix | None] = {}
        self._pictures: dict[str, tuple[Geometry | None, tuple[int, int]]] = {}

    def laid(self, order: Sequence[str], first: str) -> dict[str, _Laid]:
        """All copies that hang together with `first`, each laid on one that was laid before."""
        found = {first: self._of(first, np.eye(3))}
        left = [source for source in order if source != first]
        while True:
            step = ((s, on, m) for s in left for on in found if (m := self._map(on, s)) is not None)
            reached = next(step, None)
            if reached is None:
                return found
            source, on, matrix = reached
            found[source] = self._of(source, np.asarray(matrix @ found[on].matrix, np.float64))
            left.remove(source)

    def borders(self, source: str) -> Geometry | None:
        """The picture of a copy by itself, inside of its bars; None: all of it."""
        return self._picture(source)[0]

    def _of(self, source: str, matrix: Matrix) -> _Laid:
        inside, size = self._picture(source)
        return _Laid(matrix / matrix[2, 2], matrix_of(inside), size)

    def _picture(self, source: str) -> tuple[Geometry | None, tuple[int, int]]:
        if source not in self._pictures:
            one = max(self._seen[source], key=lambda each: each.asset.duration)
            shown = self._grays(source, [(one, time) for time in _spread(one.asset.start, one.asset.end)])
            pictures = [each for each in shown if each is not None]
            size = (pictures[0].shape[1], pictures[0].shape[0]) if pictures else (2, 2)
            self._pictures[source] = _bars(pictures), size
        return self._pictures[source]

    def _map(self, on: str, source: str) -> Matrix | None:
        """The map from the upright picture of `on` to that of `source`; None if too few features agree on one."""
        if (on, source) not in self._maps:
            self._maps[on, source] = self._looked(on, source)
        return self._maps[on, source]

    def _looked(self, on: str, source: str) -> Matrix | None:
        common = [
            (ours, theirs, max(ours.asset.start, theirs.asset.start), min(ours.asset.end, theirs.asset.end))
            for ours in self._seen[on]
            for theirs in self._seen[source]
        ]
        ours, theirs, start, end = max(common, key=lambda row: row[3] - row[2])
        if end - start < 4 * _EDGE:
            return None
        times = _spread(start + _EDGE, end - _EDGE)
        shown = self._grays(on, [(ours, time) for time in times])
        known = [_reference(time, gray) for time, gray in zip(times, shown, strict=True) if gray is not None]
        with self._open(self._paths[source]) as film:
            return map_of_moments(theirs, film, known)[0]

    def _grays(self, source: str, wanted: Sequence[tuple[Placement, Fraction]]) -> list[Gray | None]:
        found: list[Gray | None] = []
        with self._open(self._paths[source]) as film:
            shows = film.at(one.copy_time(time) + WITHIN for one, time in wanted)
            for (one, _), shown in zip(wanted, shows, strict=True):
                if shown.pixels is None:
                    found.append(None)
                    continue
                upright = held_upright(shown.pixels, mirrored=one.mirrored, rotation=one.rotation)
                found.append(np.asarray(cv2.cvtColor(upright, cv2.COLOR_RGB2GRAY), np.uint8))
        return found


def _bars(pictures: Sequence[Gray]) -> Geometry | None:
    """The picture inside of its bars, wide ones only; None if it has none."""
    found = within_borders(pictures) if pictures else None
    if found is None:
        return None
    left, top, right, bottom = found.box
    is_wide, is_high = (min(left, 1 - right) >= _LEAST_BAR, min(top, 1 - bottom) >= _LEAST_BAR)
    if not (is_wide or is_high):
        return None
    left, right = (left, right) if is_wide else (0.0, 1.0)
    top, bottom = (top, bottom) if is_high else (0.0, 1.0)
    matrix = (right - left, 0.0, left, 0.0, bottom - top, top, 0.0, 0.0, 1.0)
    return Geometry(matrix, box=(left, top, right, bottom))


def _spread(start: Fraction, end: Fraction) -> list[Fraction]:
    """Moments of a stretch, evenly."""
    return [start + (end - start) * Fraction(2 * number + 1, 2 * MOMENTS) for number in range(MOMENTS)]


def _reference(time: Fraction, gray: Gray) -> Reference:
    points, _ = query_points(gray)
    return Reference(time, points.places.astype(np.float64) / 65535, points.angles, points.bits)
