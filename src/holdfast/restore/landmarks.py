"""Landmarks of sound: pairs of spectral peaks, by which a recording is known again through noise, codecs and speed.

The rules:
- a peak is a place in time and pitch that is louder than everything near it and stands clear of the loudness its own
  pitch has in the second around it. Silence and steady tones have no such places, noise has few;
- how loud the whole is does not matter: only ratios to what is near are looked at;
- a work keeps pairs of its strongest peaks (`keys_of_work`); a copy that is asked about keeps the peaks themselves
  (`Peaks`), weaker ones too, so that its keys can be told for any speed without hearing it again (`Peaks.pairs`);
- a key says the two pitches, in steps of about 1 %, and how far apart they are in time, in steps of 24 ms.

    landmarker = Landmarker()
    for block, time_us in blocks:
        landmarker.push(block, time_us)
    track = landmarker.finish()       # SoundTrack of a work
    peaks = landmarker.peaks()        # Peaks of a copy
    pairs = peaks.pairs(pitch=1.04, tempo=1.04)

Source: A. Wang, "An Industrial-Strength Audio Search Algorithm", ISMIR 2003 (pairs of peaks). Scales, thresholds, the
choice by rank and the asking at many speeds are our own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numba
import numpy as np
from numpy.typing import NDArray

from holdfast.model.fingerprint import SoundTrack
from holdfast.restore.fingerprint.column import Column

Samples = NDArray[np.float32]

RATE = 8000
# The unit of the times of landmarks. Finer than the frames of the spectrum: peaks are placed between frames.
HOP_US = 8_000

_WINDOW = 1024  # samples: 128 ms, 8 Hz a bin
_STEP = 256  # samples from frame to frame: 32 ms
_STEP_US = _STEP * 1_000_000 // RATE
_CENTER_US = _WINDOW // 2 * 1_000_000 // RATE
_LOW, _HIGH = 24, 488  # bins looked at: 190 to 3,810 Hz
_BLOCK = 1024  # frames at a time
_AROUND = 32  # frames on either side that make up the usual loudness of a pitch: a second
_MEMORY = 64  # frames on either side whose loudest moment sets how faint a sound may be: two seconds
_CONTEXT = _AROUND + _MEMORY + 8
_NEAR_BINS = 7  # a peak is the loudest within so many bins and frames on either side
_NEAR_FRAMES = 7
_FAINT_DB = 50.0  # below the loudest moment near: what codecs leave there differs from copy to copy
_SILENCE = 1e-10  # power of a bin of the spectrum: a tone of -100 dBFS, noise of -78 dBFS
_CLEAR_DB = 8.0  # above the usual loudness of its pitch: a peak of a copy
_STRONG_DB = 12.0  # ... a peak of a work: noise alone gets there once or twice a second
_HEARD_DB = 13.5  # ... a peak that noise alone hardly ever makes

_BEGINNING_US, _END_US = -(1 << 62), 1 << 62
_RIVALS_US = 500_000  # the rank of a peak counts stronger ones within this time on either side, in its band
_BANDS_HZ = (750.0, 1600.0)  # bounds of the three bands
_CANDIDATES = 7  # peaks a second and band that a copy keeps
_WORK_RANK, _WORK_FAN = 3, 3
_ANCHORS_AT_ONCE = 8192  # of a work: what pairs them takes memory
COPY_RANK, COPY_FAN = 5, 6

_NEAREST_US, _FURTHEST_US = 60_000, 1_020_000  # between the two peaks of a pair
_WIDEST = 90  # steps of pitch between the two peaks of a pair
_APART_US = 24_000
# Steps of pitch are 6 Hz + 0.9 % wide: as fine as a peak can be placed after a codec.
_STEP_HZ, _STEP_SHARE = 6.0, 0.009

_HEARD_US = 700_000  # on either side of a peak of a work
_SHORTEST_US = 1_000_000
_FEWEST = 4  # peaks of a work in a stretch that is said to be heard


@dataclass(frozen=True)
class Pairs:
    """Keys of pairs of peaks: `keys` (n,) uint32, `times` (n,) int64 of the first peak in microseconds of the copy.

    `anchors` (n,) int32 is the number of the first peak: pairs with one anchor do not speak independently.
    """

    keys: NDArray[np.uint32]
    times: NDArray[np.int64]
    anchors: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True)
class Peaks:
    """Peaks of a sound, in the order of time.

    `times` (n,) int64 in microseconds, `pitches` (n,) float32 in hertz, `ranks` (n,) uint8: how many peaks of the same
    band within half a second are stronger; `heights` (n,) float32 in decibels above the usual loudness of the pitch.
    """

    times: NDArray[np.int64]
    pitches: NDArray[np.float32]
    heights: NDArray[np.float32]
    ranks: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.times)

    @staticmethod
    def empty() -> Peaks:
        """Of no sound."""
        return Peaks(np.empty(0, np.int64), np.empty(0, np.float32), np.empty(0, np.float32), np.empty(0, np.uint8))

    def within(self, start_us: int, end_us: int) -> Peaks:
        """The peaks of [start, end)."""
        first, last = np.searchsorted(self.times, (start_us, end_us))
        part = slice(int(first), int(last))
        return Peaks(self.times[part], self.pitches[part], self.heights[part], self.ranks[part])

    def chosen(self, mask: NDArray[np.bool_]) -> Peaks:
        """Those where `mask` (n,) is true."""
        return Peaks(self.times[mask], self.pitches[mask], self.heights[mask], self.ranks[mask])

    def pairs(
        self,
        pitch: float = 1.0,
        tempo: float = 1.0,
        *,
        rank: int = COPY_RANK,
        fan: int = COPY_FAN,
        doubtful: float = 0.2,
    ) -> Pairs:
        """Keys of what this sound was before its pitch was multiplied by `pitch` and its speed by `tempo`.

        Args:
            pitch: pitch of the copy over that of the work; 1.04 for a film of 24 frames a second shown at 25.
            tempo: seconds of the work a second of the copy.
            rank: peaks of this rank and above it are left out.
            fan: each peak is paired with at most so many later ones.
            doubtful: a value this close (in steps) to the next step gets the key of that step too; 0 for one key
                a pair.
        """
        strong = np.flatnonzero(self.ranks < rank)
        times, steps = self.times[strong].astype(np.float64) * tempo, pitch_steps(self.pitches[strong] / pitch)
        first, second = _paired(times, steps, fan)
        values = (steps[first], steps[second], (times[second] - times[first]) / _APART_US)
        rows, keys = _keys(values, doubtful)
        anchors = strong[first[rows]]
        return Pairs(keys, self.times[anchors], anchors.astype(np.int32))


class Landmarker:
    """Finds the peaks of a sound that comes in blocks; holds some seconds of it and the peaks found.

    Of a sound that `is_work` and is never asked about, only the peaks are held that its landmarks are made of.

    Raises:
        ValueError: another rate than 8,000 samples a second was asked for.
    """

    def __init__(self, rate: int = RATE, *, is_work: bool = False) -> None:
        if rate != RATE:
            raise ValueError(f"landmarks are found at {RATE} samples a second, not {rate}")
        self._window = np.hanning(_WINDOW + 1)[:-1].astype(np.float32) * np.float32(4 / _WINDOW)
        self._held: list[Samples] = []
        self._length = 0  # samples held
        self._origin_us: int | None = None  # of the first sample held
        self._done = 0  # frames of what is held whose peaks were already told
        self._ranking = _Ranking(is_work=is_work)

    def push(self, samples: Samples, time_us: int) -> None:
        """Take mono samples `(n,) float32` between -1 and 1 that begin at `time_us`.

        What is missing between blocks is silence; what overlaps the block before is left out.
        """
        if self._origin_us is None:
            self._origin_us = time_us
        gap = round((time_us - self._origin_us) * RATE / 1_000_000) - self._length
        if gap > _CONTEXT * _STEP * 3:  # a long silence is not worth hearing
            self._fill(_CONTEXT * _STEP)
            self._drain(last=True)
            self._held, self._length, self._origin_us, self._done = [], 0, time_us, 0
        elif gap > RATE // 50:
            self._fill(gap)
        elif gap < -RATE // 50:
            samples = samples[-gap:]
        if len(samples):
            samples = np.asarray(samples, np.float32)
            if not np.isfinite(samples @ samples):
                samples = np.nan_to_num(samples, posinf=0, neginf=0)
            self._held.append(samples)
            self._length += len(samples)
        self._drain(last=False)

    def peaks(self) -> Peaks:
        """All peaks of what was pushed; nothing can be pushed after that."""
        if self._length:
            self._drain(last=True)
            self._held, self._length = [], 0
        return self._ranking.peaks()

    def finish(self) -> SoundTrack:
        """The landmarks of what was pushed, some 15 to 20 a second where there is something to hear."""
        peaks = self.peaks()
        strong = peaks.chosen(_is_of_work(peaks))
        keys, hops = Column(np.uint32), Column(np.int32)
        for first in range(0, len(strong), _ANCHORS_AT_ONCE):
            last = min(first + _ANCHORS_AT_ONCE, len(strong))
            near = strong.within(int(strong.times[first]), int(strong.times[last - 1]) + _FURTHEST_US + 1)
            before = first - int(np.searchsorted(strong.times, strong.times[first]))  # as early as the first
            pairs = near.pairs(rank=_WORK_RANK, fan=_WORK_FAN, doubtful=0)
            own = (pairs.anchors >= before) & (pairs.anchors < before + last - first)
            keys.add(pairs.keys[own])
            hops.add(np.round(pairs.times[own] / HOP_US).astype(np.int32))
        return SoundTrack(keys.array(), hops.array(), heard_stretches(peaks))

    def _fill(self, count: int) -> None:
        self._held.append(np.zeros(count, np.float32))
        self._length += count

    def _drain(self, *, last: bool) -> None:
        """Tell the peaks of all blocks that are complete; of everything if it is the `last`."""
        wanted = (_BLOCK + 2 * _CONTEXT) * _STEP + _WINDOW
        while self._length >= wanted:
            held = np.concatenate(self._held)
            self._listen(held[: (self._done + _BLOCK + _CONTEXT) * _STEP + _WINDOW - _STEP], self._done + _BLOCK)
            # The next frames to tell keep their context in front of them.
            gone = max(self._done + _BLOCK - _CONTEXT, 0)
            assert self._origin_us is not None
            self._done = self._done + _BLOCK - gone
            self._held, self._length = [held[gone * _STEP :]], self._length - gone * _STEP
            self._origin_us += gone * _STEP_US
        if last and self._length:
            held = np.concatenate([*self._held, np.zeros(_WINDOW, np.float32)])
            self._listen(held, len(held) // _STEP)

    def _listen(self, samples: Samples, end: int) -> None:
        """Tell the peaks of the frames [done, end) of these samples."""
        assert self._origin_us is not None
        frames = np.lib.stride_tricks.sliding_window_view(samples, _WINDOW)[::_STEP]
        # OpenCV's is three times as fast as NumPy's; it writes real 0, real 1, imaginary 1, real 2, imaginary 2 ...
        spectrum = cv2.dft(frames * self._window, flags=cv2.DFT_ROWS)[:, 2 * _LOW - 3 : 2 * _HIGH + 1]
        found = _peaks_of(np.square(spectrum[:, ::2]) + np.square(spectrum[:, 1::2]))
        rows, bins, heights = found
        kept = (rows >= self._done - 0.5) & (rows < end - 0.5)
        times = self._origin_us + _CENTER_US + np.round(rows[kept] * _STEP_US).astype(np.int64)
        told_until = self._origin_us + _CENTER_US + int((end - 1) * _STEP_US)
        self._ranking.take(times, bins[kept], heights[kept], told_until)


def heard_stretches(peaks: Peaks) -> NDArray[np.int64]:
    """Where there is more than silence, hum or steady noise: `(k, 2) int64`, in microseconds."""
    times = peaks.times[(peaks.ranks < _WORK_RANK) & (peaks.heights >= _HEARD_DB)]
    if not len(times):
        return np.empty((0, 2), np.int64)
    breaks = np.flatnonzero(np.diff(times) > 2 * _HEARD_US) + 1
    firsts, lasts = np.concatenate([[0], breaks]), np.concatenate([breaks, [len(times)]])
    spans = np.stack([np.maximum(times[firsts] - _HEARD_US, 0), times[lasts - 1] + _HEARD_US], axis=1)
    kept = (lasts - firsts >= _FEWEST) & (spans[:, 1] - spans[:, 0] >= _SHORTEST_US)
    return np.asarray(spans[kept], np.int64)


def _peaks_of(power: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float32], NDArray[np.float32]]:
    """Rows, pitches in hertz and heights in decibels of the peaks of a spectrum `(frames, bins)`."""
    loudest = _widest(power.max(axis=1)[:, None], _MEMORY)
    level = np.log10(power + (loudest * np.float32(10 ** (-_FAINT_DB / 10)) + np.float32(_SILENCE)))
    level *= np.float32(10)
    rows, columns, heights = _prominent(level, np.float32(_CLEAR_DB))
    here = level[rows, columns]
    along = _between(level[rows - 1, columns], here, level[rows + 1, columns])
    across = _between(level[rows, columns - 1], here, level[rows, columns + 1])
    pitches = (columns + (_LOW - 1) + across) * np.float32(RATE / _WINDOW)
    return (rows + along).astype(np.float64), pitches.astype(np.float32), heights


def _between(before: NDArray[np.float32], here: NDArray[np.float32], after: NDArray[np.float32]) -> NDArray[np.float32]:
    """Where, from -0.5 to 0.5, the parabola through three values is highest."""
    bend = 2 * here - before - after
    place: NDArray[np.float32] = np.clip((after - before) / (2 * np.maximum(bend, np.float32(1e-6))), -0.5, 0.5)
    return place


def _widest(values: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    """The maximum over `reach` rows on either side, by doubling."""
    padded = np.pad(values, ((reach, reach), (0, 0)), constant_values=-np.inf)
    width, wanted = 1, 2 * reach + 1
    while width < wanted:
        step = min(width, wanted - width)
        padded = np.maximum(padded[:-step], padded[step:])
        width += step
    return padded


@numba.njit(cache=True, nogil=True)
def _prominent(level: Any, clear_db: Any) -> Any:
    """Rows, columns and heights of what stands `clear_db` above its usual level and is the loudest near it.

    Usual is the mean of the `_AROUND` rows on either side, of those there are. Of the rim nothing is told.
    """
    count, bins = level.shape
    sums, heights, may_be = np.zeros(bins), np.empty(bins, np.float32), np.empty(bins, np.uint8)
    most = count * bins // (_NEAR_FRAMES + 1) + 1
    rows, columns, found, total = np.empty(most, np.intp), np.empty(most, np.intp), np.empty(most, np.float32), 0
    for r in range(min(_AROUND, count)):
        sums += level[r]
    for r in range(count):
        if r + _AROUND < count:
            sums += level[r + _AROUND]
        if r > _AROUND:
            sums -= level[r - _AROUND - 1]
        if r in (0, count - 1):
            continue
        here, share = level[r], 1.0 / (min(r + _AROUND + 1, count) - max(r - _AROUND, 0))
        for c in range(bins):
            heights[c] = here[c] - np.float32(sums[c] * share)
        for c in range(bins - 2):
            may_be[c + 1] = (heights[c + 1] >= clear_db) & (here[c + 1] >= max(here[c], here[c + 2]))
        for c in range(1, bins - 1):
            if may_be[c] and total < most and _is_loudest(level, r, c):
                rows[total], columns[total], found[total] = r, c, heights[c]
                total += 1
    return rows[:total], columns[:total], found[:total]


@numba.njit(cache=True, nogil=True)
def _is_loudest(level: Any, row: int, column: int) -> Any:
    here = level[row, column]
    for r in range(max(row - _NEAR_FRAMES, 0), min(row + _NEAR_FRAMES + 1, level.shape[0])):
        for c in range(max(column - _NEAR_BINS, 0), min(column + _NEAR_BINS + 1, level.shape[1])):
            if level[r, c] > here:
                return False
    return True


class _Ranking:
    """Ranks peaks as they come, block by block, and lets go of those beside which too many stronger ones stand."""

    def __init__(self, *, is_work: bool) -> None:
        self._is_work = is_work
        self._near = Peaks.empty()  # the latest peaks, all of them: they are rivals of those to come
        self._ranked_until = _BEGINNING_US
        self._kept = tuple(Column(kind) for kind in (np.int64, np.float32, np.float32, np.uint8))
        self._whole: Peaks | None = None

    def take(
        self, times: NDArray[np.int64], pitches: NDArray[np.float32], heights: NDArray[np.float32], told_until: int
    ) -> None:
        """More peaks. All before `told_until` (microseconds) have come with them."""
        near = self._near
        times = np.concatenate([near.times, times])
        pitches, heights = np.concatenate([near.pitches, pitches]), np.concatenate([near.heights, heights])
        order = np.lexsort((pitches, times))
        self._near = _ranked(times[order], pitches[order], heights[order])
        self._settle(told_until - _RIVALS_US)

    def peaks(self) -> Peaks:
        """All that are kept, in the order of time; no more can come after that."""
        if self._whole is None:
            self._settle(_END_US)
            self._whole = Peaks(*(column.array() for column in self._kept))
        return self._whole

    def _settle(self, until_us: int) -> None:
        """Keep what is before `until_us`, whose rivals have all come."""
        settled = self._near.within(self._ranked_until, until_us)
        kept = settled.chosen(_is_of_work(settled) if self._is_work else settled.ranks < _CANDIDATES)
        parts: tuple[NDArray[Any], ...] = (kept.times, kept.pitches, kept.heights, kept.ranks)
        for column, part in zip(self._kept, parts, strict=True):
            column.add(part)
        self._ranked_until = max(until_us, self._ranked_until)
        self._near = self._near.within(self._ranked_until - _RIVALS_US - 1, _END_US)


def _is_of_work(peaks: Peaks) -> NDArray[np.bool_]:
    return (peaks.ranks < _WORK_RANK) & (peaks.heights >= _STRONG_DB)


def _ranked(times: NDArray[np.int64], pitches: NDArray[np.float32], heights: NDArray[np.float32]) -> Peaks:
    """Peaks in the order of time, then pitch, with their ranks among these."""
    bands = np.searchsorted(_BANDS_HZ, pitches)
    ranks = np.zeros(len(times), np.uint8)
    for band in range(len(_BANDS_HZ) + 1):
        rows = np.flatnonzero(bands == band)
        ranks[rows] = _rivals(times[rows], heights[rows])
    return Peaks(times, pitches, heights, ranks)


def _rivals(times: NDArray[np.int64], heights: NDArray[np.float32]) -> NDArray[np.uint8]:
    """For every peak, how many within `_RIVALS_US` on either side are higher; the earlier wins a tie."""
    counts = np.zeros(len(times), np.int32)
    for lag in range(1, len(times)):
        near = times[lag:] - times[:-lag] <= _RIVALS_US
        if not near.any():
            break
        counts[:-lag] += near & (heights[lag:] > heights[:-lag])
        counts[lag:] += near & (heights[:-lag] >= heights[lag:])
    return np.minimum(counts, 255).astype(np.uint8)


def kept_peaks(track: SoundTrack, start_us: int, end_us: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The peaks of [start, end) whose pairs a work keeps: their times in microseconds and their pitches in steps."""
    # Of the type of the times, lest all of them are copied.
    first, last = np.searchsorted(track.times, np.array([start_us // HOP_US, -(-end_us // HOP_US)], np.int32))
    seen = track.times[first:last].astype(np.int64) << 8 | (track.keys[first:last] >> np.uint32(14)) & np.uint32(255)
    seen = np.unique(seen)
    return np.asarray((seen >> 8) * HOP_US, np.int64), (seen & 255).astype(np.float64) + 0.5


def pitch_steps(pitches: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Pitches in hertz as steps of the scale, from 0 at 150 Hz to 210 at 4,150 Hz."""
    low = np.log(_STEP_HZ + _STEP_SHARE * 150)
    steps: NDArray[np.float64] = np.log(_STEP_HZ + _STEP_SHARE * np.maximum(pitches, 1).astype(np.float64)) - low
    return steps / _STEP_SHARE


def _paired(
    times: NDArray[np.float64], steps: NDArray[np.float64], fan: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Numbers of the first and second peaks of pairs: each peak with the next `fan` ones that are neither too near
    nor too far in time and pitch.
    """
    taken = np.zeros(len(times), np.int32)
    firsts, seconds = [], []
    for lag in range(1, len(times)):
        apart = times[lag:] - times[:-lag]
        if not (apart <= _FURTHEST_US).any():
            break
        fits = (apart >= _NEAREST_US) & (apart <= _FURTHEST_US) & (taken[:-lag] < fan)
        fits &= np.abs(steps[lag:] - steps[:-lag]) <= _WIDEST
        first = np.flatnonzero(fits)
        taken[first] += 1
        firsts.append(first)
        seconds.append(first + lag)
    if not firsts:
        return np.empty(0, np.intp), np.empty(0, np.intp)
    first, second = np.concatenate(firsts), np.concatenate(seconds)
    order = np.lexsort((second, first))
    return first[order], second[order]


def _keys(values: tuple[NDArray[np.float64], ...], doubtful: float) -> tuple[NDArray[np.intp], NDArray[np.uint32]]:
    """Rows and keys of pairs: two pitches (8 bits each), time apart (6 bits); several where a value is doubtful."""
    rows, keys = np.arange(len(values[0])), np.zeros(len(values[0]), np.uint32)
    for value, bits in zip(values, (8, 8, 6), strict=True):
        here = value[rows]
        whole = np.floor(here)
        part = here - whole
        other = np.where(part < doubtful, whole - 1, np.where(part >= 1 - doubtful, whole + 1, whole))
        more = np.flatnonzero(other != whole)
        rows, whole = np.concatenate([rows, rows[more]]), np.concatenate([whole, other[more]])
        keys = np.concatenate([keys, keys[more]])
        keys = (keys << np.uint32(bits)) | np.clip(whole, 0, (1 << bits) - 1).astype(np.uint32)
    return rows, keys
