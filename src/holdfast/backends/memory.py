"""A backend in memory that keeps the same promises, for tests. It ends with the interpreter.

`MemoryBackend(beside=other)` looks at the same bytes as another process would: it owns none of the other's staging
areas and waits for the other's locks.
"""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from holdfast.backends.base import (
    STAGING,
    Backend,
    Entry,
    Sink,
    Space,
    check_key,
    check_target,
    is_staged,
    new_area_name,
)
from holdfast.errors import DiskFull, HoldfastError, KeyExists, Locked, MissingKey, ReadBackDiffers, StorageRefused
from holdfast.model.time import now

PIECE_BYTES = 1024 * 1024


class _Medium:
    """What several backends over the same bytes share."""

    def __init__(self, capacity_bytes: int | None) -> None:
        self.files: dict[str, bytes] = {}
        self.areas: dict[str, object | None] = {}  # staging area -> its owner, None once that is gone
        self.locks: dict[str, object] = {}
        self.changed = threading.Condition(threading.RLock())
        self.capacity_bytes = capacity_bytes

    @property
    def used_bytes(self) -> int:
        return sum(map(len, self.files.values()))

    def below(self, folder: str) -> list[str]:
        """The keys of everything in `folder`, however deep."""
        return [key for key in [*self.files, *self.areas] if key.startswith(f"{folder}/")]

    def has(self, key: str) -> bool:
        return key in self.files or key in self.areas or bool(self.below(key))


class MemoryBackend(Backend):
    """Bytes in a dictionary. May be used by several threads at once.

    Args:
        beside: share the bytes of this one.
        capacity_bytes: DiskFull beyond that.
    """

    def __init__(self, *, beside: MemoryBackend | None = None, capacity_bytes: int | None = None) -> None:
        self._medium: _Medium = beside._medium if beside else _Medium(capacity_bytes)
        self._unfinished: set[str] = set()

    @property
    def place(self) -> str:
        """Always the same words."""
        return "memory"

    # ------------------------------------------------------------------------------------------- reading

    def open(self, key: str) -> BinaryIO:
        """A stream over the bytes as they are now."""
        return io.BytesIO(self._bytes(key))

    def read(self, key: str, *, limit: int = 256 * 1024 * 1024) -> bytes:
        """All bytes of a small file."""
        data = self._bytes(key)
        if len(data) > limit:
            raise StorageRefused(place=self.place, name=key, reason=f"{len(data)} bytes, and at most {limit} are read")
        return data

    def size(self, key: str) -> int:
        """The length in bytes."""
        return len(self._bytes(key))

    def exists(self, key: str) -> bool:
        """Whether a file or folder lies at `key`."""
        check_key(key)
        with self._medium.changed:
            return self._medium.has(key)

    def entries(self, folder: str) -> list[Entry]:
        """The names directly in `folder`, sorted."""
        if folder:
            check_key(folder)
        with self._medium.changed:
            if folder and (folder in self._medium.files or not self._medium.has(folder)):
                raise MissingKey(place=self.place, key=folder)
            start = f"{folder}/" if folder else ""
            names = {key[len(start) :].split("/")[0] for key in self._keys() if key.startswith(start)}
            return sorted(self._entry(name, start + name) for name in names)

    def space(self) -> Space:
        """What is left of the capacity, if there is one."""
        with self._medium.changed:
            total = self._medium.capacity_bytes
            return Space(None if total is None else total - self._medium.used_bytes, total)

    # ------------------------------------------------------------------------------------------- writing

    def create(self, key: str) -> Sink:
        """A sink that keeps its bytes to itself until `commit`."""
        staged = check_target(key)
        with self._medium.changed:
            self._check_free(key)
            if staged:
                self._medium.files[key] = b""
                self._unfinished.add(key)
        return _MemorySink(self, key, is_staged=staged)

    def move(self, source: str, target: str) -> None:
        """Rename all keys at once."""
        self._check_staged(source)
        check_target(target)
        with self._medium.changed:
            if not self._medium.has(source):
                raise MissingKey(place=self.place, key=source)
            self._check_free(target)
            if f"{target}/".startswith(f"{source}/"):
                raise StorageRefused(place=self.place, name=target, reason="it lies in what is moved")
            files = self._medium.files
            for key in [key for key in files if f"{key}/".startswith(f"{source}/")]:
                files[target + key[len(source) :]] = files.pop(key)
            self._medium.areas.pop(source, None)

    def replace(self, key: str, data: bytes) -> None:
        """Exchange or create a small file."""
        check_target(key)
        with self._medium.changed:
            if key not in self._medium.files:
                self._check_free(key)
            self._check_room(key, len(data) - len(self._medium.files.get(key, b"")))
            self._medium.files[key] = bytes(data)

    def mend(self, source: str, target: str) -> None:
        """Put the staged bytes where the damaged ones were."""
        self._check_staged(source)
        check_target(target)
        with self._medium.changed:
            if source not in self._medium.files:
                raise MissingKey(place=self.place, key=source)
            if target not in self._medium.files:
                self._check_free(target)
            self._medium.files[target] = self._medium.files.pop(source)

    def settle(self, key: str) -> None:
        """Nothing is ever half there in memory."""
        if not self.exists(key):
            raise MissingKey(place=self.place, key=key)

    # ------------------------------------------------------------------------------------------- staging

    def open_staging(self, purpose: str) -> str:
        """A fresh area, owned by this backend."""
        key = f"{STAGING}/{new_area_name(purpose, now())}"
        with self._medium.changed:
            self._medium.areas[key] = self
        return key

    def abandoned_staging(self) -> list[str]:
        """Areas whose owners were closed."""
        with self._medium.changed:
            return sorted(key for key, owner in self._medium.areas.items() if owner is None)

    def discard(self, key: str) -> None:
        """Remove it."""
        if not is_staged(key):
            raise ValueError(f"not in staging: {key!r}")
        area = "/".join(key.split("/")[:2])
        with self._medium.changed:
            if self._medium.areas.get(area) not in (None, self):
                raise Locked(name=area, holder="another process")
            self._medium.areas.pop(key, None)
            for other in [other for other in self._medium.files if f"{other}/".startswith(f"{key}/")]:
                del self._medium.files[other]
                self._unfinished.discard(other)

    @contextmanager
    def lock(self, name: str, *, wait_s: float = 30.0) -> Iterator[None]:
        """Hold the lock `name` against every thread and every backend over the same bytes."""
        deadline = time.monotonic() + wait_s
        with self._medium.changed:
            while name in self._medium.locks:
                if not self._medium.changed.wait(max(0.0, deadline - time.monotonic())):
                    raise Locked(name=name, holder="another thread")
            mine = self._medium.locks[name] = object()
        try:
            yield
        finally:
            with self._medium.changed:
                if self._medium.locks.get(name) is mine:
                    del self._medium.locks[name]
                self._medium.changed.notify_all()

    def close(self) -> None:
        """Let go of the staging areas held here."""
        with self._medium.changed:
            for key, owner in self._medium.areas.items():
                if owner is self:
                    self._medium.areas[key] = None

    # -------------------------------------------------------------------------------------------- inside

    def _check_staged(self, source: str) -> None:
        if not is_staged(source):
            raise ValueError(f"only what is staged can be moved: {source!r}")
        for key in tuple(self._unfinished):
            if f"{key}/".startswith(f"{source}/"):
                raise ValueError(f"not committed: {key!r}")

    def _keys(self) -> list[str]:
        return [*self._medium.files, *self._medium.areas]

    def _bytes(self, key: str) -> bytes:
        check_key(key)
        with self._medium.changed:
            if key not in self._medium.files:
                raise MissingKey(place=self.place, key=key)
            return self._medium.files[key]

    def _entry(self, name: str, key: str) -> Entry:
        data = self._medium.files.get(key)
        return Entry(name, is_folder=data is None, size_bytes=len(data or b""))

    def _check_free(self, key: str) -> None:
        """Raises KeyExists if something lies at `key`, or a file lies where one of its folders must be."""
        parts = key.split("/")
        above = ["/".join(parts[:count]) for count in range(1, len(parts))]
        in_the_way = [folder for folder in above if folder in self._medium.files]
        if in_the_way or self._medium.has(key):
            raise KeyExists(place=self.place, key=in_the_way[0] if in_the_way else key)

    def _check_room(self, key: str, more_bytes: int) -> None:
        left = self.space().free_bytes
        if left is not None and more_bytes > left:
            raise DiskFull(place=self.place, name=key)

    def _put(self, key: str, data: bytes, *, staged: bool) -> None:
        """Give a finished sink's bytes their name."""
        with self._medium.changed:
            if not staged:
                self._check_free(key)
            self._medium.files[key] = data
            self._unfinished.discard(key)


class _MemorySink(Sink):
    def __init__(self, backend: MemoryBackend, key: str, *, is_staged: bool) -> None:
        self._backend, self._key, self._is_staged = backend, key, is_staged
        self._data = bytearray()
        self._is_open = True
        self._failure: HoldfastError | None = None

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if not self._is_open:
            raise ValueError(f"the sink of {self._key!r} is closed")
        try:
            self._backend._check_room(self._key, len(self._data) + memoryview(data).nbytes)
        except DiskFull as error:
            self._failure = error
            raise
        self._data += memoryview(data).cast("B")

    def flush_and_read_back(self, start: int, length: int) -> Iterator[bytes]:
        if self._failure:
            raise self._failure
        if start + length > len(self._data):
            self._failure = ReadBackDiffers(place=self._backend.place, name=self._key)
            raise self._failure
        for position in range(start, start + length, PIECE_BYTES):
            yield bytes(self._data[position : min(position + PIECE_BYTES, start + length)])

    def commit(self) -> None:
        if self._failure:
            raise self._failure
        if not self._is_open:
            raise ValueError(f"the sink of {self._key!r} is closed")
        try:
            self._backend._put(self._key, bytes(self._data), staged=self._is_staged)
        except KeyExists as error:
            self._failure = error
            raise
        self._is_open = False

    def abort(self) -> None:
        self._is_open = False
