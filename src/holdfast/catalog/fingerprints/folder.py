"""The folder in which shards lie: who may write, how a shard comes and goes, and what a crash leaves.

- A shard is written under another name, made durable, renamed. Only then are the files it replaces removed.
- One process writes at a time (a lock); any number read meanwhile. A reader who finds a file gone looks again.
- What a killed writer left is removed by the next one: unfinished files, and files that another replaces.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import uuid4

from holdfast.backends.disk import Disk
from holdfast.backends.locks import take
from holdfast.catalog.fingerprints.shard import SHARD_SUFFIX, Shard, open_shard
from holdfast.errors import CatalogRefused, IndexFull
from holdfast.formats.arrays import Buffer

LOCK_FILE = "writing.lock"
_UNFINISHED = ".part"
_ORDER_DIGITS = 10
_WAIT_S = 600.0
_PIECE_BYTES = 1 << 24
_SMALL_BYTES = 1 << 16
_TIMES_TO_LOOK = 100


class ShardFolder:
    """Shards in files. The folder is made when the first one is put there."""

    def __init__(self, path: Path, disk: Disk | None = None) -> None:
        self.path = path
        self._disk = disk or Disk()
        self._open: dict[Path, Shard] = {}

    def files(self) -> list[Path]:
        """All files of shards, also those that another replaces."""
        return sorted(self.path.glob(f"{_ORDER_DIGITS * '[0-9]'}-*{SHARD_SUFFIX}"))

    def newest_order(self) -> int:
        """The order of the newest shard, 0 if there is none: it stands in the name, so a broken file has one too."""
        return max((int(path.name[:_ORDER_DIGITS]) for path in self.files()), default=0)

    def load(self) -> list[tuple[Path | None, Shard]]:
        """The shards that count, from the oldest to the newest.

        Raises:
            DamagedCache: one is broken, or of another version.
            CatalogRefused: one cannot be read.
        """
        for _ in range(_TIMES_TO_LOOK):
            try:
                self._open = {path: self._open.get(path) or open_shard(path) for path in self.files()}
            except FileNotFoundError:
                continue
            except OSError as error:
                raise CatalogRefused(path=self.path, reason=error.strerror) from error
            replaced = {name for shard in self._open.values() for name in shard.head["replaces"]}
            found: list[tuple[Path, Shard]] = [
                (path, shard) for path, shard in self._open.items() if path.name not in replaced
            ]
            return [*sorted(found, key=lambda item: (item[1].head["order"], item[0].name))]
        raise CatalogRefused(path=self.path, reason="its files come and go faster than they can be read")

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Around a change: nobody else writes meanwhile. What a killed writer left is removed first.

        Raises:
            Locked: somebody else went on writing for ten minutes.
            IndexFull: there is no space left; what counted before counts still.
            CatalogRefused: the folder cannot be written for another reason.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = take(self._disk, self.path / LOCK_FILE, f"index in {self.path}", _WAIT_S)
            try:
                for path in self.path.glob(f"*{_UNFINISHED}"):
                    self._disk.unlink(path)
                yield
            finally:
                self._disk.release(lock)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise IndexFull(path=self.path) from error
            raise CatalogRefused(path=self.path, reason=error.strerror or str(error)) from error

    def put(self, shard: Shard) -> Path:
        """Make a shard part of the folder, durably, and remove what it replaces. Only inside `writing`."""
        path = self.path / f"{shard.head['order']:0{_ORDER_DIGITS}d}-{uuid4().hex[:12]}{SHARD_SUFFIX}"
        unfinished = path.with_suffix(_UNFINISHED)
        try:
            self._fill(unfinished, shard)
            self._disk.rename_new(unfinished, path)
        except OSError:  # a disk that is full should not be left fuller
            with contextlib.suppress(OSError):
                self._disk.unlink(unfinished)
            raise
        self._disk.fsync_folder(self.path)
        self.remove(shard.head["replaces"])
        return path

    def sweep(self) -> None:
        """Remove the files that others replace, if a killed writer left some. Only inside `writing`, after `load`."""
        for shard in self._open.values():
            self.remove(shard.head["replaces"])

    def remove(self, names: Iterable[str]) -> None:
        """Remove files by their names, if they are there. Readers who have them mapped go on with them."""
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                self._disk.unlink(self.path / os.path.basename(name))  # noqa: PTH119 - of a string from a file

    def _fill(self, path: Path, shard: Shard) -> None:
        descriptor = self._disk.create(path)
        try:
            for piece in _gathered(shard.chunks()):
                self._write(descriptor, piece)
            self._disk.fsync(descriptor)
        finally:
            self._disk.close(descriptor)

    def _write(self, descriptor: int, piece: Buffer) -> None:
        view = memoryview(piece)
        while view:
            view = view[self._disk.write(descriptor, view[:_PIECE_BYTES]) :]


def _gathered(pieces: Iterable[Buffer]) -> Iterator[Buffer]:
    """The same bytes in fewer pieces: a call of the system for each of sixty small arrays would be slow."""
    small = bytearray()
    for piece in pieces:
        if len(piece) < _SMALL_BYTES:
            small += piece
            continue
        yield small
        yield piece
        small = bytearray()
    yield small
