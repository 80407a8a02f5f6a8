"""A line that sound proposed, made exact: its offset, its speed, and where the copy begins and ceases to sound so.

The rules:
- with the sound of both files at hand, windows of four seconds are laid over each other by cross-correlation: offsets
  to a millisecond or two (`by_samples`);
- of a work of which only landmarks are left, its kept peaks are laid over the peaks of the copy: offsets to a few
  milliseconds, told with their error (`by_peaks`);
- where the copy sounds like the work is told peak by peak: one that the other side has too speaks for it, one that it
  has not speaks against, as strongly as such peaks are rare along this line and beside it (`heard_spans`). A bound is
  known as closely as peaks lie; between which two it lies is told too, so that a cut of the picture can place it.

    fit = by_peaks(line, peaks, track)
    spans = heard_spans(line, peaks, track)
    start_us, end_us = heard_extent(line, peaks, track, copy_end_us)

Source: C. Knapp and G. Carter, "The Generalized Correlation Method for Estimation of Time Delay", IEEE Transactions on
Acoustics, Speech, and Signal Processing 24 (1976), for the phase transform.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from holdfast.model.fingerprint import SoundTrack
from holdfast.restore.landmarks import RATE, Peaks, kept_peaks, pitch_steps

Samples = NDArray[np.float32]
Places = NDArray[np.float64]
Times = NDArray[np.int64]

_MICRO = 1_000_000
_NEAR_US, _NEAR_STEPS = 45_000, 1.7  # peaks this close along the line are the same one
_BESIDE_US = (-3_700_000, -2_300_000, -1_100_000, 1_300_000, 2_900_000, 4_100_000)  # offsets that are wrong for sure
_AROUND_US = 12_000_000  # a bound is sought this far beyond the ends of a line
_CHANGE = 6.0  # what a change between heard and not heard must be outweighed by
_NEARLY = 0.006  # a rate that is no further from a usual one may be that one
_STRONG_RANK = 5
_SILENT_US = 1_500_000  # a copy may begin and end with so much silence
_WINDOW_US = 4_000_000
_SEARCH_US = 120_000
_WINDOWS = 24
_DISTINCT = 5.0  # a peak of a correlation that is believed stands out from it by so many deviations


class Line(Protocol):
    """What is refined: the copy from `start_us` to `end_us` is the work at `offset_us + rate * time of the copy`."""

    @property
    def rate(self) -> float:
        """Seconds of the work a second of the copy."""

    @property
    def pitch(self) -> float:
        """Pitch of the copy over that of the work."""

    @property
    def offset_us(self) -> int:
        """The time of the work at time 0 of the copy."""

    @property
    def start_us(self) -> int:
        """Where in the copy it begins."""

    @property
    def end_us(self) -> int:
        """Where in the copy it ends."""


@dataclass(frozen=True)
class Fit:
    """A line through pairs of times, and how well they tell it.

    `error_us` is the standard error of the work's time at the middle of the pairs, `rate_error` that of the rate;
    `count` how many pairs agree with it. Both errors are infinite where nothing could be told.
    """

    rate: float
    offset_us: int
    error_us: float
    rate_error: float
    count: int


@dataclass(frozen=True)
class HeardSpan:
    """A stretch of the copy that sounds like the work. Its bounds may lie as far as their room before or after.

    They are set halfway between the last peak that speaks against the line and the first that speaks for it; where the
    copy has no peak beyond, at the last one, with no room: it may well sound so up to the end of the copy.
    """

    start_us: int
    end_us: int
    start_room_us: int
    end_room_us: int
    score: float


def fitted(
    copy_us: Places | Times,
    work_us: Places | Times,
    weights: NDArray[np.floating[Any]],
    rate: float,
    offset_us: float,
    usual: Sequence[float] = (),
) -> Fit:
    """The line through pairs of times that most weight agrees with, sought from a first guess.

    Pairs count less and less the further from the line they lie, down from 48 ms to 12 ms. Where they cannot tell
    their rate from one of the `usual` ones, it is that one.
    """
    untold = Fit(rate, round(offset_us), np.inf, np.inf, 0)
    if len(copy_us) < 2 or not weights.sum():
        return untold
    middle = float(copy_us.mean())
    x = copy_us - middle
    y = work_us - rate * copy_us - offset_us  # what the first guess leaves
    level = slope = center = 0.0
    fit = untold
    for scale in (48_000.0, 32_000.0, 20_000.0, 12_000.0):
        trust = weights / (1 + ((y - level - slope * (x - center)) / scale) ** 2) ** 2
        total = float(trust.sum())
        center, level = float(trust @ x) / total, float(trust @ y) / total
        away, above = x - center, y - level
        spread = float(trust @ (away * away)) / total
        many = float(total**2 / (trust @ trust))
        if spread <= 0 or many <= 2:
            return untold
        slope = float(trust @ (away * above)) / total / spread
        left = above - slope * away
        noise = float(trust @ (left * left)) / total + 1e3**2
        error = float(np.sqrt(noise / (many - 2)))
        agreed = int((np.abs(left) <= 2 * scale).sum())
        whole = offset_us + level - slope * (center + middle)
        fit = Fit(rate + slope, round(whole), error, error / float(np.sqrt(spread)), agreed)
    nearest = min(usual, key=lambda each: abs(each - fit.rate), default=fit.rate)
    if abs(nearest - fit.rate) <= min(3 * fit.rate_error, _NEARLY):
        exact = offset_us + level - (nearest - rate) * (center + middle)
        fit = replace(fit, rate=nearest, offset_us=round(exact))
    return fit


def by_peaks(line: Line, peaks: Peaks, track: SoundTrack) -> Fit:
    """The line as the peaks of the copy and those that the work keeps tell it; no samples are needed."""
    times, pitches, kept_times, kept_pitches = _both(line, peaks.within(line.start_us, line.end_us + 1), track, 0)
    first, second = _alike(times, pitches, kept_times, kept_pitches)
    copy = (times[first] - line.offset_us) / line.rate
    return fitted(copy, kept_times[second], np.ones(len(first)), line.rate, line.offset_us)


def heard_spans(line: Line, peaks: Peaks, track: SoundTrack) -> list[HeardSpan]:
    """Where the copy sounds like the work along the line, its holes left out; in the order of the copy.

    Looks up to 12 seconds beyond the ends of the line. Empty if the line has no peaks to tell by.
    """
    around = peaks.within(line.start_us - _AROUND_US, line.end_us + _AROUND_US)
    at, speaks = _spoken(line, around, track)
    if not len(at):
        return []
    inside = _decided(speaks)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], inside, [0]])))
    spans = []
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        begin, end = float(at[first]), float(at[last - 1])
        before = float(at[first - 1]) if first else begin
        after = float(at[last]) if last < len(at) else end
        start_room, end_room = (begin - before) / 2, (after - end) / 2
        spans.append(
            HeardSpan(
                round(begin - start_room),
                round(end + end_room),
                round(start_room),
                round(end_room),
                float(speaks[first:last].sum()),
            )
        )
    return spans


def heard_extent(line: Line, peaks: Peaks, track: SoundTrack, copy_end_us: int | None = None) -> tuple[int, int]:
    """From when to when, in microseconds of the copy, it sounds like the work along the line, holes included.

    Of the stretches of `heard_spans`, those that the line itself reaches; the line's own bounds if there is none. A
    copy that begins with silence is taken to be the work from the first moment that both have, and where it ends
    (`copy_end_us`) is known, one that ends with silence up to there.
    """
    reached = [each for each in heard_spans(line, peaks, track) if _overlap(each, line) > 0]
    if not reached:
        return line.start_us, line.end_us
    start, end = reached[0].start_us, reached[-1].end_us
    earliest = max(0, round(-line.offset_us / line.rate))  # both have begun
    if earliest < start <= earliest + _SILENT_US and not len(peaks.within(earliest, start - _NEAR_US)):
        start = earliest
    if copy_end_us is not None and end < copy_end_us <= end + _SILENT_US:
        end = end if len(peaks.within(end + _NEAR_US, copy_end_us)) else copy_end_us
    return start, end


def by_samples(line: Line, copy: Samples, copy_start_us: int, work: Samples, work_start_us: int) -> Fit:
    """The line as the sound of both files tells it.

    Args:
        line: the proposal, right to 0.1 s.
        copy: mono samples (n,) float32 of the copy at 8,000 a second, that begin at `copy_start_us`.
        copy_start_us: time of the copy.
        work: the same of the work, for the stretch that the line says and some tenths of a second on either side.
        work_start_us: time of the work.
    """
    begin = max(line.start_us, copy_start_us)
    end = min(line.end_us, copy_start_us + len(copy) * _MICRO // RATE)
    length = min(_WINDOW_US, end - begin)
    if length < _WINDOW_US // 8:
        return Fit(line.rate, line.offset_us, np.inf, np.inf, 0)
    count = min(_WINDOWS, max(1, 2 * (end - begin) // length - 1))
    starts = np.linspace(begin, end - length, count)
    is_stretched = abs(line.pitch - line.rate) > 1e-4
    pairs = []
    for start in starts.tolist():
        found = _laid(line, copy, copy_start_us, work, work_start_us, start, length, is_stretched)
        if found is not None:
            pairs.append((start + length / 2, *found))
    if not pairs:
        return Fit(line.rate, line.offset_us, np.inf, np.inf, 0)
    middles, lags, trusts = (np.array(each) for each in zip(*pairs, strict=True))
    work_us = line.offset_us + line.rate * middles + lags
    if len(pairs) >= 4:
        return fitted(middles, work_us, trusts, line.rate, float(line.offset_us + np.median(lags)))
    error = 5_000.0 if is_stretched else 1_000.0
    return Fit(line.rate, line.offset_us + round(float(np.median(lags))), error, np.inf, len(pairs))


def _overlap(span: HeardSpan, line: Line) -> int:
    return min(span.end_us, line.end_us) - max(span.start_us, line.start_us)


def _both(line: Line, peaks: Peaks, track: SoundTrack, shift_us: int) -> tuple[Places, Places, Places, Places]:
    """Times and pitches, in the work's terms, of the peaks of the copy and of those the work keeps beside them."""
    times = line.offset_us + line.rate * peaks.times.astype(np.float64) + shift_us
    pitches = pitch_steps(peaks.pitches / np.float32(line.pitch))
    if not len(times):
        return times, pitches, times, pitches
    kept_times, kept_pitches = kept_peaks(track, int(times[0]) - _NEAR_US, int(times[-1]) + _NEAR_US + 1)
    return times, pitches, kept_times.astype(np.float64), kept_pitches


def _alike(
    times: Places, pitches: Places, kept_times: Places, kept_pitches: Places
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Numbers of the peaks of both sides that may be the same."""
    low = np.searchsorted(kept_times, times - _NEAR_US)
    counts = np.searchsorted(kept_times, times + _NEAR_US, side="right") - low
    first = np.repeat(np.arange(len(times)), counts)
    second = np.arange(len(first)) + np.repeat(low - np.cumsum(counts) + counts, counts)
    same = np.abs(pitches[first] - kept_pitches[second]) <= _NEAR_STEPS
    return first[same], second[same]


def _spoken(line: Line, peaks: Peaks, track: SoundTrack) -> tuple[Places, Places]:
    """Times of the copy at which a peak of either side stands, and what each speaks for the line (below 0: against)."""
    strong = peaks.ranks < _STRONG_RANK
    core = (peaks.times >= line.start_us) & (peaks.times <= line.end_us)
    copy_has, kept_has = [], []  # which peaks of either side the other has, at the line itself and then beside it
    kept_at, inside = np.empty(0), np.empty(0, bool)
    for shift in (0, *_BESIDE_US):
        times, pitches, kept_times, kept_pitches = _both(line, peaks, track, shift)
        first, second = _alike(times, pitches, kept_times, kept_pitches)
        copy_has.append(np.isin(np.arange(len(times)), first)[strong])
        kept_has.append(np.isin(np.arange(len(kept_times)), second))
        if not shift:
            kept_at = (kept_times - line.offset_us) / line.rate
            inside = (kept_at >= line.start_us) & (kept_at <= line.end_us)
    likely = _share(copy_has[0][core[strong]], 0.5), _share(kept_has[0][inside], 0.5)
    chance = _share(np.concatenate(copy_has[1:]), 0.05), _share(np.concatenate(kept_has[1:]), 0.05)
    at = np.concatenate([peaks.times[strong].astype(np.float64), kept_at])
    speaks = np.concatenate(
        [_speaking(copy_has[0], likely[0], chance[0]), _speaking(kept_has[0], likely[1], chance[1])]
    )
    order = np.argsort(at, kind="stable")
    return at[order], speaks[order]


def _share(has: NDArray[np.bool_], otherwise: float) -> float:
    return float(has.mean()) if len(has) else otherwise


def _speaking(hit: NDArray[np.bool_], likely: float, chance: float) -> Places:
    chance = min(max(chance, 0.01), 0.5)
    likely = min(max(likely, chance + 0.05), 0.95)
    # Half: the two sides see the same peaks, so they do not speak independently.
    for_it, against = 0.5 * np.log(likely / chance), 0.5 * np.log((1 - likely) / (1 - chance))
    said: Places = np.where(hit, for_it, against)
    return said


def _decided(speaks: Places) -> NDArray[np.int8]:
    """For every peak whether the copy sounds like the work there: the best of all ways with few changes.

    Source: A. Viterbi, "Error Bounds for Convolutional Codes", IEEE Transactions on Information Theory 13 (1967).
    """
    came = np.zeros((len(speaks), 2), np.int8)
    out = within = 0.0  # the copy may begin in the middle of the work
    for row, said in enumerate(speaks.tolist()):
        came[row] = (within - _CHANGE > out, within >= out - _CHANGE)
        out, within = max(out, within - _CHANGE), max(within, out - _CHANGE) + said
    inside = np.zeros(len(speaks), np.int8)
    state = int(within > out)  # and end there
    for row in range(len(speaks) - 1, -1, -1):
        inside[row] = state
        state = int(came[row, state])
    return inside


def _laid(
    line: Line,
    copy: Samples,
    copy_start_us: int,
    work: Samples,
    work_start_us: int,
    start: float,
    length: float,
    is_stretched: bool,
) -> tuple[float, float] | None:
    """How much later, in microseconds of the work, the window is found than the line says, and how clearly."""
    search = _SEARCH_US * RATE // _MICRO
    first = line.offset_us + line.rate * start - work_start_us
    count = int(length * line.rate * RATE / _MICRO)
    numbers = np.arange(count)
    # The copy's window at the work's speed, so that both have the same samples.
    places = (start - copy_start_us + (numbers * _MICRO / RATE) / line.rate) * RATE / _MICRO
    here = np.interp(places, np.arange(len(copy)), copy)
    begin = round(first * RATE / _MICRO)
    low, high = max(begin - search, 0), min(begin + count + search, len(work))
    there = np.zeros(count + 2 * search)
    if high - low < count // 2:
        return None
    there[low - (begin - search) : high - (begin - search)] = work[low:high]
    found = _envelope_lag(here, there) if is_stretched else _phase_lag(here, there)
    if found is None:
        return None
    lag, trust = found
    exact = begin * _MICRO / RATE - first
    return (lag - search) * _MICRO / RATE + exact, trust


def _phase_lag(here: Places, there: Places) -> tuple[float, float] | None:
    """Samples by which `here` lies inside `there`, by correlation of phases; None if no lag stands out."""
    size = 1 << (len(there) + len(here)).bit_length()
    cross = np.fft.rfft(there, size) * np.conj(np.fft.rfft(here * np.hanning(len(here)), size))
    cross /= np.abs(cross) ** 0.8 + 1e-9 * np.abs(cross).max() ** 0.8 + 1e-30
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    cross[(hertz < 150) | (hertz > 3600)] = 0
    return _summit(np.fft.irfft(cross, size)[: len(there) - len(here) + 1], _DISTINCT)


def _envelope_lag(here: Places, there: Places) -> tuple[float, float] | None:
    """The same by how loud three bands are from moment to moment, which holds when the pitch was changed apart."""
    step = 16
    total: Places | None = None
    for low, high in ((200, 700), (700, 1700), (1700, 3600)):
        a, b = (_loudness(each, low, high)[::step] for each in (here, there))
        size = 1 << (len(a) + len(b)).bit_length()
        a = (a - a.mean()) / (a.std() + 1e-12)
        b = (b - b.mean()) / (b.std() + 1e-12)
        both = np.fft.irfft(np.fft.rfft(b, size) * np.conj(np.fft.rfft(a, size)), size)[: len(b) - len(a) + 1]
        total = both if total is None else total + both
    assert total is not None
    found = _summit(total, 1.5)
    return None if found is None else (found[0] * step, found[1])


def _loudness(samples: Places, low: int, high: int) -> Places:
    spectrum = np.fft.fft(samples)
    hertz = np.fft.fftfreq(len(samples), 1 / RATE)
    spectrum[(hertz < low) | (hertz > high)] = 0  # one side only: the magnitude is the envelope
    envelope = np.abs(np.fft.ifft(spectrum))
    smooth = np.hanning(161)
    loud = np.convolve(envelope, smooth / smooth.sum(), "same")
    change: Places = np.log(loud + 0.02 * loud.max() + 1e-12)
    return change


def _summit(values: Places, distinct: float) -> tuple[float, float] | None:
    """Where a correlation is highest, between samples, and by how many deviations; None at the edges or if unclear."""
    top = int(np.argmax(values))
    deviation = float(np.std(values)) + 1e-30
    clear = float((values[top] - np.mean(values)) / deviation)
    if not 0 < top < len(values) - 1 or clear < distinct:
        return None
    before, here, after = values[top - 1 : top + 2].tolist()
    bend = 2 * here - before - after
    return top + ((after - before) / (2 * bend) if bend > 0 else 0.0), clear
