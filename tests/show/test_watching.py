"""A real browser watches a film: it plays, seeks, shows captions, minds its keys, and needs no scripts to play."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.show.browsing import chromium, needs_chromium, until
from tests.show.stage import Stage, served

pytestmark = [pytest.mark.slow, needs_chromium]
READY = "document.getElementById('player').readyState >= 2"
SHOWN = """[...document.getElementById('player').textTracks].some((track) => track.mode === 'showing'
  && track.activeCues.length === 1 && track.activeCues[0].text.includes('Leuchtturm'))"""
AT = "document.getElementById('player').currentTime"


@pytest.fixture(scope="module")
def address(whole_stage: Stage) -> Iterator[str]:
    """The page of the public work, served by a real server."""
    with served(whole_stage.folder) as site:
        yield f"{site}/w/{whole_stage.ids['public']}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium."""
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page of nobody in particular; what it complains of fails the test."""
    context = browser.new_context(viewport={"width": 1000, "height": 800})
    page, complaints = context.new_page(), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert complaints == []


def test_a_film_plays_and_what_is_said_is_marked_in_the_transcript(page: Any, address: str) -> None:
    page.goto(address)
    until(page, READY)
    page.keyboard.press("k")
    until(page, f"{AT} > 0.7")
    assert page.evaluate("document.getElementById('player').videoWidth") > 0
    until(page, "document.querySelector('.transcript li.now').textContent.includes('Guten Abend')")


def test_keys_seek_step_and_open_the_list_of_keys(page: Any, address: str) -> None:
    page.goto(address)
    until(page, READY)
    page.keyboard.press("ArrowRight")
    until(page, f"Math.abs({AT} - 5) < 0.1")
    page.keyboard.press(",")
    until(page, f"{AT} < 5 && {AT} > 4.9")
    page.keyboard.press("j")
    until(page, f"{AT} === 0")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#keys").is_visible()


def test_captions_are_shown_when_asked_for(page: Any, address: str) -> None:
    page.goto(address)
    until(page, READY)
    page.keyboard.press("c")
    page.keyboard.press("ArrowRight")
    page.locator(".transcript a.at").nth(1).click()
    until(page, SHOWN)


def test_a_moment_in_the_address_is_where_the_film_begins(page: Any, address: str) -> None:
    page.goto(f"{address}?t=0:03")
    until(page, READY)
    until(page, f"Math.abs({AT} - 3) < 0.2")


def test_a_transcript_can_be_filtered_and_a_moment_shared(page: Any, address: str) -> None:
    page.goto(address)
    until(page, READY)
    page.locator(".filter input").fill("leuchtturm")
    assert page.locator(".transcript li:visible").count() == 1
    page.locator(".transcript li:visible a").click()
    page.locator("#share").click()
    until(page, "document.getElementById('link').value.endsWith('?t=0:02')")
    until(page, "document.getElementById('told').textContent.includes('0:02')")


def test_the_time_bar_shows_what_lies_under_the_pointer(page: Any, address: str) -> None:
    page.goto(address)
    until(page, READY)
    page.locator("#seek").hover()
    assert page.locator("#preview svg").is_visible()
    assert page.locator("#preview").inner_text().strip() in ("0:02", "0:03")


def test_without_scripts_the_film_plays_and_the_transcript_leads(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert not page.locator("#tools").is_visible()
    page.locator(".transcript a.at").nth(1).click()
    page.wait_for_url("**?t=0:02")
    until(page, READY)
    page.locator("#player").focus()
    page.keyboard.press(" ")
    until(page, f"{AT} > 2.5")
    context.close()
