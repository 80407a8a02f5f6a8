"""The law of the house: what is made anew from the disk is what was kept in step."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from holdfast.actions.archive import Archive
from holdfast.actions.rebuild import rebuild
from tests.cli.conftest import Kept
from tests.cli.line import content_of, flip, holdfast, titles


def dumped(folder: Path) -> list[str]:
    archive = Archive.open(folder)
    try:
        return list(archive.up_to_date_catalog().dump())
    finally:
        archive.close()


def same_anew(folder: Path) -> bool:
    """Whether the catalogue as it is equals one made from the disk alone."""
    kept_in_step = dumped(folder)
    for file in folder.glob("catalog.db*"):
        file.unlink()
    return dumped(folder) == kept_in_step


def test_a_made_archive_is_the_same_anew(kept: Kept) -> None:
    assert same_anew(kept.archive)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_after_any_row_of_deeds_it_is_the_same_anew(kept: Kept, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    films = tmp_path / "films"
    films.mkdir()
    words = ["Leuchtturm", "Жатва", "收获", "수확을", "harvest", "Großmutter"]
    done: list[str] = []
    for number in range(16):
        assets = [record["asset"] for record in holdfast("ls", "--archive", kept.archive, "--json").records]
        asset, word = chance.choice(assets), chance.choice(words)
        deed = chance.choice(["add", "join", "describe", "untag", "audit", "mend", "again"])
        done.append(f"{deed} {asset} {word}")
        if deed == "add":
            (films / f"{number}.mp4").write_bytes(b"film %d" % number)
            (films / f"{number}.description").write_text(word)
            holdfast("add", films, "--archive", kept.archive)
        elif deed == "join" and any(films.iterdir()):
            film = chance.choice(sorted(films.glob("*.mp4")))
            film.with_suffix(".vtt").write_text(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{word} {number}\n", "utf-8")
            holdfast("add", film, "--archive", kept.archive)
        elif deed == "describe":
            options = chance.choice(["--title", "--tag", "--person", "--place", "--collection", "--description"])
            holdfast("describe", asset, options, word, "--lang", chance.choice(["ru", "de"]), "--archive", kept.archive)
        elif deed == "untag":
            holdfast("describe", asset, "--untag", word, "--access", "public", "--archive", kept.archive)
        elif deed == "audit":
            holdfast("audit", *chance.choice([[], [asset], ["--sample", "2"]]), "--archive", kept.archive)
        elif deed == "mend":
            flip(content_of(kept.archive, kept.id("tape 7.mp4"), "masters/tape 7.mp4"))
            holdfast("audit", kept.id("tape 7.mp4"), "--archive", kept.archive)
            holdfast("add", kept.folder, "--archive", kept.archive)
        else:
            holdfast("add", kept.folder, "--archive", kept.archive)
    assert same_anew(kept.archive), done


def test_a_catalogue_of_another_version_is_made_anew_by_the_next_command(kept: Kept) -> None:
    before = titles(kept.archive)
    with closing(sqlite3.connect(kept.archive / "catalog.db")) as database, database:
        database.execute("UPDATE about SET value = 'of another time'")
    assert titles(kept.archive) == before


def test_a_deed_killed_between_publishing_and_refreshing_is_taken_up_by_the_next_command(kept: Kept) -> None:
    asset = kept.id("tape 7.mp4")
    program = (
        "import os, signal\n"
        "from holdfast.ocfl.draft import Draft\n"
        "publish = Draft.commit\n"
        "Draft.commit = lambda *a, **k: (publish(*a, **k), os.kill(os.getpid(), signal.SIGKILL))\n"
        "from holdfast.cli.main import main\n"
        f"main(['describe', {asset!r}, '--title', 'Tape seven', '--archive', {os.fspath(kept.archive)!r}])\n"
    )
    killed = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert "Tape seven" in titles(kept.archive)
    assert same_anew(kept.archive)


def test_what_is_not_understood_is_told_with_the_reason(kept: Kept, archive: Archive) -> None:
    flip(content_of(kept.archive, kept.id("tape 7.mp4"), "record.json"))
    rebuilt = rebuild(archive)
    ((object_id, reason),) = rebuilt.faults
    assert object_id == f"holdfast:asset:{kept.id('tape 7.mp4')}"
    assert reason
    assert (rebuilt.totals.assets, rebuilt.totals.objects) == (2, 3)


def test_a_rebuild_of_nothing_is_an_empty_catalogue(tmp_path: Path) -> None:
    assert holdfast("init", tmp_path / "a").code == 0
    archive = Archive.open(tmp_path / "a")
    assert rebuild(archive).totals.objects == 0
    archive.close()
