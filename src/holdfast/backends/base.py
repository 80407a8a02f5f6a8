"""The interface of a place that stores bytes, and the promises that every implementation keeps.

Keys are relative, `/`-separated and never contain `..`, `.` or an empty part. A *folder* exists where something lies
below it. One conformance suite (`tests/backends/test_conformance.py`) holds every implementation to these promises:

1. `create` gives a sink for a new key; it never writes over anything. Once `Sink.commit` returned, the bytes are
   durable; before that, or after `abort`, they may vanish.
2. `move` puts a staged file or folder at its final key in one step: afterwards all of it is there, or none of it.
   It refuses a target that exists. When it returns, the new names are durable.
3. `replace` exchanges a small file in one step: a reader sees the old bytes or the new, never a mixture.
4. Only what lies in staging can be removed (`discard`). There is no way to delete anything else.
5. A lock ends with the process that held it.

Work that is not finished lives in staging areas: `open_staging` gives a fresh one, owned by this process;
`abandoned_staging` tells which were left behind by processes that are gone.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import BinaryIO

STAGING = "staging"


@dataclass(frozen=True, order=True)
class Entry:
    """One name in a folder. `size_bytes` is 0 for a folder; `is_special` marks links, devices and the like."""

    name: str
    is_folder: bool
    size_bytes: int
    is_special: bool = False


@dataclass(frozen=True)
class Space:
    """What is left at a place; None where the place cannot tell."""

    free_bytes: int | None
    total_bytes: int | None
    free_files: int | None = None


class Sink(ABC):
    """Where the bytes of one new key go. Use it as a context: leaving without `commit` aborts."""

    @abstractmethod
    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Append bytes; the buffer may be used again when this returns. Raises DiskFull, StorageRefused."""

    @abstractmethod
    def flush_and_read_back(self, start: int, length: int) -> Iterator[bytes | memoryview]:
        """Make [start, start + length), already written, durable, and give it as the place itself holds it.

        Where the place has a cache in front of its medium, the cache is asked to step aside first. May be called
        from another thread than `write`. Each piece is valid until the next is asked for.

        Raises:
            NotDurable: the medium refused; nothing of this sink may be called kept.
        """

    @abstractmethod
    def commit(self) -> None:
        """Make all of it durable and close. Raises NotDurable; it is never tried a second time."""

    @abstractmethod
    def abort(self) -> None:
        """Close and forget it. Never raises; what is left is swept with its staging area."""

    def __enter__(self) -> Sink:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self.abort()  # after a commit this does nothing


class Backend(ABC):
    """A place that stores bytes under keys. See the promises at the top of this module."""

    @property
    @abstractmethod
    def place(self) -> str:
        """Where this is, for people: a folder or an address."""

    @abstractmethod
    def open(self, key: str) -> BinaryIO:
        """A seekable stream of the bytes at `key`; the caller closes it. Raises MissingKey, StorageRefused."""

    @abstractmethod
    def read(self, key: str, *, limit: int = 256 * 1024 * 1024) -> bytes:
        """All bytes of a small file. Raises MissingKey, and StorageRefused when it is larger than `limit`."""

    @abstractmethod
    def size(self, key: str) -> int:
        """The length in bytes. Raises MissingKey for anything that is not a file."""

    @abstractmethod
    def exists(self, key: str) -> bool:
        """Whether a file or folder lies at `key`."""

    @abstractmethod
    def entries(self, folder: str) -> list[Entry]:
        """The names directly in `folder`, sorted; "" is the root. Raises MissingKey if there is no such folder."""

    @abstractmethod
    def create(self, key: str) -> Sink:
        """A sink for a new file; its folders are made. Raises KeyExists, DiskFull, StorageRefused."""

    @abstractmethod
    def move(self, source: str, target: str) -> None:
        """Put a staged file or folder at its final key (promise 2). Raises MissingKey, KeyExists, NotDurable."""

    @abstractmethod
    def replace(self, key: str, data: bytes) -> None:
        """Exchange or create a small file in one step (promise 3). Raises DiskFull, NotDurable."""

    @abstractmethod
    def open_staging(self, purpose: str) -> str:
        """The key of a new, empty staging area that belongs to this process until `discard`."""

    @abstractmethod
    def abandoned_staging(self) -> list[str]:
        """Keys of staging areas whose owners are gone."""

    @abstractmethod
    def discard(self, key: str) -> None:
        """Remove a staging area or something in it. Refuses (ValueError) any key outside staging."""

    @abstractmethod
    def lock(self, name: str, *, wait_s: float = 30.0) -> AbstractContextManager[None]:
        """Hold the lock `name` against every other process and thread. Raises Locked after `wait_s` seconds."""

    @abstractmethod
    def space(self) -> Space:
        """What is left at this place."""


def check_key(key: str) -> str:
    """`key` itself, if it is one.

    Raises:
        ValueError: it is empty, absolute, or has an empty part, `.` or `..`: no caller may leave the place.
    """
    if not key or any(part in ("", ".", "..") for part in key.split("/")) or "\0" in key:
        raise ValueError(f"not a key: {key!r}")
    return key


def write_bytes(backend: Backend, key: str, data: bytes) -> None:
    """Create a small new file, durable when this returns. Raises what `create` and `commit` raise."""
    with backend.create(key) as sink:
        sink.write(data)
        sink.commit()
