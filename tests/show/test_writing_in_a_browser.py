"""A real browser at the desk: a post is written, looked at and published; an exhibition is read on a small screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from holdfast.model.piece import Item, PieceKind
from tests.show.browsing import chromium, needs_chromium
from tests.show.pieces import made, said, work
from tests.show.stage import PASSWORD, Stage, served, signed_in

pytestmark = [pytest.mark.slow, needs_chromium]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def browser() -> Iterator[Any]:
    """Chromium."""
    with chromium() as started:
        yield started


@pytest.fixture
def curated(own_stage: Stage) -> Stage:
    """The stage with a curator; made before the browser, beside which Django does not talk to its database."""
    signed_in("curator", "Ada")
    return own_stage


def test_a_post_is_written_previewed_and_published_without_scripts_and_read_by_a_stranger(
    curated: Stage, browser: Any
) -> None:
    with served(curated.folder) as site:
        desk = browser.new_context(java_script_enabled=False).new_page()
        desk.goto(f"{site}/account/login/?next=/desk/pieces")
        desk.fill("input[name=login]", "Ada")
        desk.fill("input[name=password]", PASSWORD)
        desk.click("main button[type=submit]")
        desk.click("text=Write a post")
        desk.fill("[name=title-en]", "The lamp burns again")
        desk.fill("[name=text-en]", "After *ninety* years.\n\n![map](https://elsewhere.example/map.png)")
        desk.fill("[name=title-ko]", "등불이 다시 켜졌습니다")
        desk.fill("[name=item-0-work]", f"{site}/w/{curated.ids['public']}?t=0:03-0:05")
        desk.select_option("[name=access]", "public")
        desk.click("button[value=preview]")
        assert desk.text_content(".preview em") == "ninety"
        assert "fetches nothing from others" in str(desk.text_content(".preview"))
        desk.click("button[value=keep]")
        desk.click("text=Its page")
        address = desk.url

        asked, complaints = [], []
        reader = browser.new_context(viewport={"width": 320, "height": 700}).new_page()
        reader.on("request", lambda request: asked.append(request.url))
        reader.on("console", lambda said: complaints.append(said.text))
        for path in (address, address.replace("/news/", "/ko/news/"), f"{site}/news"):
            reader.goto(path)
            assert reader.evaluate(OVERFLOW) <= 0, path
        assert "등불이" in reader.goto(address.replace("/news/", "/ko/news/")).text()
        reader.goto(address)
        reader.click(".items h3 a")
        assert reader.url.endswith("?t=0:03-0:05")
        assert [url for url in asked if not url.startswith((site, "data:", "blob:"))] == []
        assert complaints == []


def test_an_exhibition_fits_every_width_and_prints_the_address_of_each_moment(own_stage: Stage, browser: Any) -> None:
    long = "Donaudampfschifffahrtsgesellschaftskapitän" * 3
    items = (
        work(own_stage.ids["public"], f"{long} 安静 조용히", 3, 5),
        Item(words=said(f"# {long}\n\n    code {long}")),
    )
    piece = made(PieceKind.EXHIBITION, items=items, words=said("x", title=long))
    with served(own_stage.folder) as site:
        page = browser.new_page()
        for width in (320, 800, 1400):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(f"{site}/c/{piece.id}")
            assert page.evaluate(OVERFLOW) <= 0, width
        address = page.locator(".items .address").first
        assert not address.is_visible()
        page.emulate_media(media="print")
        assert address.is_visible()
        assert str(address.text_content()).endswith(f"/w/{own_stage.ids['public']}?t=0:03-0:05")
