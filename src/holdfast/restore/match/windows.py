"""A single picture looked for window by window: a listing's thumbnail, cropped to another shape, with a badge on it.

A still has one hash to ask with, and it is hardly ever that of a work's whole picture: edges were cut off, the shape is
another. But somewhere in it lies what one of the work's stored views shows: its upright cut, its 4:3 cut, its middle.
So many windows of the still are asked about, in the shapes that views have; those that come near are moved and
stretched bit by bit to where they come nearest. What belongs together then differs in 8 to 60 of 256 bits.

So much trying brings strangers near as well. How near tells their number: the least of many distances is the lower, the
more there are. Beyond the least that strangers should reach (`chance_bits`), every few bits are another e-fold against
chance. Such a sum can be as high as that of a film of some seconds, and it says as much.

Measured on 40 thumbnails of 24 works of the bench, from an index of 40: the nearest stranger lay at 77 bits in the
median, in one of five below 70 (shared test cards, spots in the dark); the work itself at 30, and 3 of 40 above 60.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from holdfast.model.fingerprint import Bits
from holdfast.model.match import Box
from holdfast.restore.fingerprint import pdq
from holdfast.restore.match.asking import FingerprintIndex
from holdfast.restore.match.copy import Copy
from holdfast.restore.match.likeness import richness
from holdfast.restore.match.placing import Matrix, warped
from holdfast.restore.match.viewing import WINDOW, Line, Turned, Viewing

RADIUS = 92
_MOST_HITS = 400  # of a window: the nearest ones are all that matters
_PROPOSED, _OF_ONE_WORK = 24, 4
_APART_US, _NEAR_US = 1_000_000, 1_000_000

# Windows: in the shapes of the views (an upright cut, 4:3, 16:9, and wide films as a whole), of so much of the still's
# height, moved off its middle by so much. One may reach beyond the still: what was cut off there is not known.
_SHAPES = (9 / 16, 4 / 3, 16 / 9, 2.35)
_HEIGHTS = (0.74, 0.8, 0.87, 0.94, 1.01, 1.09)
_MOVED = (-0.055, 0.0, 0.055)
_WIDEST, _NARROWEST, _UPRIGHT = 1.14, 0.7, 0.6
_LEAST_BOX = 0.6  # smaller parts are no picture between bars
_STEPS = (0.04, 0.02, 0.01, 0.005)
_ROUNDS = 3
_WAYS = np.array([way for way in product((-1, 0, 1), repeat=4) if 1 <= sum(map(abs, way)) <= 2], np.float64)
_SIDE = 64
_BLOCKS, _BRIGHTEST, _SHOWS, _FULL = 8, 4, 0.25, 0.15

# Distances of strangers: mean and deviation of two hashes, and how many deviations below the mean the nearest of the
# bench's lay, of so many stored hashes.
_MEAN, _DEVIATION, _DEVIATIONS, _ROWS = 126.0, 13.0, 3.6, 12_000
_BITS_A_FOLD = 3.5  # by which the tail of their minimum falls to 1/e, and a little more
_MOST_SAID, _BEYOND = 12.0, 0.1  # what is nearer yet only tells between moments of a work
_RIVAL_BITS = 24  # a work whose picture is so much further off is no rival of the nearest
_LEAST_SAID = 2.0
_SAMPLED = 16

Window = tuple[float, float, float, float]
"""Middle across and down, width and height, in shares of the still."""


@dataclass(frozen=True)
class WindowHit:
    """A window of the still is what a work shows at `time_us` in its stored view `view`, but for `distance` bits.

    `says` is what that says for the work, as a log likelihood ratio.
    """

    work: int
    time_us: int
    view: int
    distance: int
    window: Window
    says: float

    def line(self, copy: Copy) -> Line:
        """The line of a still that shows this moment; its score is what the hit says."""
        hashes, _ = _hashed(copy.look.thumbs[0], [self.window])
        viewing = Viewing(Turned(), copy.times, hashes[None], np.ones(1, np.float32), WINDOW)
        return Line(self.work, 1.0, float(self.time_us - copy.times[0]), viewing, self.says)


def windows(aspect: float, box: Box = (0.0, 0.0, 1.0, 1.0)) -> list[Window]:
    """The windows that are asked about, of a still `aspect` times as wide as high whose picture fills `box` of it."""
    left, top, right, bottom = box
    across, down = right - left, bottom - top
    found: list[Window] = []
    for shape, high in product(_SHAPES, _HEIGHTS):
        wide = shape * high / (aspect * across / down)
        if wide > _WIDEST or (wide < _NARROWEST and shape > _UPRIGHT):
            continue
        for x, y in product(_MOVED, _MOVED):
            found.append((left + (0.5 + x) * across, top + (0.5 + y) * down, wide * across, high * down))
    return found


def window_hits(copy: Copy, index: FingerprintIndex) -> list[WindowHit]:
    """What windows of a still come nearest to, the nearest first; only what may be it. Nothing for a film."""
    look = copy.look
    if len(look.times) != 1 or not index.works():
        return []
    thumb = look.thumbs[0]
    wide, high = look.fingerprint.size
    aspect = wide / high if wide > 0 and high > 0 else 16 / 9
    asked = windows(aspect)
    left, top, right, bottom = look.boxes[0].tolist()
    if (right - left) * (bottom - top) < 1 and min(right - left, bottom - top) >= _LEAST_BOX:  # bars were put about it
        asked += windows(aspect, (left, top, right, bottom))
    hashes, _ = _hashed(thumb, asked)
    hits = index.find_pictures(hashes, RADIUS, _MOST_HITS)
    chance = chance_bits(_rows_of(index))
    taken: list[tuple[int, int]] = []
    each: Counter[int] = Counter()
    found: list[WindowHit] = []
    for row in np.lexsort((hits.time_us, hits.work, hits.distance)).tolist():
        work, time = int(hits.work[row]), int(hits.time_us[row])
        if each[work] >= _OF_ONE_WORK or any(w == work and abs(t - time) < _APART_US for w, t in taken):
            continue
        taken.append((work, time))
        each[work] += 1
        found.append(_nearest(thumb, asked[int(hits.query[row])], work, time, int(hits.view[row]), index, chance))
        if len(found) >= _PROPOSED:
            break
    return _rivals(found)


def chance_bits(rows: float) -> float:
    """How near the nearest stranger should lie, in bits, among so many stored hashes.

    The minimum of n normal values lies about sqrt(2 ln n) deviations below the mean. How many tries are worth one is
    not known, so it is taken from where the minimum lay in an index of known size.
    """
    more = 2 * float(np.log(max(rows, 1.0) / _ROWS))
    return _MEAN - _DEVIATION * float(np.sqrt(max(_DEVIATIONS**2 + more, 1.0)))


def says_of_window(distance: float, chance: float, rich: float) -> float:
    """What it says that a window comes so near, as a log likelihood ratio, where strangers should come to `chance`."""
    folds = (chance - distance) / _BITS_A_FOLD
    return (min(folds, _MOST_SAID) + max(folds - _MOST_SAID, 0.0) * _BEYOND) * rich


def _rivals(found: list[WindowHit]) -> list[WindowHit]:
    nearest = sorted(found, key=lambda hit: (hit.distance, hit.work, hit.time_us))
    return [hit for hit in nearest if hit.says >= _LEAST_SAID and hit.distance <= nearest[0].distance + _RIVAL_BITS]


def _nearest(
    thumb: NDArray[np.uint8], window: Window, work: int, time: int, view: int, index: FingerprintIndex, chance: float
) -> WindowHit:
    """The window moved and stretched to where it comes nearest to the work's view about that time.

    Well placed, it is shown to the whole work: where that is nearer at another moment, it is placed anew there.
    """
    track = index.fingerprint(work).pictures
    of_view = np.flatnonzero(track.views == view)
    times, theirs = track.times[of_view], track.hashes[of_view]
    placed = _placed(thumb, window, theirs[np.abs(times - time) <= _NEAR_US])
    row = int(np.argmin(pdq.distance(_hashed(thumb, [placed])[0], theirs)))
    if abs(int(times[row]) - time) > _NEAR_US:
        placed = _placed(thumb, placed, theirs[np.abs(times - times[row]) <= _NEAR_US])
    hashes, quality = _hashed(thumb, [placed])
    apart = pdq.distance(hashes, theirs)
    row = int(np.argmin(apart))
    rich = float(richness(np.minimum(quality, track.quality[of_view[row]]))[0]) * fullness(_seen(thumb, placed))
    least = int(apart[row])
    return WindowHit(work, int(times[row]), view, least, placed, says_of_window(least, chance, rich))


def _placed(thumb: NDArray[np.uint8], window: Window, theirs: Bits) -> Window:
    """The window near to this one that comes nearest to one of some hashes (h, 4)."""
    best = np.array(window)
    least = _apart(thumb, [window], theirs)[0]
    for step in _STEPS:
        for _ in range(_ROUNDS):
            tried = best + _WAYS * step
            apart = _apart(thumb, [tuple(each) for each in tried.tolist()], theirs)
            number = int(np.argmin(apart))
            if apart[number] >= least:
                break
            best, least = tried[number], apart[number]
    across, down, wide, high = best.tolist()
    return across, down, wide, high


def _apart(thumb: NDArray[np.uint8], tried: list[Window], theirs: Bits) -> NDArray[np.uint16]:
    nearest: NDArray[np.uint16] = pdq.distance(_hashed(thumb, tried)[0][:, None], theirs[None]).min(axis=1)
    return nearest


def _hashed(thumb: NDArray[np.uint8], asked: list[Window]) -> tuple[Bits, NDArray[np.uint8]]:
    seen = np.stack([_seen(thumb, window) for window in asked])
    small = pdq.means(seen)
    return pdq.hashes(pdq.coefficients(small)), pdq.quality(small)


def fullness(picture: NDArray[np.uint8]) -> float:
    """How far a picture (64, 64) shows something everywhere, 0 to 1; two bright spots in the dark are alike anywhere.

    That is the share of its 64 blocks in which there is at least a quarter of what there is in those with most.
    """
    side = _SIDE // _BLOCKS
    blocks = picture.astype(np.float32).reshape(_BLOCKS, side, _BLOCKS, side)
    shown = np.sort(blocks.std(axis=(1, 3)).ravel())
    most = float(shown[-_BRIGHTEST:].mean())
    return min(float((shown > _SHOWS * most).mean()) / _FULL, 1.0)


def _seen(thumb: NDArray[np.uint8], window: Window) -> NDArray[np.uint8]:
    return warped(thumb, _to_still(window), _SIDE, mirrored=False)


def _to_still(window: Window) -> Matrix:
    """Takes shares of the window to those of the still."""
    across, down, wide, high = window
    return np.array([[wide, 0, across - wide / 2], [0, high, down - high / 2], [0, 0, 1]])


def _rows_of(index: FingerprintIndex) -> float:
    """About how many picture hashes there are: those of some works, counted."""
    some = np.unique(np.linspace(0, index.works() - 1, _SAMPLED).astype(int)).tolist()
    return index.works() * float(np.mean([len(index.fingerprint(work).pictures.times) for work in some]))
