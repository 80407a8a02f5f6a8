"""A line that is inferred anew keeps the moments that people have cited."""

from __future__ import annotations

from fractions import Fraction

from holdfast.model.edit import Edit, EditList, Placement, Take
from holdfast.model.time import Span
from holdfast.restore.anchored import anchored
from holdfast.restore.timeline.line import TimeLine


def placed(name: str, copy: tuple[int, int], at: int) -> Placement:
    start, end = map(Fraction, copy)
    return Placement(name * 128, Span(start, end), Span(Fraction(at), Fraction(at) + end - start))


def line(*placements: Placement, duration: int = 100) -> TimeLine:
    return TimeLine(Fraction(duration), False, placements)


def made(placement: Placement) -> EditList:
    """A reconstruction of this alone, from 0 on."""
    end = placement.asset.end
    edits = (Edit(Span(Fraction(0), end), (Take(placement),)),)
    return EditList("k7m2x9qd4htbr", "Ferry", end, False, (320, 180), Fraction(25), edits)


BEFORE = made(placed("a", (0, 60), 10))


def test_a_line_that_begins_elsewhere_is_laid_where_the_old_one_lay() -> None:
    found = anchored(line(placed("a", (0, 60), 4), placed("b", (0, 30), 50)), BEFORE)

    assert [one.asset.start for one in found.placements] == [10, 56]
    assert found.duration == 86
    assert found.doubts == ()


def test_a_line_that_lies_as_before_is_left_alone() -> None:
    same = line(placed("a", (0, 60), 10), placed("b", (0, 30), 55))

    assert anchored(same, BEFORE) is same


def test_lines_without_a_common_source_cannot_be_compared() -> None:
    other = line(placed("b", (0, 30), 0))

    assert anchored(other, BEFORE) is other


def test_what_lies_before_the_old_beginning_moves_citations_and_is_said() -> None:
    longer = line(placed("b", (0, 30), 0), placed("a", (0, 60), 25))

    found = anchored(longer, BEFORE)

    assert found.placements == longer.placements
    assert found.doubts == ("What was found lies before the old beginning: a moment cited so far is now 0:15 later.",)
