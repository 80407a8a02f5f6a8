"""Posts, exhibitions and programmes as readers get them: what may be seen of each, and of the works in it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from holdfast.actions.pieces import revise
from holdfast.model.asset import Tag
from holdfast.model.piece import Item, PieceKind
from holdfast.model.rights import Embargo
from holdfast.model.time import now
from holdfast.show import site
from tests.show.pieces import DAY, made, said, work
from tests.show.stage import WORDS, Stage, as_json, client, signed_in
from tests.show.test_reader import SEEN, each_role

LANGUAGES = ("", "/ru", "/zh-hans", "/de", "/ko")
LISTS = {PieceKind.POST: "news", PieceKind.EXHIBITION: "exhibitions", PieceKind.PROGRAMME: "programmes"}


def page(path: str, browser: Any = None) -> str:
    answer = (browser or client()).get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def places(kind: PieceKind) -> tuple[str, str]:
    """Where its pages stand, and where the API tells of it."""
    return ("news", "posts") if kind is PieceKind.POST else ("c", "collections")


def test_a_post_is_read_in_the_readers_language_and_says_when_it_falls_back(own_stage: Stage) -> None:
    post = made(author="Ada", category="Reports", tags=(Tag("harbour"),))
    english, german, korean = (page(f"{prefix}/news/{post.id}") for prefix in ("", "/de", "/ko"))
    assert "<em>open</em>" in english
    assert "<h1><bdi>Eröffnung</bdi></h1>" in german
    assert "in another language" not in english
    assert "<h1><bdi>Opening</bdi></h1>" in korean
    assert 'lang="en" class="prose"' in korean
    assert "<details" in english  # the other language is there to be read
    assert all(word in page("/news") for word in ("Opening", "We are open.", "Reports"))
    assert "Opening" in page("/news?tag=harbour")
    assert "Opening" not in page("/news?category=Other")


def test_an_exhibition_shows_its_works_in_order_with_moments_and_the_texts_between(own_stage: Stage) -> None:
    public = own_stage.ids["public"]
    items = (work(public, "First the *light*.", 3, 5), Item(words=said("Then silence.")), work(public))
    piece = made(PieceKind.EXHIBITION, items=items)
    html = page(f"/c/{piece.id}")
    found = [html.index(text) for text in ("First the <em>light", "Then silence.")]
    assert found == sorted(found)
    assert f"/w/{public}?t=0:03-0:05" in html
    assert "0:03–0:05" in html
    assert piece.title(("en",)) in page("/exhibitions")
    assert "Also in" in page(f"/w/{public}")
    assert f"/c/{piece.id}" in page(f"/w/{public}")


def test_an_item_with_a_moment_shows_what_was_on_the_screen_then(own_stage: Stage) -> None:
    public = own_stage.ids["public"]
    html = page(f"/c/{made(PieceKind.EXHIBITION, items=(work(public, start=4, end=5), work(public))).id}")
    (still,) = re.findall(rf"/still/{public}/[0-9a-f]{{128}}/[1-9][0-9]*\.jpg", html)
    assert client().get(still).content.startswith(b"\xff\xd8")
    assert html.count("poster.jpg") == 1  # of the item without a moment


def test_a_programme_gives_times_of_the_clock_there_and_its_whole_length(own_stage: Stage) -> None:
    public = own_stage.ids["public"]
    items = (work(public, begins="2026-12-01T19:00"), work(public, begins="2026-12-01T19:10"))
    html = page(f"/c/{made(PieceKind.PROGRAMME, items=items, place='Kino Babylon').id}")
    assert "19:00" in html
    assert 'datetime="2026-12-01T19:10"' in html
    assert "0:12 in all" in html  # two times six seconds
    assert "Kino Babylon" in page("/programmes")


@each_role
def test_of_the_works_in_a_piece_each_reader_gets_those_of_their_level_and_no_trace_of_others(
    own_stage: Stage, role: str
) -> None:
    items = tuple(work(asset, f"About the {level} one.", 1) for level, asset in own_stage.ids.items())
    browser = signed_in(role) if role else client()
    for piece in [made(kind, items=items) for kind in PieceKind]:
        noun, api = places(piece.kind)
        for prefix in LANGUAGES:
            html = page(f"{prefix}/{noun}/{piece.id}", browser)
            for level, word in WORDS.items():
                told = (word in html, own_stage.ids[level] in html, f"About the {level} one." in html)
                assert told == (level in SEEN[role],) * 3, (level, prefix)
        record = as_json(browser.get(f"/api/{api}/{piece.id}"))["record"]
        assert [item["asset"] for item in record.get("items", [])] == [own_stage.ids[level] for level in SEEN[role]]


@each_role
def test_a_piece_is_shown_to_whom_its_own_level_admits_and_is_unknown_to_others(own_stage: Stage, role: str) -> None:
    browser, public = signed_in(role) if role else client(), own_stage.ids["public"]
    for kind in PieceKind:
        noun, api = places(kind)
        pieces = {
            level: made(kind, access=level, words=said("x", title=f"{kind} of {level}"), items=(work(public),))
            for level in WORDS
        }
        lists = [page(f"/{LISTS[kind]}", browser), page(f"/w/{public}", browser)]
        lists.append(browser.get(f"/api/{api}").content.decode())
        for level, piece in pieces.items():
            is_there = level in SEEN[role]
            assert (browser.get(f"/{noun}/{piece.id}").status_code == 200) is is_there
            assert (browser.get(f"/api/{api}/{piece.id}").status_code == 200) is is_there
            assert [f"{kind} of {level}" in text for text in lists] == [is_there] * 3


def test_what_may_not_be_seen_is_answered_as_what_never_was(own_stage: Stage) -> None:
    hidden = made(access="sealed")
    for form in ("/news/{}", "/c/{}", "/api/posts/{}", "/desk/pieces/{}", "/desk/pieces/{}/history"):
        closed, nowhere = (client().get(form.format(name)) for name in (hidden.id, "k7m2x9qd4htbr"))
        assert closed.status_code == nowhere.status_code == 404
        assert closed.content.replace(hidden.id.encode(), b"k7m2x9qd4htbr") == nowhere.content


def test_the_history_names_no_change_of_works_that_the_curator_may_not_see(own_stage: Stage) -> None:
    piece = made(PieceKind.EXHIBITION, items=(work(own_stage.ids["public"]),))
    hidden = work(own_stage.ids["sealed"])
    revise(site.archive(), piece.object_id, lambda held: replace(held, items=(*held.items, hidden)))
    revise(site.archive(), piece.object_id, lambda held: replace(held, items=held.items[:1], author="Ada"))
    path = f"/desk/pieces/{piece.id}/history"
    assert "Works and texts" in page(path, signed_in("custodian"))
    shown = page(path, signed_in("curator"))
    assert "Revised: Author" in shown
    assert "Works and texts" not in shown


def test_a_post_is_not_found_where_collections_are_and_the_other_way_round(own_stage: Stage) -> None:
    post, exhibition = made(), made(PieceKind.EXHIBITION)
    assert [client().get(path).status_code for path in (f"/c/{post.id}", f"/news/{exhibition.id}")] == [404, 404]


def test_a_post_under_embargo_opens_by_the_clock_and_tells_nothing_before(own_stage: Stage) -> None:
    closed = made(embargo=Embargo(now() + timedelta(hours=1), reason="the jury"), words=said("x", title="Prizes"))
    past = made(embargo=Embargo(now() - timedelta(hours=1), reason="the jury"), words=said("x", title="Old prizes"))
    assert client().get(f"/news/{closed.id}").status_code == 404
    assert "Prizes" not in page("/news")
    assert "Old prizes" in page("/news")
    assert "jury" not in client().get(f"/api/posts/{past.id}").content.decode()


def test_the_ways_lead_only_to_what_there_is_to_see(own_stage: Stage) -> None:
    made(PieceKind.PROGRAMME, access="curators")
    assert [way in page("/") for way in ('href="/news"', 'href="/programmes"')] == [False, False]
    made()
    assert [way in page("/") for way in ('href="/news"', 'href="/programmes"')] == [True, False]
    assert 'href="/programmes"' in page("/", signed_in("curator"))


def test_long_lists_go_page_by_page_and_odd_pages_are_the_first(own_stage: Stage) -> None:
    for number in range(23):
        made(words=said("x", title=f"Post {number:02d}"), dated=DAY + timedelta(days=number))
    first, second = page("/news"), page("/news?page=2")
    assert ("Post 22" in first, "Post 02" in first, "Post 02" in second) == (True, False, True)
    assert 'rel="next"' in first
    for odd in ("0", "-1", "x", "9" * 40, "٣"):
        assert "Post 22" in page(f"/news?page={odd}")


HOSTILE = ["<script>alert(1)</script>", "שלום עולם", "안녕하세요 " * 500, "x" * 50_000, "\u202eabc"]


@pytest.mark.parametrize("text", HOSTILE, ids=["script", "hebrew", "hangul", "long", "override"])
def test_hostile_and_foreign_texts_stand_in_the_page_as_text(own_stage: Stage, text: str) -> None:
    words = said(text, title=text[:100])
    piece = made(PieceKind.EXHIBITION, words=words, author=text[:100], items=(Item(words=words),))
    html = page(f"/c/{piece.id}")
    assert "<script>alert" not in html
    assert text.strip().replace("<", "&lt;").replace(">", "&gt;")[:90] in html
    assert "<script>alert" not in page("/exhibitions")
