"""A backend that fails on purpose, wrapped round any other."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import BinaryIO

from holdfast.backends.base import Backend, Entry, Sink, Space
from holdfast.errors import DiskFull, HoldfastError, NotDurable


class Killed(BaseException):
    """The simulated process is dead. Not an Exception: nothing that survives errors may survive this."""


@dataclass
class Faults:
    """What shall go wrong; may be changed while the backend works. Keys are matched by patterns as of a shell.

    Attributes:
        kill_at: die before the n-th change (from 1); every later call raises Killed too.
        flip: pattern -> which bit of a matching file is read wrongly, also when read back.
        shorten: pattern -> how many bytes are missing at the end of a matching file.
        lie_on: a write to a matching key is acknowledged, but zeros are stored.
        delay_s: every call takes so much longer.
        capacity_bytes: DiskFull once more than that was written.
        not_durable_at: the n-th commit (from 1) fails once with NotDurable.
        lose_move_at: the n-th move (from 1) claims to be done, and is not.
    """

    kill_at: int | None = None
    flip: Mapping[str, int] = field(default_factory=dict)
    shorten: Mapping[str, int] = field(default_factory=dict)
    lie_on: str | None = None
    delay_s: float = 0.0
    capacity_bytes: int | None = None
    not_durable_at: int | None = None
    lose_move_at: int | None = None


class FaultyBackend(Backend):
    """`inner`, with `faults`. `calls` names every change begun, and what it was done to."""

    def __init__(self, inner: Backend, faults: Faults | None = None) -> None:
        self.inner = inner
        self.faults = faults or Faults()
        self.calls: list[str] = []
        self.is_dead = False
        self.written_bytes = 0
        self._guard = threading.Lock()
        self._counts = {"commit": 0, "move": 0}

    @property
    def place(self) -> str:
        """The inner place."""
        return self.inner.place

    # ------------------------------------------------------------------------------------------- reading

    def open(self, key: str) -> BinaryIO:
        """The bytes, or what the faults make of them."""
        self._look()
        if _fault(self.faults.flip, key) is None and _fault(self.faults.shorten, key) is None:
            return self.inner.open(key)
        with self.inner.open(key) as stream:
            data = stream.read()
        kept = data[: self._length(key, len(data))]
        return io.BytesIO(self._flipped(key, kept, 0))

    def read(self, key: str, *, limit: int = 256 * 1024 * 1024) -> bytes:
        """The bytes, or what the faults make of them."""
        self._look()
        data = self.inner.read(key, limit=limit)
        return self._flipped(key, data[: self._length(key, len(data))], 0)

    def size(self, key: str) -> int:
        """The length, less what is missing."""
        self._look()
        return self._length(key, self.inner.size(key))

    def exists(self, key: str) -> bool:
        """As inside."""
        self._look()
        return self.inner.exists(key)

    def entries(self, folder: str) -> list[Entry]:
        """As inside, lengths less what is missing."""
        self._look()
        start = f"{folder}/" if folder else ""
        found = self.inner.entries(folder)
        return [replace(entry, size_bytes=self._length(start + entry.name, entry.size_bytes)) for entry in found]

    def space(self) -> Space:
        """What is left of the capacity, if one is set."""
        self._look()
        space = self.inner.space()
        if self.faults.capacity_bytes is None:
            return space
        return replace(space, free_bytes=max(0, self.faults.capacity_bytes - self.written_bytes))

    # ------------------------------------------------------------------------------------------- changes

    def create(self, key: str) -> Sink:
        """A sink with the same faults."""
        self._change("create", key)
        return _FaultySink(self, self.inner.create(key), key)

    def move(self, source: str, target: str) -> None:
        """Done, or lost."""
        self._change("move", target)
        if self._turn("move") != self.faults.lose_move_at:
            self.inner.move(source, target)

    def replace(self, key: str, data: bytes) -> None:
        """Done, unless there is no room."""
        self._change("replace", key)
        self._take_room(key, len(data))
        self.inner.replace(key, bytes(len(data)) if self._lies_on(key) else data)

    def mend(self, source: str, target: str) -> None:
        """As inside."""
        self._change("mend", target)
        self.inner.mend(source, target)

    def settle(self, key: str) -> None:
        """As inside."""
        self._change("settle", key)
        self.inner.settle(key)

    def open_staging(self, purpose: str) -> str:
        """As inside."""
        self._change("open_staging", purpose)
        return self.inner.open_staging(purpose)

    def abandoned_staging(self) -> list[str]:
        """As inside."""
        self._look()
        return self.inner.abandoned_staging()

    def discard(self, key: str) -> None:
        """As inside."""
        self._change("discard", key)
        self.inner.discard(key)

    def lock(self, name: str, *, wait_s: float = 30.0) -> AbstractContextManager[None]:
        """As inside; the lock of a dead process ends as its context unwinds."""
        self._look()
        return self.inner.lock(name, wait_s=wait_s)

    def close(self) -> None:
        """As inside."""
        self.inner.close()

    # -------------------------------------------------------------------------------------------- inside

    def _look(self) -> None:
        if self.is_dead:
            raise Killed
        if self.faults.delay_s:
            time.sleep(self.faults.delay_s)

    def _change(self, name: str, key: str) -> None:
        self._look()
        with self._guard:
            self.calls.append(f"{name} {key}")
            if len(self.calls) == self.faults.kill_at:
                self.is_dead = True
                self.inner.close()  # staging areas lose their owner
                raise Killed

    def _turn(self, name: str) -> int:
        with self._guard:
            self._counts[name] += 1
            return self._counts[name]

    def _take_room(self, key: str, wanted_bytes: int) -> None:
        with self._guard:
            capacity = self.faults.capacity_bytes
            if capacity is not None and self.written_bytes + wanted_bytes > capacity:
                raise DiskFull(place=self.place, name=key)
            self.written_bytes += wanted_bytes

    def _lies_on(self, key: str) -> bool:
        return self.faults.lie_on is not None and fnmatchcase(key, self.faults.lie_on)

    def _length(self, key: str, length: int) -> int:
        return max(0, length - (_fault(self.faults.shorten, key) or 0))

    def _flipped(self, key: str, data: bytes, start: int) -> bytes:
        """`data`, which begins at `start` of the file, with the bad bit if it lies in there."""
        bit = _fault(self.faults.flip, key)
        if bit is None or not start * 8 <= bit < (start + len(data)) * 8:
            return data
        changed = bytearray(data)
        changed[bit // 8 - start] ^= 1 << bit % 8
        return bytes(changed)


class _FaultySink(Sink):
    def __init__(self, backend: FaultyBackend, inner: Sink, key: str) -> None:
        self._backend, self._inner, self._key = backend, inner, key
        self._failure: HoldfastError | None = None

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self._backend._change("write", self._key)
        length = memoryview(data).nbytes
        try:
            self._backend._take_room(self._key, length)
        except DiskFull as error:
            self._failure = error
            raise
        self._inner.write(bytes(length) if self._backend._lies_on(self._key) else data)

    def flush_and_read_back(self, start: int, length: int) -> Iterator[bytes]:
        self._backend._look()
        position = start
        for piece in self._inner.flush_and_read_back(start, length):
            yield self._backend._flipped(self._key, bytes(piece), position)
            position += len(piece)

    def commit(self) -> None:
        self._backend._change("commit", self._key)
        if self._failure:
            raise self._failure
        if self._backend._turn("commit") == self._backend.faults.not_durable_at:
            self._failure = NotDurable(place=self._backend.place, name=self._key, reason="simulated")
            raise self._failure
        self._inner.commit()

    def abort(self) -> None:
        self._inner.abort()


def _fault(table: Mapping[str, int], key: str) -> int | None:
    """What is set for the first pattern that fits the key."""
    return next((value for pattern, value in table.items() if fnmatchcase(key, pattern)), None)
