"""A real browser sends files to a real server, which is killed meanwhile; curators decide with their keys."""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from holdfast.actions.archive import UPLOADS
from holdfast.show.models import ContributedFile, Report
from tests.cli.line import holdfast
from tests.show import senders
from tests.show.browsing import chromium, needs_chromium, sign_in, until
from tests.show.stage import PASSWORD, Stage, free_port, served, signed_in, wait_for
from tests.show.test_watching import READY

pytestmark = [pytest.mark.slow, needs_chromium]
MIB = 1024 * 1024
WAITING_S = 60
SLOWLY = {"offline": False, "latency": 5, "downloadThroughput": -1, "uploadThroughput": 8 * MIB}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium. Playwright has a loop in this thread, and Django would refuse to be asked beside one."""
    with pytest.MonkeyPatch.context() as patch, chromium() as started:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield started


@contextlib.contextmanager
def running(folder: Path, port: int) -> Iterator[Callable[[], None]]:
    """A server that can be killed with all its processes, as by a power cut."""
    script = "from holdfast.cli.main import main; main()"
    command = [sys.executable, "-c", script, "serve", str(folder), "--port", str(port), "--json"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=os.environ, start_new_session=True)

    def kill() -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    try:
        wait_for(f"http://127.0.0.1:{port}/contribute")
        yield kill
    finally:
        kill()


def wait(claim: Callable[[], object], page: Any = None) -> None:
    """Until it holds."""
    end = time.monotonic() + WAITING_S
    while not claim():
        assert time.monotonic() < end, "it never came to be"
        if page is not None:
            page.wait_for_timeout(50)
        else:
            time.sleep(0.05)


def signed_in_page(browser: Any, address: str, name: str) -> Any:
    page = browser.new_context(viewport={"width": 1100, "height": 900}).new_page()
    sign_in(page, address, name)
    return page


def come(folder: Path) -> int:
    """How many bytes lie on the shelf."""
    return sum(path.stat().st_size for path in (folder / UPLOADS).glob("*/bytes"))


def test_an_upload_survives_a_killed_server_and_a_closed_page_and_every_byte_is_there(
    browser: Any, own_stage: Stage, tmp_path: Path
) -> None:
    large = tmp_path / "large.mp4"
    large.write_bytes(random.Random(5).randbytes(40 * MIB))
    page, port = browser.new_page(), free_port()
    address = f"http://127.0.0.1:{port}/contribute"
    with running(own_stage.folder, port) as kill:
        page.goto(address)
        page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOWLY)
        page.set_input_files("#file", large)
        wait(lambda: come(own_stage.folder) > 9 * MIB, page)
        kill()
    at_the_cut = come(own_stage.folder)
    assert 9 * MIB < at_the_cut < 40 * MIB
    until(page, "document.querySelector('.files .soft').textContent.includes('line is broken')")
    with running(own_stage.folder, port):
        wait(lambda: come(own_stage.folder) > at_the_cut + 5 * MIB, page)  # by itself
        page.reload()
        begun = page.locator("[data-begun]")
        begun.wait_for()
        assert "Choose it again" in begun.inner_text()
        before = come(own_stage.folder)
        page.set_input_files("#file", large)
        done = page.locator(".files input[name=upload]")
        done.wait_for(state="attached", timeout=1000 * WAITING_S)
        assert before > at_the_cut
        assert come(own_stage.folder) == 40 * MIB  # one upload, not two
        (kept,) = (own_stage.folder / UPLOADS).glob("*/bytes")
        assert hashlib.sha256(kept.read_bytes()).digest() == hashlib.sha256(large.read_bytes()).digest()
        page.check("[name=consent]")
        page.fill("#title", "A large one")
        page.click(".sending button.primary")
        page.wait_for_url("**/contribute/*-*")
        page.go_back()
        assert page.evaluate("Object.keys(localStorage).length") == 0  # what was handed over is forgotten here
    page.close()


def test_a_contribution_is_accepted_with_one_key_and_can_be_watched(
    browser: Any, own_stage: Stage, tmp_path: Path
) -> None:
    signed_in("curator", "Ada")
    film = tmp_path / "ferry.mp4"
    film.write_bytes(senders.film(tmp_path))
    with served(own_stage.folder) as address:
        stranger = browser.new_context().new_page()
        stranger.goto(f"{address}/contribute")
        stranger.set_input_files("#file", film)
        stranger.fill("#title", "The ferry")
        stranger.check("[name=consent]")
        stranger.click(".sending button.primary")  # it goes off when the file is there
        stranger.wait_for_url("**/contribute/*-*")
        assert "waits for a curator" in stranger.inner_text(".standing")
        page = signed_in_page(browser, address, "Ada")

        def is_looked_at() -> bool:
            page.goto(f"{address}/desk/inbox")
            return "h264" in page.content()

        wait(is_looked_at, page)
        page.keyboard.press("?")
        assert page.locator("#keys").is_visible()
        page.keyboard.press("Escape")
        page.locator("#keys").wait_for(state="hidden")
        page.keyboard.press("j")
        until(page, "document.activeElement.matches('[data-waiting]')")
        page.keyboard.press("a")
        page.wait_for_selector(".messages")

        def is_kept() -> bool:
            stranger.wait_for_timeout(1000)  # who asks too often for a receipt is told to wait
            stranger.reload()
            return "accepted and kept" in stranger.content()

        wait(is_kept, stranger)
        asset = ContributedFile.objects.get().asset
        assert holdfast("work", "--archive", own_stage.folder).code == 0
        page.goto(f"{address}/w/{asset}")
        assert "The ferry" in page.inner_text("h1")
        until(page, READY)
        page.keyboard.press("k")
        until(page, "document.getElementById('player').currentTime > 0.5")
        stranger.goto(f"{address}/w/{asset}")
        assert stranger.locator("#player").count() == 0


def test_a_report_is_seen_in_the_inbox_and_closes_the_work_by_keys_alone(browser: Any, own_stage: Stage) -> None:
    signed_in("curator", "Ada")
    work = own_stage.ids["public"]
    with served(own_stage.folder) as address:
        stranger = browser.new_context().new_page()
        stranger.goto(f"{address}/w/{work}?t=0:03")
        stranger.click("text=Report this")
        assert stranger.input_value("#moment") == "0:03"
        stranger.check("[value=risk]")
        stranger.fill("#text", "She asked not to be shown.")
        stranger.click(".sending button")
        stranger.wait_for_selector("[role=status]")
        page = signed_in_page(browser, address, "Ada")
        page.goto(f"{address}/desk/inbox")
        assert "She asked not to be shown." in page.content()
        for key in ("j", "a"):
            page.keyboard.press(key)
        page.keyboard.type("she is at risk")
        page.keyboard.press("Enter")
        page.wait_for_selector(".messages")
        assert stranger.goto(f"{address}/w/{work}").status == 404
    assert Report.objects.get().answer == "she is at risk"


def test_an_embargo_is_set_at_the_desk_and_holds_at_once(browser: Any, own_stage: Stage) -> None:
    signed_in("curator", "Ada")
    work = own_stage.ids["public"]
    with served(own_stage.folder) as address:
        page = signed_in_page(browser, address, "Ada")
        stranger = browser.new_context().new_page()
        assert stranger.goto(f"{address}/w/{work}").status == 200
        page.goto(f"{address}/desk/w/{work}")
        page.fill("[name=embargo-until]", "2099-05-09")
        page.fill("[name=embargo-reason]", "by will of the donor")
        page.click(".editor button.primary")
        page.wait_for_selector(".messages")
        assert "Closed until 9 May 2099" in page.inner_text(".editor")
        assert stranger.goto(f"{address}/w/{work}").status == 404


def test_without_scripts_a_file_is_sent_and_decided_on_by_mouse(browser: Any, own_stage: Stage, tmp_path: Path) -> None:
    signed_in("curator", "Ada")
    page_file = tmp_path / "page.mp4"
    page_file.write_bytes(senders.HTML)
    with served(own_stage.folder) as address:
        plain = browser.new_context(java_script_enabled=False).new_page()
        plain.goto(f"{address}/contribute")
        plain.set_input_files("#file", page_file)
        plain.check("[name=consent]")
        plain.click(".sending button.primary")
        plain.wait_for_url("**/contribute/*-*")
        receipt = plain.url
        plain.goto(f"{address}/account/login/")
        plain.fill("[name=login]", "Ada")
        plain.fill("[name=password]", PASSWORD)
        plain.press("[name=password]", "Enter")
        plain.goto(f"{address}/desk/inbox")
        plain.fill("[name=reason]", "this is a web page")
        plain.click("text=Refuse and delete")
        plain.goto(receipt)
        assert "this is a web page" in plain.content()
    assert list((own_stage.folder / UPLOADS).iterdir()) == []


def test_pausing_and_removing_work_from_the_keyboard(browser: Any, own_stage: Stage, tmp_path: Path) -> None:
    large = tmp_path / "large.mp4"
    large.write_bytes(bytes(30 * MIB))
    with served(own_stage.folder) as address:
        page = browser.new_context().new_page()
        page.goto(f"{address}/contribute")
        page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOWLY)
        page.set_input_files("#file", large)
        wait(lambda: come(own_stage.folder) > 5 * MIB, page)
        page.locator("#file").focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        until(page, "document.querySelector('.files .soft').textContent === 'Paused'")
        page.wait_for_timeout(800)
        paused = come(own_stage.folder)
        page.wait_for_timeout(500)
        assert come(own_stage.folder) == paused < 30 * MIB
        page.keyboard.press("Enter")
        wait(lambda: come(own_stage.folder) > paused, page)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        wait(lambda: not list((own_stage.folder / UPLOADS).iterdir()), page)
        assert page.locator(".files li").count() == 0
    shutil.rmtree(own_stage.folder / UPLOADS)
