"""Saved pages: the most exact way in which a page tells of films is taken."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from holdfast.errors import BadListing
from holdfast.formats.listings.pages import page_text, read_page
from holdfast.model.lost import ListedDuration, SourceId
from tests.formats.listings.samples import page_of, read

VIDEO = {"@type": "VideoObject", "name": "Harvest", "duration": "PT34M14S", "url": "/7"}


def test_json_ld_is_taken_before_open_graph_and_links() -> None:
    page = page_of(json.dumps(VIDEO)) + '<meta property="og:video" content="x"><a href="/9">Other</a> 1:00'
    (work,), _ = read(read_page, page, address="https://films.example/list")
    assert (work.title, work.publication.url) == ("Harvest", "https://films.example/7")


def test_open_graph_describes_the_one_film_of_a_page() -> None:
    page = """<html><meta property="og:type" content="video.other"><meta property="og:title" content="Harvest">
    <meta property="video:duration" content="2054"><meta property="og:url" content="https://vimeo.com/12345678">
    <meta property="og:image" content="/t.jpg">"""
    (work,), _ = read(read_page, page)
    assert (work.source_id, work.duration) == (SourceId("vimeo", "12345678"), ListedDuration(Fraction(2054)))


def test_microdata_is_read_where_there_is_no_json_ld() -> None:
    page = """<div itemscope itemtype="http://schema.org/Movie"><h1 itemprop="name">Harvest</h1>
    <time itemprop="datePublished" datetime="1974-05-01">May</time><a itemprop="url" href="/7">x</a></div>"""
    (work,), _ = read(read_page, page, address="https://films.example/")
    assert (work.title, work.dates[0].edtf, work.publication.url) == (
        "Harvest",
        "1974-05-01",
        "https://films.example/7",
    )


def test_a_channel_page_of_youtube_is_read_from_what_it_carries() -> None:
    carried = {"contents": [{"videoRenderer": {"videoId": "aB3_dE-fGh1", "title": {"simpleText": "Harvest"}}}]}
    page = page_of(f"var ytInitialData = {json.dumps(carried)};", "text/javascript")
    (work,), _ = read(read_page, page)
    assert (work.title, work.source_id) == ("Harvest", SourceId("youtube", "aB3_dE-fGh1"))


def test_a_page_for_telephones_carries_the_same_as_escaped_text() -> None:
    carried = json.dumps({"c": [{"videoRenderer": {"videoId": "aB3_dE-fGh1", "title": {"simpleText": "It's"}}}]})
    escaped = "".join(f"\\x{ord(c):02x}" if c in "{}\"'[]" else c for c in carried)
    (work,), _ = read(read_page, page_of(f"var ytInitialData = '{escaped}';", ""))
    assert work.title == "It's"


def test_a_page_saved_from_an_archive_tells_when_it_was_captured() -> None:
    page = "<!-- saved from url=(0060)https://web.archive.org/web/20150615120000/https://films.example/list -->"
    (work,), _ = read(read_page, page + page_of(json.dumps(VIDEO)))
    assert work.publication.url == "https://films.example/7"
    assert work.origin.captured_at is not None
    assert work.origin.captured_at.year == 2015


def test_a_page_that_names_no_film_is_refused_with_what_was_looked_for() -> None:
    with pytest.raises(BadListing, match="names no film"):
        read(read_page, "<html><body><a href='/about'>About us</a></body></html>")


def test_a_page_beyond_all_bounds_is_refused() -> None:
    with pytest.raises(BadListing, match="more than 16 MB"):
        read(read_page, "<html>" + "x" * (17 << 20))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1251", "koi8-r"])
def test_a_page_is_read_in_the_encoding_that_it_names_or_shows(encoding: str) -> None:
    page = f'<meta charset="{encoding}"><title>Урожай тысяча девятьсот семьдесят четвёртого года</title>\n'
    assert "Урожай" in page_text(page.encode(encoding))


@pytest.mark.parametrize("name", ["rot13", "nonsense", "base64", "utf-8"])
def test_an_encoding_that_is_none_is_not_believed(name: str) -> None:
    assert "charset" in page_text(f'<meta charset="{name}">\n'.encode() + b"\xff\xfe")
