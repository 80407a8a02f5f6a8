"""Which windows of which pictures are hashed, and which of the hashes are kept.

A copy often shows only a part of the picture: an upright cut of a wide film, a 4:3 one, a zoom that leaves the logo
out. Whoever looks for it then hashes the copy's whole picture, so the work must have the hash of that part. Four parts
are usual, and each is found at its work's own moments.

Kept of the whole and the active picture: those that differ by `_NEW_BITS` from the last one kept, but one a second
when nothing changes and at most five when all does. Of the windows one a second: a copy is searched by many of its
moments, so the work need not have all of them.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from holdfast.model.fingerprint import MICRO, Bits, PictureTrack, View
from holdfast.model.match import Box
from holdfast.restore.fingerprint import pdq
from holdfast.restore.fingerprint.borders import WHOLE, active_box
from holdfast.restore.fingerprint.thumbs import window

STRETCH_US = 3 * MICRO
LEAST_QUALITY = 20  # below it a hash is that of noise on a flat field

_NEW_BITS = 10  # a copy of 240 lines, poorly encoded, differs in 8 in the median: less is no other picture
_EACH_US = MICRO  # when nothing changes
_WINDOWS_US = MICRO
_SIDE = 64
_SAME_SHAPE = 1.06  # ratio of two shapes that are the same but for rounding and lost edges


@dataclass(frozen=True)
class Hashed:
    """A stretch of thumbs (n, 128, 128) with their times, the box of their active picture, and what was made of them.

    `small` (n, 64, 64) float32 and `coefs` (n, 16, 16) float32 are those of the whole picture.
    """

    times: NDArray[np.int64]
    thumbs: NDArray[np.uint8]
    box: Box
    small: pdq.Floats
    coefs: pdq.Floats
    bits: Bits
    quality: NDArray[np.uint8]

    @staticmethod
    def of(times: NDArray[np.int64], thumbs: NDArray[np.uint8], before: Box = WHOLE) -> Hashed:
        """The stretch; `before` is the box of the one before it, kept where this one does not tell."""
        small = pdq.means(thumbs)
        coefs = pdq.coefficients(small)
        box = active_box(thumbs)
        return Hashed(
            times, thumbs, before if box is None else box, small, coefs, pdq.hashes(coefs), pdq.quality(small)
        )

    @property
    def has_borders(self) -> bool:
        """Whether the active picture is less than the whole."""
        return self.box != WHOLE

    def part(self, box: Box, rows: NDArray[np.intp]) -> pdq.Floats:
        """The windows `box` of some of the pictures, (rows, 64, 64) float32."""
        result = np.empty((len(rows), _SIDE, _SIDE), np.float32)
        for place, row in enumerate(rows):
            result[place] = window(self.thumbs[row], box, _SIDE)
        return result


def windows_of(box: Box, shape: float) -> dict[View, Box]:
    """The usual windows of an active picture `box` in a picture `shape` times as wide as high, as shown.

    Only those that are another picture than the active one.
    """
    left, top, right, bottom = box
    wide, high = (right - left) * shape, bottom - top
    result = {View.CENTER: _middle(box, 0.8, 0.8)}
    for view, wanted in ((View.TALL, 9 / 16), (View.FOUR_THREE, 4 / 3), (View.WIDE, 16 / 9)):
        share = wanted * high / wide
        if view is not View.WIDE and share * _SAME_SHAPE < 1:
            result[view] = _middle(box, share, 1.0)
        elif view is View.WIDE and share > _SAME_SHAPE:
            result[view] = _middle(box, 1.0, 1 / share)
    return result


def _middle(box: Box, across: float, down: float) -> Box:
    left, top, right, bottom = box
    wide, high = (right - left) * (1 - across) / 2, (bottom - top) * (1 - down) / 2
    return left + wide, top + high, right - wide, bottom - high


@dataclass
class ViewKeeper:
    """Takes hashed stretches in order and keeps the rows of a `PictureTrack`."""

    shape: float = 16 / 9
    _times: array[int] = field(default_factory=lambda: array("q"))
    _views: bytearray = field(default_factory=bytearray)
    _quality: bytearray = field(default_factory=bytearray)
    _bits: bytearray = field(default_factory=bytearray)
    _last: Bits | None = None
    _last_us: int = -_EACH_US
    _windows_us: int = -_WINDOWS_US

    def take(self, stretch: Hashed) -> None:
        """Keeps what is new in this stretch."""
        rows = self._new(stretch)
        self._keep(View.WHOLE, stretch.times[rows], stretch.bits[rows], stretch.quality[rows])
        if stretch.has_borders:
            self._keep_part(View.ACTIVE, stretch.box, stretch, rows)
        sparse = self._sparse(stretch.times, rows)
        for view, box in windows_of(stretch.box, self.shape).items():
            self._keep_part(view, box, stretch, sparse)

    def track(self) -> PictureTrack:
        """All that was kept, in the order of time."""
        times = np.frombuffer(self._times, np.int64)
        order = np.argsort(times, kind="stable")
        bits = np.frombuffer(self._bits, np.uint64).reshape(-1, pdq.WORDS)
        views, quality = (np.frombuffer(each, np.uint8) for each in (self._views, self._quality))
        return PictureTrack(times[order], bits[order], views[order], quality[order])

    def _new(self, stretch: Hashed) -> NDArray[np.intp]:
        rows = []
        for row, (time, bits) in enumerate(zip(stretch.times.tolist(), stretch.bits, strict=True)):
            if self._last is None or time - self._last_us >= _EACH_US or _differ(bits, self._last):
                rows.append(row)
                self._last, self._last_us = bits, time
        return np.array(rows, np.intp)

    def _sparse(self, times: NDArray[np.int64], rows: NDArray[np.intp]) -> NDArray[np.intp]:
        chosen = []
        for row in rows.tolist():
            if times[row] - self._windows_us >= _WINDOWS_US:
                chosen.append(row)
                self._windows_us = int(times[row])
        return np.array(chosen, np.intp)

    def _keep_part(self, view: View, box: Box, stretch: Hashed, rows: NDArray[np.intp]) -> None:
        small = stretch.part(box, rows)
        self._keep(view, stretch.times[rows], pdq.hashes(pdq.coefficients(small)), pdq.quality(small))

    def _keep(self, view: View, times: NDArray[np.int64], bits: Bits, quality: NDArray[np.uint8]) -> None:
        good = quality >= LEAST_QUALITY
        self._times.frombytes(np.ascontiguousarray(times[good]).tobytes())
        self._bits += np.ascontiguousarray(bits[good]).tobytes()
        self._quality += quality[good].tobytes()
        self._views += bytes([view]) * int(good.sum())


def _differ(left: Bits, right: Bits) -> bool:
    return int(pdq.distance(left, right)) >= _NEW_BITS
