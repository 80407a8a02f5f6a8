"""One group of copies laid out as a line: what belongs to it, how long it is, and where each copy lies on it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from holdfast.model.edit import Placement
from holdfast.model.time import Span, clock
from holdfast.restore.timeline import speeds
from holdfast.restore.timeline.grouping import Ground
from holdfast.restore.timeline.judging import Question, Verdict, judged
from holdfast.restore.timeline.pieces import Passages, cut, passages
from holdfast.restore.timeline.solving import Solution, Strand, solved, strands
from holdfast.restore.timeline.standing import standing
from holdfast.restore.timeline.ties import SURE, Tie

MICRO = 1_000_000
LISTED_S = 1.3  # seconds: a listing says whole seconds, of a file whose sound may be longer than its picture
OUTVOTED = 3  # times as many copies are not believed to run at the right speed, though the listing fits another
TITLE_S = 16.0  # seconds: at an end where only one other stops, what is longer is just more of the work
MOST_QUESTIONS = 12  # all answers to so many are tried against the listing
SECOND_THOUGHTS = 3  # times that ties are taken back which the line itself has shown to be chance
ANSWER_S = 0.2  # seconds of difference from the listing that one more unusual answer is worth
UNSURE = 0.5  # the probability of a stretch that is kept though nobody knows


@dataclass(frozen=True)
class Laid:
    """A line of some copies (numbers) that hang together; the placements begin at 0."""

    copies: tuple[int, ...]
    length: Fraction
    placements: tuple[Placement, ...]
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Draft:
    line: tuple[int, ...]
    strands: tuple[Strand, ...]
    solution: Solution

    def span(self) -> tuple[float, float]:
        """Where the line begins and ends on the common clock."""
        starts, ends = [0.0], [0.0]
        rows = [(n, strand) for n, strand in enumerate(self.strands) if not strand.is_stray]
        starts = [self.solution.at(n, strand, strand.start) for n, strand in rows] or starts
        ends = [self.solution.at(n, strand, strand.end) for n, strand in rows] or ends
        return min(starts), max(ends)


def laid(ground: Ground, group: Sequence[int], listed: Fraction | None) -> Laid:
    """The line of these copies; `listed` is how long the work was, if anybody knows."""
    return _Laying(ground, tuple(group), listed).laid()


class _Laying:
    def __init__(self, ground: Ground, group: tuple[int, ...], listed: Fraction | None) -> None:
        self.ground, self.group, self.listed = ground, group, listed
        self.ties = [tie for tie in ground.ties if tie.a in set(group) and tie.b in set(group)]
        self.doubts: list[str] = []

    def laid(self) -> Laid:
        for _ in range(SECOND_THOUGHTS):
            found, verdict = self._judged()
            rash = self._rash(found, verdict)
            if not rash:
                break
            self.ties = [tie for tie in self.ties if tie not in rash]
        draft = self._draft(found, verdict, verdict.line, {})
        scale, dropped = self._answered(verdict, draft)
        if dropped:
            line = [passage for passage in verdict.line if passage not in dropped]
            draft = self._draft(found, verdict, line, {})
        rates = self._rates(draft, scale)
        fixed = {n: float(rate) / (scale * self.ground.speeds[n]) for n, rate in rates.items()}
        draft = self._draft(found, verdict, list(draft.line), fixed)
        placements = self._placements(found, verdict, draft, scale, rates)
        self._tell(found, verdict, draft, scale, dropped)
        length = max((each.asset.end for each in placements), default=Fraction(0))
        return Laid(self.group, length, tuple(placements), tuple(self.doubts))

    def _judged(self) -> tuple[Passages, Verdict]:
        found = passages(cut(self.ground.lengths, self.ties), self.ties)
        if len(self.group) == 1:
            (number,) = self.group
            line = [found.of[n] for n, piece in enumerate(found.pieces) if piece.copy == number]
            return found, Verdict(line=line)
        return found, judged(found, self.group, [copy.is_anchor for copy in self.ground.copies])

    def _rash(self, found: Passages, verdict: Verdict) -> list[Tie]:
        """The ties that put a piece at another place than the line's order has it, without being sure enough."""
        rash = []
        for number in sorted(verdict.astray | found.repeats):
            piece = found.pieces[number]
            own = [(tie, tie.seen_from(piece.copy)) for tie in self.ties if piece.copy in (tie.a, tie.b)]
            at = (piece.start + piece.end) / 2
            near = [
                tie for tie, seen in own if seen.start <= at < seen.end and seen.end - seen.start < 2 * piece.length
            ]
            if near and math.prod(1 - tie.probability for tie in near) > 1 - SURE:
                rash += near
        return rash

    def _draft(self, found: Passages, verdict: Verdict, line: Sequence[int], fixed: dict[int, float]) -> _Draft:
        rows = strands(found, self.group, line, verdict.astray, self.ground.lengths)
        answer = solved(rows, found, self.ties, line, fixed, len(self.ground.copies))
        return _Draft(tuple(line), tuple(rows), answer)

    def _speeds(self, draft: _Draft) -> list[float]:
        return [self.ground.speeds[n] * float(draft.solution.stretch[n]) for n in self.group]

    def _answered(self, verdict: Verdict, draft: _Draft) -> tuple[float, set[int]]:
        """The factor from the common clock to the work's time, and what is dropped from the line."""
        first, last = draft.span()
        durations = [float(self.ground.copies[n].duration) for n in self.group]
        measured = self._speeds(draft)
        groups = speeds.groups(measured, durations)
        scales = [1 / _mean([measured[n] for n in each], [durations[n] for n in each]) for each in groups]
        usual = {each.passage for each in verdict.open if _is_likely_inserted(each, verdict)}
        if self.listed is None:
            self._tell_speeds(groups, measured)
            return scales[0], usual
        listed = float(self.listed)
        answer = _fitting(verdict, (last - first) * scales[0], scales[0], listed, usual)
        if answer is not None:
            return scales[0], answer
        dropped = sum(each.length for each in verdict.open if each.passage in usual)
        for scale, members in zip(scales[1:], groups[1:], strict=True):
            error = abs((last - first - dropped) * scale - listed)
            if error <= _tolerance(listed) / 2 and len(groups[0]) <= OUTVOTED * len(members):
                self.doubts.append("The speed is that at which what was found is as long as the listing says.")
                return scale, usual
        self._tell_speeds(groups, measured)
        return scales[0], _shortened(verdict, (last - first) * scales[0], scales[0], listed, usual)

    def _tell_speeds(self, groups: Sequence[Sequence[int]], measured: Sequence[float]) -> None:
        if len(groups) > 1 and len(groups[1]) == len(groups[0]):
            times = measured[groups[1][0]] / measured[groups[0][0]]
            self.doubts.append(
                f"As many copies run at {times:.4f} times the speed that was taken for the right one"
                + (": one of them was probably made for television at 25 pictures a second." if _is_pal(times) else ".")
            )

    def _rates(self, draft: _Draft, scale: float) -> dict[int, Fraction]:
        """Seconds of the work a second of each copy: the known speed that it is, or as it was measured."""
        rates = {}
        for number, speed in zip(self.group, self._speeds(draft), strict=True):
            known = speeds.snapped(speed * scale, float(self.ground.copies[number].duration))
            rates[number] = known or Fraction(speed * scale).limit_denominator(MICRO)
        return rates

    def _placements(
        self, found: Passages, verdict: Verdict, draft: _Draft, scale: float, rates: dict[int, Fraction]
    ) -> list[Placement]:
        first, _ = draft.span()
        senses = standing(self.group, self.ties)
        unsure = {each.passage for each in verdict.open}
        unsure |= {each.passage for each in verdict.loose if len(each.passed_by) > 1}
        placements = []
        for number, strand in enumerate(draft.strands):
            copy, speed = self.ground.copies[strand.copy], self.ground.speeds[strand.copy]
            rate, sense = rates[strand.copy], senses[strand.copy]
            origin = Fraction(round((draft.solution.at(number, strand, strand.start) - first) * scale * MICRO), MICRO)
            zero = _exact(strand.start / speed, copy.duration)
            for start, end, is_unsure in _parts(found, strand, unsure):
                span = Span(_exact(start / speed, copy.duration), _exact(end / speed, copy.duration))
                begin = max(origin + rate * (span.start - zero), Fraction(0))
                placements.append(
                    Placement(
                        source=copy.digest,
                        copy=span,
                        asset=Span(begin, begin + rate * span.duration),
                        rate=rate,
                        seen=sense.is_seen,
                        heard=sense.is_heard,
                        mirrored=sense.mirrored,
                        rotation=sense.rotation,
                        probability=UNSURE if is_unsure else _probability(self.ties, strand),
                    )
                )
        return sorted((each for each in placements if each.copy.duration), key=lambda each: (each.source, each.copy))

    def _tell(self, found: Passages, verdict: Verdict, draft: _Draft, scale: float, dropped: set[int]) -> None:
        """Say what was decided without being known."""
        for each in verdict.open:
            what = f"{_lasting(each.length * scale)} that {self._names(each.shown_by)} show"
            what += f" and {self._names(each.passed_by)} do not"
            verb = "were taken for inserted" if each.passage in dropped else "were kept"
            why = ", for so it is as long as the listing says" if self._fits(draft, scale) else ""
            self.doubts.append(f"{what} {verb}{why}.")
        for each in verdict.loose:
            if len(each.passed_by) < 2 and each.passage not in dropped:
                continue  # any two copies that overlap end somewhere
            verb = "were left out" if each.passage in dropped else "were kept"
            self.doubts.append(
                f"{_lasting(each.length * scale)} at an end of {self._names(each.shown_by)} {verb}: "
                f"{self._names(each.passed_by)} stop there, so it may be a title or a trailer of its own."
            )
        for copy in sorted(verdict.reordered):
            known = "" if len(self.group) > 2 else ": which order is right is not known"
            self.doubts.append(f"Parts of {self._names((copy,))} stand in another order than in other copies{known}.")
        for passage, shown in verdict.foreign.items():
            length = max(piece.length for piece, of in zip(found.pieces, found.of, strict=True) if of == passage)
            self.doubts.append(
                f"{_lasting(length * scale)} of {self._names(shown)} were left out: "
                "other copies go on with something else."
            )
        for number in sorted(found.guessed):
            piece = found.pieces[number]
            if found.is_another(number) and piece.copy in self.group:
                self.doubts.append(
                    f"{_lasting(piece.length * scale)} of {self._names((piece.copy,))} were left out: they are as "
                    "long as what others show there, and were not recognised as the same."
                )
        if draft.solution.struck:
            self.doubts.append(f"{draft.solution.struck} ends of alignments contradict the line and were struck.")

    def _fits(self, draft: _Draft, scale: float) -> bool:
        first, last = draft.span()
        return self.listed is not None and abs((last - first) * scale - float(self.listed)) <= _tolerance(self.listed)

    def _names(self, numbers: Sequence[int]) -> str:
        return ", ".join(self.ground.copies[n].digest[:12] for n in sorted(numbers))


def _is_likely_inserted(question: Question, verdict: Verdict) -> bool:
    """Whether those who show it had something else inserted, and those who do not have nothing else removed."""
    inserters = sum(verdict.inserted[copy] for copy in question.shown_by)
    removers = sum(verdict.removed[copy] for copy in question.passed_by)
    return inserters > removers


def _tolerance(listed: Fraction | float) -> float:
    return LISTED_S + 0.0005 * float(listed)


def _answers(verdict: Verdict, usual: set[int]) -> list[tuple[set[int], float]]:
    """What may be dropped, each with its seconds, those next to the usual answer first."""
    titles = [each for each in verdict.loose if len(each.passed_by) > 1 or each.length < TITLE_S]
    questions = sorted((*verdict.open, *titles), key=lambda each: -each.length)[:MOST_QUESTIONS]
    lengths = {each.passage: each.length for each in (*verdict.open, *verdict.loose)}
    free = [each.passage for each in questions]
    always = usual - set(free)
    found = []
    for count in range(len(free) + 1):
        for chosen in combinations(free, count):
            dropped = always | set(chosen)
            found.append((dropped, sum(lengths[each] for each in dropped)))
    return sorted(found, key=lambda answer: len(answer[0] ^ usual))


def _fitting(verdict: Verdict, total: float, scale: float, listed: float, usual: set[int]) -> set[int] | None:
    """What to drop so that the line is as long as listed, near to the usual answer; None: nothing fits."""
    best, least = None, float("inf")
    for dropped, length in _answers(verdict, usual):
        error = abs(total - length * scale - listed)
        price = error + ANSWER_S * len(dropped ^ usual)
        if error <= _tolerance(listed) and price < least:
            best, least = dropped, price
    return best


def _shortened(verdict: Verdict, total: float, scale: float, listed: float, usual: set[int]) -> set[int]:
    """What to drop so that the line is at least no longer than listed, if that can be."""
    loose = {each.passage for each in verdict.loose}  # an end may hold both: it is not dropped on suspicion
    answers = [each for each in _answers(verdict, usual) if not each[0] & loose]
    possible = [each for each in answers if total - each[1] * scale <= listed + _tolerance(listed)]
    if not possible or possible[0][0] == usual:
        return usual
    return min(possible, key=lambda answer: answer[1])[0]


def _is_pal(times: float) -> bool:
    return min(abs(times - 25 / 24), abs(times - 24 / 25)) < 0.002


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    total = sum(weights)
    return sum(v * w for v, w in zip(values, weights, strict=True)) / total if total else values[0]


def _exact(seconds: float, most: Fraction) -> Fraction:
    return min(max(Fraction(round(seconds * MICRO), MICRO), Fraction(0)), most)


def _parts(found: Passages, strand: Strand, unsure: set[int]) -> list[tuple[float, float, bool]]:
    """The strand's stretches, apart where what is unsure begins and ends; without what may be of another film."""
    parts: list[tuple[float, float, bool]] = []
    for number in strand.pieces:
        piece, is_unsure = found.pieces[number], found.of[number] in unsure
        start = strand.start if number == strand.pieces[0] else piece.start
        end = strand.end if number == strand.pieces[-1] else piece.end
        if found.is_another(number):
            continue
        if parts and parts[-1][1:] == (start, is_unsure):
            parts[-1] = (parts[-1][0], end, is_unsure)
        else:
            parts.append((start, end, is_unsure))
    return parts


def _probability(ties: Sequence[Tie], strand: Strand) -> float:
    """That of the surest tie that has to do with the strand; 1 where no other copy was needed."""
    own = [tie.seen_from(strand.copy) for tie in ties if strand.copy in (tie.a, tie.b)]
    near = [tie.probability for tie in own if tie.start < strand.end and tie.end > strand.start]
    return max(near, default=1.0)


def _lasting(length: float) -> str:
    return f"{length:.1f} s" if length < 60 else clock(Fraction(round(length)))
