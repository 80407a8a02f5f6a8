"""What belongs to the work: of every passage, by a majority of the copies that pass its place.

A copy that shows what comes before a passage and what comes after it, but not the passage, speaks against it: it lacks
the passage, or the others have it inserted. Copies that begin or end elsewhere say nothing. Three rules:

- more copies show it than pass it over: it belongs to the work; fewer: it does not;
- as many: `Verdict.open`. Whoever knows how long the work was may decide; else what else is known of the copies does
  (one that was seen to have something inserted, one that was seen to have something removed), else it is kept;
- at the end of a copy, where others go on with something else, it is a trailer. Where no other goes on it is kept, but
  `loose` when others end there: so it is at the beginning, too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from holdfast.restore.timeline.order import in_order, ordered
from holdfast.restore.timeline.pieces import Passages

TINY = 0.6  # seconds: a piece that nothing shows again and that is no longer is an unsure end
AS_LONG = 0.65  # seconds: what differs by less is as long


@dataclass(frozen=True)
class Question:
    """A passage of which nobody can tell by the copies alone: shown by `shown_by`, passed over by `passed_by`."""

    passage: int
    length: float
    shown_by: tuple[int, ...]
    passed_by: tuple[int, ...]


@dataclass
class Verdict:
    """The passages of the work in order, and what is to be said of them.

    Attributes:
        line: passages, all that may belong to the work; the open and the loose ones are among them.
        open: as many copies show it as pass it over.
        loose: at the beginning or end, of one copy alone, where others begin or end beside it.
        foreign: passages that do not belong to the work, and the copies that show them.
        astray: numbers of pieces that show a passage of the line at another place than it has there.
        inserted, removed: for each copy the number of its passages that others do not have, and that it lacks.
        reordered: copies that have parts in another order.
    """

    line: list[int] = field(default_factory=list)
    open: list[Question] = field(default_factory=list)
    loose: list[Question] = field(default_factory=list)
    foreign: dict[int, tuple[int, ...]] = field(default_factory=dict)
    astray: set[int] = field(default_factory=set)
    inserted: Counter[int] = field(default_factory=Counter)
    removed: Counter[int] = field(default_factory=Counter)
    reordered: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class _Own:
    """A piece that no other copy shows: between the shared passages `after` and `before`, -1 for none."""

    piece: int
    copy: int
    passage: int
    length: float
    after: int
    before: int


def judged(passages: Passages, copies: Sequence[int], anchors: Sequence[bool]) -> Verdict:
    """What of these copies (numbers, all of one connected group) belongs to the work, and in which order."""
    bench = _Bench(passages, copies, anchors)
    bench.judge_shared()
    bench.judge_own()
    return bench.verdict


class _Bench:
    def __init__(self, passages: Passages, copies: Sequence[int], anchors: Sequence[bool]) -> None:
        self.passages, self.copies, self.anchors = passages, copies, anchors
        self.verdict = Verdict()
        members: dict[int, list[int]] = defaultdict(list)
        self.rows: dict[int, list[int]] = {copy: [] for copy in copies}
        for number, piece in enumerate(passages.pieces):
            if piece.copy in self.rows:
                members[passages.of[number]].append(number)
                self.rows[piece.copy].append(number)
        self.shown_by = {passage: [passages.pieces[n].copy for n in numbers] for passage, numbers in members.items()}
        self.shared = sorted(passage for passage, numbers in members.items() if len(numbers) > 1)
        self.lengths = {
            passage: sum(passages.pieces[n].length for n in numbers) / len(numbers)
            for passage, numbers in members.items()
        }
        self._order()

    def _order(self) -> None:
        """Rank the shared passages; in `walks` each copy's pieces that stand in that order."""
        index = {passage: number for number, passage in enumerate(self.shared)}
        of, lengths = self.passages.of, [self.lengths[passage] for passage in self.shared]
        shared_rows = {copy: [n for n in row if of[n] in index] for copy, row in self.rows.items()}
        order = ordered(
            [[index[of[n]] for n in shared_rows[copy]] for copy in self.copies],
            [1.5 if self.anchors[copy] else 1.0 for copy in self.copies],
            lengths,
        )
        rank = {number: place for place, number in enumerate(order)}
        self.rank = {self.shared[number]: place for number, place in rank.items()}
        self.walks: dict[int, list[int]] = {}
        for copy, row in shared_rows.items():
            stands = in_order([index[of[n]] for n in row], rank, lengths)
            self.walks[copy] = [n for n, is_there in zip(row, stands, strict=True) if is_there]
            strays = [n for n, is_there in zip(row, stands, strict=True) if not is_there]
            self.verdict.astray |= set(strays)
            if strays:
                self.verdict.reordered.add(copy)
        self.reach = {
            copy: (self.rank[of[walk[0]]], self.rank[of[walk[-1]]]) for copy, walk in self.walks.items() if walk
        }

    def judge_shared(self) -> None:
        of = self.passages.of
        for passage in sorted(self.shared, key=lambda each: self.rank[each]):
            place = self.rank[passage]
            shown = tuple(copy for copy in self.copies if any(of[n] == passage for n in self.walks[copy]))
            others = set(self.shown_by[passage])
            passed = tuple(
                copy for copy, (first, last) in self.reach.items() if copy not in others and first < place < last
            )
            self._decide(passage, shown, passed)

    def _decide(self, passage: int, shown: tuple[int, ...], passed: tuple[int, ...]) -> bool:
        if len(passed) > len(shown):
            self.verdict.foreign[passage] = shown
            self.verdict.inserted.update(shown)
            return False
        if len(passed) == len(shown):
            self.verdict.open.append(Question(passage, self.lengths[passage], shown, passed))
        else:
            self.verdict.removed.update(passed)
        self.verdict.line.append(passage)
        return True

    def judge_own(self) -> None:
        """Put what one copy alone has into its place on the line, or leave it out."""
        owns = list(self._owns())
        inner = [own for own in owns if own.after >= 0 and own.before >= 0]
        for own in sorted(inner, key=lambda own: (self.rank[own.after], -own.length)):
            first, last = self.rank[own.after], self.rank[own.before]
            passed = tuple(
                copy for copy, (begin, end) in self.reach.items() if copy != own.copy and begin <= first and end >= last
            )
            between = [p for p in self.verdict.line if first < self.rank.get(p, -1) < last]
            if passed and between:  # the others go on with something that several of them show
                self._leave(own)
                continue
            line = list(self.verdict.line)
            if self._decide(own.passage, (own.copy,), passed):
                line.insert(self._place_after(line, own.after), own.passage)
            self.verdict.line = line
        self._judge_ends([own for own in owns if own.after < 0 <= own.before], at_end=False)
        self._judge_ends([own for own in owns if own.before < 0 <= own.after], at_end=True)

    def _owns(self) -> list[_Own]:
        found = []
        of, pieces = self.passages.of, self.passages.pieces
        for copy, row in self.rows.items():
            stands = set(self.walks[copy])
            after = -1
            waiting: list[_Own] = []
            for number in row:
                if number in stands:
                    after = of[number]
                    found += [_Own(o.piece, o.copy, o.passage, o.length, o.after, after) for o in waiting]
                    waiting = []
                elif self._is_own(number):
                    waiting.append(_Own(number, copy, of[number], pieces[number].length, after, -1))
            found += waiting
        return found

    def _is_own(self, number: int) -> bool:
        is_alone = len(self.shown_by[self.passages.of[number]]) == 1 and number not in self.passages.repeats
        return is_alone and self.passages.pieces[number].length > TINY

    def _place_after(self, line: list[int], passage: int) -> int:
        if passage in line:
            return line.index(passage) + 1
        place = self.rank[passage]
        return sum(1 for each in line if self.rank.get(each, -1) <= place)

    def _leave(self, own: _Own) -> None:
        self.verdict.foreign[own.passage] = (own.copy,)
        self.verdict.inserted[own.copy] += 1

    def _judge_ends(self, owns: list[_Own], *, at_end: bool) -> None:
        """Of what single copies show beyond all others, at most one can be what was there."""
        kept: list[_Own] = []
        for own in owns:
            place = self.rank[own.after if at_end else own.before]
            goes_on = [
                copy
                for copy, (begin, end) in self.reach.items()
                if copy != own.copy and (begin <= place < end if at_end else begin < place <= end)
            ]
            if goes_on:
                self._leave(own)
            else:
                kept.append(own)
        kept.sort(key=lambda own: (self.anchors[own.copy], own.length), reverse=True)
        taken: set[int] = set()
        for own in kept:
            beside = own.after if at_end else own.before
            if beside in taken:
                self._leave(own)
                continue
            taken.add(beside)
            line = self.verdict.line
            place = self._place_after(line, beside)
            line.insert(place if at_end else place - 1, own.passage)
            stop = tuple(
                copy
                for copy, (begin, end) in self.reach.items()
                if copy != own.copy and (end if at_end else begin) == self.rank[beside]
            )
            if stop:
                self.verdict.loose.append(Question(own.passage, own.length, (own.copy,), stop))
