"""Copies brought to a common clock, what ties them, and which of them hang together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from holdfast.model.match import Segment
from holdfast.restore.timeline import speeds
from holdfast.restore.timeline.line import Alignment, Copy
from holdfast.restore.timeline.ties import LIKELY, SURE, Tie, borne_out, joined, reaching, tied

FASTEST = 8  # a segment at a speed beyond this, or below its inverse, is an error
LONG_LINK_S = 12.0  # seconds, as probable as they are: as much connects copies even if no tie is likely by itself


@dataclass(frozen=True)
class Ground:
    """Copies on a common clock.

    A second of copy n lasts `speeds[n]` of the clock, `lengths` are the copies' own on it. `groups` are numbers of
    copies that hang together by ties.
    """

    copies: tuple[Copy, ...]
    speeds: tuple[float, ...]
    ties: tuple[Tie, ...]
    groups: tuple[tuple[int, ...], ...]

    @property
    def lengths(self) -> tuple[float, ...]:
        """How long each copy is on the common clock."""
        return tuple(float(copy.duration) * speed for copy, speed in zip(self.copies, self.speeds, strict=True))


def grouped(copies: Sequence[Copy], alignments: Sequence[Alignment], cuts: Mapping[str, Sequence[Fraction]]) -> Ground:
    """The copies on a common clock. What an alignment says of copies that are not among them is passed over."""
    by_digest = {copy.digest: copy for copy in copies}
    number = {digest: place for place, digest in enumerate(sorted(by_digest))}
    every = tuple(by_digest[digest] for digest in number)
    pairs: dict[tuple[int, int], list[Segment]] = defaultdict(list)
    for alignment in alignments:
        if alignment.a == alignment.b or not {alignment.a, alignment.b} <= number.keys():
            continue
        a, b = number[alignment.a], number[alignment.b]
        for segment in alignment.segments:
            if _is_sound(segment):
                pairs[min(a, b), max(a, b)].append(segment if a < b else turned(segment))
    # Sums of floats depend on the order: the same alignments give the same line in whatever order they come.
    pairs = {pair: sorted(pairs[pair], key=lambda each: (each.copy, each.asset, each.rate)) for pair in sorted(pairs)}
    clock = _clock(every, pairs)
    lengths = [float(copy.duration) * speed for copy, speed in zip(every, clock, strict=True)]
    at_cuts = [sorted(float(cut) * clock[n] for cut in cuts.get(copy.digest, ())) for n, copy in enumerate(every)]
    ties: list[Tie] = []
    for (a, b), segments in pairs.items():
        found = [tie for each in segments if (tie := tied(a, b, each, clock[a], clock[b]))]
        ties += reaching(joined(found), (lengths[a], lengths[b]), (at_cuts[a], at_cuts[b]))
    believed = near(borne_out(ties), lengths)
    links = [(tie.a, tie.b) for tie in believed if tie.probability >= LIKELY or tie.weight > LONG_LINK_S]
    return Ground(every, tuple(clock), tuple(believed), tuple(hanging(len(every), links)))


def near(ties: Sequence[Tie], lengths: Sequence[float]) -> list[Tie]:
    """The ties without those that are not sure and put copies where stronger ones say that they cannot meet.

    The strongest ties lay all copies out roughly, as if none were edited. A tie that is off by more than the copies
    are long is no edit: among many copies there are many chances for a chance.
    """
    root = list(range(len(lengths)))
    place = [0.0] * len(lengths)  # the time of each copy's beginning, after that of its root
    members = [[n] for n in root]
    kept = []
    for tie in sorted(ties, key=lambda tie: (-tie.weight, tie.a, tie.b, tie.start)):
        a, b = root[tie.a], root[tie.b]
        off = place[tie.b] + tie.shift - place[tie.a]
        if a != b:
            for n in members[a]:
                root[n], place[n] = b, place[n] + off
            members[b] += members[a]
        elif tie.probability < SURE and abs(off) > (lengths[tie.a] + lengths[tie.b]) / 2:
            continue
        kept.append(tie)
    return sorted(kept, key=lambda tie: (tie.a, tie.b, tie.start))


def _is_sound(segment: Segment) -> bool:
    return (
        segment.copy.duration > 0
        and segment.asset.duration > 0
        and segment.probability > 0
        and Fraction(1, FASTEST) < segment.rate < FASTEST
    )


def turned(segment: Segment) -> Segment:
    """The same segment seen from the other copy. Its geometry is left out."""
    asset = segment.asset
    rotation = segment.rotation if segment.mirrored else -segment.rotation % 360
    return replace(segment, copy=asset, asset=segment.copy, rate=1 / segment.rate, rotation=rotation, geometry=None)


def _clock(copies: Sequence[Copy], pairs: Mapping[tuple[int, int], Sequence[Segment]]) -> list[float]:
    """The speed of each copy such that in each group those most copies have is 1."""
    measured = [
        (a, b, float(each.rate), float(each.copy.duration) * each.probability)
        for (a, b), segments in pairs.items()
        for each in segments
    ]
    found = speeds.relative(len(copies), measured)
    clock = [1.0] * len(copies)
    for group in hanging(len(copies), list(pairs)):
        lengths = [float(copies[n].duration) for n in group]
        leading = speeds.groups([float(found[n]) for n in group], lengths)[0]
        total = sum(lengths[n] for n in leading)
        one = sum(float(found[group[n]]) * lengths[n] for n in leading) / total if total else 1.0
        for n in group:
            clock[n] = float(found[n]) / one
    return clock


def hanging(count: int, links: Sequence[tuple[int, int]]) -> list[tuple[int, ...]]:
    """The numbers below `count` in groups that are connected by links; the largest first."""
    of = list(range(count))
    members = {n: [n] for n in of}
    for a, b in links:
        first, second = of[a], of[b]
        if first != second:
            members[first] += members.pop(second)
            for n in members[first]:
                of[n] = first
    return sorted((tuple(sorted(group)) for group in members.values()), key=lambda group: (-len(group), group))
