"""The picture of coverage is well-formed, stands alone, and says what it shows."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as Xml

from hypothesis import given, settings

from holdfast.formats.coverage_picture import LEFT, RIGHT, WIDTH, coverage_svg
from holdfast.model.edit import EditList
from tests.formats.made_edits import TAPE, edit_lists, harvest

NAMES = {"s": "http://www.w3.org/2000/svg"}


def parts(edits: EditList) -> list[Xml.Element]:
    return Xml.fromstring(coverage_svg(edits)).findall("s:g", NAMES)


def test_the_picture_has_a_title_and_says_in_words_what_it_shows() -> None:
    root = Xml.fromstring(coverage_svg(harvest()))

    assert root.findtext("s:title", namespaces=NAMES) == "Coverage of Урожай 1974"
    told = root.findtext("s:desc", namespaces=NAMES) or ""
    assert "8:40 to 9:20 missing" in told
    assert told.endswith("10:00 to 15:00 from copy C, 15:00 to 15:04 missing.")


def test_every_stretch_is_a_bar_where_its_time_lies_and_gaps_are_hatched() -> None:
    found = parts(harvest())
    boxes = [part.find("s:rect", NAMES) for part in found]

    assert len(found) == 8 + 4
    first, third = (box for box in (boxes[0], boxes[2]) if box is not None)
    assert float(first.attrib["x"]) == LEFT
    assert abs(float(third.attrib["x"]) - (LEFT + 380 / 904 * (WIDTH - LEFT - RIGHT))) < 0.01
    assert [box.attrib["class"] for box in boxes if box is not None].count("gap") == 3


def test_copies_that_were_combined_have_a_strip_below_the_chosen_one() -> None:
    assert coverage_svg(harvest()).count(b' other"/>') == 2


@settings(max_examples=40)
@given(edit_lists())
def test_any_edit_list_gives_a_well_formed_picture_that_asks_for_nothing(edits: EditList) -> None:
    data = coverage_svg(edits)

    root = Xml.fromstring(data)
    assert {element.tag.split("}")[1] for element in root.iter()} <= {
        *("svg", "title", "desc", "style", "defs", "pattern", "path", "rect", "g", "text", "tspan")
    }
    assert b"http" not in data.replace(b"http://www.w3.org/2000/svg", b"")


def test_names_from_outside_cannot_break_the_picture() -> None:
    evil = 'a]]></title><script>\x07\ufffe\udcff"&'
    data = coverage_svg(replace(harvest(), title=evil, sources={TAPE: evil * 9}))

    assert b"<script" not in data
    assert "…" in "".join(Xml.fromstring(data).itertext())
