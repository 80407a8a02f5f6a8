"""Sound brought back to the speed and pitch of the work, sample-exact, piece by piece.

A copy that was played faster or slower is resampled; one whose pitch was kept is stretched; one that was treated in
both ways is resampled to the work's pitch, then stretched. Whatever is done, sample n of the asset comes from the
moment of the copy that the placement tells, to within 6 ms where it is stretched and exactly elsewhere.

    voice = Voice(hearing.read, placement, first=480000)
    voice.take(24000)        # (2, 24000) float32: the asset's samples 480000 to 504000
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from holdfast.model.edit import Placement

RATE = 48000
Samples = NDArray[np.float32]
Read = Callable[[int, int], Samples]
# Less than this is not heard as another pitch (7 cents): nothing is stretched for it.
_UNHEARD = Fraction(4, 1000)
_TAPS = 32
_PHASES = 1024
_WINDOW = 1920
_HOP = _WINDOW // 2
_SEEK = 240


class Voice:
    """One copy's sound on the time line of the asset, from sample `first` on, forward.

    `read(first, count)` gives samples of the copy, as `media.hearing.Hearing` does; it may be asked to go back by a
    tenth of a second.
    """

    def __init__(self, read: Read, placement: Placement, first: int) -> None:
        self.next = first
        rate, pitch = placement.rate, _pitch(placement)
        self._start = (placement.copy.start - placement.asset.start / rate) * RATE
        self._rate = rate
        if rate == pitch == 1:
            offset = round(self._start)
            self._take: Read = lambda first, count: read(first + offset, count)
        elif rate == pitch:
            offset = round(self._start * pitch)
            moved = _Resampled(read, pitch, float(self._start - offset / pitch))
            self._take = lambda first, count: moved.read(first + offset, count)
        else:  # the copy brought to the work's pitch: its sample m is the copy's sample m / pitch
            pitched = read if pitch == 1 else _Resampled(read, pitch).read
            self._take = _Stretched(pitched, float(self._start * pitch), float(pitch / rate), first).take

    def copy_sample(self, asset_sample: int) -> int:
        """Which sample of the copy is heard at this sample of the asset."""
        return round(self._start + asset_sample / self._rate)

    def take(self, count: int) -> Samples:
        """The next `count` samples of the asset, (2, count)."""
        first = self.next
        self.next += count
        return self._take(first, count)


def _pitch(placement: Placement) -> Fraction:
    """How much higher the copy sounds than the work; where nobody knows it moved with the speed."""
    rate, pitch = placement.rate, placement.pitch
    if pitch is None or abs(rate / pitch - 1) < _UNHEARD:
        return rate
    return Fraction(1) if abs(pitch - 1) < _UNHEARD else pitch


class _Resampled:
    """A sound played slower by `by` (faster if below 1): its sample m is the source's sample m / by + shift."""

    def __init__(self, read: Read, by: Fraction, shift: float = 0.0) -> None:
        self._read, self._by, self._shift = read, by, shift

    def read(self, first: int, count: int) -> Samples:
        start = Fraction(first) / self._by
        base = int(start // 1)
        at = float(start - base) + self._shift + np.arange(count) / float(self._by) + _TAPS
        source = self._read(base - _TAPS, int(at[-1]) + 2 * _TAPS if count else 0)
        return interpolated(source, at, min(1.0, float(self._by)))


def interpolated(samples: Samples, at: NDArray[np.float64], band: float = 1.0) -> Samples:
    """The sound (2, n) between its samples, at positions `at`, counted from its first; (2, len(at)) float32.

    `band` below 1 takes away what would be mirrored when it is then played faster. Every position must have 16
    samples before and after it.

    Source: windowed sinc interpolation; J. O. Smith, "Digital Audio Resampling", section on bandlimited interpolation.
    """
    out = np.empty((2, len(at)), np.float32)
    table = _kernels(round(band, 3))
    for first in range(0, len(at), 4096):  # so that what is gathered stays small
        part = at[first : first + 4096]
        whole = np.floor(part).astype(np.int64)
        phase = (part - whole) * _PHASES
        below = phase.astype(np.int64)
        share = (phase - below).astype(np.float32)[:, None]
        kernel = table[below] * (1 - share) + table[below + 1] * share
        taps = whole[:, None] + np.arange(1 - _TAPS // 2, 1 + _TAPS // 2)
        for channel in range(2):
            out[channel, first : first + 4096] = (samples[channel][taps] * kernel).sum(axis=1)
    return out


@lru_cache(maxsize=8)
def _kernels(band: float) -> NDArray[np.float32]:
    taps = np.arange(1 - _TAPS // 2, 1 + _TAPS // 2)[None, :] - np.arange(_PHASES + 1)[:, None] / _PHASES
    cutoff = 0.94 * band
    shape = np.i0(9.0 * np.sqrt(np.clip(1 - (taps / (_TAPS / 2)) ** 2, 0, 1))) / np.i0(9.0)
    kernel = cutoff * np.sinc(cutoff * taps) * shape
    found: NDArray[np.float32] = (kernel / kernel.sum(axis=1, keepdims=True)).astype(np.float32)
    return found


class _Stretched:
    """A sound played `step` source samples a sample with its pitch kept: sample n is heard at `start + n * step`.

    Windows of 40 ms are laid over each other, each moved by up to 5 ms to where it continues the last one best: half a
    period of the lowest voices either way. The middle of a window is where it belongs but for that.

    Source: Verhelst & Roelands, "An overlap-add technique based on waveform similarity (WSOLA)", ICASSP 1993.
    """

    def __init__(self, read: Read, start: float, step: float, first: int) -> None:
        self._read, self._start, self._step = read, start, step
        self._at = first - _HOP
        self._follow: int | None = None
        self._tail: Samples = np.zeros((2, _HOP), np.float32)
        self._ready: Samples = np.zeros((2, 0), np.float32)
        self._shape = np.hanning(_WINDOW + 1)[:_WINDOW].astype(np.float32)
        self._add_window()
        self._ready = self._ready[:, :0]  # the half window before `first`

    def take(self, _first: int, count: int) -> Samples:
        pieces, ready = [self._ready], self._ready.shape[1]
        while ready < count:
            self._ready = np.zeros((2, 0), np.float32)
            self._add_window()
            pieces.append(self._ready)
            ready += _HOP
        whole = np.concatenate(pieces, axis=1)
        self._ready = whole[:, count:]
        return whole[:, :count]

    def _add_window(self) -> None:
        ideal = round(self._start + (self._at + _HOP) * self._step) - _HOP
        place = ideal if self._follow is None else self._best(ideal, self._follow)
        window = self._read(place, _WINDOW) * self._shape
        self._ready = self._tail + window[:, :_HOP]
        self._tail = window[:, _HOP:]
        self._follow = place + _HOP
        self._at += _HOP

    def _best(self, ideal: int, follow: int) -> int:
        wanted = self._read(follow, _HOP).mean(axis=0).astype(np.float64)
        near = self._read(ideal - _SEEK, _HOP + 2 * _SEEK).mean(axis=0).astype(np.float64)
        power = np.concatenate([[0.0], np.cumsum(near**2)])
        energy = power[_HOP:] - power[:-_HOP]
        likeness = np.correlate(near, wanted, "valid") / np.sqrt(energy * (wanted**2).sum() + 1e-9)
        closeness = np.abs(np.arange(-_SEEK, _SEEK + 1)) / _SEEK  # of equals the nearest, above all in silence
        return ideal - _SEEK + int(np.argmax(likeness - 0.01 * closeness))
