"""Which windows of which pictures are hashed, and which of the hashes are kept.

A copy often shows only a part of the picture: an upright cut of a wide film, a 4:3 one, a zoom that leaves the logo
out. Whoever looks for it then hashes the copy's whole picture, so the work must have the hash of that part. Four parts
are usual, and each is found at its work's own moments.

Kept of the whole and the active picture: those that differ by `_NEW_BITS` from the last one kept, and as many others as
it takes to have one every 1.6 s. Of the windows only so many: a copy is searched by many of its moments, so the work
need not have all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from holdfast.model.fingerprint import MICRO, Bits, PictureTrack, View
from holdfast.model.match import Box
from holdfast.restore.fingerprint import pdq
from holdfast.restore.fingerprint.borders import WHOLE, active_box
from holdfast.restore.fingerprint.column import Column
from holdfast.restore.fingerprint.thumbs import window

STRETCH_US = 3 * MICRO
LEAST_QUALITY = 20  # below it a hash is that of noise on a flat field

_NEW_BITS = 14  # a copy of 240 lines, poorly encoded, differs in 8 in the median: less is no other picture
# A hash is taken for that of the picture for 1.6 s: so late the next one may be, if nothing changes or of a window.
_HOLDS_US = 8 * MICRO // 5
_UNKNOWN_US = MICRO // 2
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
        if share * _SAME_SHAPE < 1:
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
    _times: Column = field(default_factory=lambda: Column(np.int64))
    _views: Column = field(default_factory=lambda: Column(np.uint8))
    _quality: Column = field(default_factory=lambda: Column(np.uint8))
    _bits: Column = field(default_factory=lambda: Column(np.uint64, (pdq.WORDS,)))
    _last: int | None = None
    _last_us: int = -_HOLDS_US
    _windows_us: int = -_HOLDS_US

    def take(self, stretch: Hashed) -> None:
        """Keeps what is new in this stretch."""
        rows = self._new(stretch)
        sparse = self._sparse(stretch.times, rows)
        parts = [(View.ACTIVE, stretch.box, rows)] if stretch.has_borders else []
        parts += [(view, box, sparse) for view, box in windows_of(stretch.box, self.shape).items()]
        # All at once: of two or three pictures, NumPy's calls cost more than their numbers.
        small = np.concatenate([stretch.part(box, part) for _, box, part in parts])
        bits, quality = pdq.hashes(pdq.coefficients(small)), pdq.quality(small)
        views = np.repeat(
            [View.WHOLE, *(view for view, _, _ in parts)], [len(rows), *(len(part) for *_, part in parts)]
        )
        times = stretch.times[np.concatenate([rows, *(part for *_, part in parts)])]
        bits, quality = np.concatenate([stretch.bits[rows], bits]), np.concatenate([stretch.quality[rows], quality])
        good = np.flatnonzero(quality >= LEAST_QUALITY)
        order = good[np.argsort(times[good], kind="stable")]
        columns = (self._times, self._bits, self._views, self._quality)
        for column, values in zip(columns, (times, bits, views, quality), strict=True):
            column.add(values[order])

    def track(self) -> PictureTrack:
        """All that was kept, in the order of time; nothing can be taken after that."""
        return PictureTrack(self._times.array(), self._bits.array(), self._views.array(), self._quality.array())

    def _new(self, stretch: Hashed) -> NDArray[np.intp]:
        rows = []
        times = stretch.times.tolist()
        for row, (time, hashed) in enumerate(zip(times, stretch.bits, strict=True)):
            bits = int.from_bytes(hashed.tobytes())  # one number: of so few, NumPy counts twenty times as slowly
            is_new = self._last is None or (bits ^ self._last).bit_count() >= _NEW_BITS
            if is_new or _is_last_chance(times, row, self._last_us):
                rows.append(row)
                self._last, self._last_us = bits, time
        return np.array(rows, np.intp)

    def _sparse(self, times: NDArray[np.int64], rows: NDArray[np.intp]) -> NDArray[np.intp]:
        chosen = []
        asked = times[rows].tolist()
        for place, time in enumerate(asked):
            if _is_last_chance(asked, place, self._windows_us):
                chosen.append(rows[place])
                self._windows_us = time
        return np.array(chosen, np.intp)


def _is_last_chance(times: list[int], row: int, last_us: int) -> bool:
    """Whether the next row would come too late after the last one kept. When that one comes nobody knows at the end."""
    due = times[row + 1] if row + 1 < len(times) else times[row] + _UNKNOWN_US
    return due - last_us > _HOLDS_US
