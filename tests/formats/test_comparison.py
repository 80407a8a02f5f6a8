"""The page of a comparison holds everything itself, obeys nobody, and says what the segments say."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser

import pytest

from holdfast.formats.comparison import comparison_html, evidence, share_shown, steps, traits
from holdfast.model.comparison import Comparison, Pair, Side
from holdfast.model.match import Geometry, Segment
from holdfast.model.time import Span

IDENTITY = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)


def segment(start: int, end: int, at: int, **said: object) -> Segment:
    ours, theirs = Span(Fraction(start), Fraction(end)), Span(Fraction(at), Fraction(at + end - start))
    return replace(Segment(ours, theirs, Fraction(1), seen=True, heard=False, probability=0.98), **said)


FOUND = Comparison(
    Side("<b>copy & co.mp4", Fraction(60), (640, 360)),
    Side("work.mkv", Fraction(3700)),
    0.99,
    (segment(0, 30, 100, mirrored=True), segment(30, 45, 900)),
    (segment(50, 60, 3000, doubt="same room, other minute"),),
    (Pair(Fraction(3), Fraction(103), b"\xff\xd8 a picture", b""),),
    ("a note",),
)


class Strict(HTMLParser):
    """Counts what is open, and notes every address."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href", "action")]


def test_the_page_asks_for_nothing_from_outside_and_runs_nothing() -> None:
    page = comparison_html(FOUND).decode("utf-8")
    seen = Strict()
    seen.feed(page)
    assert "script" not in seen.tags
    assert all(address.startswith("data:image/jpeg;base64,") for address in seen.addresses)
    assert len(seen.addresses) == 1
    assert not re.search(r"url\(|@import|https?:", page)


def test_names_from_outside_cannot_become_markup() -> None:
    page = comparison_html(FOUND).decode("utf-8")
    assert "<b>copy" not in page
    assert "&lt;b&gt;copy &amp; co.mp4" in page
    odd = replace(FOUND, copy=Side("\udcff.mp4", Fraction(1)))
    assert b"?.mp4" in comparison_html(odd)


def test_every_segment_is_a_line_of_the_map_and_a_row_of_the_table() -> None:
    page = comparison_html(FOUND).decode("utf-8")
    assert page.count("<g class=claim>") == 2
    assert page.count("<g class=doubtful>") == 1
    assert page.count("<tr class=claim>") == 2
    assert "same room, other minute" in page
    assert "no picture" in page


def test_a_comparison_without_any_length_or_segment_is_a_page_too() -> None:
    nothing = Comparison(Side("a", Fraction(0)), Side("b", Fraction(0)), 0.0, ())
    assert "Nothing of the copy was found in the work" in comparison_html(nothing).decode("utf-8")


def test_what_two_segments_explain_counts_once() -> None:
    assert share_shown(FOUND) == Fraction(45, 60)
    assert share_shown(replace(FOUND, segments=(segment(0, 30, 100), segment(10, 40, 500)))) == Fraction(40, 60)


@pytest.mark.parametrize(("duration", "most"), [(1, 10), (59, 10), (3700, 8), (36000, 8), (400 * 3600, 8)])
def test_an_axis_has_a_handful_of_round_marks(duration: int, most: int) -> None:
    marks = steps(Fraction(duration), most)
    assert marks[0] == 0
    assert len(marks) <= most + 1
    assert marks[-1] <= duration


def test_how_a_segment_differs_is_told_in_words() -> None:
    told = segment(
        *(0, 10, 0),
        mirrored=True,
        rotation=180,
        rate=Fraction(26, 25),
        heard=True,
        geometry=Geometry(IDENTITY, shown=(0.1, 0.1, 0.9, 0.9), box=(0.5, 0.5, 1.0, 1.0)),
    )
    assert traits(told) == (
        "mirrored, turned by 180°, at 1.040 times the speed, 64% of the picture, inside a larger picture"
    )
    assert evidence(told) == "seen and heard"
    assert traits(segment(0, 10, 0)) == ""
