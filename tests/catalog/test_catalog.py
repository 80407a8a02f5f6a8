"""The catalogue survives kills, company, and whatever lies in its place; the law itself is in `test_law`."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from holdfast.catalog import lists, schema
from holdfast.catalog.catalog import CATALOG_FILE, Catalog
from holdfast.errors import DamagedCache, DiskFull, Locked, MissingKey
from holdfast.formats.record import RECORD_FILE, record_bytes
from holdfast.model.asset import Statement
from tests.catalog.archives import SmallArchive, asset_id, captions, in_step, made_record, titles

FILM = asset_id(1)
FILM_OBJECT = str(FILM.object_id)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[SmallArchive]:
    archive = SmallArchive(tmp_path)
    archive.catalog.make_current()
    yield archive
    archive.close()


def notes(archive: SmallArchive) -> list[str]:
    with archive.catalog.engine.connect() as connection:
        return list(connection.execute(select(schema.pending.c.object)).scalars())


# ------------------------------------------------------------------------------------------------------- notes


def test_nothing_is_left_noted_after_a_deed(archive: SmallArchive) -> None:
    archive.keep(made_record(FILM))
    assert notes(archive) == []
    assert titles(archive) == ["Hafenfilm 0"]


def test_a_deed_that_fails_half_way_leaves_the_catalogue_as_the_disk_is(archive: SmallArchive) -> None:
    archive.keep(made_record(FILM))
    with pytest.raises(ZeroDivisionError), archive.catalog.changing(FILM_OBJECT):  # noqa: PT012
        renamed = replace(archive.record(FILM), titles=(Statement("new"),))
        archive.publish(FILM_OBJECT, {RECORD_FILE: record_bytes(renamed)})
        raise ZeroDivisionError
    assert (titles(archive), notes(archive)) == (["new"], [])


def test_the_failure_of_a_deed_is_told_even_when_the_refresh_fails_too(archive: SmallArchive) -> None:
    with pytest.raises(DiskFull), archive.catalog.changing(FILM_OBJECT):  # noqa: PT012
        (archive.folder / CATALOG_FILE).write_bytes(b"not a database any more" * 400)
        raise DiskFull(place="here", name="it")


def test_a_note_of_a_living_owner_is_left_alone(archive: SmallArchive) -> None:
    other = Catalog(archive.folder / CATALOG_FILE, archive.root)
    with archive.catalog.changing(FILM_OBJECT):
        assert other.settle() == 0
        assert notes(archive) == [FILM_OBJECT]
    other.close()


def test_two_deeds_on_one_object_follow_each_other(archive: SmallArchive) -> None:
    archive.keep(made_record(FILM))
    begun, done = threading.Event(), []

    def second() -> None:
        begun.set()
        other = SmallArchive(archive.folder)
        other.describe(FILM, titles=(Statement("second"),))
        done.append(time.monotonic())
        other.close()

    thread = threading.Thread(target=second)
    with archive.catalog.changing(FILM_OBJECT):
        thread.start()
        begun.wait()
        time.sleep(0.1)
        assert done == []
    thread.join(timeout=20)
    assert titles(archive) == ["second"]


def test_a_note_is_kept_by_a_rebuild(archive: SmallArchive) -> None:
    archive.keep(made_record(FILM))
    with archive.catalog.engine.execution_options(writes=True).begin() as connection:
        connection.execute(schema.pending.insert(), {"object": FILM_OBJECT})
    archive.catalog.rebuild()
    assert notes(archive) == [FILM_OBJECT]
    assert archive.catalog.settle() == 1
    assert notes(archive) == []


def test_an_object_that_cannot_be_made_whole_keeps_its_note_and_lists_go_on(archive: SmallArchive) -> None:
    archive.keep(made_record(FILM))
    with archive.catalog.engine.execution_options(writes=True).begin() as connection:
        connection.execute(schema.pending.insert(), {"object": FILM_OBJECT})

    def full(_: str) -> None:
        raise DiskFull(place="here", name="it")

    real, archive.root.recover = archive.root.recover, full  # type: ignore[method-assign,assignment]
    archive.catalog.make_current()
    assert (titles(archive), notes(archive)) == (["Hafenfilm 0"], [FILM_OBJECT])
    archive.root.recover = real  # type: ignore[method-assign]
    archive.catalog.make_current()
    assert notes(archive) == []


# ------------------------------------------------------------------------------------------------------- kills


def run_and_kill(folder: Path, body: str) -> None:
    """Run `body` in a process of its own, with `archive` at hand; it ends by killing itself."""
    script = textwrap.dedent(
        """
        import os, signal, sys
        from pathlib import Path
        from tests.catalog.archives import *
        from tests.catalog.test_catalog import FILM, FILM_OBJECT
        archive = SmallArchive(Path(sys.argv[1]))
        def die(*_): os.kill(os.getpid(), signal.SIGKILL)
        """
    ) + textwrap.dedent(body)
    ended = subprocess.run([sys.executable, "-c", script, str(folder)], cwd=Path(__file__).parents[2], check=False)
    assert ended.returncode == -signal.SIGKILL


@pytest.mark.slow
def test_what_a_process_published_before_it_was_killed_is_found_by_the_next(archive: SmallArchive) -> None:
    archive.keep(made_record(FILM))
    run_and_kill(
        archive.folder,
        """
        with archive.catalog.changing(FILM_OBJECT):
            archive.publish(FILM_OBJECT, {RECORD_FILE: record_bytes(made_record(FILM, titles=(Statement("new"),)))})
            die()
        """,
    )
    assert notes(archive) == [FILM_OBJECT]
    assert archive.catalog.make_current() is False
    assert (titles(archive), notes(archive)) == (["new"], [])
    assert in_step(archive)


@pytest.mark.slow
def test_a_version_whose_publishing_was_cut_in_two_is_rolled_forward_and_listed(archive: SmallArchive) -> None:
    archive.keep(made_record(FILM))
    run_and_kill(
        archive.folder,
        """
        archive.backend.replace = die
        archive.describe(FILM, titles=(Statement("new"),))
        """,
    )
    archive.catalog.make_current()
    assert titles(archive) == ["new"]
    assert str(archive.root.inventory(FILM_OBJECT).head) == "v2"
    assert in_step(archive)


@pytest.mark.slow
def test_a_rebuild_that_is_killed_leaves_the_old_catalogue(archive: SmallArchive) -> None:
    for number in range(8):
        archive.keep(made_record(asset_id(number), number))
    before = archive.kept_dump()
    run_and_kill(
        archive.folder,
        """
        import holdfast.catalog.catalog as catalog
        catalog.BATCH_OBJECTS = 2
        archive.catalog.rebuild(on_object=lambda count: die() if count == 7 else None)
        """,
    )
    assert archive.catalog.is_current()
    assert archive.kept_dump() == before
    archive.catalog.rebuild()
    assert archive.kept_dump() == before


@pytest.mark.slow
def test_a_first_rebuild_that_is_killed_is_done_again(tmp_path: Path) -> None:
    archive = SmallArchive(tmp_path)
    archive.publish(FILM_OBJECT, {RECORD_FILE: record_bytes(made_record(FILM))})
    run_and_kill(tmp_path, "archive.catalog.rebuild(on_object=die)")
    assert not archive.catalog.is_current()
    assert archive.catalog.make_current() is True
    assert titles(archive) == ["Hafenfilm 0"]
    archive.close()


# ----------------------------------------------------------------------------------------------------- company


def _keep_some(folder: Path, numbers: range) -> None:
    archive = SmallArchive(folder)
    archive.catalog.make_current()
    for number in numbers:
        archive.keep(made_record(asset_id(number), number), de=captions("Hafen", f"Film {number}"))
        archive.describe(asset_id(number), category="film")
    archive.close()


@pytest.mark.slow
def test_processes_that_find_no_catalogue_and_change_at_once_end_with_one_in_step(tmp_path: Path) -> None:
    archive = SmallArchive(tmp_path)
    for number in range(100, 130):
        archive.publish(str(asset_id(number).object_id), {RECORD_FILE: record_bytes(made_record(asset_id(number)))})
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=_keep_some, args=(tmp_path, range(n * 10, n * 10 + 10))) for n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=120)
    assert [worker.exitcode for worker in workers] == [0, 0, 0, 0]
    assert len(titles(archive)) == 70
    assert notes(archive) == []
    assert in_step(archive)
    archive.close()


def test_readers_have_the_old_catalogue_while_it_is_made_anew(archive: SmallArchive) -> None:
    archive.keep(made_record(FILM))
    reader = Catalog(archive.folder / CATALOG_FILE, archive.root)
    seen = []

    def read(_: int) -> None:
        with reader.engine.connect() as connection:
            seen.append([line.title for line in lists.list_assets(connection)])
        assert reader.is_current()
        assert reader.make_current() is False

    archive.catalog.rebuild(on_object=read)
    assert seen == [["Hafenfilm 0"]]
    reader.close()


def test_a_deed_during_a_rebuild_waits_and_is_in_the_new_catalogue(archive: SmallArchive) -> None:
    archive.keep(made_record(FILM))
    archive.keep(made_record(asset_id(2), 2))
    threads = []

    def describe() -> None:
        other = SmallArchive(archive.folder)
        other.describe(FILM, titles=(Statement("new"),))
        other.close()

    def begin(count: int) -> None:
        if count == 1:
            threads.append(threading.Thread(target=describe))
            threads[0].start()
            time.sleep(0.1)

    archive.catalog.rebuild(on_object=begin)
    threads[0].join(timeout=20)
    assert sorted(titles(archive)) == ["Hafenfilm 2", "new"] or sorted(titles(archive)) == ["Hafenfilm 0", "new"]
    assert in_step(archive)


# ------------------------------------------------------------------------------------------ files of other kinds


def broken(path: Path) -> None:
    path.write_bytes(b"this is no database, " * 500)


def truncated(path: Path) -> None:
    os.truncate(path, 5_000)


def emptied(path: Path) -> None:
    os.truncate(path, 0)


def holed(path: Path) -> None:
    """Its head is whole, all behind it is noise."""
    with path.open("r+b") as stream:
        stream.seek(4096)
        stream.write(random.Random(0).randbytes(path.stat().st_size - 4096))


def of_somebody_else(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE asset (something TEXT)")
        connection.execute("CREATE VIRTUAL TABLE words USING fts5(a)")
    connection.close()


def of_another_version(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE about SET value = '0'")
        connection.execute("CREATE TABLE long_forgotten (x TEXT)")
        connection.execute("DROP TABLE pending")
        connection.execute("CREATE TABLE pending (object TEXT, owner TEXT, since TEXT)")
    connection.close()


@pytest.mark.parametrize("wound", [broken, truncated, emptied, holed, of_somebody_else, of_another_version, os.unlink])
def test_whatever_lies_in_the_place_of_the_catalogue_it_is_made_anew(
    archive: SmallArchive, wound: Callable[[Path], None]
) -> None:
    archive.keep(made_record(FILM), de=captions("Hafen"))
    before = archive.kept_dump()
    wound(archive.folder / CATALOG_FILE)
    try:
        archive.catalog.make_current()
    except DamagedCache:  # its first page told nothing of what is behind it
        archive.catalog.rebuild()
    if wound is holed:
        archive.catalog.rebuild()
    assert archive.kept_dump() == before
    assert archive.catalog.is_current()
    with archive.catalog.engine.connect() as connection:
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE name = 'long_forgotten'").all()
    assert tables == []


def test_a_broken_catalogue_is_told_in_our_words_with_the_remedy(archive: SmallArchive) -> None:
    archive.keep(made_record(FILM))
    holed(archive.folder / CATALOG_FILE)
    with pytest.raises(DamagedCache) as caught:
        archive.kept_dump()
    assert "holdfast rebuild" in str(caught.value)
    assert "not concerned" in str(caught.value)


def test_a_catalogue_that_is_deleted_while_a_process_has_it_open_is_told_and_made_again(archive: SmallArchive) -> None:
    archive.keep(made_record(FILM))
    with archive.catalog.engine.connect():
        for path in archive.folder.glob(f"{CATALOG_FILE}*"):
            path.unlink()
        with pytest.raises(DamagedCache), archive.catalog.changing(FILM_OBJECT):
            pytest.fail("a deed was begun of which nobody would know")
    assert archive.catalog.make_current() is True
    assert titles(archive) == ["Hafenfilm 0"]


def test_a_store_that_is_not_there_does_not_empty_the_catalogue(archive: SmallArchive) -> None:
    archive.keep(made_record(FILM))
    (archive.folder / "ocfl").rename(archive.folder / "elsewhere")
    with pytest.raises(MissingKey):
        archive.catalog.rebuild()
    assert titles(archive) == ["Hafenfilm 0"]


def test_a_writer_that_waited_too_long_is_told_who_holds_the_object(
    archive: SmallArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("holdfast.catalog.catalog.NOTE_WAIT_S", 0.05)
    other = SmallArchive(archive.folder)
    with (
        archive.catalog.changing(FILM_OBJECT),
        pytest.raises(Locked) as caught,
        other.catalog.changing(FILM_OBJECT),
    ):
        pass
    assert FILM_OBJECT in str(caught.value)
    other.close()
