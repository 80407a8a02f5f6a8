"""The interface of a place that stores bytes, and the promises that every implementation keeps.

Keys are relative, `/`-separated and never contain `..`, `.` or an empty part; a part has at most 255 bytes. A *folder*
exists where something lies below it; whether an empty one does is the place's own affair. One conformance suite
(`tests/backends/test_conformance.py`) holds every implementation to these promises:

1. `create` gives a sink for a new key; it never writes over anything. Once `Sink.commit` returned, the bytes are
   durable; before that, or after `abort`, they may vanish. Outside staging the key appears at `commit`, whole, or
   never. Inside staging only the bytes are durable, their names become so by `move`: no staging outlives its owner.
2. `move` puts a staged file or folder at its final key in one step: afterwards all of it is there, or none of it.
   It refuses a target that exists, and a source in which a sink was not committed. When it returns, the new names are
   durable; when it raises NotDurable they may be in place, but nothing of it may be called kept.
3. `replace` exchanges a small file in one step: a reader sees the old bytes or the new, never a mixture.
4. Only what lies in staging can be removed (`discard`). There is no way to delete anything else.
5. A lock ends with the process that held it. It is not given twice, not even to the thread that holds it.
6. What is found in place may have been put there by a process that was killed a moment before it could make the name
   durable. `settle` makes sure; whoever says "kept already" of something it did not put there calls it first.

Work that is not finished lives in staging areas, `staging/<area>/...`: `open_staging` gives a fresh one, owned by this
process; `abandoned_staging` tells which were left behind by processes that are gone.
"""

from __future__ import annotations

import re
import secrets
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
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
        """Append bytes; the buffer may be used again when this returns.

        Raises:
            DiskFull, StorageRefused: and every later `commit` raises it again; the sink can only be aborted.
        """

    @abstractmethod
    def flush_and_read_back(self, start: int, length: int) -> Iterator[bytes | memoryview]:
        """Make [start, start + length), already written, durable, and give it as the place itself holds it.

        Where the place has a cache in front of its medium, the cache is asked to step aside first. May be called
        from another thread than `write`. Each piece is valid until the next is asked for.

        Raises:
            NotDurable: the medium refused; nothing of this sink may be called kept.
            ReadBackDiffers: there are fewer bytes than were written. (Other differences are the caller's to notice.)
        """

    @abstractmethod
    def commit(self) -> None:
        """Make all of it durable and close. Never tried a second time: a failed sink stays failed.

        Raises:
            NotDurable, DiskFull: the bytes are not safe.
            KeyExists: outside staging, somebody else was first.
        """

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
        """A sink for a new file; its folders are made.

        Raises:
            KeyExists: something lies there, or a file where a folder is needed.
            DiskFull, NotDurable, StorageRefused: the place failed.
            ValueError: not a key, or one of `staging/` without an area.
        """

    @abstractmethod
    def move(self, source: str, target: str) -> None:
        """Put a staged file or folder at its final key (promise 2).

        Raises:
            MissingKey, KeyExists: nothing is at `source`, something is at `target`; nothing was changed.
            NotDurable, DiskFull, StorageRefused: the place failed.
            ValueError: `source` is not inside staging, or a sink in it was not committed.
        """

    @abstractmethod
    def replace(self, key: str, data: bytes) -> None:
        """Exchange or create a small file in one step (promise 3), durable when it returns.

        Raises:
            DiskFull, StorageRefused: the old bytes are still there.
            NotDurable: the old bytes or the new are there.
            KeyExists: a folder lies there.
        """

    @abstractmethod
    def mend(self, source: str, target: str) -> None:
        """Put a staged file in the place of one whose bytes are damaged or gone, in one step, durable when it returns.

        The only way besides `replace` by which bytes in place give way to others; whoever calls it has proved that the
        staged bytes are the ones that `target` once held.

        Raises:
            MissingKey: nothing is at `source`.
            KeyExists: a folder lies at `target`.
            ValueError: `source` is not inside staging, or its sink was not committed.
        """

    @abstractmethod
    def settle(self, key: str) -> None:
        """Make durable that the file or folder `key` is there (promise 6): its own names, and those on the way to it.

        Its bytes and what lies deeper were durable before it was put in place. Raises MissingKey, NotDurable.
        """

    @abstractmethod
    def open_staging(self, purpose: str) -> str:
        """The key of a new, empty staging area that belongs to this process until `discard`."""

    @abstractmethod
    def abandoned_staging(self) -> list[str]:
        """Keys of staging areas whose owners are gone."""

    @abstractmethod
    def discard(self, key: str) -> None:
        """Remove a staging area or something in it; nothing happens if it is gone.

        Raises:
            ValueError: the key is not inside staging.
            Locked: the area belongs to another living owner.
        """

    @abstractmethod
    def lock(self, name: str, *, wait_s: float = 30.0) -> AbstractContextManager[None]:
        """Hold the lock `name` against every other process and thread. Raises Locked after `wait_s` seconds."""

    def lock_holders(self) -> list[str]:
        """Who holds locks here at this moment, in words for people; empty where the place cannot tell."""
        return []

    @abstractmethod
    def space(self) -> Space:
        """What is left at this place."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the staging areas held here, as the end of the process would: they are abandoned then."""


LONGEST_NAME_BYTES = 255


def check_key(key: str) -> str:
    """`key` itself, if it is one.

    Raises:
        ValueError: it is empty, absolute, has an empty part, `.` or `..` (no caller may leave the place), a NUL,
            a lone surrogate, or a part of more than 255 bytes.
    """
    for part in key.split("/"):
        # surrogateescape: a foreign disk may hold names that are not UTF-8, and an audit must be able to name them
        if part in ("", ".", "..") or "\0" in part or len(part.encode("utf-8", "surrogateescape")) > LONGEST_NAME_BYTES:
            raise ValueError(f"not a key: {key!r}")
    return key


def is_staged(key: str) -> bool:
    """Whether `key` is a staging area or lies in one.

    Raises:
        ValueError: not a key at all, or `staging` itself.
    """
    check_key(key)
    if key == STAGING:
        raise ValueError("staging itself is nobody's")
    return key.startswith(f"{STAGING}/")


def check_target(key: str) -> bool:
    """Whether a key that is about to be written lies in a staging area.

    Raises:
        ValueError: not a key, or one directly in `staging/`, where only areas may stand.
    """
    staged = is_staged(key)
    if staged and key.count("/") < 2:
        raise ValueError(f"only staging areas stand in {STAGING}/: {key!r}")
    return staged


def new_area_name(purpose: str, moment: datetime) -> str:
    """The name of a staging area: what it is for, when it was opened, and enough chance to be unlike any other.

    Raises:
        ValueError: `purpose` is not made of lower-case letters, digits and hyphens.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,40}", purpose):
        raise ValueError(f"not a purpose: {purpose!r}")
    return f"{purpose}-{moment:%Y%m%dT%H%M%SZ}-{secrets.token_hex(6)}"


def write_bytes(backend: Backend, key: str, data: bytes) -> None:
    """Create a small new file, durable when this returns. Raises what `create` and `commit` raise."""
    with backend.create(key) as sink:
        sink.write(data)
        sink.commit()
