"""Places in a picture that look the same from nearer and farther, and 128 numbers for what is around each: SIFT.

Ours and not OpenCV's for its cost: that one enlarges the picture first and describes all that it finds (12 ms for
320 x 180). The enlarged octave holds details that no copy at a third of the size has, and a work keeps 80 places of a
thousand. So here nothing is enlarged, places are chosen before they are described, and of the surroundings 18 x 18
samples are taken in steps that grow with the place instead of every pixel: 3 ms.

Source: Lowe, "Distinctive Image Features from Scale-Invariant Keypoints" (IJCV 2004), sections 3 to 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numba
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_LAYERS = 3  # scales in which places are looked for between one halving of the picture and the next
_SIGMA = 1.6  # the blur of the first layer, in its pixels
_CAMERA_SIGMA = 0.5  # the blur that any picture has
_LEAST_SIDE = 12  # pixels of the smallest octave
_CONTRAST = 0.5  # levels: Lowe's 0.03 of 255 over 3 layers is 2.5, but faces and skies have less; the best are chosen
_EDGE = 10.0  # a place on an edge, where one curvature is so many times the other, can slide along it

_DIRECTIONS = 36
_STEP = 0.75  # of the blur, from sample to sample of the surroundings: 16 of them span 4 cells of 3 blurs each

# How much a sample counts by its distance from the place: for the direction 1.5 blurs is one deviation, for the numbers
# half of the 4 cells.
_AWAY_15 = ((np.arange(15) - 7) ** 2)[:, None] + (np.arange(15) - 7) ** 2
_WEIGHT_15 = np.where(_AWAY_15 <= 36, np.exp(-_AWAY_15 / 8), 0).astype(np.float32)
_AWAY_16 = ((np.arange(16) - 7.5) ** 2)[:, None] + (np.arange(16) - 7.5) ** 2
_WEIGHT_16 = np.exp(-_AWAY_16 / 128).astype(np.float32)

# Turns as a polynomial of a slope from 0 to 1, of its powers 1, 3, 5, 7, 9.
_ATAN = np.array([0.15913367, -0.05256963, 0.02867321, -0.01355300, 0.00331758], np.float32)

# Along a side of 16 samples: the first of the two cells that each belongs to (of six, with a rim), and the share of the
# second.
_CELL_16 = ((np.arange(16) + 2) // 4).astype(np.int32)
_SHARE_16 = (((np.arange(16) + 2) % 4 + 0.5) / 4).astype(np.float32)

_SECOND = 0.8  # another direction as strong as this share of the strongest makes a second place
_CLIP = 0.2  # of the length: no single gradient may rule the numbers


@dataclass(frozen=True)
class Places:
    """Found in one picture, none described yet.

    `where` (n, 4) float32: x, y and blur (sigma) in pixels of the picture, and strength in levels. `layer` (n, 2)
    int32: octave and layer. `pyramid`: for each octave its layers (layers + 3, h, w) float32.
    """

    shape: tuple[int, int]
    where: Floats
    layer: NDArray[np.int32]
    pyramid: tuple[Floats, ...]

    def __len__(self) -> int:
        return len(self.where)

    def chosen(self, rows: NDArray[np.intp]) -> Places:
        """Some of them."""
        return Places(self.shape, self.where[rows], self.layer[rows], self.pyramid)

    def described(self) -> tuple[NDArray[np.intp], Floats, Floats]:
        """For each place and each of its one or two directions: the row of the place, degrees, and 128 numbers.

        Degrees turn clockwise from the right. (m,), (m,) and (m, 128): 4 x 4 cells, row by row, along and across the
        direction, 8 directions in each.
        """
        rows: list[NDArray[np.intp]] = [np.empty(0, np.intp)]
        degrees, numbers = [np.empty(0, np.float32)], [np.empty((0, 128), np.float32)]
        for octave, layers in enumerate(self.pyramid):
            own = np.flatnonzero(self.layer[:, 0] == octave)
            if len(own):
                at = self.where[own, :3] / np.float32(2**octave)
                kept, angles, found = _describe(layers, at, self.layer[own, 1])
                rows.append(own[kept])
                degrees.append(angles)
                numbers.append(found)
        return np.concatenate(rows), np.concatenate(degrees), np.concatenate(numbers)


def find_places(picture: NDArray[np.uint8]) -> Places:
    """All places of a picture (h, w) uint8, strongest first."""
    pyramid: list[Floats] = []
    where, layer = [np.empty((0, 4), np.float32)], [np.empty((0, 2), np.int32)]
    base = picture.astype(np.float32, order="C")  # a turned picture is a view that OpenCV cannot write to
    _blur(base, float(np.sqrt(_SIGMA**2 - _CAMERA_SIGMA**2)), base)
    while min(base.shape) >= _LEAST_SIDE:
        layers = _layers(base)
        found = _extrema(layers, np.float32(_CONTRAST))
        octave = len(pyramid)
        sigma = _SIGMA * 2 ** (found[:, 2:3] / _LAYERS)
        scale = np.float32(2**octave)
        # A pixel of an octave is one of the four, not their mean, so places need no shift by half a pixel.
        where.append(np.concatenate([found[:, :2], sigma, found[:, 3:4] / scale], axis=1).astype(np.float32) * scale)
        nearest = np.clip(np.rint(found[:, 2]), 1, _LAYERS).astype(np.int32)
        layer.append(np.stack([np.full(len(found), octave, np.int32), nearest], axis=1))
        pyramid.append(layers)
        base = np.ascontiguousarray(layers[_LAYERS, ::2, ::2])
    everywhere, all_layers = np.concatenate(where), np.concatenate(layer)
    order = np.argsort(-everywhere[:, 3], kind="stable")
    return Places(picture.shape, everywhere[order], all_layers[order], tuple(pyramid))


def _layers(base: Floats) -> Floats:
    """The picture in ever more blur: (layers + 3, h, w)."""
    result = np.empty((_LAYERS + 3, *base.shape), np.float32)
    result[0] = base
    for number in range(1, _LAYERS + 3):
        before = _SIGMA * 2 ** ((number - 1) / _LAYERS)
        _blur(result[number - 1], before * float(np.sqrt(2 ** (2 / _LAYERS) - 1)), result[number])
    return result


def _blur(plane: Floats, sigma: float, result: Floats) -> None:
    side = 2 * int(np.ceil(3 * sigma)) + 1
    cv2.GaussianBlur(plane, (side, side), sigma, dst=result)


def _compiled(function: Any) -> Any:
    return numba.njit(cache=True, nogil=True, fastmath=True)(function)


@_compiled
def _extrema(layers: Any, contrast: Any) -> Any:
    """Extremes among their 26 neighbors in the differences of layers, placed between pixels: x, y, layer, strength."""
    count, high, wide = layers.shape
    most = high * wide // 8 + 8
    found = np.empty((most, 4), np.float32)
    around = np.empty((3, 3, 3), np.float32)
    may_be = np.empty(wide, np.uint8)
    total = 0
    for s in range(1, count - 2):
        # Differences are made where they are looked at: to write them all takes longer than to read them again.
        for y in range(2, high - 2):
            _rather_extreme(layers[s + 1], layers[s], y, contrast, may_be)
            for x in range(2, wide - 2):
                if may_be[x] == 0 or total >= most or not _is_extreme(layers, s, y, x, around):
                    continue
                if _place(around, s, y, x, found[total]):
                    total += 1
    return found[:total]


@_compiled
def _rather_extreme(upper: Any, lower: Any, y: int, contrast: Any, may_be: Any) -> None:
    """Where in a row the difference lies beyond its four neighbors: eight pixels at once, so without any branch."""
    u, v = upper[y], lower[y]
    over, under = upper[y - 1], upper[y + 1]
    over_v, under_v = lower[y - 1], lower[y + 1]
    for x in range(u.shape[0] - 4):  # from 0 on, or it is not compiled to eight at once
        value = u[x + 2] - v[x + 2]
        left, right = u[x + 1] - v[x + 1], u[x + 3] - v[x + 3]
        above, below = over[x + 2] - over_v[x + 2], under[x + 2] - under_v[x + 2]
        most = max(left, right, above, below, contrast)
        least = min(left, right, above, below, -contrast)
        may_be[x + 2] = np.uint8(value >= most) | np.uint8(value <= least)


@_compiled
def _is_extreme(layers: Any, s: int, y: int, x: int, around: Any) -> bool:
    """Whether no neighbor lies beyond; the 27 differences are left in `around` then."""
    value = layers[s + 1, y, x] - layers[s, y, x]
    sign = np.float32(1) if value > 0 else np.float32(-1)
    for i in range(3):
        for j in range(3):
            for k in range(3):
                other = layers[s + i, y + j - 1, x + k - 1] - layers[s + i - 1, y + j - 1, x + k - 1]
                if other * sign > value * sign:
                    return False
                around[i, j, k] = other
    return True


@_compiled
def _place(d: Any, s: int, y: int, x: int, found: Any) -> bool:
    """Where the extreme lies between pixels and layers, and how strong it is; False on an edge."""
    value = d[1, 1, 1]
    dx, dy, ds = (d[1, 1, 2] - d[1, 1, 0]) / 2, (d[1, 2, 1] - d[1, 0, 1]) / 2, (d[2, 1, 1] - d[0, 1, 1]) / 2
    dxx, dyy = d[1, 1, 2] + d[1, 1, 0] - 2 * value, d[1, 2, 1] + d[1, 0, 1] - 2 * value
    dss = d[2, 1, 1] + d[0, 1, 1] - 2 * value
    dxy = (d[1, 2, 2] - d[1, 2, 0] - d[1, 0, 2] + d[1, 0, 0]) / 4
    det = dxx * dyy - dxy * dxy
    if det <= 0 or (dxx + dyy) ** 2 * _EDGE >= (_EDGE + 1) ** 2 * det:
        return False
    # By the peak of a parabola along each axis: the mixed terms move it by little.
    across, down, up = _peak(dx, dxx), _peak(dy, dyy), _peak(ds, dss)
    found[0], found[1], found[2] = x + across, y + down, s + up
    found[3] = abs(value + (dx * across + dy * down + ds * up) / 2)
    return True


@_compiled
def _peak(slope: Any, bend: Any) -> Any:
    if bend == 0:
        return 0.0
    return min(max(-slope / bend, -0.5), 0.5)


@_compiled
def _fill(patch: Any, plane: Any, x: Any, y: Any, step: Any, angle: Any) -> None:
    """Samples around a place into the square `patch`, its first axis across the direction `angle`, its second along.

    Between pixels a straight line; beyond the edge the edge.
    """
    high, wide = plane.shape
    side = patch.shape[0]
    middle = np.float32((side - 1) / 2)
    cos, sin = np.float32(step * np.cos(angle)), np.float32(step * np.sin(angle))
    most_x, most_y = np.float32(wide - 1.001), np.float32(high - 1.001)
    zero, one = np.float32(0), np.float32(1)
    for i in range(side):
        across = np.float32(i) - middle
        start_x, start_y = x - middle * cos - across * sin, y - middle * sin + across * cos
        for j in range(side):
            at_x = min(max(start_x + np.float32(j) * cos, zero), most_x)
            at_y = min(max(start_y + np.float32(j) * sin, zero), most_y)
            left, top = np.uint32(at_x), np.uint32(at_y)
            part_x, part_y = at_x - np.float32(left), at_y - np.float32(top)
            upper, lower = plane[top], plane[top + np.uint32(1)]
            after = left + np.uint32(1)
            first = upper[left] * (one - part_x) + upper[after] * part_x
            second = lower[left] * (one - part_x) + lower[after] * part_x
            patch[i, j] = first * (one - part_y) + second * part_y


@_compiled
def _turn(dy: Any, dx: Any) -> Any:
    """The direction of a gradient in turns, from -0.5 to 0.5, to 0.02 degrees; a third of the time of `arctan2`.

    Source: the odd polynomial of arctan on [0, 1] with the least greatest error, of degree 9, found anew for it.
    """
    ax, ay = abs(dx), abs(dy)
    t = min(ax, ay) / max(ax, ay, np.float32(1e-9))
    u = t * t
    turn = t * (_ATAN[0] + u * (_ATAN[1] + u * (_ATAN[2] + u * (_ATAN[3] + u * _ATAN[4]))))
    turn = np.float32(0.25) - turn if ay > ax else turn
    turn = np.float32(0.5) - turn if dx < np.float32(0) else turn
    return -turn if dy < np.float32(0) else turn


@_compiled
def _directions(patch: Any, histogram: Any) -> Any:
    """The strongest direction of the gradients in a patch of samples, and a second one or -1, in radians."""
    histogram[:] = 0
    for i in range(1, 14):
        for j in range(1, 14):
            if _WEIGHT_15[i, j] == 0:
                continue
            dx, dy = patch[i, j + 1] - patch[i, j - 1], patch[i + 1, j] - patch[i - 1, j]
            at = (_turn(dy, dx) + np.float32(1)) * np.float32(_DIRECTIONS)
            low = np.int32(at)
            part = at - np.float32(low)
            weight = np.sqrt(dx * dx + dy * dy) * _WEIGHT_15[i, j]
            histogram[low % _DIRECTIONS] += weight * (np.float32(1) - part)
            histogram[(low + 1) % _DIRECTIONS] += weight * part
    for _ in range(2):
        last, first = histogram[_DIRECTIONS - 1], histogram[0]
        for b in range(_DIRECTIONS):
            after = histogram[b + 1] if b + 1 < _DIRECTIONS else first
            here = histogram[b]
            histogram[b] = (last + 2 * here + after) / 4
            last = here
    best, second = -1, -1
    for b in range(_DIRECTIONS):
        if histogram[b] > histogram[b - 1] and histogram[b] >= histogram[(b + 1) % _DIRECTIONS]:
            if best < 0 or histogram[b] > histogram[best]:
                best, second = b, best
            elif second < 0 or histogram[b] > histogram[second]:
                second = b
    if best < 0:
        return 0.0, -1.0
    if second >= 0 and histogram[second] < _SECOND * histogram[best]:
        second = -1
    return _fine(histogram, best), (_fine(histogram, second) if second >= 0 else -1.0)


@_compiled
def _fine(histogram: Any, b: int) -> Any:
    before, after = histogram[b - 1], histogram[(b + 1) % _DIRECTIONS]
    at = b + _peak((after - before) / 2, before + after - 2 * histogram[b])
    return (at % _DIRECTIONS) * (2 * np.pi / _DIRECTIONS)


@_compiled
def _put(cell: Any, low: Any, part: Any, value: Any) -> None:
    cell[low] += value * (np.float32(1) - part)
    cell[low + 1] += value * part


@_compiled
def _gather(patch: Any, cells: Any, numbers: Any) -> None:
    """The 128 numbers of a patch of 18 x 18 samples: gradients, shared out among cells and directions.

    `cells` (6, 6, 9) float32 is room to work in: a rim of cells that do not count, and a ninth direction that is the
    first again, spare all questions on the way.
    """
    cells[:] = 0
    directions, weights = np.empty(16, np.float32), np.empty(16, np.float32)
    one = np.float32(1)
    for i in range(16):
        above, here, below = patch[i], patch[i + 1], patch[i + 2]
        for j in range(16):
            dx, dy = here[j + 2] - here[j], below[j + 1] - above[j + 1]
            weights[j] = np.sqrt(dx * dx + dy * dy) * _WEIGHT_16[i, j]
            turn = _turn(dy, dx)
            directions[j] = np.float32(8) * (turn + one if turn < np.float32(0) else turn)
        top, down = _CELL_16[i], _SHARE_16[i]
        for j in range(16):
            low = min(np.int32(directions[j]), np.int32(7))
            part = directions[j] - np.float32(low)
            left, across = _CELL_16[j], _SHARE_16[j]
            upper, lower = weights[j] * (one - down), weights[j] * down
            _put(cells[top, left], low, part, upper * (one - across))
            _put(cells[top, left + 1], low, part, upper * across)
            _put(cells[top + 1, left], low, part, lower * (one - across))
            _put(cells[top + 1, left + 1], low, part, lower * across)
    length = np.float32(0)
    for n in range(128):
        cell = cells[1 + n // 32, 1 + n // 8 % 4]
        numbers[n] = cell[n % 8] + (cell[8] if n % 8 == 0 else np.float32(0))
        length += numbers[n] * numbers[n]
    limit = np.float32(_CLIP) * np.sqrt(length)
    for n in range(128):
        numbers[n] = min(numbers[n], limit)


@_compiled
def _describe(layers: Any, places: Any, numbers_of_layers: Any) -> Any:
    count = len(places)
    rows = np.empty(2 * count, np.intp)
    degrees = np.empty(2 * count, np.float32)
    numbers = np.empty((2 * count, 128), np.float32)
    around = np.empty((15, 15), np.float32)
    patch, cells = np.empty((18, 18), np.float32), np.empty((6, 6, 9), np.float32)
    histogram = np.empty(_DIRECTIONS, np.float32)
    total = 0
    for n in range(count):
        plane = layers[numbers_of_layers[n]]
        x, y, sigma = places[n, 0], places[n, 1], places[n, 2]
        step = np.float32(_STEP) * sigma
        _fill(around, plane, x, y, step, np.float32(0))
        first, second = _directions(around, histogram)
        for angle in (first, second):
            if angle < 0:
                continue
            _fill(patch, plane, x, y, step, np.float32(angle))
            _gather(patch, cells, numbers[total])
            rows[total] = n
            degrees[total] = angle * (180 / np.pi)
            total += 1
    return rows[:total], degrees[:total], numbers[:total]
