"""What was reported done survives every power cut; and the model that says so can say the opposite."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest

from holdfast.backends.base import Backend, write_bytes
from holdfast.backends.local import LocalBackend
from holdfast.testing.faults import Killed
from holdfast.testing.powercut import RecordingDisk, after_power_cut

FILM = bytes(range(256)) * 10


@dataclass
class Promises:
    """What was reported done, and after how many steps: key -> (steps, bytes), the newest last."""

    disk: RecordingDisk
    made: list[tuple[int, str, bytes]] = field(default_factory=list)

    def add(self, key: str, data: bytes) -> None:
        self.made.append((len(self.disk.record.steps), key, data))

    def holding(self, at: int) -> dict[str, bytes]:
        """What must be there if the power goes after `at` steps."""
        return {key: data for steps, key, data in self.made if steps <= at}


def work(backend: LocalBackend, promises: Promises) -> None:
    """Every kind of deed that ends with a promise."""
    write_bytes(backend, "ocfl/0=ocfl_1.1", b"ocfl_1.1\n")
    promises.add("ocfl/0=ocfl_1.1", b"ocfl_1.1\n")
    for number in range(2):
        area = backend.open_staging("ingest")
        target = f"ocfl/a/{number}/object"
        write_bytes(backend, f"{area}/object/v1/content/film", FILM)
        write_bytes(backend, f"{area}/object/inventory.json", b"v1")
        backend.move(f"{area}/object", target)
        promises.add(f"{target}/v1/content/film", FILM)
        promises.add(f"{target}/inventory.json", b"v1")
        backend.discard(area)
    backend.replace("ocfl/a/0/object/inventory.json", b"v2")
    promises.add("ocfl/a/0/object/inventory.json", b"v2")


def states_of(disk: RecordingDisk, folder: Path, *, step: int = 1, seeds: int = 3):
    """Sampled states of the disk after a cut at any step: (how many steps, the archive as it is then)."""
    numbers = count()
    total = len(disk.record.steps)
    for at in [*range(0, total, step), total]:
        for seed in range(seeds):
            into = folder / str(next(numbers))
            into.mkdir()
            yield at, after_power_cut(disk.record, seed * 1000 + at, into, at=at)


def broken_promises(states, promises: Promises) -> list[str]:
    """Keys that were reported done and are not what they were reported to be."""
    broken = []
    for at, root in states:
        for key, data in promises.holding(at).items():
            newer = [other for _, name, other in promises.made if name == key]
            if not (root / key).is_file() or (root / key).read_bytes() not in newer[newer.index(data) :]:
                broken.append(f"after {at} steps: {key}")
    return broken


def test_whatever_was_reported_done_survives_a_power_cut_at_any_step(tmp_path: Path) -> None:
    disk = RecordingDisk(tmp_path / "archive")
    promises = Promises(disk)
    work(LocalBackend(tmp_path / "archive", disk), promises)
    assert broken_promises(states_of(disk, tmp_path), promises) == []


def test_a_moved_object_is_absent_or_whole_after_any_cut(tmp_path: Path) -> None:
    disk = RecordingDisk(tmp_path / "archive")
    work(LocalBackend(tmp_path / "archive", disk), Promises(disk))
    seen = set()
    for _, root in states_of(disk, tmp_path, seeds=4):
        for number in range(2):
            target = root / f"ocfl/a/{number}/object"
            seen.add(target.exists())
            if target.exists():
                assert (target / "v1/content/film").read_bytes() == FILM
                assert (target / "inventory.json").read_bytes() in (b"v1", b"v2")
    assert seen == {True, False}


class NoFolderFsync(RecordingDisk):
    def fsync_folder(self, path: Path) -> None:
        pass


class NoFileFsync(RecordingDisk):
    def fsync(self, descriptor: int) -> None:
        pass


class NoAncestorFsync(RecordingDisk):
    """Fsyncs only folders in which something was renamed, never those in which a folder was made."""

    def fsync_folder(self, path: Path) -> None:
        if self.calls[-1].startswith("rename"):
            super().fsync_folder(path)


@pytest.mark.parametrize("careless", [NoFolderFsync, NoFileFsync, NoAncestorFsync])
def test_a_backend_that_forgets_an_fsync_is_found_out(
    tmp_path: Path, careless: Callable[[Path], RecordingDisk]
) -> None:
    disk = careless(tmp_path / "archive")
    promises = Promises(disk)
    work(LocalBackend(tmp_path / "archive", disk), promises)
    assert broken_promises(states_of(disk, tmp_path), promises) != []


def put_an_object(backend: Backend) -> None:
    area = backend.open_staging("ingest")
    write_bytes(backend, f"{area}/object/film", FILM)
    backend.move(f"{area}/object", "ocfl/a/object")


def has_object(root: Path) -> bool:
    film = root / "ocfl/a/object/film"
    return film.is_file() and film.read_bytes() == FILM


def test_what_a_killed_process_left_in_place_is_durable_once_settled_and_not_before(tmp_path: Path) -> None:
    trial = RecordingDisk(tmp_path / "trial")
    put_an_object(LocalBackend(tmp_path / "trial", trial))
    rename = next(number for number, call in enumerate(trial.calls, start=1) if call.startswith("rename_new"))

    root = tmp_path / "archive"
    killed = RecordingDisk(root, kill_at=rename + 1)  # after the rename, before the fsync that makes it durable
    with pytest.raises(Killed):
        put_an_object(LocalBackend(root, killed))
    second = RecordingDisk(root, record=killed.record)
    found = LocalBackend(root, second)
    assert found.exists("ocfl/a/object")
    before = [has_object(state) for state in cuts_now(second, tmp_path / "before")]
    found.settle("ocfl/a/object")
    after = [has_object(state) for state in cuts_now(second, tmp_path / "after")]
    assert set(before) == {True, False}
    assert set(after) == {True}


def cuts_now(disk: RecordingDisk, folder: Path) -> list[Path]:
    """States of the disk if the power goes at this moment."""
    states = []
    for seed in range(20):
        into = folder / str(seed)
        into.mkdir(parents=True)
        states.append(after_power_cut(disk.record, seed, into, at=len(disk.record.steps)))
    return states


def test_what_was_there_before_the_recording_is_durable(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    put_an_object(LocalBackend(root))
    disk = RecordingDisk(root)
    LocalBackend(root, disk).replace("ocfl/a/object/film", b"new")
    for _, state in states_of(disk, tmp_path):
        assert (state / "ocfl/a/object/film").read_bytes() in (FILM, b"new")


def test_a_state_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    disk = RecordingDisk(tmp_path / "archive")
    work(LocalBackend(tmp_path / "archive", disk), Promises(disk))
    for seed in range(10):
        pictures = []
        for name in ("one", "two"):
            into = tmp_path / f"{name}{seed}"
            into.mkdir()
            root = after_power_cut(disk.record, seed, into)
            pictures.append(
                {str(path.relative_to(into)): path.is_file() and path.read_bytes() for path in root.rglob("*")}
            )
        assert pictures[0] == pictures[1]


def test_bytes_that_nobody_vouches_for_may_be_cut_or_zero_but_are_never_others(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    root.mkdir()
    disk = RecordingDisk(root)
    descriptor = disk.create(root / "film")
    disk.write(descriptor, memoryview(FILM[:1000]))
    disk.fsync(descriptor)
    disk.write(descriptor, memoryview(FILM[1000:]))
    disk.fsync_folder(root)
    disk.close(descriptor)
    lengths, has_zeros = set(), set()
    for state in cuts_now(disk, tmp_path / "cuts"):
        data = (state / "film").read_bytes()
        assert data[:1000] == FILM[:1000]
        assert all(found in (0, wanted) for found, wanted in zip(data, FILM, strict=False))
        lengths.add(len(data))
        has_zeros.add(data != FILM[: len(data)])
    assert len(lengths) > 2
    assert has_zeros == {True, False}
