"""The beat of a moving picture, found from its time stamps one by one: the exact rate, and whether it is constant.

Time stamps are whole ticks, so a film of 30000/1001 pictures per second in a container that counts milliseconds
shows distances of 33 and 34. That is a constant rate, written coarsely. What we ask is therefore not "are all
distances equal" but "is there one period T so that every picture lies within a tolerance of anchor + k T":

1. The first 33 time stamps give the median distance, hence the tolerance, and an anchor.
2. Each later picture at distance d from the anchor, nearest whole number k of periods, permits the periods from
   (d - tolerance) / k to (d + tolerance) / k. We keep the intersection of what all pictures permit: two fractions,
   whatever the length of the film. A picture that would leave it empty is off beat; after eight of them on end a
   new anchor is taken, in the same rhythm.
3. A picture that lies on the beat, but more than one period after the one before, follows a gap.
4. Constant: at most one picture in a hundred is off beat, and at most one in ten follows a gap (a damaged film, or
   a capture that dropped pictures, still has its rhythm; a screen recording that skips at every turn has none).
5. The rate is the plainest one that the intersection holds: what the header says if it is in use anywhere, else a
   rate in use, else what the header says, else the fraction with the smallest denominator.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from statistics import median_low

# Rates that cameras, films, broadcasters and screen recorders use, per second.
STANDARD_RATES = tuple(
    Fraction(text)
    for text in (
        *("25", "30000/1001", "24000/1001", "24", "30", "50", "60000/1001", "60"),
        *("48", "48000/1001", "100", "120000/1001", "120", "240"),
        *("12", "25/2", "15", "15000/1001", "16", "18", "20", "10", "8", "6", "5", "4", "2", "1"),
    )
)
_OPENING = 33
_JUDGEABLE = 8
_SLIP = 8
# Two milliseconds: twice what a millisecond clock does, a twentieth of what people can see.
_TOLERANCE = Fraction(2, 1000)
# 29.97 for 30000/1001 differs by a millionth, 60.0003 (a 32 bit header) for 60 by five.
_SAME_RATE = Fraction(1, 100_000)


@dataclass(frozen=True)
class Rhythm:
    """What the time stamps say. `missing` pictures lack in a constant rhythm, the first before `missing_at` (ticks)."""

    rate: Fraction | None = None
    is_variable: bool | None = None
    missing: int = 0
    missing_at: int | None = None


class Cadence:
    """Takes time stamps in the order of presentation, in ticks of `time_base` seconds; memory does not grow."""

    def __init__(self, time_base: Fraction) -> None:
        self._time_base = time_base
        self._opening: list[int] | None = []
        self._anchor: int | None = None
        self._beat = 0
        self._tolerance = 0
        self._low = self._high = Fraction(0)
        self._twice_period = 0.0
        self._off_run = 0
        self._distances = 0
        self._span = 0
        self._off_beat = self._gaps = self._missing = 0
        self._missing_at: int | None = None
        self._last: int | None = None
        self._equal: int | None = None
        self._are_equal = True

    def add(self, ticks: int) -> None:
        """One more picture, later than the one before."""
        if self._last is not None:
            self._measure(ticks - self._last)
        self._last = ticks
        if self._opening is None:
            self._fit(ticks)
            return
        self._opening.append(ticks)
        if len(self._opening) == _OPENING:
            self._open()

    def restart(self) -> None:
        """The time stamps jump here: what follows is measured from a new anchor, in the same rhythm."""
        if self._opening is not None and len(self._opening) >= _JUDGEABLE:
            self._open()
        elif self._opening is not None:
            self._opening = []
        self._last = self._anchor = None

    def rhythm(self, declared: Iterable[Fraction] = ()) -> Rhythm:
        """The verdict. `declared` are the rates that the header states, most trusted first."""
        if self._opening is not None:
            self._open()
        if not self._distances or not self._span:
            return Rhythm(rate=next(iter(declared), None))
        mean = self._distances / (self._span * self._time_base)
        is_steady = self._off_beat * 100 <= self._distances and self._gaps * 10 <= self._distances
        if not is_steady or not self._low:
            return Rhythm(rate=mean, is_variable=True)
        rate = self._plainest(tuple(declared), mean)
        return Rhythm(rate, is_variable=False, missing=self._missing, missing_at=self._missing_at)

    def _measure(self, distance: int) -> None:
        self._distances += 1
        self._span += distance
        if self._equal is None:
            self._equal = distance
        elif distance != self._equal:
            self._are_equal = False

    def _open(self) -> None:
        stamps, self._opening = self._opening or [], None
        distances = [after - before for before, after in pairwise(stamps)]
        if not distances:
            return
        period = median_low(distances)
        # Never half a period: the nearest beat must stay the right one.
        wished = max(1, int(min(_TOLERANCE / self._time_base, Fraction(period, 8))))
        self._tolerance = min(wished, (period - 1) // 2)
        self._bound(Fraction(period - self._tolerance), Fraction(period + self._tolerance))
        first = next(n for n, distance in enumerate(distances) if distance == period)
        self._off_beat += first  # pictures before the rhythm sets in
        for stamp in stamps[first:]:
            self._fit(stamp)

    def _fit(self, ticks: int) -> None:
        if self._anchor is None or not self._twice_period:
            self._anchor, self._beat = ticks, 0
            return
        distance = ticks - self._anchor
        # Floating point only chooses the beat to compare with; the comparison is exact.
        beat = round(2 * distance / self._twice_period)
        if beat <= self._beat or not self._narrow(distance, beat):
            self._stumble(ticks, beat)
            return
        step, self._beat, self._off_run = beat - self._beat, beat, 0
        if step > 1:
            self._gaps += 1
            self._missing += step - 1
            if self._missing_at is None:
                self._missing_at = ticks

    def _stumble(self, ticks: int, beat: int) -> None:
        self._off_beat += 1
        self._off_run += 1
        self._beat = max(self._beat, beat)
        if self._off_run == _SLIP:  # the rhythm itself may have slipped, as where two films were joined
            self._anchor, self._beat, self._off_run = ticks, 0, 0

    def _narrow(self, distance: int, beat: int) -> bool:
        """Intersect with what this picture permits; False, and nothing changed, if that would leave nothing."""
        # Whole numbers first: most pictures permit all that is left, and making Fractions is slow.
        least, most = distance - self._tolerance, distance + self._tolerance
        low, high = self._low, self._high
        raises = least * self._low_den > self._low_num * beat
        lowers = most * self._high_den < self._high_num * beat
        if not raises and not lowers:
            return True
        low = Fraction(least, beat) if raises else low
        high = Fraction(most, beat) if lowers else high
        if low > high:
            return False
        self._bound(low, high)
        return True

    def _bound(self, low: Fraction, high: Fraction) -> None:
        self._low, self._high = low, high
        self._low_num, self._low_den = low.numerator, low.denominator
        self._high_num, self._high_den = high.numerator, high.denominator
        self._twice_period = float(low + high)

    def _plainest(self, declared: tuple[Fraction, ...], mean: Fraction) -> Fraction:
        if self._are_equal and self._equal and (not self._tolerance or self._equal >= 200):
            return snapped(1 / (self._equal * self._time_base))
        fitting = [rate for rate in map(snapped, declared) if rate > 0 and self._permits(rate)]
        in_use = [rate for rate in STANDARD_RATES if self._permits(rate)]
        for rate in fitting:
            if rate in in_use:
                return rate
        if in_use:
            return min(in_use, key=lambda rate: abs(rate - mean))
        if fitting:
            return fitting[0]
        return _simplest(1 / (self._high * self._time_base), 1 / (self._low * self._time_base))

    def _permits(self, rate: Fraction) -> bool:
        return self._low <= 1 / (rate * self._time_base) <= self._high


def snapped(rate: Fraction) -> Fraction:
    """The standard rate that `rate` is a rounded spelling of (29.97 is 30000/1001), or `rate` itself."""
    nearest = min(STANDARD_RATES, key=lambda standard: abs(standard - rate))
    return nearest if abs(nearest - rate) <= nearest * _SAME_RATE else rate


def _simplest(low: Fraction, high: Fraction) -> Fraction:
    """The fraction of the smallest denominator in [low, high], both above zero. Source: Stern-Brocot tree."""
    whole = -(-low.numerator // low.denominator)
    if whole <= high:
        return Fraction(whole)
    floor = low.numerator // low.denominator
    return floor + 1 / _simplest(1 / (high - floor), 1 / (low - floor))
