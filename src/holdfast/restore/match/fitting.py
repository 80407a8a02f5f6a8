"""From a tracklet to the line it lies on: the offset and the rate under which most of what is seen around it agrees.

The rule is the same at every step: along a line, each sampled moment of the copy says something for or against it
(`likeness`); the stretch around the tracklet with the greatest sum is what the line explains, and that sum is its
score. Offsets are tried first, then rates about the middle of the tracklet, then offsets again more finely.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from holdfast.restore.match.likeness import Floats, says
from holdfast.restore.match.viewing import FAR, FRAMED, POINTED, Line, Viewing, WorkViews
from holdfast.restore.match.votes import Tracklet

RATES = np.concatenate([np.arange(0.92, 1.0801, 0.005), [24 / 25, 25 / 24, 1000 / 1001, 1001 / 1000]])
_COARSE_US = np.arange(-1_200_000, 1_200_001, 200_000)
_LOOSE_US = np.arange(-4_000_000, 4_000_001, 200_000)  # points tell which shot, not which moment of it
_UNSEEN = 3  # lines of a work that only points speak for
_ROWS = 300  # sampled moments on either side of the middle that are looked at while rates and offsets are tried
_FINE_US = np.arange(-240_000, 240_001, 40_000)
_FEWEST_PLACES, _SHORTEST_FIT_US, _MOST_BENT = 6, 6_000_000, 0.012
_SAME_PLACE_US = 400_000
_FINE_RATES = np.arange(-0.005, 0.00501, 0.001)
# Where the work has no picture at that moment (black, flat) nothing is said; outside of the work: against it.
_OUTSIDE = -1.2
_EDGE_US = 150_000  # lines are not known more exactly before they are aligned
_BADLY_PLACED = np.float32(-0.15)
# A picture cut out of a small part is soft, and soft ones are nearer to everything plain: dark screens to a dark globe.
_SOFT_BITS = 14
# A rate other than 1 must explain more, by so much, or it is taken for noise; those of 24 and 25 frames are usual.
_USUAL = (1.0, 24 / 25, 25 / 24, 1000 / 1001, 1001 / 1000)
_USUAL_PRICE, _RATE_PRICE = 1.5, 2.5
_SNAP = 0.003  # a rate so near to a usual one is that one, as far as sampled pictures tell


@dataclass(frozen=True)
class Run:
    """What a line explains: rows [first, end) of the sampled moments, and the sum of what they say."""

    first: int
    end: int
    score: float


def along(line: Line, views: WorkViews) -> Floats:
    """What each sampled moment of the line's viewing says for it, weighted: (n,) float32."""
    assert line.viewing is not None
    moments = line.at(line.viewing.times)
    near = views.nearest(line.viewing, moments)
    handicap = _SOFT_BITS if line.viewing.name == FRAMED else 0
    said = np.where(near == FAR, np.float32(-0.3), says(near + np.uint16(handicap)))
    if line.viewing.name == POINTED:  # straightened by points that were placed to a few pixels
        said = np.maximum(said, _BADLY_PLACED)
    inside = (moments >= -_EDGE_US) & (moments <= views.duration_us + _EDGE_US)
    return np.where(inside, said * line.viewing.weight, np.float32(_OUTSIDE) * line.viewing.weight).astype(np.float32)


def best_run(said: Floats, pivot: int) -> Run:
    """The stretch around row `pivot` with the greatest sum."""
    before = np.cumsum(said[: pivot + 1][::-1])
    after = np.cumsum(said[pivot + 1 :])
    back = int(np.argmax(before))
    on = int(np.argmax(after)) + 1 if len(after) and after.max() > 0 else 0
    score = float(before[back]) + (float(after[on - 1]) if on else 0.0)
    return Run(pivot - back, pivot + 1 + on, score)


def fitted(tracklet: Tracklet, viewing: Viewing, views: WorkViews, *, is_loose: bool = False) -> tuple[Line, Run]:
    """The best line through the tracklet, and what it explains."""
    pivot = int(np.clip(np.searchsorted(viewing.times, tracklet.time_us), 0, len(viewing.times) - 1))
    middle = float(viewing.times[pivot])
    near = slice(max(pivot - _ROWS, 0), pivot + _ROWS + 1)
    around = _Around(pivot - near.start, middle, _part(viewing, near), views, tracklet.work)
    steps = _LOOSE_US if is_loose else _COARSE_US
    best = around.best([(1.0, tracklet.offset_us + middle + step) for step in steps])
    if best.run.score > 0:
        if _length_us(around.viewing, best.run) >= _SHORTEST_FIT_US:  # a shorter stretch has no speed of its own
            best = around.best([(rate, best.there) for rate in RATES], best)
        best = around.best([(best.rate, best.there + step) for step in _FINE_US], best)
        if best.rate != 1:
            best = around.best([(best.rate + step, best.there) for step in _FINE_RATES], best)
        best = around.polished(best)
    line = Line(tracklet.work, best.rate, best.there - best.rate * middle, viewing, best.run.score)
    run = Run(best.run.first + near.start, best.run.end + near.start, best.run.score)
    return line, run


def price(rate: float) -> float:
    """What a line of this rate must explain beside what one of rate 1 explains."""
    if abs(rate - 1) < 1e-4:
        return 0.0
    return _USUAL_PRICE if min(abs(rate - usual) for usual in _USUAL) < 1e-4 else _RATE_PRICE


def _part(viewing: Viewing, rows: slice) -> Viewing:
    return replace(viewing, times=viewing.times[rows], hashes=viewing.hashes[:, rows], weight=viewing.weight[rows])


def _length_us(viewing: Viewing, run: Run) -> int:
    return int(viewing.times[run.end - 1] - viewing.times[run.first]) if run.end > run.first else 0


@dataclass(frozen=True)
class _Tried:
    rate: float
    there: float  # the moment of the work at the pivot
    run: Run


@dataclass(frozen=True)
class _Around:
    """Lines through one moment of the copy."""

    pivot: int
    middle: float
    viewing: Viewing
    views: WorkViews
    work: int

    def best(self, choices: list[tuple[float, float]], known: _Tried | None = None) -> _Tried:
        """The best of the choices of (rate, moment of the work), or what was known if none is better."""
        for rate, there in choices:
            line = Line(self.work, rate, there - rate * self.middle, self.viewing)
            run = best_run(along(line, self.views), self.pivot)
            run = replace(run, score=run.score - price(rate))
            if known is None or run.score > known.run.score + 1e-4:
                known = _Tried(rate, there, run)
        assert known is not None
        return known

    def polished(self, known: _Tried) -> _Tried:
        """The same line through the pictures of the work that are nearest to those of the run, each in its place.

        A work's pictures are kept some tenths of a second apart, so what they say is level about the true line. Which
        of several neighbors is nearest is off by up to half of that, to either side: over many the errors cancel.
        """
        run = slice(known.run.first, known.run.end)
        part = _part(self.viewing, run)
        rate, offset = known.rate, known.there - known.rate * self.middle
        for _ in range(3):
            rows, there = self.views.places(part, Line(self.work, rate, offset).at(part.times))
            if len(rows) < _FEWEST_PLACES:
                break
            rate, offset = _through(part.times[rows].astype(np.float64), there.astype(np.float64), rate, offset)
        return replace(known, rate=rate, there=rate * self.middle + offset)


def _through(times: NDArray[np.float64], there: NDArray[np.float64], rate: float, offset: float) -> tuple[float, float]:
    """The line through places (by least squares, twice without those far off); a rate near to a usual one is that."""
    for reach in (600_000, 300_000):
        near = np.abs(there - rate * times - offset) <= reach
        if near.sum() < _FEWEST_PLACES or np.ptp(times[near]) < _SHORTEST_FIT_US:
            break
        center = times[near].mean()
        slope, level = np.polyfit((times[near] - center) / 1e6, (there[near] - rate * times[near]) / 1e6, 1)
        if abs(slope) > _MOST_BENT:
            break
        rate, offset = rate + slope, (level - slope * center / 1e6) * 1e6
    near_usual = [one for one in _USUAL if abs(one - rate) < _SNAP]
    rate = near_usual[0] if near_usual else rate  # the commonest first
    apart = there - rate * times
    return float(rate), float(np.mean(apart[np.abs(apart - np.sort(apart)[len(apart) // 2]) <= _SAME_PLACE_US]))


def lines_of(
    found: list[Tracklet],
    viewings: dict[int, Viewing],
    views: WorkViews,
    *,
    least: float,
    most: int,
    is_loose: bool = False,
) -> list[Line]:
    """The lines of one work on which its tracklets lie, best first; each tracklet is explained by one line at most."""
    lines: list[tuple[Line, Run]] = []
    for tracklet in sorted(found, key=lambda one: -one.score):
        if len(lines) >= most:
            break
        if any(_explains(line, run, viewings[tracklet.kind], tracklet) for line, run in lines):
            continue
        line, run = fitted(tracklet, viewings[tracklet.kind], views, is_loose=is_loose)
        if run.score >= least:
            lines.append((line, run))
        elif is_loose and len(lines) < _UNSEEN:  # points may see where hashes do not
            place = replace(line, rate=1.0, offset_us=float(tracklet.offset_us), score=0.0)
            lines.append((place, run))
    return [line for line, _ in sorted(lines, key=lambda pair: -pair[0].score)]


def _explains(line: Line, run: Run, viewing: Viewing, tracklet: Tracklet) -> bool:
    if line.viewing is None or line.viewing.turned != viewing.turned:
        return False
    times: NDArray[np.int64] = line.viewing.times
    if not times[run.first] <= tracklet.time_us <= times[min(run.end, len(times) - 1)]:
        return False
    there = line.rate * tracklet.time_us + line.offset_us
    return abs(there - (tracklet.time_us + tracklet.offset_us)) < 900_000
