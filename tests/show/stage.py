"""A site in tests: an archive of made films at all access levels, asked in this process or served by a real one."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from holdfast.actions.archive import Archive
from holdfast.show import site
from holdfast.testing.films import film_plan, write_film
from tests.cli.line import holdfast

SIZE = (320, 180)
SECONDS = 6
# A word of each level's own, in its title; and one that is said in its captions.
WORDS = {"public": "Leuchtturm", "members": "Zeppelin", "curators": "Xylophon", "sealed": "Quarzsand"}
STARTING_S = 40
PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Stage:
    """A folder with an archive of one film for each access level; `ids` by level."""

    folder: Path
    ids: dict[str, str] = field(default_factory=dict)

    def copied(self, folder: Path) -> Stage:
        """A copy, to do anything to."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Stage(folder, self.ids)


def staged(base: Path) -> Stage:
    """The stage of this process; nobody writes to its archive."""
    return _staged(base)


@lru_cache(maxsize=1)
def _staged(base: Path) -> Stage:
    base.mkdir()
    folder, ids = base / "archive", {}
    assert holdfast("init", folder, "--name", "The Lighthouse", "--custodian", "Archive of the Group").code == 0
    for seed, (level, word) in enumerate(WORDS.items(), start=21):
        film = base / f"{word} {seed}.mp4"
        write_film(film_plan(seed, SECONDS, SIZE), film, tags={"title": ""})
        film.with_suffix(".de.vtt").write_text(captions(word), "utf-8")
        said = holdfast("add", film, "--access", level, "--archive", folder, "--json")
        assert (said.code, said.err) == (0, "")
        ids[level] = said.records[0]["asset"]
    said = holdfast("work", "--archive", folder, "--json")
    assert said.code == 0, said.err
    return Stage(folder, ids)


def captions(word: str) -> str:
    """Captions in which the word is said in the third second, with another that only they have."""
    return (
        "WEBVTT\n\n00:00:00.500 --> 00:00:02.000\nGuten Abend.\n\n"
        f"00:00:02.500 --> 00:00:04.500\nWir haben {word} gesehen, und das {word}geheimnis.\n"
    )


def show(stage: Stage) -> Archive:
    """Make this process the site of the stage's archive, its desk's tables ready."""
    from django.conf import settings

    archive = site.show_archive(Archive.open(stage.folder)) if settings.configured else site.set_up(stage.folder)
    from django.core.cache import cache
    from django.core.management import call_command
    from django.db import connections

    archive.up_to_date_catalog()
    connections.close_all()
    connections["default"].settings_dict["NAME"] = stage.folder / "desk.db"
    settings.HOLDFAST_FOLDER = stage.folder
    cache.clear()
    call_command("migrate", interactive=False, verbosity=0)
    return archive


def client() -> Any:
    """A browser without scripts or pictures, not signed in."""
    from django.test import Client

    return Client(headers={"host": "localhost"})


def signed_in(role: str, name: str = "") -> Any:
    """A browser of somebody with this role."""
    from holdfast.show.models import Account

    account, is_new = Account.objects.get_or_create(username=name or role, defaults={"role": role})
    if is_new:
        account.set_password(PASSWORD)
        account.save()
    browser = client()
    browser.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The archive served by a real `holdfast serve`; its address without a slash at the end."""
    port = free_port()
    script = "from holdfast.cli.main import main; main()"
    command = [sys.executable, "-c", script, "serve", str(folder), "--port", str(port), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ) as process:
        try:
            assert process.stdout is not None
            wait_for(f"http://127.0.0.1:{port}/")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=STARTING_S)


def wait_for(address: str) -> None:
    """Until the address answers."""
    end = time.monotonic() + STARTING_S
    while True:
        try:
            with urlopen(address, timeout=5):
                return
        except URLError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def as_json(response: Any) -> Any:
    """The JSON of an answer."""
    return json.loads(response.content)
