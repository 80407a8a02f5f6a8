"""`holdfast serve`: a real process on an archive's folder, asked by a real client."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from holdfast.show import serving
from holdfast.show.site import SECRET_FILE
from tests.cli.conftest import Kept
from tests.cli.line import holdfast
from tests.show.stage import free_port, served, wait_for


@pytest.mark.slow
def test_an_archive_is_shown_by_one_command_and_its_folder_gets_what_the_desk_needs(kept: Kept) -> None:
    holdfast("describe", kept.id("harvest.mp4"), "--access", "public", "--archive", kept.archive)
    with served(kept.archive) as address:
        with urlopen(f"{address}/") as page:
            assert page.status == 200
            assert "Жатва 1974" in page.read().decode()
        with pytest.raises(HTTPError) as refused:
            urlopen(Request(f"{address}/", headers={"Host": "evil.example"}))
        with refused.value:
            assert refused.value.code == 400
    assert (kept.archive / SECRET_FILE).stat().st_mode & 0o077 == 0
    assert (kept.archive / "desk.db").is_file()


@pytest.mark.slow
@pytest.mark.parametrize("is_nohup", [False, True])
def test_the_site_ends_with_its_terminal_unless_that_is_not_wanted(kept: Kept, *, is_nohup: bool) -> None:
    port, script = free_port(), "from holdfast.cli.main import main; main()"
    command = [*(["nohup"] if is_nohup else []), sys.executable, "-c", script, "serve", str(kept.archive)]
    with subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.DEVNULL) as process:
        wait_for(f"http://127.0.0.1:{port}/")
        process.send_signal(signal.SIGHUP)
        try:
            if is_nohup:
                time.sleep(1)
                wait_for(f"http://127.0.0.1:{port}/")
                assert process.poll() is None
            else:
                assert process.wait(timeout=20) == 0
        finally:
            process.terminate()


def test_the_site_and_the_first_link_stand_at_one_name_for_which_browsers_make_passkeys(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "prepare", lambda _place, hosts: "/account/first/token")
    monkeypatch.setattr(serving, "serve", lambda _address, _port, on_ready: on_ready())
    for address in ("127.0.0.1", "0.0.0.0"):
        port = free_port()
        said = holdfast("serve", kept.archive, "--address", address, "--port", port, "--json")
        assert (said.code, said.err) == (0, "")
        here = f"http://localhost:{port}"
        assert said.records == [{"address": f"{here}/", "public": None, "first": f"{here}/account/first/token"}]
        assert "127.0.0.1" not in holdfast("serve", kept.archive, "--address", address, "--port", port).out


def test_an_address_of_another_network_is_called_as_it_was_given() -> None:
    assert serving.origin_here("192.0.2.7", 80) == "http://192.0.2.7:80"
    assert serving.origin_here("fd00::7", 80) == "http://[fd00::7]:80"
    assert serving.origin_here("::1", 80) == "http://localhost:80"


def test_a_port_that_another_program_has_is_told_before_anything_is_made(kept: Kept) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        said = holdfast("serve", kept.archive, "--port", other.getsockname()[1], "--json")
    assert (said.code, said.error["error"]) == (2, "HF-A005")
    assert "in use" in said.error["what"]
    assert not (kept.archive / SECRET_FILE).exists()


def test_a_folder_that_is_no_archive_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    said = holdfast("serve", tmp_path, "--json")
    assert (said.code, said.error["error"]) == (2, "HF-A001")
    assert list(tmp_path.iterdir()) == []
