"""The list of what is wanted: the same facts as JSON, as a feed that readers accept, and as a piece of a page."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from fractions import Fraction
from xml.etree import ElementTree as Xml

import pytest

from holdfast.formats.wanted import wanted_html, wanted_record, wanted_rss, wanted_sentence
from holdfast.model.wanted import Wanted
from tests.formats.made_edits import span
from tests.formats.pages import check_page

MOMENT = datetime(2026, 11, 23, 14, 22, 56, tzinfo=UTC)
HARVEST = Wanted(
    "k7m2x9qd4htbr",
    "Урожай",
    Fraction(904),
    Fraction(8604, 10),
    (span(520.4, 560), span(900, 904)),
    (span(900, 904),),
    ("only 44 seconds are missing", "cited by nine"),
    "1974",
    MOMENT,
)
FERRY = Wanted("b2c3d4f5g6h7j", "Ferry <& co>")


def test_the_record_has_what_programs_need_and_null_where_nobody_knows() -> None:
    record = wanted_record(HARVEST)

    assert json.loads(json.dumps(record)) == record
    assert (record["duration"], record["covered"], record["missing"]) == (904.0, 860.4, 43.6)
    assert (record["gaps"], record["since"]) == ([[520.4, 560.0], [900.0, 904.0]], "2026-11-23T14:22:56Z")
    assert (wanted_record(FERRY)["duration"], wanted_record(FERRY)["missing"]) == (None, None)


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (HARVEST, "0:43 of 15:04: 8:40 to 9:20, 15:00 to 15:04."),
        (FERRY, "Nothing of it was found yet."),
        (replace(FERRY, duration=Fraction(60), gaps=(span(0, 60),), gaps_of_sound=(span(0, 60),)), "All of its 1:00."),
        (replace(FERRY, duration=Fraction(60), gaps=(span(0, 60),)), "All of its picture, 1:00; there is sound."),
        (replace(HARVEST, gaps=(), covered=Fraction(904)), "The sound of 15:00 to 15:04."),
        (replace(HARVEST, duration=None, gaps=()), "14:20 of it were found; nobody knows how long it was."),
        (
            replace(HARVEST, gaps=tuple(span(2 * n, 2 * n + 1) for n in range(10))),
            "0:43 of 15:04: " + ", ".join(f"0:{2 * n:02d} to 0:{2 * n + 1:02d}" for n in range(8)) + ", and 2 more.",
        ),
    ],
)
def test_what_is_missing_is_said_in_one_sentence(work: Wanted, words: str) -> None:
    assert wanted_sentence(work) == words


def feed(*works: Wanted) -> Xml.Element:
    data = wanted_rss(
        works, "Wanted & sought", "https://a.example/wanted", lambda work: f"https://a.example/{work.asset}"
    )
    found = Xml.fromstring(data).find("channel")
    assert found is not None
    return found


def test_the_feed_has_what_rss_demands_of_a_channel_and_of_its_items() -> None:
    channel = feed(HARVEST, FERRY)

    assert [channel.findtext(name) for name in ("title", "link", "description")] == [
        "Wanted & sought",
        "https://a.example/wanted",
        "Wanted & sought",
    ]
    first, second = channel.findall("item")
    assert first.findtext("title") == "Урожай (1974)"
    assert first.findtext("link") == "https://a.example/k7m2x9qd4htbr"
    assert parsedate_to_datetime(first.findtext("pubDate") or "") == MOMENT
    assert second.findtext("title") == "Ferry <& co>"
    assert second.find("pubDate") is None


def test_a_work_is_news_again_when_more_of_it_was_found() -> None:
    guids = [feed(work).findtext("item/guid") for work in (HARVEST, replace(HARVEST, covered=Fraction(900)), HARVEST)]
    assert guids[0] == guids[2] != guids[1]
    assert "holdfast:wanted:k7m2x9qd4htbr" in (guids[0] or "")


def test_a_feed_names_itself_if_it_knows_where_it_lies() -> None:
    data = wanted_rss([], "t", "https://a.example/", lambda work: "", "https://a.example/wanted.rss?a=1&b=2")
    link = Xml.fromstring(data).find("channel/{http://www.w3.org/2005/Atom}link")
    assert link is not None
    assert link.attrib["href"] == "https://a.example/wanted.rss?a=1&b=2"


def test_a_title_from_outside_cannot_break_the_feed_or_become_markup_in_it() -> None:
    evil = "]]></title>\x00\x1b\ufffe\udcff<script>alert(1)</script>"
    channel = feed(replace(HARVEST, title=evil, reasons=(evil,)))

    assert len(channel.findall("item")) == 1
    assert "<script" not in (channel.findtext("item/description") or "")
    assert "&lt;script&gt;" in (channel.findtext("item/description") or "")


def test_the_piece_of_a_page_names_each_work_and_how_much_of_it_there_is() -> None:
    piece = wanted_html([HARVEST, FERRY], lambda work: f"/watch/{work.asset}?a&b")

    assert '<a href="/watch/k7m2x9qd4htbr?a&amp;b"><bdi>Урожай (1974)</bdi></a>' in piece
    assert '<meter min="0" max="1" value="0.9518">95%</meter>' in piece
    assert piece.count("<meter") == 1
    assert "<li><bdi>cited by nine</bdi></li>" in piece


def test_the_piece_of_a_page_is_whole_and_escaped() -> None:
    evil = '"><script>alert(1)</script>'
    piece = wanted_html([replace(HARVEST, title=evil, reasons=(evil,), date=evil)])
    assert check_page(piece.encode("utf-8")).text.count("<script>") == 3
    assert wanted_html([]) == '<ol class="wanted">\n</ol>\n'
