"""Local features: places in a picture that are found again wherever a part of the picture turns up.

They are those of SIFT, described by 128 bits: each of its 128 numbers (4 x 4 cells around the place, 8 directions in
each) is or is not above what is usual for that cell and direction. Measured with OpenCV's SIFT on 10,485 pairs of the
same place in a film and in a copy shrunk to 30 or 45 %, blurred and compressed: the same place differs in 8 bits in the
median and in 21 at 90 %, one in a thousand other places in 30 or fewer, half of them in 64. Comparing with the median
of the place's own numbers (where that thousandth is at 25), with a fixed number (18), or turning the numbers at random
first (27) all separate worse.

Work and question are not treated alike. A work keeps few places of a small picture, for it has many pictures; with a
share of large ones, because it may be shown in a corner of another film, where only those are left. A question
looks for several hundred places in a larger picture, each once as it is and once as a mirror would show it: the
mirrored 128 numbers are the same in another order, so that costs nothing.

How many of a work's 65 (80 at most) are found at their place within 28 bits, median and least of 28 real films: 32 and
11 in an inset of 45 %, 18 and 5 in one of 30 %, 40 and 12 in a copy of 240 pixels, 24 and 8 in a blurred crop, 30 and
11 on a screen filmed askew; 11 to 20 others are nearest to a wrong place. With a question of 640 pixels instead of 800,
two of the insets of 30 % have fewer than 4. OpenCV's SIFT at 640, in four times the time, finds 36, 20, 44, 32 and 44,
but fewer than 4 of one to three films in each row.

Source: Lowe, "Distinctive Image Features from Scale-Invariant Keypoints" (IJCV 2004); the square root before
comparing is of Arandjelovic and Zisserman, "Three things everyone should know" (CVPR 2012).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from holdfast.media.picture import Turn
from holdfast.media.samples import upright
from holdfast.model.fingerprint import Bits, PointTrack
from holdfast.restore.fingerprint.column import Column
from holdfast.restore.fingerprint.places import Places, find_places
from holdfast.restore.fingerprint.thumbs import halved

WORK_POINTS = 80
WORK_SIDE_PX = 320
QUESTION_POINTS = 500
QUESTION_SIDE_PX = 800

_SIZE_UNIT_PX = 480  # sizes are told in pixels of a picture with this longer side
_LARGE_SHARE = 0.35  # of a work's places: those that are left when it is shown at a third of its size
_LARGE_PX = 12.0  # in the unit above
_CELLS = 6  # across and down: no cell gives two places before each has given one

# The usual value of each number: medians over 19,486 places in 204 frames of 28 real films, in thousandths of the
# square root of their share, made even under the mirror. Cell by cell, for each its 8 directions.
_USUAL = np.array(
    [
        *(52, 25, 11, 21, 39, 30, 26, 41, 117, 57, 22, 26, 39, 33, 32, 68),
        *(131, 72, 30, 27, 33, 24, 22, 61, 60, 42, 23, 22, 25, 16, 11, 26),
        *(82, 40, 22, 35, 57, 42, 32, 50, 177, 83, 35, 43, 56, 44, 39, 89),
        *(188, 91, 38, 37, 49, 39, 36, 91, 91, 51, 30, 33, 41, 28, 21, 41),
        *(82, 50, 32, 42, 57, 35, 22, 40, 177, 89, 39, 44, 56, 43, 35, 83),
        *(188, 91, 36, 39, 49, 37, 38, 91, 91, 41, 21, 28, 41, 33, 30, 51),
        *(52, 41, 26, 30, 39, 21, 11, 25, 117, 68, 32, 33, 39, 26, 22, 57),
        *(131, 61, 22, 24, 33, 27, 30, 72, 60, 26, 11, 16, 25, 22, 23, 42),
    ],
    np.float32,
) / np.float32(1000)

# What a mirror does to the numbers, seen along the direction of the place: rows and directions the other way round.
_IN_MIRROR = np.arange(128).reshape(4, 4, 8)[::-1][:, :, -np.arange(8) % 8].ravel()


@dataclass(frozen=True)
class Points:
    """Local features of one picture, in the units of `PointTrack`."""

    places: NDArray[np.uint16]
    sizes: NDArray[np.uint8]
    angles: NDArray[np.uint8]
    bits: Bits

    def __len__(self) -> int:
        return len(self.sizes)


def work_points(picture: NDArray[np.uint8], most: int = WORK_POINTS) -> Points:
    """The features of a picture of a work, upright and in square pixels, (h, w) uint8: `most` at most."""
    return _found(scaled(picture, WORK_SIDE_PX), most, _LARGE_SHARE).plain()


def query_points(picture: NDArray[np.uint8], most: int = QUESTION_POINTS) -> tuple[Points, Points]:
    """The features of a picture that is asked about, as it is and as its mirror image has them.

    (h, w) uint8, upright, in square pixels; a small picture is enlarged. The places of the second are those in the
    mirrored picture.
    """
    found = _found(scaled(picture, QUESTION_SIDE_PX), most, 0)
    return found.plain(), found.mirrored()


def square_pixels(luma: NDArray[np.uint8], aspect: Fraction, turn: Turn, longer_px: int) -> NDArray[np.uint8]:
    """A decoded plane upright and in square pixels, its longer side `longer_px`."""
    wide, high = luma.shape[1] * float(aspect), float(luma.shape[0])
    scale = longer_px / max(wide, high)
    size = max(round(wide * scale), 1), max(round(high * scale), 1)
    return upright(_resized(halved(luma, size), size), turn)


def scaled(picture: NDArray[np.uint8], longer_px: int) -> NDArray[np.uint8]:
    """The picture with its longer side `longer_px`; a side of less than a pixel is one."""
    return square_pixels(picture, Fraction(1), Turn(), longer_px)


def _resized(plane: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    if size == plane.shape[::-1]:
        return plane
    result: Any = cv2.resize(
        plane, size, interpolation=cv2.INTER_LINEAR
    )  # by less than two: means take ten times as long
    return np.asarray(result, np.uint8).reshape(size[1], size[0])


def _found(picture: NDArray[np.uint8], most: int, large_share: float) -> _Described:
    places = find_places(picture)
    rows = _chosen(places, most, large_share)
    few = places.chosen(rows)
    kept, degrees, numbers = few.described()
    order = np.argsort(kept, kind="stable")[:most]  # a place with two directions is two features
    return _Described(picture.shape, few.where[kept[order]], degrees[order], numbers[order])


def _chosen(places: Places, most: int, large_share: float) -> NDArray[np.intp]:
    """The strongest `most`, spread over the picture, `large_share` of them large if there are so many."""
    high, wide = places.shape
    unit = _SIZE_UNIT_PX / max(places.shape)
    is_large = places.where[:, 2] * (2 * unit) >= _LARGE_PX
    cell = (places.where[:, 0] * _CELLS // wide + _CELLS * (places.where[:, 1] * _CELLS // high)).astype(np.intp)
    # The best of every cell, then the second of every cell and so on: places come strongest first.
    order = np.argsort(_ranks(cell), kind="stable")
    large = order[is_large[order]][: round(most * large_share)]
    rest = order[~np.isin(order, large)]
    return np.concatenate([large, rest[: most - len(large)]])


def _ranks(groups: NDArray[np.intp]) -> NDArray[np.intp]:
    """For each element how many of its group come before it."""
    order = np.argsort(groups, kind="stable")
    is_first = np.diff(groups[order], prepend=-1) != 0
    starts = np.maximum.accumulate(np.where(is_first, np.arange(len(groups)), 0))
    ranks = np.empty(len(groups), np.intp)
    ranks[order] = np.arange(len(groups)) - starts
    return ranks


@dataclass(frozen=True)
class _Described:
    """Chosen places (n, 4) as in `Places.where`, their directions in degrees and their 128 numbers."""

    shape: tuple[int, int]
    where: NDArray[np.float32]
    degrees: NDArray[np.float32]
    numbers: NDArray[np.float32]

    def plain(self) -> Points:
        return self._packed(self.where[:, 0], self.degrees, self.numbers)

    def mirrored(self) -> Points:
        return self._packed(self.shape[1] - 1 - self.where[:, 0], 180 - self.degrees, self.numbers[:, _IN_MIRROR])

    def _packed(
        self, across: NDArray[np.float32], degrees: NDArray[np.float32], numbers: NDArray[np.float32]
    ) -> Points:
        high, wide = self.shape
        shares = np.stack([(across + 0.5) / wide, (self.where[:, 1] + 0.5) / high], axis=1)
        diameter = self.where[:, 2] * (2 * _SIZE_UNIT_PX / max(self.shape))
        sizes = np.clip(np.rint(16 * np.log2(np.maximum(diameter, 1.0))), 0, 255)
        return Points(
            np.rint(np.clip(shares, 0, 1) * 65535).astype(np.uint16),
            sizes.astype(np.uint8),
            (np.rint(degrees * (256 / 360)).astype(np.int64) % 256).astype(np.uint8),
            described(numbers),
        )


def described(numbers: NDArray[np.float32]) -> Bits:
    """The 128 bits, (n, 2) uint64, of SIFT's 128 numbers (n, 128) float32."""
    roots = np.sqrt(numbers / np.maximum(numbers.sum(axis=1, keepdims=True), 1e-6))
    packed = np.packbits(roots > _USUAL, axis=1, bitorder="little")
    return np.ascontiguousarray(packed).view("<u8").astype(np.uint64, copy=False).reshape(-1, 2)


@dataclass
class PointKeeper:
    """Gathers the features of chosen frames into a `PointTrack`."""

    _times: Column = field(default_factory=lambda: Column(np.int64))
    _ends: Column = field(default_factory=lambda: Column(np.int32))
    _places: Column = field(default_factory=lambda: Column(np.uint16, (2,)))
    _sizes: Column = field(default_factory=lambda: Column(np.uint8))
    _angles: Column = field(default_factory=lambda: Column(np.uint8))
    _bits: Column = field(default_factory=lambda: Column(np.uint64, (2,)))
    _count: int = 0

    def add(self, time_us: int, points: Points) -> None:
        """Puts a frame behind those there are; one without any features is left out."""
        if not len(points):
            return
        self._count += len(points)
        self._times.add(np.array([time_us]))
        self._ends.add(np.array([self._count]))
        self._places.add(points.places)
        self._sizes.add(points.sizes)
        self._angles.add(points.angles)
        self._bits.add(points.bits)

    def track(self) -> PointTrack:
        """All frames so far; none can be added after that."""
        return PointTrack(
            self._times.array(),
            np.concatenate([np.zeros(1, np.int32), self._ends.array()]),
            self._places.array(),
            self._sizes.array(),
            self._angles.array(),
            self._bits.array(),
        )
