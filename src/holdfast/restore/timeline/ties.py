"""Stretches of two copies that show the same, on a common clock, cleared of chance matches.

All copies are first brought to a common speed: a tie is then a stretch of one copy and as long a stretch of the other.
Stretches of one line become one tie, also over a hole that is as long in both: what recognition did not know again
there (a black picture, a pause) lies between the same things. Where an end lies within `SLACK` of the end of a copy,
or of the next tie, recognition has only stopped early: the tie reaches to there.

Chance matches go by three rules. A tie that runs at another speed than its copies is none. A tie that other copies
contradict (a shows the same as c, and c the same as another place of b) more than they bear it out is none. And what
breaks the order that the rest of its pair agrees on has to be sure by itself, or borne out by a third copy.
"""

from __future__ import annotations

import bisect
import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product

from holdfast.model.match import Segment

SLACK = 0.7  # seconds: recognition may stop so much too early
LINE = 0.2  # seconds: stretches whose shifts differ by less are of one line
NEAR_CUT = 0.4  # seconds: so near a cut of the picture an edit lies at the cut
BENT = 0.5  # seconds that a tie may slip against its copies' speeds from end to end
LEAST = 0.6  # seconds: shorter ties prove nothing
LIKELY = 0.75  # the probability from which on a tie by itself says something against others
SURE = 0.9  # the probability at which a stretch out of order is believed without another copy
AGREED = 0.5  # seconds: within this, two ways from copy to copy lead to the same moment


@dataclass(frozen=True)
class Tie:
    """Seconds [start, end) of copy `a`, by number, are `shift` later in copy `b`; all on the common clock.

    `measured` holds, as pairs (time in a, time in b), what recognition said itself: the ends of its segments.
    `unknown` are the holes within it, in the time of a, that recognition did not know again.
    """

    a: int
    b: int
    start: float
    end: float
    shift: float
    probability: float
    segments: tuple[Segment, ...] = ()
    measured: tuple[tuple[float, float], ...] = ()
    unknown: tuple[tuple[float, float], ...] = ()

    @property
    def weight(self) -> float:
        """What it proves: seconds, as probable as they are."""
        return self.probability * (self.end - self.start - sum(end - start for start, end in self.unknown))

    def seen_from(self, copy: int) -> Tie:
        """The same with `copy` as its a."""
        if copy == self.a:
            return self
        return replace(
            self,
            a=self.b,
            b=self.a,
            start=self.start + self.shift,
            end=self.end + self.shift,
            shift=-self.shift,
            measured=tuple((there, here) for here, there in self.measured),
            unknown=tuple((start + self.shift, end + self.shift) for start, end in self.unknown),
        )


def tied(a: int, b: int, segment: Segment, speed_a: float, speed_b: float) -> Tie | None:
    """The segment between copies a and b on the common clock; None if it does not run at their speeds."""
    a_start, a_end = float(segment.copy.start) * speed_a, float(segment.copy.end) * speed_a
    b_start = float(segment.asset.start) * speed_b
    b_end = b_start + float(segment.rate * segment.copy.duration) * speed_b
    length = a_end - a_start
    if length < LEAST or abs(b_end - b_start - length) > BENT + 0.002 * length:
        return None
    shift = (b_start + b_end - a_start - a_end) / 2
    ends = ((a_start, b_start), (a_end, b_end))
    return Tie(a, b, a_start, a_end, shift, segment.probability, (segment,), ends)


def joined(ties: Iterable[Tie]) -> list[Tie]:
    """The ties of one pair, those of one line as one, in the order of a."""
    lines: list[Tie] = []
    every = sorted(ties, key=lambda tie: tie.start)
    for tie in every:
        for number, line in enumerate(lines):
            if abs(line.shift - tie.shift) < LINE and not _parted(line, tie, every):
                lines[number] = _one(line, tie)
                break
        else:
            lines.append(tie)
    return sorted(lines, key=lambda tie: tie.start)


def _parted(line: Tie, tie: Tie, every: Sequence[Tie]) -> bool:
    """Whether something else is shown in the hole between the two, in either copy."""
    hole = tie.start - line.end
    if hole < SLACK:
        return False
    for other in every:
        if abs(other.shift - line.shift) >= LINE and other.probability >= LIKELY:
            for shift in (0.0, other.shift - line.shift):
                if min(other.end + shift, tie.start) - max(other.start + shift, line.end) > LEAST:
                    return True
    return False


def _one(line: Tie, tie: Tie) -> Tie:
    both = line.weight + tie.weight
    share = tie.weight / both if both > 0 else 0.5
    hole = ((line.end, tie.start),) if tie.start - line.end > LEAST else ()
    return replace(
        line,
        end=max(line.end, tie.end),
        shift=line.shift + (tie.shift - line.shift) * share,
        probability=max(line.probability, tie.probability),
        segments=line.segments + tie.segments,
        measured=line.measured + tie.measured,
        unknown=line.unknown + hole,
    )


def reaching(
    ties: Sequence[Tie], lengths: tuple[float, float], cuts: tuple[Sequence[float], Sequence[float]] = ((), ())
) -> list[Tie]:
    """The ties of one pair with their ends where they must be: at the copies' ends, at each other, at cuts.

    `lengths` and `cuts` are those of a and b, on the common clock.
    """
    starts, ends = [tie.start for tie in ties], [tie.end for tie in ties]
    for number, tie in enumerate(ties):
        first = min(tie.start, tie.start + tie.shift)
        if first <= SLACK:
            starts[number] = tie.start - first
        last = min(lengths[0] - tie.end, lengths[1] - tie.end - tie.shift)
        if last <= SLACK:
            ends[number] = tie.end + last
    for side in (0, 1):
        shifts = [tie.shift * side for tie in ties]
        order = sorted(range(len(ties)), key=lambda n: starts[n] + shifts[n])
        for n, m in itertools.pairwise(order):
            end, start = ends[n] + shifts[n], starts[m] + shifts[m]
            if abs(start - end) < SLACK:
                middle = nearest(cuts[side], (start + end) / 2)
                ends[n], starts[m] = middle - shifts[n], middle - shifts[m]
            elif start - end > SLACK:  # something else lies between: it begins and ends at cuts
                other = 1 - side
                if abs(starts[m] + ties[m].shift * other - ends[n] - ties[n].shift * other) < 2 * SLACK:
                    ends[n] = nearest(cuts[side], end) - shifts[n]
                    starts[m] = nearest(cuts[side], start) - shifts[m]
    return [
        replace(tie, start=start, end=end)
        for tie, start, end in zip(ties, starts, ends, strict=True)
        if end - start >= LEAST
    ]


def nearest(cuts: Sequence[float], at: float) -> float:
    """The cut that is near this moment (the cuts are sorted), or the moment itself."""
    number = bisect.bisect_left(cuts, at)
    near = min(cuts[max(number - 1, 0) : number + 1], key=lambda cut: abs(cut - at), default=at)
    return near if abs(near - at) < NEAR_CUT else at


def borne_out(ties: Sequence[Tie]) -> list[Tie]:
    """Those that are not contradicted by other copies more than they are borne out, nor alone out of order."""
    others: dict[int, dict[int, list[Tie]]] = defaultdict(lambda: defaultdict(list))
    for tie in ties:
        others[tie.a][tie.b].append(tie)
        others[tie.b][tie.a].append(tie.seen_from(tie.b))
    votes = {id(tie): _votes(tie, others) for tie in ties}
    kept = [tie for tie in ties if votes[id(tie)][0] + tie.weight >= votes[id(tie)][1]]
    pairs: dict[tuple[int, int], list[Tie]] = defaultdict(list)
    for tie in kept:
        pairs[tie.a, tie.b].append(tie)
    believed: list[Tie] = []
    for pair in pairs.values():
        in_order = {id(tie) for tie in rising(pair)}
        believed += [tie for tie in pair if id(tie) in in_order or tie.probability >= SURE or votes[id(tie)][0] > 0]
    return believed


def _votes(tie: Tie, others: dict[int, dict[int, list[Tie]]]) -> tuple[float, float]:
    """What other copies say for it and against it, in seconds as probable as they are."""
    agreed = against = 0.0
    for between in others[tie.a].keys() & others[tie.b].keys():
        for first, second in product(others[tie.a][between], others[between][tie.b]):
            start = max(tie.start, first.start, second.start - first.shift)
            end = min(tie.end, first.end, second.end - first.shift)
            if end - start < LEAST:
                continue
            said = (end - start) * min(first.probability, second.probability)
            if abs(first.shift + second.shift - tie.shift) < AGREED:
                agreed += said
            else:
                against += said
    return agreed, against


def rising(ties: Sequence[Tie]) -> list[Tie]:
    """Of the ties of one pair those that are in the same order in both copies and prove most together."""
    order = sorted(ties, key=lambda tie: tie.start)
    best = [tie.weight for tie in order]
    before = [-1] * len(order)
    for number, tie in enumerate(order):
        for earlier in range(number):
            old = order[earlier]
            is_later = old.end <= tie.start + SLACK and old.end + old.shift <= tie.start + tie.shift + SLACK
            if is_later and best[earlier] + tie.weight > best[number]:
                best[number], before[number] = best[earlier] + tie.weight, earlier
    at = max(range(len(order)), key=lambda n: best[n], default=-1)
    way = []
    while at >= 0:
        way.append(order[at])
        at = before[at]
    return way[::-1]
