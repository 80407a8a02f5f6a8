"""A file that somebody asked for appears whole or not at all, whatever happens meanwhile."""

from __future__ import annotations

import itertools
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from holdfast.actions.writing import write
from holdfast.errors import DiskFull, StorageRefused, TargetExists
from holdfast.testing.faults import FaultyDisk, every_stop


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    write(tmp_path / "new" / "film.hffp", b"all of it")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["film.hffp"]
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageRefused):
        write(tmp_path / "file" / "film.hffp", b"")


def test_writing_that_is_killed_leaves_the_old_or_the_new_and_nothing_in_the_way(tmp_path: Path) -> None:
    count = itertools.count()

    def prepare() -> Path:
        folder = tmp_path / str(next(count))
        folder.mkdir()
        (folder / "film.hffp").write_bytes(b"old")
        return folder

    stops = 0
    for stop in every_stop(prepare, lambda folder, disk: write(folder / "film.hffp", b"new" * 9, disk=disk)):
        assert (stop.scene / "film.hffp").read_bytes() in (b"old", b"new" * 9), stop
        write(stop.scene / "film.hffp", b"again")
        assert (stop.scene / "film.hffp").read_bytes() == b"again"
        stops += 1
    assert stops > 4


def test_what_is_written_is_durable_before_and_after_it_has_its_name(tmp_path: Path) -> None:
    disk = FaultyDisk()
    write(tmp_path / "film.hffp", b"all of it", disk=disk)
    assert [call.split()[0] for call in disk.calls] == ["create", "write", "fsync", "rename_over", "fsync_folder"]


def test_a_full_disk_leaves_what_was_there_and_no_half_file(tmp_path: Path) -> None:
    (tmp_path / "film.hffp").write_bytes(b"old")
    with pytest.raises(DiskFull):
        write(tmp_path / "film.hffp", b"far too much", disk=FaultyDisk(full_after_bytes=3))
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("film.hffp", b"old")]


def test_two_that_write_the_same_file_at_once_do_not_tread_on_each_other(tmp_path: Path) -> None:
    bodies = [bytes([number]) * 300_000 for number in range(8)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda body: write(tmp_path / "film.hffp", body), bodies * 4))
    assert [path.name for path in tmp_path.iterdir()] == ["film.hffp"]
    assert (tmp_path / "film.hffp").read_bytes() in bodies


def test_what_another_run_has_written_meanwhile_is_not_replaced_unasked(tmp_path: Path) -> None:
    write(tmp_path / "film.hffp", b"theirs", force=False)
    with pytest.raises(TargetExists):
        write(tmp_path / "film.hffp", b"ours", force=False)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("film.hffp", b"theirs")]


def test_a_name_that_is_as_long_as_a_name_can_be_is_written(tmp_path: Path) -> None:
    write(tmp_path / ("f" * 255), b"all of it")
    assert (tmp_path / ("f" * 255)).read_bytes() == b"all of it"


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write(pipe, b"a list")
        assert os.read(reader, 100) == b"a list"
    finally:
        os.close(reader)
    assert pipe.is_fifo()
