"""Real browsers in tests of pages: Debian's Chromium, kept from talking to anybody but the site."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.show.stage import PASSWORD

CHROMIUM = shutil.which("chromium")
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required", "--mute-audio"),
)
WAITING_S = 15
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed here; no page was looked at")


@contextmanager
def chromium() -> Iterator[Any]:
    """Chromium, started and ended."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


def until(page: Any, claim: str) -> None:
    """Wait until it holds; asked from outside, because the page's policy lets nothing be evaluated in it."""
    end = time.monotonic() + WAITING_S
    while not page.evaluate(claim):
        assert time.monotonic() < end, f"it never came to be: {claim}"
        page.wait_for_timeout(50)


def sign_in(page: Any, address: str, name: str) -> None:
    """By the form, as people do, so that the pages for which one must have signed in lately are open too."""
    page.goto(f"{address}/account/login/")
    page.fill("[name=login]", name)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{address}/")
