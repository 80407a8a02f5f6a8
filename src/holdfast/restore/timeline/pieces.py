"""Copies cut wherever any of them leaves another; pieces that show the same are one passage.

Where a tie begins or ends, one of its two copies was edited, or one of them begins or ends there. Nobody knows yet
which: so both are cut there, and every copy that shows this moment too. Then pieces are as long as those that they
show the same as, and each passage (a class of such pieces) either belongs to the work as a whole or not at all.

What lies in a hole of a tie, not recognised itself, is only taken for the same where nothing else is known of it.

A passage has at most one piece of each copy. A copy that shows something twice has one piece in the passage, chosen
by what proves most, and the others are its repeats.
"""

from __future__ import annotations

import bisect
import itertools
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.restore.timeline.ties import LIKELY, Tie

APART = 0.6  # seconds: borders nearer to each other than this are one
GUESS_S = 3.0  # seconds: what is longer and was not recognised, while others are there, may be another film
MOST = 20_000  # borders in all: what repeats itself endlessly is not cut endlessly


@dataclass(frozen=True)
class Piece:
    """Seconds [start, end) of a copy, by number, on the common clock."""

    copy: int
    start: float
    end: float

    @property
    def length(self) -> float:
        """Its seconds."""
        return self.end - self.start


@dataclass(frozen=True)
class Passages:
    """All pieces, each copy's in order, and which of them show the same.

    `of` gives the passage of each piece, by numbers. `repeats` are numbers of pieces that show again what another
    piece of their copy shows; they stand alone. `guessed` are pieces that nothing was recognised in: they are only as
    long as what others show between the same things.
    """

    pieces: tuple[Piece, ...]
    of: tuple[int, ...]
    repeats: frozenset[int]
    guessed: frozenset[int] = frozenset()

    def is_another(self, number: int) -> bool:
        """Whether this piece may show something else than its passage: guessed, where two others know each other."""
        if number not in self.guessed or self.pieces[number].length <= GUESS_S:
            return False
        return sum(of == self.of[number] and n not in self.guessed for n, of in enumerate(self.of)) > 1


def cut(lengths: Sequence[float], ties: Sequence[Tie]) -> list[Piece]:
    """The pieces of all copies, in order. `lengths` are the copies' own, on the common clock."""
    borders: list[list[float]] = [[0.0, length] for length in lengths]
    by_copy: dict[int, list[Tie]] = defaultdict(list)
    waiting: deque[tuple[int, float]] = deque()
    for tie in sorted(ties, key=lambda tie: -tie.weight):
        by_copy[tie.a].append(tie)
        by_copy[tie.b].append(tie.seen_from(tie.b))
        waiting += [(tie.a, tie.start), (tie.a, tie.end), (tie.b, tie.start + tie.shift), (tie.b, tie.end + tie.shift)]
        waiting += [(tie.a, at) for hole in tie.unknown if hole[1] - hole[0] > GUESS_S for at in hole]
    count = 0
    while waiting and count < MOST:
        copy, at = waiting.popleft()
        place = bisect.bisect(borders[copy], at)
        near = borders[copy][max(place - 1, 0) : place + 1]
        if min(abs(at - border) for border in near) < APART:
            continue
        bisect.insort(borders[copy], at)
        count += 1
        waiting += [(tie.b, at + tie.shift) for tie in by_copy[copy] if tie.start < at < tie.end]
    return [
        Piece(copy, start, end)
        for copy, row in enumerate(borders)
        for start, end in itertools.pairwise(row)
        if end > start
    ]


def passages(pieces: Sequence[Piece], ties: Sequence[Tie]) -> Passages:
    """Which of the pieces show the same, by these ties; the surest are believed first."""
    rows: dict[int, list[int]] = defaultdict(list)
    for number, piece in enumerate(pieces):
        rows[piece.copy].append(number)
    said: dict[tuple[int, int], float] = defaultdict(float)
    likely: set[tuple[int, int]] = set()
    recognised: set[tuple[int, int]] = set()
    for tie in ties:
        for pair, is_known in _shown_by(tie, pieces, rows):
            said[pair] += tie.weight  # of the whole tie: a long one is no chance, and nor is any part of it
            if is_known:
                recognised.add(pair)
                if tie.probability >= LIKELY:
                    likely.add(pair)
    again = _again(likely, pieces)
    classes = _Classes(pieces)
    repeats: set[int] = set()
    guessed: set[int] = set()

    def rank(pair: tuple[int, int]) -> tuple[bool, bool, bool, float, tuple[int, int]]:
        return pair not in recognised, pair not in likely, pair in again, -said[pair], pair

    for pair in sorted(said, key=rank):
        if pair not in likely and repeats & set(pair):
            continue
        alone = {number for number in pair if classes.is_alone(number)}
        if classes.joined(*pair):
            guessed |= alone if pair not in recognised else set()
        elif pair in likely:
            repeats |= alone
    of = tuple(classes.of)
    repeats = {number for number in repeats if classes.is_alone(number)}
    return Passages(tuple(pieces), of, frozenset(repeats), frozenset(guessed))


class _Classes:
    """Pieces in classes, none with two pieces of one copy."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.of = list(range(len(pieces)))
        self._members = [[number] for number in self.of]
        self._copies = [{piece.copy} for piece in pieces]

    def is_alone(self, number: int) -> bool:
        return len(self._members[self.of[number]]) == 1

    def joined(self, one: int, other: int) -> bool:
        """Put the classes of two pieces together; False if that cannot be."""
        first, second = self.of[one], self.of[other]
        if first == second:
            return True
        if self._copies[first] & self._copies[second]:
            return False
        self._copies[first] |= self._copies[second]
        self._members[first] += self._members[second]
        for number in self._members[second]:
            self.of[number] = first
        return True


def _again(pairs: set[tuple[int, int]], pieces: Sequence[Piece]) -> set[tuple[int, int]]:
    """The pairs with a piece that shows again what an earlier one of its copy shows.

    They come last, so that all copies agree on which of the two it is: the first.
    """
    first: dict[tuple[int, int], float] = {}
    for pair in pairs:
        for one, other in (pair, pair[::-1]):
            at = pieces[other]
            first[one, at.copy] = min(first.get((one, at.copy), at.start), at.start)
    return {
        pair
        for pair in pairs
        for one, other in (pair, pair[::-1])
        if pieces[other].start > first[one, pieces[other].copy]
    }


def _shown_by(tie: Tie, pieces: Sequence[Piece], rows: dict[int, list[int]]) -> list[tuple[tuple[int, int], bool]]:
    """Pairs of pieces that the tie lays on each other, and whether recognition knew them, or only what is around."""
    found = []
    there = rows[tie.b]
    begins = [pieces[number].start for number in there]
    for one in rows[tie.a]:
        piece = pieces[one]
        start, end = max(piece.start, tie.start), min(piece.end, tie.end)
        if end - start < piece.length / 2:
            continue
        middle = (start + end) / 2 + tie.shift
        place = bisect.bisect(begins, middle) - 1
        if place < 0:
            continue
        other = pieces[there[place]]
        shared = min(end + tie.shift, other.end) - max(start + tie.shift, other.start)
        if shared >= max(piece.length, other.length) / 2:
            unknown = sum(max(min(end, stop) - max(start, begin), 0.0) for begin, stop in tie.unknown)
            found.append(((one, there[place]), unknown < (end - start) / 2))
    return found
