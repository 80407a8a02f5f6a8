"""Reading every object: the same rows in the same order, by one process or by several, whatever befalls them."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from holdfast.backends.local import LocalBackend
from holdfast.catalog import fulltext, reading
from holdfast.catalog.reading import read_all
from holdfast.formats.record import RECORD_FILE, record_bytes
from holdfast.ocfl.layout import Place, PlaceKind, walk_root
from holdfast.ocfl.root import StorageRoot
from tests.catalog.archives import BEGUN, SmallArchive, asset_id, in_step, made_record

ASSETS = 40


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[SmallArchive]:
    archive = SmallArchive(tmp_path)
    for number in range(ASSETS):
        record = made_record(asset_id(number), number)
        archive.publish(str(record.id.object_id), {RECORD_FILE: record_bytes(record)})
    yield archive
    archive.close()


@pytest.fixture
def several(archive: SmallArchive, monkeypatch: pytest.MonkeyPatch) -> StorageRoot:
    """A root that is read by two processes, whatever the machine has."""
    monkeypatch.setattr(reading, "FEW", 4)
    monkeypatch.setattr(reading, "BATCH", 3)
    monkeypatch.setattr(reading, "_readers", lambda _: 2)
    return StorageRoot(LocalBackend(archive.folder))


def places(root: StorageRoot) -> Iterator[Place]:
    return (place for place in walk_root(root.backend, root.prefix) if place.kind is PlaceKind.OBJECT)


def test_every_passage_has_the_keys_that_filing_would_make(archive: SmallArchive) -> None:
    found = list(read_all(archive.root, places(archive.root), BEGUN))
    assert len(found) == ASSETS
    for made in found:
        assert made.keys == tuple(fulltext.keys_of(passage) for passage in made.passages)
        assert made.passages


def test_a_folder_that_cannot_be_read_is_among_the_rows(archive: SmallArchive) -> None:
    (made,) = read_all(archive.root, iter([Place(PlaceKind.UNREADABLE, "ocfl/a")]), BEGUN)
    assert made.rows["object"][0]["fault"] == "The folder ocfl/a cannot be read."


def test_a_few_objects_are_read_without_starting_processes(
    archive: SmallArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading.executors, "processes", lambda: pytest.fail("a process was started"))
    assert len(list(read_all(archive.root, places(archive.root), BEGUN))) == ASSETS


@pytest.mark.slow
def test_several_processes_give_the_same_rows_in_the_same_order(several: StorageRoot) -> None:
    alone = [reading._read(several, place, BEGUN) for place in places(several)]
    assert list(read_all(several, places(several), BEGUN)) == alone


@pytest.mark.slow
def test_a_reader_that_is_killed_costs_no_row(several: StorageRoot, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    real = reading.executors.processes

    def noted() -> object:
        started.append(real())
        return started[-1]

    monkeypatch.setattr(reading.executors, "processes", noted)
    found = []
    for made in read_all(several, places(several), BEGUN):
        found.append(made.key)
        if len(found) == 12:
            for process in started[0]._processes.values():
                os.kill(process.pid, signal.SIGKILL)
    assert found == [place.key for place in places(several)]


@pytest.mark.slow
def test_a_rebuild_that_is_given_up_leaves_no_readers_behind(
    several: StorageRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []
    real = reading.executors.processes
    monkeypatch.setattr(reading.executors, "processes", lambda: started.append(real()) or started[-1])
    rows = read_all(several, places(several), BEGUN)
    for _ in range(10):
        next(rows)
    processes = [process for executor in started for process in executor._processes.values()]
    rows.close()  # type: ignore[attr-defined]
    for process in processes:
        process.join(timeout=20)
    assert len(processes) == 2
    assert not any(process.is_alive() for process in processes)


@pytest.mark.slow
def test_a_catalogue_read_by_several_processes_is_one_kept_in_step(archive: SmallArchive, several: StorageRoot) -> None:
    archive.catalog._root = several
    archive.catalog.rebuild()
    for number in range(ASSETS, ASSETS + 3):
        archive.keep(made_record(asset_id(number), number))
    assert in_step(archive)
