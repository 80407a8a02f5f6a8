"""Bytes on their way in: one pass over the source, hashed while they are copied, read back while they are written.

Three hands work at once, so that taking a file in costs hardly more than hashing it:

    this thread   reads the source into a small ring of buffers and makes the digest of record (sha512)
    the writer    writes each buffer to the sink and makes a BLAKE3 of what was written
    the checker   trails behind: has each window made durable and read back *from the medium*, makes a BLAKE3 of that

Nothing is called taken in unless both BLAKE3 sums agree: a disk that acknowledges and drops writes, a bad cable or a
bad memory bank is noticed now and not at the first audit. Memory is the ring, whatever the length of the film.

Everything lies in one staging area until it is published (`draft`), or is discarded with it.
"""

from __future__ import annotations

import hashlib
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import BinaryIO

from blake3 import blake3

from holdfast.backends.base import Backend, Sink
from holdfast.errors import ReadBackDiffers
from holdfast.model.fixity import Digest
from holdfast.model.inventory import CONTENT_DIRECTORY

BUFFER_BYTES = 1024 * 1024
RING_BUFFERS = 12
WINDOW_BYTES = 64 * 1024 * 1024  # how far the checker lets the writer run ahead before it looks

VERSION_FOLDER = "version"  # becomes vN of the object when it is published


@dataclass(frozen=True)
class Taken:
    """Bytes that lie, durable and read back, in a staging area under `name`, waiting to be published."""

    name: str
    digest: Digest
    size_bytes: int


class Intake:
    """A staging area for the content of one new version. Leaving it discards what was not published.

    Content gets neutral names (`000000`, `000001`, ...): the names that people gave live in the inventory alone, where
    any script, length and normalisation is safe from the file system.
    """

    def __init__(self, backend: Backend, purpose: str) -> None:
        self.backend = backend
        self.area = backend.open_staging(purpose)
        self._count = 0

    def __enter__(self) -> Intake:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.backend.discard(self.area)

    def key(self, taken: Taken) -> str:
        """Where the bytes lie now."""
        return f"{self.area}/{VERSION_FOLDER}/{CONTENT_DIRECTORY}/{taken.name}"

    def take_in(self, source: BinaryIO, on_bytes: Callable[[int], None] | None = None) -> Taken:
        """Read `source` to its end into the staging area; the caller closes it.

        Args:
            source: a stream with `readinto`; it is read once.
            on_bytes: told how many bytes were read, after each buffer, for a progress bar.

        Raises:
            ReadBackDiffers: the place does not give back what was written.
            DiskFull, NotDurable, StorageRefused: from the backend. The source's own OSError goes through.
        """
        name = f"{self._count:06d}"
        self._count += 1
        with self.backend.create(f"{self.area}/{VERSION_FOLDER}/{CONTENT_DIRECTORY}/{name}") as sink:
            digest, size = _copy(source, sink, on_bytes or _nobody, self.backend.place)
            sink.commit()
        return Taken(name, digest, size)

    def take_bytes(self, data: bytes) -> Taken:
        """Take in a small file from memory. Raises as `take_in`."""
        name = f"{self._count:06d}"
        self._count += 1
        write_checked(self.backend, f"{self.area}/{VERSION_FOLDER}/{CONTENT_DIRECTORY}/{name}", data)
        return Taken(name, Digest(hashlib.sha512(data).hexdigest()), len(data))

    def drop(self, taken: Taken) -> None:
        """Forget bytes that turned out not to be needed (the object has them already)."""
        self.backend.discard(self.key(taken))


def write_checked(backend: Backend, key: str, data: bytes) -> None:
    """Create a small file and read it back from the medium. Raises ReadBackDiffers and what the backend raises."""
    with backend.create(key) as sink:
        sink.write(data)
        held = b"".join(bytes(piece) for piece in sink.flush_and_read_back(0, len(data)))
        if held != data:
            raise ReadBackDiffers(name=key, place=backend.place)
        sink.commit()


# -------------------------------------------------------------------------------------------- the three hands


def _copy(source: BinaryIO, sink: Sink, on_bytes: Callable[[int], None], place: str) -> tuple[Digest, int]:
    line = _Line(sink)
    record = hashlib.sha512()
    size = 0
    try:
        while True:
            buffer = line.free_buffer()
            count = source.readinto(buffer)  # type: ignore[attr-defined]  # every raw or buffered stream has it
            if not count:
                break
            piece = memoryview(buffer)[:count]
            line.hand_over(buffer, count)
            record.update(piece)  # beside the writer: hashlib and write(2) both let go of the interpreter
            size += count
            on_bytes(count)
        written, held = line.finish()
    except BaseException:
        line.give_up()
        raise
    if written != held:
        raise ReadBackDiffers(name="what was just copied", place=place)
    return Digest(record.hexdigest()), size


class _Line:
    """The writer and the checker behind one sink. A failure in either surfaces in the reading thread."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._free: queue.SimpleQueue[bytearray] = queue.SimpleQueue()
        self._full: queue.SimpleQueue[tuple[bytearray, int] | None] = queue.SimpleQueue()
        self._windows: queue.SimpleQueue[tuple[int, int] | None] = queue.SimpleQueue()
        self._error: BaseException | None = None
        self._made = 0
        self._written = blake3()
        self._held = blake3()
        self._threads = [threading.Thread(target=self._guard, args=(job,)) for job in (self._write, self._check)]
        for thread in self._threads:
            thread.start()

    def free_buffer(self) -> bytearray:
        """An empty buffer; waits for the writer once the whole ring is under way."""
        self._raise_failure()
        if self._made < RING_BUFFERS and self._free.empty():  # a small file never pays for the whole ring
            self._made += 1
            return bytearray(BUFFER_BYTES)
        buffer = self._free.get()
        self._raise_failure()
        return buffer

    def hand_over(self, buffer: bytearray, count: int) -> None:
        """Give `count` bytes to the writer, which gives the buffer back."""
        self._full.put((buffer, count))

    def finish(self) -> tuple[bytes, bytes]:
        """Wait for both hands; the sums of what was written and of what the medium holds."""
        self._full.put(None)
        for thread in self._threads:
            thread.join()
        self._raise_failure()
        return self._written.digest(), self._held.digest()

    def give_up(self) -> None:
        """End both hands without a result."""
        self._error = self._error or RuntimeError("given up")
        self._full.put(None)
        self._windows.put(None)
        for thread in self._threads:
            thread.join()

    def _raise_failure(self) -> None:
        if self._error is not None:
            raise self._error

    def _guard(self, job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as error:  # noqa: BLE001  # it is raised again, in the thread that reads
            self._error = self._error or error
            self._windows.put(None)
            self._free.put(bytearray())  # wakes a reader that waits for a buffer

    def _write(self) -> None:
        position = window_start = 0
        while (item := self._full.get()) is not None:
            if self._error is not None:
                raise self._error
            buffer, count = item
            piece = memoryview(buffer)[:count]
            self._written.update(piece)
            self._sink.write(piece)
            piece.release()
            self._free.put(buffer)
            position += count
            if position - window_start >= WINDOW_BYTES:
                self._windows.put((window_start, position - window_start))
                window_start = position
        if position > window_start:
            self._windows.put((window_start, position - window_start))
        self._windows.put(None)

    def _check(self) -> None:
        while (window := self._windows.get()) is not None:
            for piece in self._sink.flush_and_read_back(*window):
                self._held.update(piece)


def _nobody(_: int) -> None:
    """Listens to no progress."""
