"""What a copy lets hear of an asset, stretch by stretch: its spectrum in bands, loud and quiet, and its faults.

The sound is decoded once, forward, as it will be heard (stereo, 48 kHz, on the line of time); no more of it is kept
than the stretch in hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from holdfast.media.decode import Master, Sound
from holdfast.media.sound import RATE, Heard, SoundChain
from holdfast.model.edit import Placement
from holdfast.model.time import Span
from holdfast.restore.choose.grid import Grid

Samples = NDArray[np.float32]
Bands = NDArray[np.float64]

WINDOW = 2048
# Twenty-four bands, the same width in octaves, as wide as a third of one above 200 Hz: where speech and music lie.
EDGES_HZ = np.geomspace(90, 20_000, 25)
FLOOR_DB = -96.0
_FULL = 0.997
_LOUD, _SHORT = 0.01, 12
_HUM_HZ, _NEAR_HZ = (50.0, 60.0), 1.0
# The difference of two channels is wide if it is louder than this beside their sum, and now loud, now soft.
_WIDE, _ALIVE = 1e-3, 4.0


@dataclass(frozen=True)
class Listened:
    """One stretch. `loud` and `quiet` (24,) are the levels, dB below full scale, of each band in its louder and quieter
    moments (90th and 10th percentile). The rest as in `SoundQuality`.
    """

    loud: Bands
    quiet: Bands
    clipped: float
    dropped: float
    hum_db: float
    channels: int


def listen(
    path: Path,
    placements: Sequence[tuple[int, Placement]],
    grid: Grid,
    on_moment: Callable[[Fraction], None],
) -> tuple[dict[tuple[int, int], Listened], tuple[str, ...]]:
    """What each placement (by its number) lets hear in each stretch of the grid; and what was damaged.

    `on_moment` hears how far in the copy it is, in seconds, and may raise to stop.

    Raises:
        SourceMissing: the path cannot be read.
    """
    wanted = []
    for number, placement in placements:
        for stretch in range(len(grid)):
            part = placement.within(grid.stretch(stretch))
            if part is not None and part.copy.duration * RATE >= 4 * WINDOW:
                wanted.append((part.copy, number, stretch))
    wanted.sort()
    found: dict[tuple[int, int], Listened] = {}
    chain = SoundChain()
    with Master(path, pictures=False) as master:
        row = _Row(_blocks(master, chain))
        for span, number, stretch in wanted:
            on_moment(span.start)
            samples = row.part(span)
            if samples is not None:
                found[number, stretch] = listened(samples)
        return found, (*master.warnings, *chain.warnings)


def listened(samples: Samples) -> Listened:
    """The figures of a stretch of sound (2, n) at 48 kHz, at least four windows long."""
    middle, side = samples.mean(axis=0), (samples[0] - samples[1]) / 2
    frames = _frames(middle)
    # Silence that was put in, or that a player left out, says nothing of the copy's noise.
    is_silent = np.abs(frames).max(axis=1) < 1e-5
    levels = levels_of(samples)
    kept = levels[~is_silent] if (~is_silent).any() else levels
    return Listened(
        loud=np.percentile(kept, 90, axis=0),
        quiet=np.percentile(kept, 10, axis=0),
        clipped=_clipped(samples),
        dropped=_dropped(frames, is_silent),
        hum_db=_hum(middle),
        channels=2 if _is_wide(middle, side) else 1,
    )


def levels_of(samples: Samples) -> Bands:
    """Levels (windows, 24) of each band, dB below full scale, in the windows of a stretch of sound (2, n) at 48 kHz."""
    shape = np.hanning(WINDOW).astype(np.float32)
    power = np.abs(np.fft.rfft(_frames(samples.mean(axis=0)) * shape, axis=1)) ** 2 / (shape.sum() / 2) ** 2
    return _decibels(_in_bands(power))


def _frames(middle: Samples) -> Samples:
    count = middle.size // WINDOW
    return middle[: count * WINDOW].reshape(count, WINDOW)


def _in_bands(power: NDArray[np.float32]) -> Bands:
    places = np.searchsorted(np.fft.rfftfreq(WINDOW, 1 / RATE), EDGES_HZ)
    sums = [power[:, low : max(high, low + 1)].sum(axis=1) for low, high in pairwise(places.tolist())]
    return np.stack(sums, axis=1).astype(np.float64)


def _decibels(power: Bands) -> Bands:
    found: Bands = np.maximum(10 * np.log10(power + 1e-12), FLOOR_DB)
    return found


def _clipped(samples: Samples) -> float:
    """The share of samples that stand at the top with their neighbours."""
    full = np.abs(samples) >= max(_FULL * float(np.abs(samples).max(initial=0.0)), 0.5)
    return float((full[:, 1:] & full[:, :-1]).mean()) if samples.shape[1] > 1 else 0.0


def _dropped(frames: Samples, is_silent: NDArray[np.bool_]) -> float:
    """The share of windows of dead silence that sound breaks off into and comes back from within half a second."""
    loud = np.abs(frames).max(axis=1) > _LOUD
    edges = np.flatnonzero(np.diff(np.concatenate([[False], is_silent, [False]]).astype(np.int8)))
    lost: int = 0
    for first, end in edges.reshape(-1, 2).tolist():
        is_between = first > 0 and end < loud.size and bool(loud[first - 1]) and bool(loud[end])
        lost += end - first if is_between and end - first <= _SHORT else 0
    return float(lost / loud.size)


def _is_wide(middle: Samples, side: Samples) -> bool:
    """Whether something sounds in one channel more than in the other. Hiss, which never changes, is no such thing."""
    count = side.size // WINDOW * WINDOW
    powers = [(each[:count].reshape(-1, WINDOW) ** 2).mean(axis=1) for each in (middle, side)]
    loud, quiet = np.percentile(powers[1], [90, 10]).tolist()
    return bool(loud > _WIDE * float(powers[0].mean()) + 1e-10 and loud > _ALIVE * quiet)


def _hum(middle: Samples) -> float:
    """How far a tone of 50 or 60 Hz stands out of what lies within ten beside it, dB; 0 where the stretch is short.

    A bass may hit it, but not in every stretch: that is for those to tell who have them all.
    """
    if middle.size < RATE:
        return 0.0
    power = np.abs(np.fft.rfft(middle * np.hanning(middle.size))) ** 2
    hertz = np.fft.rfftfreq(middle.size, 1 / RATE)
    heights = []
    for base in _HUM_HZ:
        peak = float(power[np.abs(hertz - base) < _NEAR_HZ].max())
        beside = float(np.median(power[(np.abs(hertz - base) > 2 * _NEAR_HZ) & (np.abs(hertz - base) < 10)]))
        heights.append(10 * np.log10((peak + 1e-9) / (beside + 1e-9)))
    return max(0.0, float(max(heights)))


def _blocks(master: Master, chain: SoundChain) -> Iterator[Heard]:
    for moment in master.moments():
        if isinstance(moment, Sound):
            yield from chain.push(moment)
    yield from chain.drain()


class _Row:
    """Sound that is asked for stretches, forward; they may overlap."""

    def __init__(self, blocks: Iterator[Heard]) -> None:
        self._blocks = blocks
        self._held: list[Samples] = []
        self._first = 0
        self._end = 0

    def part(self, span: Span) -> Samples | None:
        """The samples of a stretch of the copy; None where less than half of it is there."""
        first, last = round(span.start * RATE), round(span.end * RATE)
        while self._held and self._first + self._held[0].shape[1] <= first:
            self._first += self._held.pop(0).shape[1]
        while self._end < last:
            block = next(self._blocks, None)
            if block is None:
                break
            self._end = block.position + block.samples.shape[1]
            if self._end <= first:
                continue
            if not self._held:
                self._first = block.position
            self._held.append(block.samples)
        if not self._held:
            return None
        samples = np.concatenate(self._held, axis=1)[:, max(0, first - self._first) : max(0, last - self._first)]
        return samples if 2 * samples.shape[1] >= last - first and samples.shape[1] >= 4 * WINDOW else None
