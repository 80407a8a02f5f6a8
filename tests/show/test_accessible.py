"""Every page of the site before axe-core and under the keyboard alone: nothing is found, and nothing needs a pointer.

Pages are taken from the table of addresses (`tests/show/sweep.py`). Each is looked at in two languages, light and dark,
on a wide screen and at 320 pixels, where nothing may lead out of the page to the right.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import util
from pathlib import Path
from typing import Any

import pytest

from tests.show import planting, stage, sweep
from tests.show.browsing import chromium, needs_chromium, sign_in, until
from tests.show.planting import Planted
from tests.show.stage import served, signed_in

AXE = util.find_spec("axe_playwright_python")
pytestmark = [pytest.mark.slow, needs_chromium]
needs_axe = pytest.mark.skipif(AXE is None, reason="axe-core is not installed here; no page was held against it")
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ASK = """async (only) => (await axe.run(document, {resultTypes: ["violations"], runOnly: only})).violations.map(
  (one) => one.id + ": " + one.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(" | "))"""
TOO_WIDE = "document.documentElement.scrollWidth > window.innerWidth"
NO_PAGES = ("media", "captions", "chapters", "citation", "first", "account_logout")  # files, and what ends the visit
OF_ADMINISTRATORS = ("desk", "account_", "mfa_", "usersessions_", "home", "work")
TABS = 150


@pytest.fixture(scope="module")
def address(whole_planted: Planted, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A copy of the planted archive, served by a real server; an administrator called Ada has an account."""
    own = whole_planted.stage.copied(tmp_path_factory.mktemp("served") / "archive")
    archive = stage.show(own)
    planting.fill_desk(whole_planted)
    signed_in("admin", "Ada")
    archive.close()
    with served(own.folder) as site:
        yield site.replace("127.0.0.1", "localhost")


@pytest.fixture(scope="module")
def browser(address: str) -> Iterator[Any]:
    """Chromium, started after the site is ready: Django will not be asked from within its loop."""
    with chromium() as started:
        yield started


@needs_axe
@pytest.mark.parametrize(
    ("name", "language"),
    [
        pytest.param("", "", id="stranger-en"),
        pytest.param("", "/ru", id="stranger-ru", marks=pytest.mark.sweep),
        pytest.param("Ada", "", id="administrator-en", marks=pytest.mark.sweep),
        pytest.param("Ada", "/ru", id="administrator-ru", marks=pytest.mark.sweep),
    ],
)
def test_axe_finds_nothing_on_any_page(
    browser: Any, address: str, whole_planted: Planted, language: str, name: str
) -> None:
    context = browser.new_context(viewport={"width": 1400, "height": 900}, reduced_motion="reduce")
    page, found, looked_at = context.new_page(), [], set()
    if name:
        sign_in(page, address, name)
    for path in pages_of(whole_planted, is_administrator=bool(name)):
        answer = context.request.get(address + language + path)
        if not answer.headers.get("content-type", "").startswith("text/html") or answer.status == 405:
            continue
        page.goto(answer.url)
        if page.url in looked_at:
            continue
        looked_at.add(page.url)
        found += [f"{language}{path} {one}" for one in findings(page)]
    context.close()
    assert not found, "\n".join(found)
    assert len(looked_at) > 10


def pages_of(planted: Planted, *, is_administrator: bool) -> list[str]:
    """A path of every address that may be a page, with what everybody may see in its places; and searches.

    To an administrator only those that are otherwise for them: the desk, their account, home, a work.
    """
    work = planted.works["public"]
    named = [one for one in sweep.addresses() if one.name not in NO_PAGES]
    if is_administrator:
        named = [one for one in named if one.name.startswith(OF_ADMINISTRATORS)]
    paths = [path for one in named for path in sweep.paths(one, work)[:1]]
    return [*paths, f"/search?q={work.stem}", f"/w/{work.asset}?t=0:01-0:03", "/no/such/page"]


def findings(page: Any) -> list[str]:
    """What axe-core says of the page, light and dark, wide and narrow; and that nothing is wider than the screen."""
    assert AXE is not None
    assert AXE.submodule_search_locations is not None
    page.evaluate((Path(AXE.submodule_search_locations[0]) / "axe.min.js").read_text("utf-8"))
    found = []
    for width, scheme, only in (
        (1400, "light", LEVELS),
        (1400, "dark", ["color-contrast"]),
        (320, "dark", LEVELS),
        (320, "light", ["color-contrast"]),
    ):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found += [f"at {width}, {scheme}: {one}" for one in page.evaluate(ASK, only)]
    if page.evaluate(TOO_WIDE):
        found.append("at 320: something is wider than the screen")
    return found


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """A page at home whose pointer is never used."""
    context = browser.new_context(viewport={"width": 1000, "height": 800})
    page = context.new_page()
    page.goto(address + "/")
    yield page
    context.close()


def tab_to(page: Any, selector: str) -> None:
    """Press Tab until the element has the focus, and see that one sees where one is."""
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def test_by_keyboard_alone_one_searches_and_the_moment_that_was_found_plays(page: Any) -> None:
    tab_to(page, "#q")
    page.keyboard.type(planting.STEMS["public"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    tab_to(page, ".moments a[href*='t=']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/w/*t=*")
    until(page, "document.getElementById('player').readyState >= 2")
    begun = page.evaluate("document.getElementById('player').currentTime")
    assert begun > 0
    page.keyboard.press("k")
    until(page, f"document.getElementById('player').currentTime > {begun} + 0.3")


def test_by_keyboard_alone_one_changes_the_language_and_skips_to_the_content(page: Any) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.skip')")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    tab_to(page, "a[hreflang=ru]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ru/")
    assert page.evaluate("document.documentElement.lang") == "ru"


def test_by_keyboard_alone_a_curator_signs_in_and_keeps_a_new_description(page: Any, address: str) -> None:
    tab_to(page, "a[href*='/account/login/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/login/**")
    tab_to(page, "[name=login]")
    page.keyboard.type("Ada")
    tab_to(page, "[name=password]")
    page.keyboard.type(stage.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")
    tab_to(page, "a[href='/desk']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk")
    tab_to(page, "main a[href*='/desk/w/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/w/*")
    tab_to(page, "main textarea")
    page.keyboard.press("End")
    page.keyboard.type(" as the keyboard says")
    tab_to(page, "main form button[type=submit], main form button:not([type])")
    page.keyboard.press("Enter")
    page.wait_for_selector(".messages li")
    assert "as the keyboard says" in page.content()
