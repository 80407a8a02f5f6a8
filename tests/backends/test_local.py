"""What only a real disk can show: links, kills, full and failing disks, and the order of fsync and rename."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from holdfast.backends.base import Entry, write_bytes
from holdfast.backends.disk import Disk
from holdfast.backends.local import LocalBackend
from holdfast.errors import DiskFull, KeyExists, Locked, MissingKey, NotDurable, StorageRefused
from holdfast.testing.faults import FaultyDisk


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "archive"


def names(disk: FaultyDisk, root: Path) -> list[str]:
    """The calls of a disk with paths below the root, chance left out."""
    short = []
    for call in disk.calls:
        verb, path = call.split(" ", 1)
        place = os.path.relpath(path, root)
        short.append(f"{verb} {'staging/*' if place.startswith('staging/') else place}")
    return short


# ------------------------------------------------------------------------------------------------ the order of things


def test_a_folder_is_durable_in_the_one_above_before_anything_is_renamed_below_it(root: Path) -> None:
    disk = FaultyDisk()
    LocalBackend(root, disk).replace("ocfl/object/file", b"data")
    assert names(disk, root) == [
        "mkdir .",
        "fsync_folder ..",
        "mkdir ocfl",
        "fsync_folder .",
        "mkdir ocfl/object",
        "fsync_folder ocfl",
        "mkdir staging",
        "create staging/*",
        "write staging/*",
        "fsync staging/*",
        "rename_over ocfl/object/file",
        "fsync_folder ocfl/object",
    ]


def test_the_folders_of_a_staged_tree_are_fsynced_before_the_rename_and_the_target_after_it(root: Path) -> None:
    backend = LocalBackend(root)
    area = backend.open_staging("test")
    write_bytes(backend, f"{area}/object/v1/content/film", b"data")
    backend.replace("ocfl/other", b"")
    disk = FaultyDisk()
    backend._disk = disk
    backend.move(f"{area}/object", "ocfl/object")
    inside = f"fsync_folder {root}/{area}/object"
    assert disk.calls == [
        f"{inside}/v1/content",
        f"{inside}/v1",
        inside,
        f"rename_new {root}/ocfl/object",
        f"fsync_folder {root}/ocfl",
    ]


def test_a_folder_that_another_process_made_is_made_sure_of_once(root: Path) -> None:
    LocalBackend(root).replace("ocfl/a/file", b"")  # perhaps killed before its fsyncs
    disk = FaultyDisk()
    backend = LocalBackend(root, disk)
    backend.replace("ocfl/a/file", b"")
    first = names(disk, root)
    assert first[:3] == ["fsync_folder ..", "fsync_folder .", "fsync_folder ocfl"]
    disk.calls.clear()
    backend.replace("ocfl/a/file", b"")
    assert [call for call in names(disk, root) if call.startswith("fsync_folder")] == ["fsync_folder ocfl/a"]


def test_settle_makes_sure_of_a_folder_and_of_every_name_on_the_way_to_it(root: Path) -> None:
    LocalBackend(root).replace("ocfl/a/object/file", b"")
    disk = FaultyDisk()
    LocalBackend(root, disk).settle("ocfl/a/object")
    assert set(names(disk, root)) == {f"fsync_folder {path}" for path in ("ocfl/a/object", "ocfl/a", "ocfl", ".", "..")}


def test_nothing_is_written_beside_the_target_of_replace(root: Path) -> None:
    disk = FaultyDisk()
    LocalBackend(root, disk).replace("ocfl/object/inventory.json", b"{}")
    assert [call for call in names(disk, root) if "object/" in call] == ["rename_over ocfl/object/inventory.json"]


def test_what_is_read_back_was_fsynced_and_dropped_from_the_cache_first(root: Path) -> None:
    order: list[str] = []

    class WatchedDisk(Disk):
        def fsync_data(self, descriptor: int) -> None:
            order.append("fsync")
            super().fsync_data(descriptor)

        def drop_cache(self, descriptor: int, start: int, length: int) -> None:
            order.append(f"drop {start}+{length}")
            super().drop_cache(descriptor, start, length)

        def read_at(self, descriptor: int, buffer: memoryview, offset: int) -> int:
            order.append("read")
            return super().read_at(descriptor, buffer, offset)

    with LocalBackend(root, WatchedDisk()).create("file") as sink:
        sink.write(bytes(10_000))
        list(sink.flush_and_read_back(5_000, 4_000))
    assert order == ["fsync", "drop 5000+4000", "read"]


# ------------------------------------------------------------------------------------------------------ failing fsync


def test_a_failed_fsync_is_told_once_as_it_is_and_the_sink_stays_failed(root: Path) -> None:
    disk = FaultyDisk()
    backend = LocalBackend(root, disk)
    area = backend.open_staging("test")
    with backend.create(f"{area}/film") as sink:
        sink.write(b"data")
        disk.eio_at_fsync = 1
        with pytest.raises(NotDurable, match="Input/output error"):
            sink.commit()
        before = len(disk.calls)
        for deed in (sink.commit, lambda: list(sink.flush_and_read_back(0, 4))):
            with pytest.raises(NotDurable):
                deed()
        assert len(disk.calls) == before, "a second fsync was tried: it would have succeeded and lied"
    with pytest.raises(ValueError, match="not committed"):
        backend.move(f"{area}/film", "ocfl/film")


def test_an_fsync_that_fails_in_the_reading_thread_fails_the_commit_of_the_writing_one(root: Path) -> None:
    disk = FaultyDisk()
    backend = LocalBackend(root, disk)
    area = backend.open_staging("test")
    with backend.create(f"{area}/film") as sink:
        sink.write(b"data")
        disk.eio_at_fsync = 1
        failures: list[BaseException] = []

        def read_back() -> None:
            try:
                list(sink.flush_and_read_back(0, 4))
            except NotDurable as error:
                failures.append(error)

        thread = threading.Thread(target=read_back)
        thread.start()
        thread.join(timeout=30)
        assert len(failures) == 1
        with pytest.raises(NotDurable):
            sink.commit()


def test_a_folder_whose_fsync_failed_is_never_believed_again(root: Path) -> None:
    disk = FaultyDisk()
    backend = LocalBackend(root, disk)
    backend.replace("ocfl/first", b"")
    disk.eio_at_fsync = disk._fsyncs + 2  # the file's own is the first
    with pytest.raises(NotDurable):
        backend.replace("ocfl/second", b"")
    with pytest.raises(NotDurable, match="earlier"):
        backend.replace("ocfl/third", b"")
    with pytest.raises(NotDurable):
        backend.settle("ocfl/second")
    backend.replace("elsewhere/fourth", b"")


@pytest.mark.parametrize("deed", ["create", "move", "replace"])
def test_no_fsync_can_fail_unnoticed(root: Path, deed: str) -> None:
    for turn in range(1, 50):
        where = root / str(turn)
        disk = FaultyDisk(eio_at_fsync=turn)
        try:
            do(deed, LocalBackend(where, disk))
        except NotDurable:
            continue
        assert disk._fsyncs < turn, "an fsync failed and nobody was told"
        assert turn > 3
        return
    raise AssertionError("every turn failed")


def do(deed: str, backend: LocalBackend) -> None:
    """One deed that ends with b"data" in ocfl/object/file."""
    if deed == "create":
        write_bytes(backend, "ocfl/object/file", b"data")
    elif deed == "replace":
        backend.replace("ocfl/object/file", b"data")
    else:
        area = backend.open_staging("test")
        write_bytes(backend, f"{area}/object/file", b"data")
        backend.move(f"{area}/object", "ocfl/object")
        backend.discard(area)


# -------------------------------------------------------------------------------------------------------- full disks


@pytest.mark.parametrize("deed", ["create", "move", "replace"])
def test_a_disk_that_is_full_at_any_point_says_so_and_leaves_nothing_half(root: Path, deed: str) -> None:
    for turn in range(1, 50):
        where = root / str(turn)
        disk = FaultyDisk(full_at=turn)
        backend = LocalBackend(where, disk)
        try:
            do(deed, backend)
        except DiskFull:
            assert not backend.exists("ocfl/object/file")
            disk.full_at = None
            backend.close()
            for key in backend.abandoned_staging():
                backend.discard(key)
            do(deed, backend)
            assert backend.read("ocfl/object/file") == b"data"
            assert backend.entries("ocfl/object") == [Entry("file", is_folder=False, size_bytes=4)]
        else:
            assert turn > 3
            return
    raise AssertionError("every turn failed")


@pytest.mark.parametrize("room", range(8))
def test_a_disk_full_at_any_byte_keeps_the_old_file(root: Path, room: int) -> None:
    disk = FaultyDisk()
    backend = LocalBackend(root, disk)
    backend.replace("file", b"old")
    disk.full_after_bytes = disk.written_bytes + room
    with pytest.raises(DiskFull):
        backend.replace("file", b"new data")
    assert backend.read("file") == b"old"
    assert [entry.name for entry in backend.entries("staging")] == []


def test_a_sink_that_met_the_end_of_the_disk_cannot_be_committed(root: Path) -> None:
    disk = FaultyDisk(full_after_bytes=2)
    with LocalBackend(root, disk).create("file") as sink:
        with pytest.raises(DiskFull):
            sink.write(b"data")
        disk.full_after_bytes = None
        with pytest.raises(DiskFull):
            sink.commit()
    assert not (root / "file").exists()


def test_a_short_write_is_continued(root: Path) -> None:
    class ReluctantDisk(Disk):
        def write(self, descriptor: int, data: memoryview) -> int:
            return super().write(descriptor, data[:3])

    write_bytes(LocalBackend(root, ReluctantDisk()), "file", b"0123456789")
    assert (root / "file").read_bytes() == b"0123456789"


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (errno.ENOSPC, DiskFull),
        (errno.EDQUOT, DiskFull),
        (errno.EIO, StorageRefused),
        (errno.EROFS, StorageRefused),
        (errno.EACCES, StorageRefused),
        (errno.EXDEV, StorageRefused),
    ],
)
def test_each_refusal_of_the_system_has_its_own_error(root: Path, number: int, expected: type[Exception]) -> None:
    class RefusingDisk(Disk):
        def rename_over(self, source: Path, target: Path) -> None:
            raise OSError(number, os.strerror(number))

    with pytest.raises(expected) as refused:
        LocalBackend(root, RefusingDisk()).replace("file", b"")
    assert str(root) in str(refused.value)
    assert list((root / "staging").iterdir()) == []


# ------------------------------------------------------------------------------------------- links and special files


@pytest.fixture
def special(root: Path, tmp_path: Path) -> LocalBackend:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_bytes(b"secret")
    backend = LocalBackend(root)
    write_bytes(backend, "real/file", b"data")
    (root / "to_folder").symlink_to(outside)
    (root / "to_file").symlink_to(outside / "secret")
    (root / "to_nothing").symlink_to("nothing")
    os.mkfifo(root / "pipe")
    return backend


def test_links_and_pipes_are_reported_as_special(special: LocalBackend) -> None:
    found = {entry.name: entry for entry in special.entries("")}
    for name in ("to_folder", "to_file", "to_nothing", "pipe"):
        assert found[name] == Entry(name, is_folder=False, size_bytes=0, is_special=True)
    assert found["real"] == Entry("real", is_folder=True, size_bytes=0)


def test_links_and_pipes_are_never_read_nor_waited_for(special: LocalBackend) -> None:
    for name in ("to_folder", "to_file", "to_nothing", "pipe"):
        assert special.exists(name)
        for method in (special.open, special.read, special.size, special.entries):
            with pytest.raises((MissingKey, StorageRefused)):
                method(name)


def test_nothing_is_read_or_written_through_a_link(special: LocalBackend, tmp_path: Path) -> None:
    area = special.open_staging("test")
    write_bytes(special, f"{area}/file", b"data")
    for deed in (
        lambda: special.read("to_folder/secret"),
        lambda: special.entries("to_folder/deep"),
        lambda: special.create("to_folder/new"),
        lambda: special.replace("to_folder/secret", b"changed"),
        lambda: special.move(f"{area}/file", "to_folder/new"),
    ):
        with pytest.raises((StorageRefused, KeyExists)):
            deed()
    assert [(path.name, path.read_bytes()) for path in (tmp_path / "outside").iterdir()] == [("secret", b"secret")]


def test_discard_removes_a_link_and_not_what_it_leads_to(special: LocalBackend, root: Path, tmp_path: Path) -> None:
    area = special.open_staging("test")
    (root / area / "link").symlink_to(tmp_path / "outside")
    (root / area / "folder").mkdir()
    os.mkfifo(root / area / "folder" / "pipe")
    with pytest.raises(StorageRefused):
        special.discard(f"{area}/link/secret")
    special.discard(area)
    (root / "staging/planted").symlink_to(tmp_path / "outside")
    assert special.abandoned_staging() == ["staging/planted"]
    special.discard("staging/planted")
    assert list((root / "staging").iterdir()) == []
    assert (tmp_path / "outside/secret").read_bytes() == b"secret"


def test_a_staging_folder_that_is_a_link_is_not_followed_out_of_the_archive(root: Path, tmp_path: Path) -> None:
    (tmp_path / "outside/victim").mkdir(parents=True)
    root.mkdir()
    (root / "staging").symlink_to(tmp_path / "outside")
    with pytest.raises(StorageRefused):
        LocalBackend(root).discard("staging/victim")
    assert (tmp_path / "outside/victim").is_dir()


def test_an_empty_folder_at_the_target_is_not_moved_onto(root: Path) -> None:
    backend = LocalBackend(root)
    area = backend.open_staging("test")
    write_bytes(backend, f"{area}/object/file", b"data")
    (root / "ocfl/object").mkdir(parents=True)
    with pytest.raises(KeyExists):
        backend.move(f"{area}/object", "ocfl/object")
    assert list((root / "ocfl/object").iterdir()) == []


# --------------------------------------------------------------------------------------------- kills of real processes


@contextmanager
def another_process(root: Path, body: str) -> Iterator[subprocess.Popen[str]]:
    """A process that runs `body` with `backend` over `root`, says "ready" and sleeps; killed at the end."""
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom holdfast.backends.local import LocalBackend\n"
        f"backend = LocalBackend(Path(sys.argv[1]))\n{body}\nprint('ready', flush=True)\ntime.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(root)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_lock_is_held_against_another_process_says_by_whom_and_ends_with_a_kill(root: Path) -> None:
    backend = LocalBackend(root)
    with another_process(root, "held = backend.lock('film'); held.__enter__()") as process:
        with pytest.raises(Locked, match=f"process {process.pid} on "), backend.lock("film", wait_s=0.05):
            pass
        with backend.lock("another", wait_s=0):
            pass
        process.send_signal(signal.SIGKILL)
        with backend.lock("film", wait_s=30):
            note = json.loads(
                next(path for path in (root / "locks").iterdir() if b"film" in path.read_bytes()).read_bytes()
            )
    assert (note["pid"], note["name"]) == (os.getpid(), "film")


def test_the_staging_of_a_killed_process_is_abandoned_and_that_of_a_living_one_is_not(root: Path) -> None:
    backend = LocalBackend(root)
    body = "area = backend.open_staging('theirs'); sink = backend.create('ocfl/film'); sink.write(b'half')"
    with another_process(root, body) as process:
        mine = backend.open_staging("mine")
        found = [entry.name for entry in backend.entries("staging")]
        assert len(found) == 3  # my area, theirs, and the file that waits for its name
        assert backend.abandoned_staging() == []
        for name in found:
            if f"staging/{name}" != mine:
                with pytest.raises(Locked):
                    backend.discard(f"staging/{name}")
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=30)
        left = backend.abandoned_staging()
        assert sorted([*left, mine]) == [f"staging/{name}" for name in found]
        for key in left:
            backend.discard(key)
    assert backend.abandoned_staging() == []
    assert not backend.exists("ocfl/film")


def test_a_sweeper_and_newborn_areas_do_not_disturb_each_other(root: Path) -> None:
    stop = threading.Event()
    refused: list[str] = []

    def sweep() -> None:
        sweeper = LocalBackend(root)
        while not stop.is_set():
            for key in sweeper.abandoned_staging():
                try:
                    sweeper.discard(key)
                except Locked:
                    refused.append(key)

    thread = threading.Thread(target=sweep)
    thread.start()
    try:
        backend = LocalBackend(root)
        for number in range(150):
            area = backend.open_staging("test")
            write_bytes(backend, f"{area}/file", str(number).encode())
            assert backend.read(f"{area}/file") == str(number).encode()
            backend.replace("file", str(number).encode())
            backend.discard(area)
    finally:
        stop.set()
        thread.join(timeout=60)


def test_no_descriptor_is_left_open(root: Path) -> None:
    backend = LocalBackend(root)
    before = len(list(Path("/dev/fd").iterdir()))
    for _ in range(3):
        do("move", LocalBackend(root / os.urandom(4).hex()))
        do("replace", backend)
        with backend.create("aborted") as sink:
            sink.write(b"x")
            list(sink.flush_and_read_back(0, 1))
        with backend.lock("name"), pytest.raises(Locked), backend.lock("name", wait_s=0):
            pass
        backend.abandoned_staging()
        for key in ("ocfl", "nothing"):
            with pytest.raises(MissingKey):
                backend.open(key)
    assert len(list(Path("/dev/fd").iterdir())) == before
