"""No moment is covered twice, picture and sound are counted apart, and a find is measured by what it adds."""

from __future__ import annotations

import itertools
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from holdfast.model.edit import Edit, EditList, Placement, Take
from holdfast.model.time import Span
from holdfast.restore.coverage import Covered, common, coverage, fills, nothing_of, summed, total
from holdfast.restore.timeline.line import TimeLine


def span(start: int, end: int) -> Span:
    return Span(Fraction(start), Fraction(end))


def placed(start: int, end: int, *, seen: bool = True, heard: bool = True, source: str = "a") -> Placement:
    return Placement(source, span(0, end - start), span(start, end), seen=seen, heard=heard)


def line(duration: int, *placements: Placement) -> TimeLine:
    return TimeLine(Fraction(duration), True, placements)


def edit_list(*rows: tuple[int, int, bool, bool]) -> EditList:
    """Edits by start, end, and whether there is a picture and a sound."""
    edits = []
    for start, end, picture, sound in rows:
        take = (Take(placed(start, end)),)
        edits.append(Edit(span(start, end), take if picture else (), take if sound else ()))
    return EditList("x", "X", edits[-1].asset.end, True, (640, 360), Fraction(25), tuple(edits))


def test_what_several_copies_show_is_covered_once() -> None:
    found = coverage(line(100, placed(0, 40), placed(20, 60), placed(80, 90)))
    assert found.pictures == (span(0, 60), span(80, 90))
    assert found.gaps == (span(60, 80), span(90, 100))
    assert found.covered == 70


def test_gaps_of_picture_and_of_sound_are_counted_apart() -> None:
    found = coverage(line(100, placed(0, 40), placed(40, 70, seen=False), placed(60, 80, heard=False)))
    assert found.gaps == (span(40, 60), span(80, 100))
    assert found.gaps_of_sound == (span(70, 100),)
    assert found.lost == (span(80, 100),)


def test_an_edit_list_has_the_coverage_that_it_says_of_itself() -> None:
    edits = edit_list((0, 20, True, True), (20, 30, False, True), (30, 60, False, False))
    found = coverage(edits)
    assert (found.gaps, found.gaps_of_sound) == (edits.gaps, edits.gaps_of_sound)
    assert (found.covered, found.covered_by_sound) == (edits.covered, edits.covered_by_sound) == (20, 30)


def test_what_lies_beyond_the_work_covers_nothing_of_it() -> None:
    assert coverage(line(100, placed(90, 130))).covered == 10


def test_works_are_summed_and_those_without_anything_counted() -> None:
    works = [coverage(line(100, placed(0, 100))), coverage(line(50, placed(0, 20))), nothing_of(None)]
    assert summed(works) == Covered(3, 1, 1, 1, Fraction(150), Fraction(120), Fraction(120))


def test_a_find_fills_the_gaps_that_it_shows() -> None:
    edits = edit_list((0, 20, True, True), (20, 30, False, True), (30, 60, False, False))
    fill = fills([placed(10, 40)], edits)
    assert fill.pictures == (span(20, 40),)
    assert fill.sounds == (span(30, 40),)
    assert fill.also == (span(10, 20),)
    assert (fill.seconds, fill.seconds_of_sound, fill.beyond) == (20, 10, 0)


def test_a_find_that_only_sounds_fills_no_gap_of_the_picture() -> None:
    fill = fills([placed(10, 40, seen=False)], edit_list((0, 60, False, False)))
    assert (fill.pictures, fill.sounds, fill.also) == ((), (span(10, 40),), ())


def test_a_find_that_is_longer_than_the_work_says_by_how_much() -> None:
    assert fills([placed(50, 70), placed(55, 65)], edit_list((0, 60, True, True))).beyond == 10


spans = st.lists(st.tuples(st.integers(0, 90), st.integers(1, 40), st.booleans(), st.booleans()), max_size=8)


@given(spans)
def test_covered_and_gaps_are_the_whole_and_share_no_moment(rows: list[tuple[int, int, bool, bool]]) -> None:
    found = coverage(line(100, *(placed(a, a + n, seen=seen, heard=heard) for a, n, seen, heard in rows)))
    assert found.covered + total(found.gaps) == 100
    assert found.covered_by_sound + total(found.gaps_of_sound) == 100
    assert common(found.pictures, found.gaps) == ()
    assert total(found.lost) <= min(total(found.gaps), total(found.gaps_of_sound))


@given(spans, spans)
def test_a_find_fills_as_much_as_coverage_grows(
    first: list[tuple[int, int, bool, bool]], then: list[tuple[int, int, bool, bool]]
) -> None:
    old = [placed(a, a + n, seen=seen, heard=heard) for a, n, seen, heard in first]
    new = [placed(a, a + n, seen=seen, heard=heard, source="b") for a, n, seen, heard in then]
    before, after = coverage(line(100, *old)), coverage(line(100, *old, *new))
    edges = sorted({0, 100} | {int(e) for p in old for e in (p.asset.start, p.asset.end) if e < 100})
    rows = [
        (a, b, any(p.seen and p.within(span(a, b)) for p in old), any(p.heard and p.within(span(a, b)) for p in old))
        for a, b in itertools.pairwise(edges)
    ]
    fill = fills(new, edit_list(*rows))
    assert fill.seconds == after.covered - before.covered
    assert fill.seconds_of_sound == after.covered_by_sound - before.covered_by_sound
