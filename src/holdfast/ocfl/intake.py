"""Bytes on their way in: one pass over the source, hashed while they are copied, read back while they are written.

Three hands work at once, so that taking a file in costs hardly more than hashing it:

    this thread   reads the source into a small ring of buffers and makes the digest of record (sha512)
    the writer    writes each buffer to the sink and makes a BLAKE3 of what was written
    the checker   trails behind: has each window made durable and read back *from the medium*, makes a BLAKE3 of that

Nothing is called taken in unless both BLAKE3 sums agree: a disk that acknowledges and drops writes, a bad cable or a
bad memory bank is noticed now and not at the first audit. Memory is the ring, whatever the length of the film. What
fits into one buffer needs no other hands: it is compared byte for byte.

Everything lies in one staging area until it is published (`draft`), or is discarded with it:

    <area>/<way>/v1/content/000000    content, whatever number the version will have
    <area>/<way>/                     a new object, complete but for its last three files

`<way>` is where the object will lie below the storage root, `b5e/16c/...`, so that folders which are missing on the way
come with the object in its one rename: made beforehand, they would stay behind empty after a kill (E073).
"""

from __future__ import annotations

import contextlib
import hashlib
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol

from blake3 import blake3

from holdfast.backends.base import Backend, Sink
from holdfast.errors import HoldfastError, ReadBackDiffers
from holdfast.model.fixity import Digest
from holdfast.model.inventory import CONTENT_DIRECTORY, V1
from holdfast.ocfl.digests import gives_back

BUFFER_BYTES = 1024 * 1024
RING_BUFFERS = 12
WINDOW_BYTES = 64 * 1024 * 1024  # how far the checker lets the writer run ahead before it looks

ANY_OBJECT = "object"  # the way while nobody has said to which object the content goes


class Readable(Protocol):
    """What can be taken in: any raw or buffered stream of bytes."""

    def readinto(self, buffer: memoryview, /) -> int | None:
        """How many bytes were put into `buffer`; 0 at the end."""


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

    Args:
        backend: the place of the storage root.
        purpose: what is being done, for people who look into staging.
        way: where the object lies below the storage root, if that is known already.
    """

    def __init__(self, backend: Backend, purpose: str, way: str = ANY_OBJECT) -> None:
        self.backend = backend
        self.way = way
        self.area = backend.open_staging(purpose)
        self._count = 0

    @property
    def object_folder(self) -> str:
        """Where a new object is staged."""
        return f"{self.area}/{self.way}"

    @property
    def version_folder(self) -> str:
        """Where a version is staged."""
        return f"{self.object_folder}/{V1}"

    @property
    def content_folder(self) -> str:
        """Where its content is staged."""
        return f"{self.version_folder}/{CONTENT_DIRECTORY}"

    def __enter__(self) -> Intake:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A place that failed may refuse this too; people must hear of the first failure, not of its echo. What is
        # left is swept as any abandoned area.
        with contextlib.suppress(*((HoldfastError,) if kind is not None else ())):
            self.backend.discard(self.area)

    def key(self, taken: Taken) -> str:
        """Where the bytes lie now."""
        return f"{self.content_folder}/{taken.name}"

    def take_in(self, source: Readable, on_bytes: Callable[[int], None] | None = None) -> Taken:
        """Read `source` to its end into the staging area; the caller closes it.

        Args:
            source: it is read once, from where it stands.
            on_bytes: told how many bytes were read, after each buffer, for a progress bar.

        Raises:
            ReadBackDiffers: the place does not give back what was written.
            DiskFull, NotDurable, StorageRefused: from the backend. What the source raises goes through.
        """
        name = self._next_name()
        key = f"{self.content_folder}/{name}"
        with self.backend.create(key) as sink:
            digest, size = _copy(source, sink, on_bytes or _nobody)
            if digest is None:
                raise ReadBackDiffers(name=key, place=self.backend.place)
            sink.commit()
        return Taken(name, digest, size)

    def take_bytes(self, data: bytes) -> Taken:
        """Take in a small file from memory. Raises as `take_in`."""
        name = self._next_name()
        write_checked(self.backend, f"{self.content_folder}/{name}", data)
        return Taken(name, Digest(hashlib.sha512(data).hexdigest()), len(data))

    def drop(self, taken: Taken) -> None:
        """Forget bytes that turned out not to be needed (the object has them already)."""
        self.backend.discard(self.key(taken))

    def restore(self, taken: Taken, places: Sequence[str]) -> bool:
        """Put `taken` in the place of every file of `places` that does not have its digest; whether there was one.

        `taken` is used up. Reads every place to its end. The caller holds the lock of the object.
        """
        backend = self.backend
        wounded = [place for place in places if not gives_back(backend, place, str(taken.digest))]
        if not wounded:
            self.drop(taken)
        for place in wounded:
            if place != wounded[0]:
                with backend.open(wounded[0]) as whole:
                    taken = self.take_in(whole)  # type: ignore[arg-type]  # every stream of a backend has readinto
            backend.mend(self.key(taken), place)
        return bool(wounded)

    def _next_name(self) -> str:
        name = f"{self._count:06d}"
        self._count += 1
        return name


def write_checked(backend: Backend, key: str, data: bytes) -> None:
    """Create a small file and read it back from the medium. Raises ReadBackDiffers and what the backend raises."""
    with backend.create(key) as sink:
        if not _written_and_held(sink, memoryview(data)):
            raise ReadBackDiffers(name=key, place=backend.place)
        sink.commit()


def _written_and_held(sink: Sink, data: memoryview) -> bool:
    sink.write(data)
    position = 0
    for piece in sink.flush_and_read_back(0, len(data)) if data else ():
        if data[position : position + len(piece)] != piece:
            return False
        position += len(piece)
    return position == len(data)


# -------------------------------------------------------------------------------------------- the three hands


def _copy(source: Readable, sink: Sink, on_bytes: Callable[[int], None]) -> tuple[Digest | None, int]:
    """The digest and length of the source; no digest if the sink does not hold what it was given."""
    buffer = bytearray(BUFFER_BYTES)
    count = _fill(source, buffer)
    if count < BUFFER_BYTES:
        piece = memoryview(buffer)[:count]
        if count:
            on_bytes(count)
        held = _written_and_held(sink, piece)
        return (Digest(hashlib.sha512(piece).hexdigest()) if held else None), count
    return _copy_by_three(source, sink, on_bytes, buffer)


def _copy_by_three(
    source: Readable, sink: Sink, on_bytes: Callable[[int], None], buffer: bytearray
) -> tuple[Digest | None, int]:
    record = hashlib.sha512()
    size, count = 0, len(buffer)
    line = _Line(sink)
    try:
        line.start()
        while count:
            line.hand_over(buffer, count)
            record.update(memoryview(buffer)[:count])  # beside the writer: both let go of the interpreter
            size += count
            on_bytes(count)
            if count < BUFFER_BYTES:
                break
            buffer = line.free_buffer()
            count = _fill(source, buffer)
        written, held = line.finish()
    except BaseException:
        line.give_up()
        raise
    return (Digest(record.hexdigest()) if written == held else None), size


def _fill(source: Readable, buffer: bytearray) -> int:
    """How many bytes were put into `buffer`: all that fit, unless the source ended."""
    filled = 0
    while filled < len(buffer):
        count = source.readinto(memoryview(buffer)[filled:])
        if not count:
            break
        filled += count
    return filled


class _GivenUp(Exception):
    """Ends the two hands when the reading one has failed."""


class _Line:
    """The writer and the checker behind one sink. A failure in either surfaces in the reading thread."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._free: queue.SimpleQueue[bytearray] = queue.SimpleQueue()
        self._full: queue.SimpleQueue[tuple[bytearray, int] | None] = queue.SimpleQueue()
        self._windows: queue.SimpleQueue[tuple[int, int] | None] = queue.SimpleQueue()
        self._error: BaseException | None = None
        self._made = 1  # the buffer with which the reader came
        self._written = blake3()
        self._held = blake3()
        # Daemons, so that not even a Ctrl-C at the worst moment can make the interpreter wait for them at its end.
        self._threads = [
            threading.Thread(target=self._guard, args=(job,), name=f"intake {job.__name__}", daemon=True)
            for job in (self._write, self._check)
        ]

    def start(self) -> None:
        """Set both to work."""
        for thread in self._threads:
            thread.start()

    def free_buffer(self) -> bytearray:
        """An empty buffer; waits for the writer once the whole ring is under way."""
        self._raise_failure()
        if self._made < RING_BUFFERS and self._free.empty():
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
        self._error = self._error or _GivenUp()
        self._full.put(None)
        self._windows.put(None)
        for thread in self._threads:
            if thread.ident is not None:
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
            self._raise_failure()
            buffer, count = item
            with memoryview(buffer)[:count] as piece:
                self._written.update(piece)
                self._sink.write(piece)
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
                self._raise_failure()
                self._held.update(piece)


def _nobody(_: int) -> None:
    """Listens to no progress."""
