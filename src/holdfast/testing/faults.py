"""Disks and backends that fail on purpose, and sweeps that stop a deed at each of its changes.

A crash sweep is one loop. `prepare` gives a fresh scene, `action` works on it until it is killed, the body looks at
what is left, as the next process would find it:

    def prepare() -> Path:
        return copy_of(an_archive)

    def action(root: Path, disk: FaultyDisk) -> None:
        add(LocalBackend(root, disk), film)

    for stop in every_stop(prepare, action):
        after = LocalBackend(stop.scene)
        ...                                     # absent or valid; run it again; complete

`every_stop` kills a simulated process at each call of `Disk`, `every_backend_stop` at each call of any `Backend`, and
`every_kill` a real one with SIGKILL. All three end after the first run that was not killed.
"""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from holdfast.backends.base import Backend
from holdfast.backends.disk import Disk
from holdfast.testing.faulty_backend import Faults, FaultyBackend, Killed

__all__ = [
    "KILL_AT",
    "Faults",
    "FaultyBackend",
    "FaultyDisk",
    "Killed",
    "Stop",
    "count_calls",
    "disk_from_environment",
    "every_backend_stop",
    "every_kill",
    "every_stop",
]

KILL_AT = "HOLDFAST_TEST_KILL_AT"  # read by `disk_from_environment` alone, which no production code calls
Scene = TypeVar("Scene")


class FaultyDisk(Disk):
    """A real disk that counts its changes and fails when told. The settings may be changed while it works.

    Args:
        kill_at: die before the n-th change (from 1); every later call raises Killed too, and all descriptors and
            locks are closed, as the kernel would.
        is_halfway: if that change is a write, write half of it before dying.
        is_real: die by SIGKILL, for good.
        full_at: from the n-th change on there is no space for new names or bytes.
        full_after_bytes: there is space for so many bytes; the write that meets the end is cut short.
        eio_at_fsync: the n-th fsync (of a file or a folder) fails once.
    """

    def __init__(
        self,
        *,
        kill_at: int | None = None,
        is_halfway: bool = False,
        is_real: bool = False,
        full_at: int | None = None,
        full_after_bytes: int | None = None,
        eio_at_fsync: int | None = None,
    ) -> None:
        self.kill_at, self.is_halfway, self.is_real = kill_at, is_halfway, is_real
        self.full_at, self.full_after_bytes, self.eio_at_fsync = full_at, full_after_bytes, eio_at_fsync
        self.calls: list[str] = []  # every change begun: its name, then what it was done to
        self.is_dead = False
        self.written_bytes = 0
        self._fsyncs = 0
        self._opened: dict[int, Path] = {}
        self._guard = threading.RLock()

    # ------------------------------------------------------------------------------------------ changes

    def create(self, path: Path) -> int:
        """Count it; fail if full."""
        with self._change("create", path, needs_space=True):
            descriptor = super().create(path)
            self._opened[descriptor] = path
            return descriptor

    def write(self, descriptor: int, data: memoryview) -> int:
        """Count it; cut it short or fail if full."""
        half = (lambda: Disk.write(self, descriptor, data[: len(data) // 2])) if self.is_halfway else None
        with self._change("write", self._path(descriptor), needs_space=True, half=half):
            if self.full_after_bytes is not None:
                data = data[: max(0, self.full_after_bytes - self.written_bytes)]
                if not data:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            taken = super().write(descriptor, data)
            self.written_bytes += taken
            return taken

    def fsync(self, descriptor: int) -> None:
        """Count it; fail once at `eio_at_fsync`."""
        with self._change("fsync", self._path(descriptor)):
            self._perhaps_eio()
            super().fsync(descriptor)

    def fsync_data(self, descriptor: int) -> None:
        """Count it; fail once at `eio_at_fsync`."""
        with self._change("fsync_data", self._path(descriptor)):
            self._perhaps_eio()
            os.fsync(descriptor)

    def fsync_folder(self, path: Path) -> None:
        """Count it; fail once at `eio_at_fsync`."""
        with self._change("fsync_folder", path):
            self._perhaps_eio()
            super().fsync_folder(path)

    def mkdir(self, path: Path) -> None:
        """Count it; fail if full."""
        with self._change("mkdir", path, needs_space=True):
            super().mkdir(path)

    def rename_new(self, source: Path, target: Path) -> None:
        """Count it."""
        with self._change("rename_new", target):
            super().rename_new(source, target)

    def rename_over(self, source: Path, target: Path) -> None:
        """Count it."""
        with self._change("rename_over", target):
            super().rename_over(source, target)

    def unlink(self, path: Path) -> None:
        """Count it."""
        with self._change("unlink", path):
            super().unlink(path)

    def rmdir(self, path: Path) -> None:
        """Count it."""
        with self._change("rmdir", path):
            super().rmdir(path)

    # ------------------------------------------------------------------------------- what changes nothing

    def reader(self, path: Path) -> int:
        """Not counted, and not remembered: a stream may close it past us, and its number may be anybody's by then."""
        with self._alive():
            return super().reader(path)

    def read_at(self, descriptor: int, buffer: memoryview, offset: int) -> int:
        """Not counted."""
        with self._alive():
            return super().read_at(descriptor, buffer, offset)

    def drop_cache(self, descriptor: int, start: int, length: int) -> None:
        """Not counted."""
        with self._alive():
            super().drop_cache(descriptor, start, length)

    def try_flock(self, descriptor: int) -> bool:
        """Not counted."""
        with self._alive():
            is_ours = super().try_flock(descriptor)
            if is_ours:
                self._opened.setdefault(descriptor, Path("lock"))
            return is_ours

    def release(self, descriptor: int) -> bool:
        """Nothing, once dead: the kernel has done it."""
        return self.is_dead or super().release(descriptor)

    def close(self, descriptor: int) -> None:
        """Nothing, once dead: the kernel has done it."""
        with self._guard:
            if not self.is_dead:
                self._opened.pop(descriptor, None)
                super().close(descriptor)

    # -------------------------------------------------------------------------------------------- inside

    def _alive(self) -> threading.RLock:
        if self.is_dead:
            raise Killed
        return self._guard

    def _change(
        self, name: str, path: Path, *, needs_space: bool = False, half: Callable[[], object] | None = None
    ) -> threading.RLock:
        """Count one change, and fail or die before it if its turn has come; the guard keeps the count exact."""
        with self._guard:
            if self.is_dead:
                raise Killed
            self.calls.append(f"{name} {path}")
            if len(self.calls) == self.kill_at:
                if half:
                    half()
                self._die()
            if needs_space and self.full_at is not None and len(self.calls) >= self.full_at:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return self._guard

    def _die(self) -> None:
        if self.is_real:
            os.kill(os.getpid(), signal.SIGKILL)
        for descriptor in list(self._opened):
            if not super().release(descriptor):
                self.close(descriptor)
        self.is_dead = True
        raise Killed

    def _perhaps_eio(self) -> None:
        self._fsyncs += 1
        if self._fsyncs == self.eio_at_fsync:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    def _path(self, descriptor: int) -> Path:
        return self._opened.get(descriptor, Path("closed"))


def disk_from_environment() -> FaultyDisk:
    """The disk for the script of a real kill sweep: it dies by SIGKILL at the change that `every_kill` chose."""
    asked = os.environ.get(KILL_AT)
    return FaultyDisk(kill_at=int(asked) if asked else None, is_real=True)


# ---------------------------------------------------------------------------------------------------- sweeps


@dataclass(frozen=True)
class Stop(Generic[Scene]):
    """One run that was killed: before its `number`-th change (or halfway through it), leaving `scene` behind."""

    number: int
    scene: Scene
    call: str
    is_halfway: bool = False

    def __str__(self) -> str:
        return f"killed {'halfway through' if self.is_halfway else 'before'} change {self.number}: {self.call}"


def count_calls(action: Callable[[FaultyDisk], object]) -> int:
    """How many changes `action` makes when nothing fails."""
    disk = FaultyDisk()
    action(disk)
    return len(disk.calls)


def every_stop(prepare: Callable[[], Scene], action: Callable[[Scene, FaultyDisk], object]) -> Iterator[Stop[Scene]]:
    """What is left of each run of `action` that was killed before, or halfway through, one of its changes."""
    number = 0
    while True:
        number += 1
        for is_halfway in (False, True):
            scene, disk = prepare(), FaultyDisk(kill_at=number, is_halfway=is_halfway)
            if not _was_killed(lambda scene=scene, disk=disk: action(scene, disk), disk):  # type: ignore[misc]
                return
            yield Stop(number, scene, disk.calls[number - 1], is_halfway)
            if not disk.calls[number - 1].startswith("write "):
                break


def every_backend_stop(
    prepare: Callable[[], Backend], action: Callable[[FaultyBackend], object]
) -> Iterator[Stop[Backend]]:
    """What is left of each run of `action` that was killed before one of its changes; `scene` is the inner backend."""
    number = 0
    while True:
        number += 1
        inner = prepare()
        backend = FaultyBackend(inner, Faults(kill_at=number))
        if not _was_killed(lambda backend=backend: action(backend), backend):  # type: ignore[misc]
            return
        yield Stop(number, inner, backend.calls[number - 1])


def _was_killed(run: Callable[[], object], simulator: FaultyDisk | FaultyBackend) -> bool:
    try:
        run()
    except Killed:
        return True
    if simulator.is_dead:
        raise AssertionError("the action went on after its process was killed")
    return False


def every_kill(
    prepare: Callable[[], Scene], command: Callable[[Scene], Sequence[str]], *, timeout_s: float = 60.0
) -> Iterator[Stop[Scene]]:
    """What is left of each real process that was killed before one of its changes.

    `command` gives the command line for a scene; the program it names works on `disk_from_environment()`.

    Raises:
        AssertionError: a process failed otherwise than by the kill; its own words are in the message.
    """
    number = 0
    while True:
        number += 1
        scene = prepare()
        environment = os.environ | {KILL_AT: str(number)}
        done = subprocess.run(  # noqa: S603  (the test's own program)
            list(command(scene)), env=environment, capture_output=True, text=True, timeout=timeout_s, check=False
        )
        if done.returncode == 0:
            return
        if done.returncode != -signal.SIGKILL:
            raise AssertionError(f"at change {number} exit {done.returncode}: {done.stderr}")
        yield Stop(number, scene, "(in another process)")
