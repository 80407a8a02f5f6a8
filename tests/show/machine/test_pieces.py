"""Feeds, sitemaps and the API of news and collections: well formed, and without what is not public."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from holdfast.model.piece import PieceKind
from tests.show.pieces import made, said, work
from tests.show.stage import WORDS, Stage, as_json, client, signed_in

A = "{http://www.w3.org/2005/Atom}"
S = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def got(path: str, browser: Any = None) -> Any:
    answer = (browser or client()).get(path)
    assert answer.status_code == 200, path
    return answer


@pytest.mark.parametrize("role", [None, "custodian"])
def test_feeds_and_sitemaps_tell_nobody_of_what_is_not_public(own_stage: Stage, role: str | None) -> None:
    pieces = {level: made(access=level, words=said("x", title=f"Of {level}")) for level in WORDS}
    browser = signed_in(role) if role else client()
    for path in ("/news.rss", "/news.atom", "/sitemap-pages.xml"):
        text = got(path, browser).content.decode()
        assert [level for level in WORDS if pieces[level].id in text] == ["public"], path


def test_an_rss_item_and_an_atom_entry_have_title_address_day_and_first_words(own_stage: Stage) -> None:
    post = made()
    made(PieceKind.EXHIBITION)
    (item,) = ET.fromstring(got("/news.rss").content).iter("item")
    assert item.findtext("title") == "Opening"
    assert item.findtext("description") == "We are open."
    assert item.findtext("link") == f"http://localhost/news/{post.id}"
    assert item.findtext("pubDate") == "Wed, 25 Nov 2026 09:00:00 +0000"
    (entry,) = ET.fromstring(got("/news.atom").content).iter(f"{A}entry")
    assert entry.findtext(f"{A}updated") == "2026-11-25T09:00:00Z"
    assert entry.findtext(f"{A}summary") == "We are open."


def test_a_feed_of_a_category_has_its_own_address_and_nothing_else(own_stage: Stage) -> None:
    made(category="Reports", words=said("x", title="Report"))
    made(words=said("x", title="Chatter"))
    text = got("/news.rss?category=Reports").content.decode()
    assert ("Report<" in text, "Chatter" in text) == (True, False)
    assert "news.rss?category=Reports" in text


def test_the_sitemap_of_sitemaps_names_that_of_pages_only_when_there_are_any(own_stage: Stage) -> None:
    assert "sitemap-pages" not in got("/sitemap.xml").content.decode()
    assert client().get("/sitemap-pages.xml").status_code == 404
    piece = made(PieceKind.PROGRAMME)
    assert "http://localhost/sitemap-pages.xml" in got("/sitemap.xml").content.decode()
    places = [loc.text for loc in ET.fromstring(got("/sitemap-pages.xml").content).iter(f"{S}loc")]
    assert f"http://localhost/c/{piece.id}" in places
    assert f"http://localhost/ko/c/{piece.id}" in places
    assert len(places) == 5


def test_the_api_lists_and_tells_what_the_records_have(own_stage: Stage) -> None:
    post = made(category="Reports")
    piece = made(PieceKind.EXHIBITION, items=(work(own_stage.ids["public"], "Look.", 3),))
    made(PieceKind.PROGRAMME)
    (line,) = as_json(got("/api/posts"))
    assert line == {
        "id": post.id,
        "kind": "post",
        "title": "Opening",
        "dated": "2026-11-25T09:00:00Z",
        "access": "public",
        "category": "Reports",
    }
    assert len(as_json(got("/api/collections"))) == 2
    assert [one["id"] for one in as_json(got("/api/collections?kind=exhibition"))] == [piece.id]
    told = as_json(got(f"/api/collections/{piece.id}"))
    assert told["record"]["items"][0]["start"] == "3"
    assert told["record"]["format"] == "holdfast-piece-1"
    assert client().get("/api/collections?kind=post").content == b"[]"
    assert client().get("/api/collections?kind=essay").status_code == 422
    unknown = client().get("/api/posts/zzz")
    assert (unknown.status_code, as_json(unknown)["error"]) == (404, "HF-N004")
