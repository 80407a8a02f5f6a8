"""Which stretches of a copy sound like which works: lines found by votes of landmarks.

The rules:
- a landmark of the copy that a work has too votes for a line: that work, at that offset. Votes are gathered for
  several speeds, with the pitch moved along or kept: first the usual ones, then from -8 to +8 % in steps of 1 % for
  what nothing explained;
- a vote weighs as much as it is unlikely by chance: little when its key stands in many works, or often in this one.
  Of several votes of one peak only the heaviest counts, because they do not speak independently;
- a line goes on as long as votes outweigh the peaks that have none; so a work that stands in a copy twice, in pieces,
  or in another order gives several lines;
- where two works have the same sound each gets half of its weight; what three or more have (a jingle, a library
  tune) adds little, and never makes a line sure;
- a line at another speed than 1 has its price, and one that speaks at few moments says less.

    lines = heard_lines(peaks, index)
    evidence(lines[0], times_us)

`HeardLine.score` is a logarithm of likelihoods (natural): what the line's votes say for it against chance. It adds up
with other evidence; `SURE` is what no wrong line reached in the bench that set it, `WORTH_A_LOOK` what is told at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from holdfast.restore.landmarks import Peaks, heard_stretches
from holdfast.restore.match.heard_line import HeardLine, cut, joined, line_through, looked_at
from holdfast.restore.match.heard_votes import UNUSUAL, USUAL, SoundIndex, Speed, candidates, is_usual, votes_at

__all__ = ["SURE", "WORTH_A_LOOK", "HeardLine", "SoundIndex", "evidence", "heard_lines"]

SURE = 38.0
WORTH_A_LOOK = 15.0

_AT_ONCE = 14  # unusual speeds that are tried before it is looked at what they explain
_SLICE_US, _LAP_US = 120_000_000, 8_000_000  # a copy is asked about in slices that overlap
_SHORTEST_US = 1_500_000  # what is left unexplained is asked about again if it is this long
# What speaks against speeds other than 1: they are many. Set by hand on the copies of the bench, not tried on others:
# asked about without their works none of 51 gave a sure line. Of pieces whose peaks were moved to another speed, nearly
# all of 6 s and all of 10 s stayed sure, of 4 s about four in five.
_PRICE_COMMON, _PRICE, _PRICE_KEPT = 5.0, 10.0, 2.0
_FAR, _PRICE_FAR = 0.086, 10.0  # further from 1 than was asked
_MOMENT_US = 250_000
_FEW, _FEW_MOVED = 1.5, 3.0  # moments that halve what a line says
_UNSURE = 16  # so many lines of a slice and stage are looked at though they are not sure


def heard_lines(
    peaks: Peaks,
    index: SoundIndex,
    speeds: Iterable[Speed] | None = None,
    least: float = WORTH_A_LOOK,
) -> list[HeardLine]:
    """All lines of a copy whose raw score is at least `least`, the highest score first.

    What several works share is told too, however little its score: they may be one film, held several times.

    Args:
        peaks: of the copy, from `Landmarker.peaks`.
        index: of the works.
        speeds: pairs (pitch, tempo) to ask at; None for the usual ones, then, for what they leave unexplained, all.
        least: the lowest raw score that is told.
    """
    if not len(peaks) or not index.works():
        return []
    asked = [tuple(speeds)] if speeds is not None else [USUAL[:1], USUAL[1:], *_batches(UNUSUAL)]
    lines: list[HeardLine] = []
    for stage in asked:
        left = _unexplained(peaks, [_honest(line) for line in lines]) if lines else peaks
        for part in _slices(left):
            found = _without_echoes(list(_proposed(part, stage, index)))
            closer = [line for number, line in enumerate(found) if line.score >= SURE or number < _UNSURE]
            lines += _without_echoes([looked_at(line, part, index, is_sure=line.score >= SURE) for line in closer])
    whole = [_honest(line) for line in _without_echoes(_joined(lines))]
    return sorted((line for line in _shared(whole) if line.raw >= least), key=lambda line: -line.score)


def evidence(line: HeardLine, times_us: NDArray[np.int64], around_us: int = 500_000) -> NDArray[np.float32]:
    """What speaks for the line near each of these times of the copy: the weight of its votes within `around_us` on
    either side, (n,) float32.
    """
    sums = np.concatenate([[0.0], np.cumsum(line.weights, dtype=np.float64)])
    first = np.searchsorted(line.copy_us, times_us - around_us)
    last = np.searchsorted(line.copy_us, times_us + around_us, side="right")
    near: NDArray[np.float32] = (sums[last] - sums[first]).astype(np.float32)
    return near


def _honest(line: HeardLine) -> HeardLine:
    """The line with what its speed costs taken off, and less sure the fewer moments it speaks at.

    A line at rate 1 was the first guess, one at any other was found among many. Votes of one moment belong to one
    sound, which may well sound so elsewhere; those of many moments do not.
    """
    is_moved, is_kept = abs(line.rate - 1) > 1e-4, abs(line.pitch - line.rate) > 1e-3
    is_common = any(abs(line.rate - rate) < 1e-4 for _, rate in USUAL)
    price = is_moved * (_PRICE_COMMON if is_common else _PRICE) + is_kept * _PRICE_KEPT
    price += _PRICE_FAR * (abs(line.rate - 1) > _FAR)
    moments = len(np.unique(line.copy_us // _MOMENT_US))
    share = moments / (moments + (_FEW_MOVED if is_moved else _FEW))
    score = max(line.score - price, 0.0) * share
    weights = line.weights * np.float32(score / max(line.score, 1e-6))
    return replace(line, score=score, weights=weights)


def _batches(speeds: tuple[Speed, ...]) -> Iterator[tuple[Speed, ...]]:
    for first in range(0, len(speeds), _AT_ONCE):
        yield speeds[first : first + _AT_ONCE]


def _slices(peaks: Peaks) -> Iterator[Peaks]:
    """The copy in pieces of two minutes that overlap a little, those with anything in them."""
    if not len(peaks):
        return
    start = int(peaks.times[0])
    while start <= peaks.times[-1]:
        part = peaks.within(start, start + _SLICE_US)
        if len(part) > 1:
            yield part
        if start + _SLICE_US > peaks.times[-1]:
            return
        start += _SLICE_US - _LAP_US


def _proposed(peaks: Peaks, speeds: Sequence[Speed], index: SoundIndex) -> Iterator[HeardLine]:
    """Lines of one slice at some speeds, not yet looked at closely."""
    for (pitch, tempo), votes in votes_at(peaks, speeds, index):
        for work, apart in candidates(votes, is_usual=is_usual(pitch, tempo)):
            line = line_through(votes.of(work), apart, pitch, tempo)
            if line is not None:
                yield line


def _without_echoes(lines: list[HeardLine]) -> list[HeardLine]:
    """Lines without those of the same work whose stretch of the copy a better one explains: what is left of a line
    beside better ones must still be worth a look.
    """
    kept: list[HeardLine] = []
    for line in sorted(lines, key=lambda each: -each.score):
        free = np.ones(len(line.copy_us), bool)
        for other in kept:
            if other.work == line.work:
                free &= (line.copy_us < other.start_us) | (line.copy_us > other.end_us)
        if free.all():
            kept.append(line)
        elif line.weights[free].sum() >= max(WORTH_A_LOOK, 0.3 * line.score):
            rest = cut(line, free, WORTH_A_LOOK)
            if rest is not None:
                kept.append(rest)
    return kept


def _joined(lines: list[HeardLine]) -> list[HeardLine]:
    """Lines that go on across the bounds of slices, as one."""
    done: list[HeardLine] = []
    for line in sorted(lines, key=lambda each: (each.work, each.start_us)):
        before = next((each for each in done if each.goes_on_in(line, _LAP_US)), None)
        if before is None:
            done.append(line)
        else:
            done.remove(before)
            done.append(joined(before, line))
    return done


def _shared(lines: list[HeardLine]) -> list[HeardLine]:
    """The lines, each with its share of what other works sound like as well.

    What three works or more have alike never makes a line sure by itself.
    """
    told = []
    for line in lines:
        covered: dict[int, NDArray[np.bool_]] = {}
        for each in lines:
            if each.work == line.work or each.end_us < line.start_us or each.start_us > line.end_us:
                continue
            if each.score >= WORTH_A_LOOK:
                here = (line.copy_us >= each.start_us) & (line.copy_us <= each.end_us)
                covered[each.work] = covered.get(each.work, False) | here
        if not covered:
            told.append(replace(line, raw=line.score))
            continue
        count = np.sum(list(covered.values()), axis=0)
        shares = line.weights * (line.score / max(float(line.weights.sum()), 1e-6)) / (1 + count)
        is_common = count >= 2
        score = float(shares[~is_common].sum()) + min(float(shares[is_common].sum()), SURE / 2)
        told.append(replace(line, raw=line.score, score=score, shared=int(np.median(count))))
    return told


def _unexplained(peaks: Peaks, lines: list[HeardLine]) -> Peaks:
    """The peaks where something is heard that no sure line explains, in stretches long enough to ask about."""
    free = np.zeros(len(peaks), bool)
    for start, end in heard_stretches(peaks).tolist():
        free |= (peaks.times >= start) & (peaks.times < end)
    for line in lines:
        if line.score >= SURE:
            free &= (peaks.times < line.start_us) | (peaks.times > line.end_us)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], free.astype(np.int8), [0]])))
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if peaks.times[last - 1] - peaks.times[first] < _SHORTEST_US:
            free[first:last] = False
    return peaks.chosen(free)
