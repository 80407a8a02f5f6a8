"""The page of coverage says in words all that its colors show, and obeys nobody."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings

from holdfast.formats.coverage import source_uses
from holdfast.formats.coverage_page import COLORS, ON_COLORS, bars, coverage_html, covered_sentence, gap_list, share
from holdfast.model.edit import Edit, EditList
from tests.formats.made_edits import PHONE, TAPE, edit_lists, harvest, span
from tests.formats.pages import check_page

PAGE = check_page(coverage_html(harvest()))


def test_the_page_tells_how_much_there_is_and_what_is_missing() -> None:
    assert "Of 15:04, 14:20 (95 %) have a picture and 15:00 (99 %) have sound." in PAGE.text
    assert "8:40–9:20: no picture; the sound is there" in PAGE.text
    assert "15:00–15:04: no picture and no sound" in PAGE.text


def test_every_stretch_stands_in_a_bar_with_its_letter_and_in_a_table_with_its_reason() -> None:
    titles = [value for tag, name, value in PAGE.attributes if (tag, name) == ("i", "title")]

    assert titles[0].startswith("0:00 to 5:50: picture of copy A. the only copy of the beginning")
    assert "8:40 to 9:20: no picture" in titles
    assert PAGE.text.count("no other copy shows it; mirrored and 4 % too fast, put right") == 3


def test_who_does_not_see_the_bar_hears_what_it_shows() -> None:
    spoken = [value for _, name, value in PAGE.attributes if name == "aria-label"]
    assert (
        spoken[1] == "sound: 0:00 to 6:20 copy A, 6:20 to 10:00 copy B, 10:00 to 15:00 copy C, 15:00 to 15:04 missing"
    )


@settings(max_examples=40)
@given(edit_lists())
def test_any_edit_list_gives_a_whole_page_that_asks_for_nothing(edits: EditList) -> None:
    check_page(coverage_html(edits))


def test_names_and_reasons_from_outside_cannot_become_markup() -> None:
    evil = '"><script>alert(1)</script>'
    edits = harvest()
    first = replace(edits.edits[0], picture=(replace(edits.edits[0].picture[0], reason=evil),))
    hostile = replace(edits, title=evil, edits=(first, *edits.edits[1:]), sources={TAPE: evil}, notes=(evil, "\udcff"))

    assert check_page(coverage_html(hostile)).text.count(evil) == 5


def test_letters_of_known_copies_stay_theirs_in_another_bar() -> None:
    uses = source_uses(harvest())
    only_phone = replace(harvest(), edits=(replace(harvest().edits[2], asset=harvest().edits[0].asset),), duration=350)

    assert source_uses(only_phone)[0].letter == "A"
    known = source_uses(only_phone, known=uses)
    assert [(use.letter, use.digest, use.file) for use in known] == [(use.letter, use.digest, use.file) for use in uses]
    assert [(use.picture, use.combined) for use in known] == [(0, 0), (350, 0), (0, 0)]
    assert "copy B" in bars(only_phone, uses)
    assert uses[1].digest == PHONE


@pytest.mark.parametrize(("part", "words"), [(0, "0"), (1, "1"), (500, "50"), (999, "99"), (1000, "100")])
def test_only_what_is_whole_is_a_hundred_percent(part: int, words: str) -> None:
    assert share(Fraction(part), Fraction(1000)) == f"{words}&nbsp;%"


def test_an_asset_of_unknown_length_is_said_to_be_one() -> None:
    assert "nobody knows how long it was" in covered_sentence(replace(harvest(), is_duration_known=False))
    nothing = replace(harvest(), edits=(Edit(span(0, 904)),))
    assert covered_sentence(nothing) == 'Of <span class="time">15:04</span>, nothing was found yet.'
    assert gap_list(replace(harvest(), edits=harvest().edits[:3], duration=Fraction(5204, 10))) == ""


def luminance(color: str) -> float:
    """Source: WCAG 2, relative luminance."""
    full = color if len(color) == 7 else "#" + "".join(c * 2 for c in color[1:])
    parts = [int(full[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("color", "ink"), [*zip(COLORS, ON_COLORS, strict=True)])
def test_letters_can_be_read_on_every_color(color: str, ink: str) -> None:
    light, dark = sorted((luminance(color), luminance(ink)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_the_letters_of_the_page_can_be_read_in_light_and_dark() -> None:
    style = coverage_html(harvest()).decode("utf-8")
    for ground, ink in (("#faf9f6", "#5f5c56"), ("#161513", "#aaa69c"), ("#faf9f6", "#8a5d00"), ("#161513", "#dcb350")):
        assert re.search(f"{ground}.*{ink}", style, re.DOTALL)
        light, dark = sorted((luminance(ground), luminance(ink)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5
