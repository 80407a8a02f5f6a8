"""The simulators themselves: a sweep that skips a stop, or a fault that does not happen, would hide a loss."""

from __future__ import annotations

import errno
import sys
from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

from holdfast.backends.base import Backend, write_bytes
from holdfast.backends.local import LocalBackend
from holdfast.backends.memory import MemoryBackend
from holdfast.errors import KeyExists
from holdfast.testing.faults import (
    FaultyBackend,
    FaultyDisk,
    Killed,
    count_calls,
    every_backend_stop,
    every_kill,
    every_stop,
)


def keep_a_film(backend: Backend) -> None:
    """A small deed as an archive does it: stage two files, move them in, then exchange an index."""
    area = backend.open_staging("ingest")
    write_bytes(backend, f"{area}/object/film", b"a film")
    write_bytes(backend, f"{area}/object/v1/record", b"its record")
    backend.move(f"{area}/object", "ocfl/a/object")
    backend.replace("ocfl/index", b"new")
    backend.discard(area)


def keep_on_disk(root: Path, disk: FaultyDisk) -> None:
    keep_a_film(LocalBackend(root, disk))


def is_absent_or_whole(backend: Backend) -> bool:
    """Whether the object is; the index may only be new once the object is there."""
    assert backend.read("ocfl/index") == b"old" or backend.exists("ocfl/a/object")
    if not backend.exists("ocfl/a/object"):
        return False
    assert backend.read("ocfl/a/object/film") == b"a film"
    assert backend.read("ocfl/a/object/v1/record") == b"its record"
    return True


def sweep_and_try_again(backend: Backend) -> None:
    for key in backend.abandoned_staging():
        backend.discard(key)
    assert not backend.exists("staging") or backend.entries("staging") == []
    try:
        keep_a_film(backend)
    except KeyExists:
        backend.replace("ocfl/index", b"new")
    assert is_absent_or_whole(backend)


def fresh_archives(folder: Path):
    numbers = count()

    def prepare() -> Path:
        root = folder / str(next(numbers))
        LocalBackend(root).replace("ocfl/index", b"old")
        return root

    return prepare


def test_every_stop_of_a_simulated_process_leaves_the_object_absent_or_whole(tmp_path: Path) -> None:
    outcomes = []
    for stop in every_stop(fresh_archives(tmp_path), keep_on_disk):
        after = LocalBackend(stop.scene)
        outcomes.append(is_absent_or_whole(after))
        sweep_and_try_again(after)
    assert outcomes == sorted(outcomes), "once whole, it must stay whole"
    assert {True, False} == set(outcomes)


def test_a_sweep_stops_before_every_change_and_halfway_through_every_write(tmp_path: Path) -> None:
    prepare = fresh_archives(tmp_path)
    disk = FaultyDisk()
    keep_on_disk(prepare(), disk)
    stops = list(every_stop(prepare, keep_on_disk))
    assert [stop.number for stop in stops if not stop.is_halfway] == list(range(1, len(disk.calls) + 1))
    assert [stop.call.split()[0] for stop in stops if not stop.is_halfway] == [call.split()[0] for call in disk.calls]
    assert [stop.number for stop in stops if stop.is_halfway] == [
        number for number, call in enumerate(disk.calls, start=1) if call.startswith("write ")
    ]
    assert "halfway through change" in str(next(stop for stop in stops if stop.is_halfway))


def test_a_write_that_was_killed_halfway_has_written_half(tmp_path: Path) -> None:
    def write_one(root: Path, disk: FaultyDisk) -> None:
        descriptor = disk.create(root / "file")
        disk.write(descriptor, memoryview(b"12345678"))

    numbers = count()

    def prepare() -> Path:
        root = tmp_path / str(next(numbers))
        root.mkdir()
        return root

    found = {str(stop).split(":")[0]: stop.scene / "file" for stop in every_stop(prepare, write_one)}
    assert not found["killed before change 1"].exists()
    assert found["killed before change 2"].read_bytes() == b""
    assert found["killed halfway through change 2"].read_bytes() == b"1234"
    assert len(found) == 3


def test_calls_are_counted_without_failing_anything(tmp_path: Path) -> None:
    prepare = fresh_archives(tmp_path)
    stops = [stop for stop in every_stop(prepare, keep_on_disk) if not stop.is_halfway]
    assert count_calls(lambda disk: keep_on_disk(prepare(), disk)) == len(stops) > 15


def test_a_dead_process_makes_no_more_calls_and_holds_nothing(tmp_path: Path) -> None:
    disk = FaultyDisk()
    dead = LocalBackend(tmp_path, disk)
    area = dead.open_staging("test")
    sink = dead.create(f"{area}/file")
    with dead.lock("name"):
        disk.kill_at = len(disk.calls) + 1
        with pytest.raises(Killed):
            sink.write(b"data")
        with LocalBackend(tmp_path).lock("name", wait_s=0):
            pass
    before = len(disk.calls)
    for deed in (sink.commit, lambda: dead.replace("file", b""), lambda: dead.read(f"{area}/file")):
        with pytest.raises(Killed):
            deed()
    assert len(disk.calls) == before
    assert LocalBackend(tmp_path).abandoned_staging() == [area]


def test_killed_is_not_stopped_by_those_who_survive_every_exception(tmp_path: Path) -> None:
    def stubborn(root: Path, disk: FaultyDisk) -> None:
        try:
            LocalBackend(root, disk).replace("file", b"")
        except Exception:  # noqa: BLE001
            raise AssertionError("a dead process went on") from None

    assert all(stop.number for stop in every_stop(fresh_archives(tmp_path), stubborn))


def test_an_action_that_goes_on_after_its_death_is_found_out(tmp_path: Path) -> None:
    def undead(root: Path, disk: FaultyDisk) -> None:
        with suppress(Killed):
            LocalBackend(root, disk).replace("file", b"")

    with pytest.raises(AssertionError, match="went on"):
        list(every_stop(fresh_archives(tmp_path), undead))


def test_an_fsync_fails_once_with_eio(tmp_path: Path) -> None:
    disk = FaultyDisk(eio_at_fsync=2)
    disk.fsync_folder(tmp_path)
    with pytest.raises(OSError, match="error") as failure:
        disk.fsync_folder(tmp_path)
    assert failure.value.errno == errno.EIO
    disk.fsync_folder(tmp_path)


def test_a_disk_fills_at_the_byte_and_at_the_change_that_was_asked_for(tmp_path: Path) -> None:
    disk = FaultyDisk(full_after_bytes=5)
    descriptor = disk.create(tmp_path / "file")
    assert disk.write(descriptor, memoryview(b"123")) == 3
    assert disk.write(descriptor, memoryview(b"456")) == 2
    with pytest.raises(OSError, match="space"):
        disk.write(descriptor, memoryview(b"6"))
    disk.close(descriptor)
    assert (tmp_path / "file").read_bytes() == b"12345"
    disk.full_at = 1
    with pytest.raises(OSError, match="space"):
        disk.mkdir(tmp_path / "folder")
    disk.unlink(tmp_path / "file")


def test_every_stop_of_a_backend_in_memory_leaves_the_object_absent_or_whole() -> None:
    def prepare() -> Backend:
        backend = MemoryBackend()
        backend.replace("ocfl/index", b"old")
        return backend

    stops = []
    for stop in every_backend_stop(prepare, keep_a_film):
        stops.append(stop.call.split()[0])
        after = stop.scene
        is_absent_or_whole(after)
        sweep_and_try_again(after)
    assert stops == [
        *("open_staging", "create", "write", "commit", "create", "write", "commit"),
        *("move", "replace", "discard"),
    ]


SCRIPT = """
import sys
from pathlib import Path
from holdfast.backends.local import LocalBackend
from holdfast.testing.faults import disk_from_environment
from tests.testing.test_faults import keep_a_film
keep_a_film(LocalBackend(Path(sys.argv[1]), disk_from_environment()))
"""


@pytest.mark.slow
@pytest.mark.kill
def test_every_kill_of_a_real_process_leaves_the_object_absent_or_whole(tmp_path: Path) -> None:
    def command(root: Path) -> Sequence[str]:
        return [sys.executable, "-c", SCRIPT, str(root)]

    outcomes = []
    for stop in every_kill(fresh_archives(tmp_path), command):
        after = LocalBackend(stop.scene)
        outcomes.append(is_absent_or_whole(after))
        sweep_and_try_again(after)
    assert outcomes == sorted(outcomes)
    assert {True, False} == set(outcomes)


def test_a_process_that_fails_by_itself_is_not_taken_for_killed(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"exit 1.*my own fault"):
        list(every_kill(lambda: tmp_path, lambda _: [sys.executable, "-c", "raise SystemExit('my own fault')"]))


def test_a_faulty_backend_without_faults_is_the_inner_one() -> None:
    inner = MemoryBackend()
    inner.replace("ocfl/index", b"old")
    keep_a_film(FaultyBackend(inner))
    assert is_absent_or_whole(inner)
    assert inner.read("ocfl/index") == b"new"
