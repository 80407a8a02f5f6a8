"""Copies and alignments in a few words, for the tests of the time line."""

from __future__ import annotations

from fractions import Fraction

from holdfast.model.match import Segment
from holdfast.model.time import Span
from holdfast.restore.timeline.line import Alignment, Copy, TimeLine
from holdfast.restore.timeline.ties import Tie, tied


def segment(
    start: float,
    end: float,
    there: float,
    rate: Fraction | int = 1,
    *,
    probability: float = 0.97,
    seen: bool = True,
    heard: bool = True,
    mirrored: bool = False,
    rotation: int = 0,
    doubt: str = "",
) -> Segment:
    """Seconds [start, end) of one are seconds from `there` on of the other."""
    here, to = Span(Fraction(start), Fraction(end)), Fraction(there)
    other = Span(to, to + rate * here.duration)
    return Segment(here, other, Fraction(rate), seen, heard, probability, mirrored, rotation, doubt=doubt)


def copies(**durations: float) -> list[Copy]:
    """Copies by the letter that is their digest; one in capitals was recognised by a person."""
    return [Copy(name, Fraction(length), name.isupper()) for name, length in durations.items()]


def aligned(a: str, b: str, *segments: Segment) -> Alignment:
    return Alignment(a, b, segments)


def tie(a: int, b: int, start: float, end: float, there: float, probability: float = 0.97) -> Tie:
    """Seconds [start, end) of copy a are as many seconds of copy b, from `there` on."""
    found = tied(a, b, segment(start, end, there, probability=probability), 1.0, 1.0)
    assert found is not None
    return found


def told(line: TimeLine) -> dict[str, list[tuple[float, float, float]]]:
    """For each copy its stretches on the line: start and end in the copy, start in the work; to a tenth of a second.

    What lies together is told as one.
    """
    found: dict[str, list[tuple[float, float, float]]] = {}
    for each in line.placements:
        rows = found.setdefault(each.source, [])
        start, end, there = (float(at) for at in (each.copy.start, each.copy.end, each.asset.start))
        if rows and abs(rows[-1][1] - start) < 0.01 and abs(rows[-1][2] + start - rows[-1][0] - there) < 0.01:
            rows[-1] = (rows[-1][0], end, rows[-1][2])
        else:
            rows.append((start, end, there))
    return {name: [tuple(round(at, 1) for at in row) for row in rows] for name, rows in found.items()}  # type: ignore[misc]
