"""The two ends of a local file: a sink that fills a new one, a stream that reads one; and how they tell of failure."""

from __future__ import annotations

import errno
import io
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from holdfast.backends.base import Sink
from holdfast.backends.disk import Disk
from holdfast.errors import (
    DiskFull,
    HoldfastError,
    KeyExists,
    MissingKey,
    NotDurable,
    ReadBackDiffers,
    StorageRefused,
)

PIECE_BYTES = 1024 * 1024
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)


class LocalSink(Sink):
    """Appends to the new file at `path`, and lets `finish` give it its name when all bytes are durable.

    Args:
        finish: called once, after the fsync; returns where the file lies from then on.
        is_area: the file stands directly in `staging/`, holds its own lock, and is removed when it is not wanted.
    """

    def __init__(
        self,
        disk: Disk,
        place: str,
        key: str,
        descriptor: int,
        path: Path,
        *,
        finish: Callable[[], Path],
        is_area: bool,
    ) -> None:
        self._disk, self._place, self._key = disk, place, key
        self._descriptor, self._path = descriptor, path
        self._finish, self._is_area = finish, is_area
        self._failure: HoldfastError | None = None
        self._is_open = True
        self._guard = threading.Lock()  # parts fsync and close; `write` needs no guard against `flush_and_read_back`

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Append all of it, in as many steps as the system likes."""
        if not self._is_open:
            raise ValueError(f"the sink of {self._key!r} is closed")
        rest = memoryview(data).cast("B")
        try:
            while rest:
                rest = rest[self._write_some(rest) :]
        except OSError as error:
            raise self._fail(in_our_words(error, self._place, self._key)) from error

    def _write_some(self, data: memoryview) -> int:
        taken = self._disk.write(self._descriptor, data)
        if taken <= 0:  # never seen; but it would be an endless loop
            raise OSError(errno.EIO, "no byte was taken")
        return taken

    def flush_and_read_back(self, start: int, length: int) -> Iterator[memoryview]:
        """Fsync, ask the system to drop its copy of the range, and read it through a descriptor of its own."""
        self._fsync(self._disk.fsync_data)
        try:
            reader = self._disk.reader(self._path)
        except OSError as error:
            raise self._fail(not_durable(error, self._place, self._key)) from error
        try:
            self._disk.drop_cache(reader, start, length)
            yield from self._pieces(reader, start, start + length)
        except OSError as error:
            raise self._fail(not_durable(error, self._place, self._key)) from error
        finally:
            self._disk.close(reader)

    def _pieces(self, reader: int, position: int, end: int) -> Iterator[memoryview]:
        buffer = memoryview(bytearray(min(PIECE_BYTES, end - position)))
        while position < end:
            got = self._disk.read_at(reader, buffer[: min(len(buffer), end - position)], position)
            if not got:
                raise self._fail(ReadBackDiffers(place=self._place, name=self._key))
            yield buffer[:got]
            position += got

    def commit(self) -> None:
        """Fsync, take the name, close."""
        if not self._is_open:
            raise self._failure or ValueError(f"the sink of {self._key!r} is closed")
        self._fsync(self._disk.fsync)
        try:
            self._path = self._finish()
        except OSError as error:
            raise self._fail(in_our_words(error, self._place, self._key)) from error
        except HoldfastError as error:
            raise self._fail(error) from None
        self._is_area = False
        self._close()

    def abort(self) -> None:
        """Close; a file that is its own area is removed."""
        if self._is_open:
            with suppress(OSError):
                if self._is_area:
                    self._disk.unlink(self._path)
            with suppress(OSError):
                self._close()

    def _fsync(self, call: Callable[[int], None]) -> None:
        """One fsync, unless an earlier step failed: after a failure none may be tried, it would lie."""
        with self._guard:
            if self._failure:
                raise self._failure
            if not self._is_open:
                return  # committed, and so durable already
            try:
                call(self._descriptor)
            except OSError as error:
                raise self._fail(not_durable(error, self._place, self._key)) from error

    def _fail(self, failure: HoldfastError) -> HoldfastError:
        self._failure = self._failure or failure
        return self._failure

    def _close(self) -> None:
        with self._guard:
            self._is_open = False
            if not self._disk.release(self._descriptor):
                self._disk.close(self._descriptor)


class LocalReader(io.FileIO):
    """An unbuffered file whose bad sectors are told in our own errors."""

    def __init__(self, descriptor: int, place: str, key: str) -> None:
        super().__init__(descriptor, "rb")
        self._place, self._key = place, key

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """How many bytes were put into `buffer`; 0 at the end."""
        try:
            return super().readinto(buffer) or 0
        except OSError as error:
            raise in_our_words(error, self._place, self._key) from error

    def read(self, size: int | None = -1, /) -> bytes:
        """At most `size` bytes, or all that are left."""
        try:
            return super().read(-1 if size is None else size) or b""
        except OSError as error:
            raise in_our_words(error, self._place, self._key) from error


def in_our_words(error: OSError, place: str, key: str) -> HoldfastError:
    """What the system refused, as one of our own errors."""
    if error.errno in _NO_SPACE:
        return DiskFull(place=place, name=key)
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return MissingKey(place=place, key=key)
    if error.errno in (errno.EEXIST, errno.ENOTEMPTY):
        return KeyExists(place=place, key=key)
    return StorageRefused(place=place, name=key, reason=error.strerror or str(error))


def not_durable(error: OSError, place: str, key: str) -> HoldfastError:
    """What a failed fsync means. Some file systems find out only there that no space is left."""
    if error.errno in _NO_SPACE:
        return DiskFull(place=place, name=key)
    return NotDurable(place=place, name=key, reason=error.strerror or str(error))
