"""The bar in a terminal: as wide as asked, letters where copies begin, gaps where nothing is."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.formats.coverage_bar import coverage_bar
from holdfast.model.edit import Edit, EditList, Placement, Take
from holdfast.model.time import Span
from tests.formats.made_edits import TAPE, digest, edit_lists, harvest, span

TEN = Placement(TAPE, span(0, 10), span(0, 10))


def simple(*given: Edit) -> EditList:
    return EditList("a", "t", given[-1].asset.end, True, (1, 1), Fraction(25), given, {TAPE: "tape.mpg"})


def test_a_bar_shows_what_is_full_what_is_partly_there_and_what_is_not() -> None:
    edits = simple(Edit(span(0, 4.5), (Take(TEN, "", 0.5),)), Edit(span(4.5, 10)))

    axis, picture, sound, legend, *gaps = coverage_bar(edits, 19, is_ascii=True).splitlines()

    assert axis == "         0:00"
    assert picture == "picture  A===-....."
    assert sound == "sound    .........."
    assert legend == "A  0:04 of picture, quality 0.50  tape.mpg"
    assert gaps == [".  no picture: 0:04 to 0:10", ".  no sound: 0:00 to 0:10"]


def test_a_real_reconstruction_is_seen_at_a_glance() -> None:
    found = coverage_bar(harvest(), 69).splitlines()

    assert found[1] == "picture  A████████████████████████B████████▒··B██C██████████████████▒"
    assert found[2] == "sound    A████████████████████████B██████████████C██████████████████▒"
    assert found[3].endswith("VHS Oma Keller 03.mpg")
    assert found[-2:] == ["·  no picture: 8:40 to 9:20, 15:00 to 15:04", "·  no sound: 15:00 to 15:04"]


@settings(max_examples=50)
@given(edit_lists(), st.integers(1, 200))
def test_both_bars_are_as_wide_as_asked_and_ascii_is_ascii(edits: EditList, width: int) -> None:
    edits = replace(edits, sources={})
    axis, picture, sound, *_ = coverage_bar(edits, width, is_ascii=True).splitlines()

    assert len(picture) == len(sound) == max(width, 19)
    assert len(axis) <= len(picture)
    assert coverage_bar(edits, width, is_ascii=True).isascii()


def test_a_gap_of_less_than_a_cell_is_still_seen_within_a_copy() -> None:
    take = (Take(TEN),)
    edits = simple(Edit(span(0, 5), take), Edit(span(5, 5.1)), Edit(span(5.1, 10), take))

    assert coverage_bar(edits, 19).splitlines()[1] == "picture  A████▒████"


def test_a_name_from_outside_cannot_move_the_cursor() -> None:
    edits = replace(harvest(), sources={TAPE: "a\x1b[2J\u202eb\n\udcff.mp4"})
    assert "A  6:20 of picture, 6:20 of sound, quality 0.71  a [2J b \ufffd.mp4" in coverage_bar(edits).splitlines()


def test_more_copies_than_letters_and_more_gaps_than_lines_are_still_told() -> None:
    takes = [Take(replace(TEN, source=digest(str(n)))) for n in range(60)]
    edits = simple(
        *(
            Edit(Span(Fraction(n), Fraction(n + 1)), (takes[n // 2],) if n % 2 else (), (takes[n // 2],))
            for n in range(120)
        )
    )

    found = coverage_bar(edits, 129).splitlines()

    assert found[1].count("#") == 8
    assert found[-1].endswith("and 48 more")


@pytest.mark.parametrize("width", [1, 80])
def test_an_asset_without_any_length_has_an_empty_bar(width: int) -> None:
    empty = EditList("a", "t", Fraction(0), False, (0, 0), Fraction(0), ())
    assert "picture" in coverage_bar(empty, width)
