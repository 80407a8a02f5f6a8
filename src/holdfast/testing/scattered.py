"""A lost work's copies scattered over the world, without pictures: what each shows, and what recognition would say.

    world = scattered(seed=7)
    world.copies, world.alignments        # as `holdfast.restore.timeline.inferred` takes them
    world.shown["copy-1"]                 # the truth: stretches of the copy on stretches of the work
    judged(world, line)                   # what is wrong with a line that was inferred

Copies begin and end anywhere, run at speeds of their own, and are edited: something foreign is put in, minutes are
taken out, a logo comes first, a scene is shown twice, two scenes change places. Alignments are wrong by up to 40 ms at
each end, stop too early, have holes, some are missing, and some are chance. No pixel is made: a thousand worlds take
seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from holdfast.model.edit import Placement, joined, without
from holdfast.model.match import Segment
from holdfast.model.time import Span
from holdfast.restore.timeline.line import Alignment, Copy, TimeLine

MICRO = 1_000_000
SHORTEST_SHARED_S = 4.0  # what two copies share and is shorter is not recognised
EDGE_S = 0.6  # so near an edit nobody can tell on which side of it a moment lies
RATES = (25 / 24, 24 / 25, 1.001, 1.04, 1.06, 0.95)


@dataclass(frozen=True)
class Shown:
    """Seconds of a copy that show seconds of the work, at `rate` seconds of the work a second of the copy."""

    copy: tuple[float, float]
    work: tuple[float, float]
    rate: float

    def at(self, moment: float) -> float:
        """The work's second at this second of the copy."""
        return self.work[0] + (moment - self.copy[0]) * self.rate


@dataclass(frozen=True)
class World:
    """Copies, what recognition says of them, and the truth.

    Attributes:
        duration: of the work.
        shown: for each copy by digest, in its order.
        listed: how long a listing says that the work was, if there is one.
        is_open: whether some edit is seen by as many copies as do not have it: then only luck decides.
        edits: what was done to copies, by name.
        strangers: digests of copies of another film.
    """

    duration: float
    copies: tuple[Copy, ...]
    alignments: tuple[Alignment, ...]
    shown: dict[str, tuple[Shown, ...]]
    listed: Fraction | None
    is_open: bool
    edits: tuple[str, ...]
    strangers: tuple[str, ...] = ()


def scattered(seed: int, *, noise_s: float = 0.04, chance: float = 0.12, edited: float = 0.45) -> World:
    """The world of this seed.

    Args:
        seed: the same seed makes the same world.
        noise_s: by so much an alignment is wrong at most.
        chance: how often a pair of copies has a match by chance.
        edited: how often a copy was edited.
    """
    rng = np.random.default_rng((seed, 0x5CA7))
    duration = float(np.exp(rng.uniform(np.log(90), np.log(2400))))
    count = int(rng.integers(2, 7))
    parts = _parts(rng, duration, count)
    slow = set(rng.choice(count, (count - 1) // 2, replace=False).tolist()) if rng.random() < 0.5 else set()
    shown, lengths, edits, marks = {}, {}, [], []
    for number, part in enumerate(parts):
        digest = f"copy-{number}"
        rate = float(rng.choice(RATES)) if number in slow else 1.0
        pieces: list[tuple[float, float] | float] = [part]
        if rng.random() < edited:
            pieces, name, mark = _edited(rng, part)
            edits.append(name)
            marks += [(digest, *each) for each in mark]
        shown[digest], lengths[digest] = _laid(pieces, rate)
    strangers = []
    if rng.random() < 0.15:
        strangers.append("stranger")
        shown["stranger"], lengths["stranger"] = (), float(rng.uniform(30, 400))
    first = min(each.work[0] for row in shown.values() for each in row)
    last = max(each.work[1] for row in shown.values() for each in row)
    is_whole = first < 0.5 and last > duration - 0.5
    listed = Fraction(round(duration)) if rng.random() < 0.4 else None
    return World(
        duration,
        tuple(Copy(digest, Fraction(round(length * MICRO), MICRO)) for digest, length in lengths.items()),
        tuple(_alignments(rng, shown, lengths, noise_s, chance)),
        shown,
        listed,
        _is_open(shown, marks, is_whole and listed is not None),
        tuple(edits),
        tuple(strangers),
    )


def _parts(rng: np.random.Generator, duration: float, count: int) -> list[tuple[float, float]]:
    """Stretches of the work that overlap in a chain."""
    while True:
        parts = []
        for _ in range(count):
            length = duration if rng.random() < 0.3 else max(duration * float(rng.uniform(0.25, 0.9)), 30.0)
            start = float(rng.uniform(0, max(duration - length, 0)))
            parts.append((start, min(start + length, duration)))
        rows = sorted(parts)
        reach = rows[0][1]
        for start, end in rows[1:]:
            if reach - start < 15:
                break
            reach = max(reach, end)
        else:
            return parts


Edited = tuple[list[tuple[float, float] | float], str, list[tuple[str, float, float]]]


def _edited(rng: np.random.Generator, part: tuple[float, float]) -> Edited:
    """The copy's pieces in its order (a stretch of the work, or seconds of something foreign), and what was done."""
    start, end = part
    foreign = float(rng.uniform(3, 40))
    a, b = sorted(rng.uniform(start + 7, end - 7, 2).tolist())
    kind = str(rng.choice(["inserted", "removed", "both", "logo", "trailer", "twice", "reordered"]))
    if kind in ("twice", "reordered", "removed", "both") and b - a < 8:
        kind = "inserted"
    if kind == "inserted":
        return [(start, a), foreign, (a, end)], kind, [("inserted", a, a)]
    if kind == "removed":
        b = min(b, a + float(rng.uniform(8, 90)))
        return [(start, a), (b, end)], kind, [("removed", a, b)]
    if kind == "both":
        b = min(b, a + float(rng.uniform(8, 90)))
        return [(start, a), foreign, (b, end)], kind, [("removed", a, b), ("inserted", a, b)]
    if kind == "logo":
        return [min(foreign, 9.0), part], kind, [("logo", start, start)]
    if kind == "trailer":
        return [part, min(foreign, 20.0)], kind, [("trailer", end, end)]
    b = min(b, a + 30)
    if kind == "twice":
        return [(start, b), (a, b), (b, end)], kind, [("twice", a, b)]
    middle = (a + b) / 2
    return [(start, a), (middle, b), (a, middle), (b, end)], kind, [("reordered", a, b)]


def _laid(pieces: list[tuple[float, float] | float], rate: float) -> tuple[tuple[Shown, ...], float]:
    found, at = [], 0.0
    for piece in pieces:
        if isinstance(piece, float):
            at += piece
            continue
        length = (piece[1] - piece[0]) / rate
        found.append(Shown((at, at + length), piece, rate))
        at += length
    return tuple(found), at


def _is_open(shown: dict[str, tuple[Shown, ...]], marks: list[tuple[str, str, float, float]], is_listed: bool) -> bool:
    """Whether any edit has no majority against it. `is_listed`: the listing decides between one and one."""
    for digest, kind, start, end in marks:
        others = [row for other, row in shown.items() if other != digest]
        runs = sum(any(s.work[0] < start - 5 and end + 5 < s.work[1] for s in row) for row in others)
        if kind == "trailer":
            runs = sum(any(s.work[0] < end - 5 and end + 5 < s.work[1] for s in row) for row in others)
        if runs < 2 and not (runs and is_listed and kind in ("inserted", "removed")):
            return True
    # Two edits at one place are two opinions.
    for number, (digest, _, start, end) in enumerate(marks):
        for other, _, begin, stop in marks[number + 1 :]:
            if other != digest and begin < end + 6 and start < stop + 6:
                return True
    return False


def _alignments(
    rng: np.random.Generator,
    shown: dict[str, tuple[Shown, ...]],
    lengths: dict[str, float],
    noise_s: float,
    chance: float,
) -> list[Alignment]:
    found = []
    digests = sorted(shown)
    for number, a in enumerate(digests):
        for b in digests[number + 1 :]:
            segments = [
                segment for one in shown[a] for other in shown[b] for segment in _shared(rng, one, other, noise_s)
            ]
            is_strange = not shown[a] or not shown[b]
            if rng.random() < chance:
                segments.append(_by_chance(rng, lengths[a], lengths[b], 0.7 if is_strange else 0.9))
            if segments:
                pair = (a, b)
                found.append(Alignment(*pair, tuple(sorted(segments, key=lambda s: s.copy))))
    return found


def _shared(rng: np.random.Generator, one: Shown, other: Shown, noise_s: float) -> list[Segment]:
    start, end = max(one.work[0], other.work[0]), min(one.work[1], other.work[1])
    if end - start < SHORTEST_SHARED_S or (end - start < 15 and rng.random() < 0.1):
        return []
    start, end = start + float(rng.uniform(0, 0.5)), end - float(rng.uniform(0, 0.5))
    stretches = [(start, end)]
    if end - start > 30 and rng.random() < 0.3:
        hole = float(rng.uniform(start + 8, end - 16))
        stretches = [(start, hole), (hole + float(rng.uniform(1, 7)), end)]
    return [_told(rng, one, other, first, last, noise_s) for first, last in stretches]


def _told(rng: np.random.Generator, one: Shown, other: Shown, start: float, end: float, noise_s: float) -> Segment:
    a = [one.copy[0] + (at - one.work[0]) / one.rate for at in (start, end)]
    b = [other.copy[0] + (at - other.work[0]) / other.rate for at in (start, end)]
    b = [at + float(rng.uniform(-noise_s, noise_s)) for at in b]
    return _segment(a[0], a[1], b[0], b[1], float(rng.uniform(0.82, 0.99)))


def _by_chance(rng: np.random.Generator, a: float, b: float, most: float) -> Segment:
    length = min(float(rng.uniform(4, 15)), a * 0.9, b * 0.9)
    start, there = float(rng.uniform(0, a - length)), float(rng.uniform(0, b - length))
    return _segment(start, start + length, there, there + length, float(rng.uniform(0.4, most)))


def _segment(a_start: float, a_end: float, b_start: float, b_end: float, probability: float) -> Segment:
    start, end, there = (Fraction(round(at * MICRO), MICRO) for at in (a_start, a_end, max(b_start, 0.0)))
    rate = Fraction((b_end - b_start) / (a_end - a_start)).limit_denominator(MICRO)
    return Segment(
        Span(start, end),
        Span(there, there + rate * (end - start)),
        rate,
        seen=True,
        heard=True,
        probability=probability,
    )


@dataclass(frozen=True)
class Judgement:
    """What is wrong with a line: the greatest error of a moment that is placed, and seconds that should be otherwise.

    `lost` seconds of copies show the work and are not placed, `wrong` ones do not show it and are placed. `length` is
    the error of what is between the first and the last moment.
    """

    error: float
    lost: float
    wrong: float
    length: float

    def is_right(self, within: float = 0.2) -> bool:
        """Whether every moment lies within so many seconds of the truth, and no more than two seconds are amiss."""
        return self.error <= within and self.length <= within and self.lost <= 2 and self.wrong <= 2


def judged(world: World, line: TimeLine) -> Judgement:
    """The line against the truth, every third of a second of every copy; but not next to its edits."""
    first = min(each.work[0] for row in world.shown.values() for each in row)
    last = max(each.work[1] for row in world.shown.values() for each in row)
    error = lost = wrong = 0.0
    step = 1 / 3
    for copy in world.copies:
        rows = world.shown[copy.digest]
        placed = [each for each in line.placements if each.source == copy.digest]
        edges = [edge for each in rows for edge in each.copy]
        for at in np.arange(step / 2, float(copy.duration), step).tolist():
            if any(abs(at - edge) < EDGE_S for edge in edges):
                continue
            truth = [each.at(at) - first for each in rows if each.copy[0] <= at < each.copy[1]]
            said = [_place(each, at) for each in placed if each.copy.start <= at < each.copy.end]
            if truth and said:
                error = max(error, *(abs(each - truth[0]) for each in said))
            lost += step * bool(truth and not said)
            wrong += step * bool(said and not truth)
    end = max((float(each.asset.end) for each in line.placements), default=0.0)
    start = min((float(each.asset.start) for each in line.placements), default=0.0)
    return Judgement(error, lost, wrong, abs(end - start - (last - first)))


def _place(placement: Placement, at: float) -> float:
    return float(placement.asset.start) + float(placement.rate) * (at - float(placement.copy.start))


def uncovered(world: World) -> tuple[Span, ...]:
    """The stretches of the work that no copy shows."""
    spans = [
        Span(*(Fraction(round(edge * MICRO), MICRO) for edge in each.work))
        for row in world.shown.values()
        for each in row
    ]
    return without(Span(Fraction(0), Fraction(round(world.duration * MICRO), MICRO)), list(joined(spans)))
