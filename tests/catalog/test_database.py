"""The file of the catalogue: how it is opened, and how SQLite's complaints are told."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from holdfast.catalog import database
from holdfast.catalog.database import is_read_only, open_database, put_away
from holdfast.errors import CatalogRefused, DamagedCache, Locked

NOBODY = 65534


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that everybody can reach: nobody in particular must be able to read in it."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@contextmanager
def without_rights(folder: Path) -> Iterator[None]:
    """As a person who may read in the folder and not write. (For root no folder is closed.)"""
    folder.chmod(0o555)
    was = os.geteuid()
    if was == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(was)
        folder.chmod(0o755)


def make(path: Path) -> None:
    engine = open_database(path)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x)")
        connection.exec_driver_sql("INSERT INTO t VALUES (1)")


def test_commits_outlive_a_power_cut_and_readers_do_not_wait(tmp_path: Path) -> None:
    with open_database(tmp_path / "catalog.db").connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_a_writer_has_the_right_to_write_from_its_beginning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_WAIT_S", 0.05)
    make(tmp_path / "catalog.db")
    writers = open_database(tmp_path / "catalog.db").execution_options(writes=True)
    with writers.begin(), pytest.raises(Locked) as caught, writers.begin():
        pass
    assert "catalogue" in str(caught.value)


def test_a_catalogue_where_nothing_can_be_written_is_read_as_it_lies(folder: Path) -> None:
    path = folder / "catalog.db"
    make(path)
    path.chmod(0o444)
    with without_rights(folder):
        assert is_read_only(path)
        engine = open_database(path)
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT x FROM t").scalar() == 1
        with pytest.raises(CatalogRefused) as caught, engine.begin() as connection:
            connection.exec_driver_sql("INSERT INTO t VALUES (2)")
    assert "readonly" in str(caught.value)


def test_a_file_that_is_no_database_is_told_as_damage(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    path.write_bytes(b"no database at all " * 300)
    with pytest.raises(DamagedCache) as caught, open_database(path).connect():
        pass
    assert "holdfast rebuild" in str(caught.value)
    put_away(path)
    assert not path.exists()


def test_a_folder_in_its_place_is_told_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    (path / "inside").mkdir(parents=True)
    with pytest.raises(CatalogRefused), open_database(path).connect():
        pass
    with pytest.raises(CatalogRefused):
        put_away(path)
    assert (path / "inside").exists()


def test_a_full_disk_is_told_in_our_words(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    make(path)
    with open_database(path).begin() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 3")  # as good as a small disk
        with pytest.raises(CatalogRefused) as caught:
            connection.exec_driver_sql("INSERT INTO t VALUES (randomblob(100000))")
    assert "full" in str(caught.value)


def test_a_mistake_of_ours_is_not_dressed_up(tmp_path: Path) -> None:
    with pytest.raises(OperationalError), open_database(tmp_path / "catalog.db").connect() as connection:
        connection.exec_driver_sql("SELECT nothing")


@pytest.mark.slow
def test_many_who_open_a_new_file_at_once_all_open_it(tmp_path: Path) -> None:
    failed: list[BaseException] = []

    def write(number: int) -> None:
        try:
            engine = open_database(tmp_path / "catalog.db").execution_options(writes=True)
            for _ in range(5):
                with engine.begin() as connection:
                    connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS t (x)")
                    connection.exec_driver_sql("INSERT INTO t VALUES (?)", (number,))
        except BaseException as error:  # noqa: BLE001  (a thread has nobody to raise to)
            failed.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with sqlite3.connect(tmp_path / "catalog.db") as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (40,)
    connection.close()
