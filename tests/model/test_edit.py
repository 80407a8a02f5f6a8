"""Placements map times exactly; an edit list covers its asset once; gaps are what no take gives."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.model.edit import Edit, EditList, Placement, Take, joined, without
from holdfast.model.time import Span


def span(start: int | Fraction, end: int | Fraction) -> Span:
    return Span(Fraction(start), Fraction(end))


FAST = Placement("ab" * 64, copy=span(10, 20), asset=span(100, Fraction(1104, 10)), rate=Fraction(26, 25))
TAKE = Take(FAST)


def edits(*given: Edit) -> EditList:
    return EditList("k7m2x9qd4htbr", "Ferry", given[-1].asset.end, True, (320, 180), Fraction(25), given)


def test_a_moment_of_the_asset_is_found_in_the_copy_and_back() -> None:
    assert FAST.copy_time(Fraction(1052, 10)) == 15
    assert FAST.asset_time(Fraction(15)) == Fraction(1052, 10)


def test_the_part_of_a_placement_in_a_stretch_keeps_the_same_line() -> None:
    part = FAST.within(span(102, 105))

    assert part is not None
    assert part.asset == span(102, 105)
    assert part.asset_time(part.copy.end) == 105
    assert FAST.within(span(0, 100)) is None


def test_gaps_of_picture_and_sound_are_counted_apart() -> None:
    found = edits(Edit(span(0, 2)), Edit(span(2, 5), picture=(TAKE,)), Edit(span(5, 9), sound=(TAKE,)))

    assert found.gaps == (span(0, 2), span(5, 9))
    assert found.gaps_of_sound == (span(0, 5),)
    assert (found.covered, found.covered_by_sound) == (3, 4)


def test_an_edit_list_with_a_hole_or_an_overlap_is_refused() -> None:
    good = edits(Edit(span(0, 2)), Edit(span(2, 5)))

    for second in (span(3, 5), span(1, 5), span(2, 4)):
        with pytest.raises(ValueError, match="edit"):
            replace(good, edits=(good.edits[0], Edit(second)))


SPANS = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 20)).map(lambda p: span(p[0], p[0] + p[1])), max_size=8)


@given(SPANS)
def test_joined_stretches_never_count_a_moment_twice(spans: list[Span]) -> None:
    union = {moment for one in spans for moment in range(int(one.start), int(one.end))}

    found = joined(spans)

    assert sum(one.duration for one in found) == len(union)
    assert all(before.end < after.start for before, after in pairwise(found))


@given(SPANS)
def test_what_is_left_and_what_was_taken_are_the_whole(spans: list[Span]) -> None:
    whole = span(5, 45)

    left = without(whole, spans)

    taken = [
        Span(max(one.start, whole.start), min(one.end, whole.end)) for one in spans if one.end > 5 and one.start < 45
    ]
    assert joined([*left, *taken]) == (whole,)
    assert sum((one.duration for one in (*left, *joined(taken))), Fraction(0)) == whole.duration
