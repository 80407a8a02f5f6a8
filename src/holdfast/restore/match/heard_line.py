"""One line that a copy is heard along: laid through votes of landmarks, straightened, looked at closely.

The rules:
- of several votes of one peak only the heaviest counts, because they do not speak independently; notes of one chord
  speak together as well;
- a line goes on as long as votes outweigh the peaks that have none;
- asked at a wrong speed a line is found as a short piece that is a little askew; straightened it reaches further.

    line = line_through(votes.of(work), apart, pitch, tempo)
    line = looked_at(line, peaks, index)
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from holdfast.restore.align.sound import fitted
from holdfast.restore.landmarks import HOP_US, Peaks
from holdfast.restore.match.heard_votes import SPREAD, USUAL, SoundIndex, Votes, close_votes

_PROPOSED = 10.0  # the score of a line that is looked at closely
# The notes of a chord come together in other music too: after the first they say less.
_CHORD_US, _IN_CHORD = 60_000, np.float32(0.4)
_MISSED = 0.1  # what a peak without a vote speaks against a line
_PATIENCE = 14.0  # a line ends where this much speaks against its going on
_STRAIGHTENINGS = 6
_SLOWEST, _FASTEST = 0.88, 1.12  # speeds that are believed
_CLOSE_RANK, _CLOSE_FAN = 7, 12  # of the peaks that are paired where a line is already proposed
_ROOM_US, _ROOM_SURE_US = 8_000_000, 40_000_000  # how far beyond its ends a line is looked at
_USUAL_RATES = tuple(sorted({tempo for _, tempo in USUAL}))


@dataclass(frozen=True)
class HeardLine:
    """The copy from `start_us` to `end_us` sounds like `work` at `offset_us + rate * time of the copy`.

    `pitch` is that of the copy over that of the work. `support` counts votes that speak independently, `chance` how
    many of them chance would have given. `shared` is how many other works sound the same there, `raw` the score the
    line has without regard to them. `copy_us`, `work_us` (m,) int64 and `weights` (m,) float32 are the votes, in the
    order of the copy.
    """

    work: int
    rate: float
    pitch: float
    offset_us: int
    start_us: int
    end_us: int
    score: float
    support: int
    chance: float
    copy_us: NDArray[np.int64]
    work_us: NDArray[np.int64]
    weights: NDArray[np.float32]
    shared: int = 0
    raw: float = 0.0

    def work_at(self, copy_us: int) -> int:
        """The moment of the work, in microseconds, that is heard at a moment of the copy."""
        return self.offset_us + round(self.rate * copy_us)

    def goes_on_in(self, after: HeardLine, lap_us: int) -> bool:
        """Whether the other continues this one, where they overlap by about `lap_us`."""
        if self.work != after.work or not -1 <= (after.start_us - self.end_us) / lap_us <= 0.5:
            return False
        at = max(self.end_us, after.start_us)
        is_near = abs(self.work_at(at) - after.work_at(at)) <= 2 * SPREAD * HOP_US
        return is_near and abs(self.rate - after.rate) < 0.005


def line_through(votes: Votes, apart: int, pitch: float, tempo: float) -> HeardLine | None:
    """The best line through the votes of one work near one offset (hops), its speed corrected; None without one."""
    offset, slope = float(apart), 0.0  # hops, and hops a microsecond of the copy
    best: HeardLine | None = None
    for _ in range(_STRAIGHTENINGS):
        away = np.abs(votes.apart - offset - slope * votes.copy_us)
        found = _best_stretch(votes[away <= SPREAD])
        if found is None:
            break
        stretch, score = found
        if best is not None and score <= best.score:
            break
        best = _told(stretch, score, pitch, tempo, offset, slope)
        offset, slope = best.offset_us / HOP_US, (best.rate - tempo) / HOP_US
    return best


def looked_at(line: HeardLine, peaks: Peaks, index: SoundIndex, *, is_sure: bool) -> HeardLine:
    """The line with all votes that the work's own landmarks give it at its exact speed."""
    room = _ROOM_SURE_US if is_sure else _ROOM_US
    times = sorted((line.work_at(line.start_us - room), line.work_at(line.end_us + room)))
    span = (times[0] // HOP_US, times[1] // HOP_US)
    at = round(line.offset_us / HOP_US)
    best = line
    around = peaks.within(line.start_us - room, line.end_us + room)
    for pitch in {line.pitch, 1.0, line.rate}:
        pairs = around.pairs(pitch, line.rate, rank=_CLOSE_RANK, fan=_CLOSE_FAN, doubtful=0.3)
        votes = close_votes(pairs, line.rate, line.work, index, span, at)
        better = line_through(votes, at, pitch, line.rate) if len(votes) else None
        if better is not None and better.score > best.score:
            best = better
    return best


def cut(line: HeardLine, free: NDArray[np.bool_], least: float) -> HeardLine | None:
    """The longest unbroken piece of the line whose votes are all `free`; None if its score is below `least`."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], free.astype(np.int8), [0]])))
    pieces = list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
    first, last = max(pieces, key=lambda piece: float(line.weights[piece[0] : piece[1]].sum()))
    share = float(line.weights[first:last].sum() / line.weights.sum())
    if share * line.score < least:
        return None
    part = slice(first, last)
    return replace(
        line,
        start_us=int(line.copy_us[first]),
        end_us=int(line.copy_us[last - 1]),
        score=line.score * share,
        support=last - first,
        chance=line.chance * share,
        copy_us=line.copy_us[part],
        work_us=line.work_us[part],
        weights=line.weights[part],
    )


def joined(before: HeardLine, after: HeardLine) -> HeardLine:
    """Both as one line; the votes of their overlap count once."""
    new = after.copy_us > before.end_us
    share = float(after.weights[new].sum() / max(float(after.weights.sum()), 1e-6))
    copy_us = np.concatenate([before.copy_us, after.copy_us[new]])
    work_us = np.concatenate([before.work_us, after.work_us[new]])
    weights = np.concatenate([before.weights, after.weights[new]])
    fit = fitted(copy_us, work_us, weights + 1e-3, before.rate, before.offset_us, _USUAL_RATES)
    return replace(
        before,
        rate=fit.rate,
        offset_us=fit.offset_us,
        end_us=max(before.end_us, after.end_us),
        score=before.score + share * after.score,
        support=len(copy_us),
        chance=before.chance + share * after.chance,
        copy_us=copy_us,
        work_us=work_us,
        weights=weights,
    )


def _best_stretch(votes: Votes) -> tuple[Votes, float] | None:
    """The stretch of the copy in which the votes most outweigh the peaks without one, and its score."""
    order = np.lexsort((-votes.weight, votes.anchor))
    votes = votes[order[np.flatnonzero(np.diff(votes.anchor[order], prepend=-1))]]
    with_another = np.diff(votes.copy_us, prepend=votes.copy_us[:1] - _CHORD_US) < _CHORD_US
    votes = replace(votes, weight=np.where(with_another, votes.weight * _IN_CHORD, votes.weight).astype(np.float32))
    if float(votes.weight.sum()) < _PROPOSED:
        return None
    anchors, weights = votes.anchor.tolist(), votes.weight.tolist()
    found, most = (0, 0), 0.0
    total = best = 0.0
    first = last = 0
    for row, weight in enumerate(weights):
        if row:
            total -= _MISSED * (anchors[row] - anchors[row - 1] - 1)
        if total <= 0 or total < best - _PATIENCE:
            total, best, first, last = 0.0, 0.0, row, row
        total += weight
        if total > best:
            best, last = total, row
            if best > most:
                found, most = (first, last), best
    return (votes[found[0] : found[1] + 1], most) if most >= _PROPOSED else None


def _told(votes: Votes, score: float, pitch: float, tempo: float, offset: float, slope: float) -> HeardLine:
    """The line of a stretch of votes, fitted from a first guess in hops."""
    work_us = votes.work_us(tempo)
    rate, start = tempo + slope * HOP_US, offset * HOP_US
    fit = fitted(votes.copy_us, work_us, votes.weight + 1e-3, rate, start, _USUAL_RATES)
    if not _SLOWEST <= fit.rate <= _FASTEST:
        fit = replace(fit, rate=rate, offset_us=round(start))
    return HeardLine(
        int(votes.work[0]),
        fit.rate,
        pitch if pitch == 1.0 else fit.rate,
        fit.offset_us,
        int(votes.copy_us[0]),
        int(votes.copy_us[-1]),
        score,
        len(votes),
        float(votes.chance.sum()),
        votes.copy_us,
        work_us,
        votes.weight,
    )
