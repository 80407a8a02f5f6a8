"""Where everything lies, by least squares that a few wrong ties cannot pull away.

A strand is what a copy shows of the line without an edit: it has one offset. All strands of a copy have its speed.
Each end of each recognised segment says that a moment of one strand is a moment of another; all of them are solved
together, so that errors of single alignments do not add up along chains where there is more than one way. Wrong ones
are outvoted: each weighs by the inverse of its error, and in the end those far off are struck (Source: iteratively
reweighted least squares, Holland and Welsch 1977). Strands that no tie joins are laid end to end, in the line's order.
"""

from __future__ import annotations

import bisect
import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from holdfast.restore.timeline.judging import AS_LONG, TINY
from holdfast.restore.timeline.pieces import Passages
from holdfast.restore.timeline.ties import LIKELY, Tie

Floats = NDArray[np.float64]

ROUNDS = 10
NOISE_S = 0.04  # seconds by which an alignment is usually wrong
FAR_S = 0.5  # seconds: an end that is so far from where all others put it is struck
STIFF = 0.02  # how firmly a copy is held at the speed that was measured before, per second of its length
STRAY = 1.5  # seconds: what stands in another place and is shorter is where two borders differ a little
SHORT = 0.4  # seconds: what two strands share and is shorter says nothing


@dataclass(frozen=True)
class Strand:
    """Seconds [start, end) of a copy, on the common clock, without an edit; `pieces` are the numbers of its pieces.

    `is_stray` if it does not stand where the line has it: a repeat, or a part in another order.
    """

    copy: int
    start: float
    end: float
    pieces: tuple[int, ...]
    is_stray: bool = False


@dataclass(frozen=True)
class Solution:
    """The line's time of a moment `at` of strand n is `offsets[n] + stretch[copy] * at`."""

    offsets: Floats
    stretch: Floats
    struck: int = 0

    def at(self, number: int, strand: Strand, moment: float) -> float:
        """The line's time of a moment of this strand, which has this number."""
        return float(self.offsets[number] + self.stretch[strand.copy] * moment)


def strands(
    passages: Passages, copies: Sequence[int], line: Sequence[int], astray: set[int], lengths: Sequence[float]
) -> list[Strand]:
    """The strands of these copies: what of them is on the line, and their strays. `lengths` are the copies' own."""
    place = {passage: number for number, passage in enumerate(line)}
    sizes = _sizes(passages, line)
    found: list[Strand] = []
    for copy in copies:
        row = [number for number, piece in enumerate(passages.pieces) if piece.copy == copy]
        run: list[int] = []
        unsure: list[int] = []  # pieces since the run's last that are on the line only if it goes on after them
        for number in row:
            piece, passage = passages.pieces[number], passages.of[number]
            is_stray = number in passages.repeats or (number in astray and passage in place)
            if is_stray and piece.length >= STRAY:
                found.append(Strand(copy, piece.start, piece.end, (number,), is_stray=True))
            if is_stray or passage not in place or number in astray:
                unsure.append(number)
                continue
            if run:
                skipped = sum(sizes[line[n]] for n in range(place[passages.of[run[-1]]] + 1, place[passage]))
                shown = sum(passages.pieces[n].length for n in unsure)
                is_broken = any(n in passages.repeats or n in astray for n in unsure) and shown > TINY
                if not is_broken and place[passages.of[run[-1]]] < place[passage] and abs(shown - skipped) < AS_LONG:
                    run += [*unsure, number]
                    unsure = []
                    continue
                found.append(_strand(passages, copy, run, lengths[copy]))
            run, unsure = [number], []
        if run:
            found.append(_strand(passages, copy, run, lengths[copy]))
    return found


def _sizes(passages: Passages, line: Sequence[int]) -> dict[int, float]:
    sizes: dict[int, list[float]] = defaultdict(list)
    for piece, passage in zip(passages.pieces, passages.of, strict=True):
        sizes[passage].append(piece.length)
    return {passage: sum(sizes[passage]) / len(sizes[passage]) for passage in line}


def _strand(passages: Passages, copy: int, run: Sequence[int], length: float) -> Strand:
    start, end = passages.pieces[run[0]].start, passages.pieces[run[-1]].end
    # An unsure end of the copy itself goes on as what it hangs on.
    return Strand(copy, 0.0 if start < TINY else start, length if length - end < TINY else end, tuple(run))


def solved(
    found: Sequence[Strand],
    passages: Passages,
    ties: Sequence[Tie],
    line: Sequence[int],
    fixed: Mapping[int, float],
    count: int,
) -> Solution:
    """Where these strands lie. `fixed` are copies whose stretch is known, `count` is how many copies there are."""
    rows = _Rows(len(found), count)
    by_copy: dict[int, list[int]] = defaultdict(list)
    for number, strand in enumerate(found):
        by_copy[strand.copy].append(number)
    for tie in ties:
        for (a0, b0), (a1, b1) in zip(tie.measured[::2], tie.measured[1::2], strict=True):
            slope = (b1 - b0) / (a1 - a0)
            for n in by_copy[tie.a]:
                start, end = max(found[n].start, a0), min(found[n].end, a1)
                for m in by_copy[tie.b] if end - start > SHORT else ():
                    first = max(start, a0 + (found[m].start - b0) / slope)
                    last = min(end, a0 + (found[m].end - b0) / slope)
                    if last - first > SHORT and _shows_the_same(passages, found[n], found[m], (first + last) / 2, tie):
                        weight = max(tie.probability, 0.05) * min(last - first, 60.0) ** 0.5
                        for at in (first, last):
                            there = b0 + (at - a0) * slope
                            rows.add(n, tie.a, at, m, tie.b, there, weight)
    measured = len(rows.weights)
    for n, at, m, there in _touching(found, passages, line):
        rows.add(n, found[n].copy, at, m, found[m].copy, there, 1e-3)
    return rows.solved(found, measured, fixed)


def _shows_the_same(passages: Passages, one: Strand, other: Strand, at: float, tie: Tie) -> bool:
    here, there = _piece_at(passages, one, at), _piece_at(passages, other, at + tie.shift)
    if passages.of[here] == passages.of[there]:
        return True
    return tie.probability >= LIKELY and (here in passages.repeats or there in passages.repeats)


def _piece_at(passages: Passages, strand: Strand, at: float) -> int:
    begins = [passages.pieces[number].start for number in strand.pieces]
    return strand.pieces[max(bisect.bisect(begins, at) - 1, 0)]


def _touching(found: Sequence[Strand], passages: Passages, line: Sequence[int]) -> list[tuple[int, float, int, float]]:
    """Where passages that follow each other on the line meet: a moment of one strand and of another."""
    holder: dict[int, tuple[int, int]] = {}
    for number, strand in enumerate(found):
        for piece in () if strand.is_stray else strand.pieces:
            holder.setdefault(passages.of[piece], (number, piece))
    held = [holder[passage] for passage in line if passage in holder]
    meet = []
    for (n, one), (m, other) in itertools.pairwise(held):
        if n != m:
            meet.append((n, passages.pieces[one].end, m, passages.pieces[other].start))
    return meet


class _Rows:
    """Equations: offset n + stretch a * at = offset m + stretch b * there, each with its weight."""

    def __init__(self, strands: int, copies: int) -> None:
        self.strands, self.copies = strands, copies
        self.rows: list[tuple[int, int, float, int, int, float]] = []
        self.weights: list[float] = []

    def add(self, n: int, a: int, at: float, m: int, b: int, there: float, weight: float) -> None:
        if n != m:
            self.rows.append((n, a, at, m, b, there))
            self.weights.append(weight)

    def solved(self, found: Sequence[Strand], measured: int, fixed: Mapping[int, float]) -> Solution:
        width = self.strands + self.copies
        matrix = np.zeros((len(self.rows), width))
        for number, (n, a, at, m, b, there) in enumerate(self.rows):
            matrix[number, n] += 1
            matrix[number, m] -= 1
            matrix[number, self.strands + a] += at
            matrix[number, self.strands + b] -= there
        # Unknown are the offsets, and how far each stretch differs from what it is held at.
        held = np.ones(self.copies)
        firm = np.zeros(self.copies)
        for strand in found:
            firm[strand.copy] = max(firm[strand.copy], strand.end)
        firm = STIFF * firm**2
        for copy, known in fixed.items():
            held[copy], firm[copy] = known, 1e12
        base = np.asarray(self.weights)
        right = -matrix[:, self.strands :] @ held
        weight = base.copy()
        answer: Floats = np.zeros(width)
        diagonal = np.concatenate([np.full(self.strands, 1e-9), np.maximum(firm, 1e-6)])
        for _ in range(ROUNDS if len(self.rows) else 0):
            weighed = matrix * weight[:, None]
            answer = np.linalg.solve(weighed.T @ matrix + np.diag(diagonal), weighed.T @ right)
            error = np.abs(matrix @ answer - right)
            weight = base / np.maximum(error / NOISE_S, 1.0)
            weight[:measured][error[:measured] > FAR_S] *= 1e-4
        stretch = held + answer[self.strands :]
        struck = int((np.abs(matrix @ answer - right)[:measured] > FAR_S).sum()) if len(self.rows) else 0
        return Solution(answer[: self.strands], stretch, struck)
