"""Three hands copy a file: what comes out is what went in, or an error; and no hand is left behind."""

from __future__ import annotations

import hashlib
import io
import random
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.backends.base import Sink
from holdfast.backends.local import LocalBackend
from holdfast.backends.memory import MemoryBackend
from holdfast.errors import DiskFull, HoldfastError, NotDurable, ReadBackDiffers, StorageRefused
from holdfast.ocfl import intake as module
from holdfast.ocfl.intake import Intake, write_checked
from holdfast.testing.faults import Faults, FaultyBackend, FaultyDisk

BUFFER, RING, WINDOW = 64, 4, 256  # the real ones, made small


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BUFFER_BYTES", BUFFER)
    monkeypatch.setattr(module, "RING_BUFFERS", RING)
    monkeypatch.setattr(module, "WINDOW_BYTES", WINDOW)


@pytest.fixture(autouse=True)
def no_hand_is_left_behind() -> Iterator[None]:
    yield
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("intake")] == []


def some_bytes(length: int) -> bytes:
    return random.Random(length).randbytes(length)


class Source:
    """A stream that gives as much as it likes at a time, and runs `at_read` before the n-th reading."""

    def __init__(self, data: bytes, *, most: int = 10**9, before: Callable[[int], None] | None = None) -> None:
        self._stream = io.BytesIO(data)
        self._most = most
        self._before = before or (lambda _: None)
        self.reads = 0
        self.buffers: dict[int, object] = {}

    def readinto(self, buffer: memoryview, /) -> int:
        self.reads += 1
        self._before(self.reads)
        self.buffers[id(buffer.obj)] = buffer.obj
        return self._stream.readinto(buffer[: self._most])


def taken_in(backend: MemoryBackend | LocalBackend | FaultyBackend, source: object) -> bytes:
    """The bytes as they lie in staging; their digest and length are what was told."""
    with Intake(backend, "test") as intake:
        taken = intake.take_in(source)  # type: ignore[arg-type]
        data = backend.read(intake.key(taken))
        assert hashlib.sha512(data).hexdigest() == str(taken.digest)
        assert len(data) == taken.size_bytes
        return data


# ------------------------------------------------------------------------------------------------ equal bytes

EDGES = sorted({max(0, edge + more) for edge in (0, BUFFER, WINDOW, BUFFER * RING, 3 * WINDOW) for more in (-1, 0, 1)})


@pytest.mark.parametrize("length", EDGES)
def test_what_is_taken_in_is_what_was_there_at_every_edge_of_buffer_ring_and_window(small: None, length: int) -> None:
    data = some_bytes(length)
    assert taken_in(MemoryBackend(), io.BytesIO(data)) == data


@pytest.mark.parametrize("length", EDGES)
def test_a_disk_gives_back_every_byte_at_every_edge(small: None, tmp_path: Path, length: int) -> None:
    data = some_bytes(length)
    assert taken_in(LocalBackend(tmp_path), io.BytesIO(data)) == data


@pytest.mark.usefixtures("no_waiting_for_the_medium")
@given(length=st.integers(0, 4000), most=st.integers(1, 300))
def test_a_source_may_give_its_bytes_in_pieces_of_any_size(length: int, most: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BUFFER_BYTES", BUFFER)
        patch.setattr(module, "WINDOW_BYTES", WINDOW)
        data = some_bytes(length)
        assert taken_in(MemoryBackend(), Source(data, most=most)) == data


@pytest.mark.slow
def test_a_file_longer_than_a_real_window_is_taken_in_whole(tmp_path: Path) -> None:
    data = some_bytes(1024 * 1024) * (module.WINDOW_BYTES // 1024**2) + b"more"
    assert taken_in(LocalBackend(tmp_path), io.BytesIO(data)) == data


def test_the_watcher_is_told_of_every_byte_once(small: None) -> None:
    for length in (0, 10, BUFFER, 1000):
        told: list[int] = []
        with Intake(MemoryBackend(), "test") as intake:
            intake.take_in(io.BytesIO(some_bytes(length)), told.append)
        assert sum(told) == length
        assert 0 not in told


def test_memory_is_the_ring_however_slow_the_writer_is(small: None) -> None:
    source = Source(some_bytes(100 * BUFFER))
    taken_in(FaultyBackend(MemoryBackend(), Faults(delay_s=0.0005)), source)
    assert source.reads > 100
    assert len(source.buffers) <= RING


def test_a_small_file_needs_no_other_hands(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: threading.Thread) -> None:
        raise AssertionError("a thread for so little")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert taken_in(MemoryBackend(), io.BytesIO(b"small")) == b"small"


# --------------------------------------------------------------------------------------- every hand may fail


class Trouble(Exception):
    """What nobody expects."""


def nothing_was_left(backend: MemoryBackend) -> bool:
    return not backend.exists("staging")


@pytest.mark.parametrize("error", [Trouble, OSError, KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("turn", [1, 2, 3, 15])
def test_what_the_source_raises_reaches_the_caller_and_ends_both_hands(
    small: None, error: type[BaseException], turn: int
) -> None:
    def fail(reads: int) -> None:
        if reads == turn:
            raise error

    backend = MemoryBackend()
    with pytest.raises(error), Intake(backend, "test") as intake:
        intake.take_in(Source(some_bytes(5000), before=fail))
    assert nothing_was_left(backend)


@pytest.mark.parametrize("turn", [1, 2, 20])
def test_what_the_watcher_raises_reaches_the_caller(small: None, turn: int) -> None:
    turns = iter(range(1, 1000))

    def watch(_: int) -> None:
        if next(turns) == turn:
            raise KeyboardInterrupt

    backend = MemoryBackend()
    with pytest.raises(KeyboardInterrupt), Intake(backend, "test") as intake:
        intake.take_in(io.BytesIO(some_bytes(5000)), watch)
    assert nothing_was_left(backend)


class _Broken(MemoryBackend):
    """Its sinks break at the n-th writing, or the n-th piece that is read back."""

    def __init__(self, *, at_write: int = 0, at_piece: int = 0, error: type[BaseException] = Trouble) -> None:
        super().__init__()
        self.at_write, self.at_piece, self.error = at_write, at_piece, error
        self.writes = self.pieces = 0

    def create(self, key: str) -> Sink:
        sink = super().create(key)
        write, read_back = sink.write, sink.flush_and_read_back

        def broken_write(data: bytes | bytearray | memoryview) -> None:
            self.writes += 1
            if self.writes == self.at_write:
                raise self.error
            write(data)

        def broken_read_back(start: int, length: int) -> Iterator[bytes | memoryview]:
            for piece in read_back(start, length):
                self.pieces += 1
                if self.pieces == self.at_piece:
                    raise self.error
                yield piece

        sink.write, sink.flush_and_read_back = broken_write, broken_read_back  # type: ignore[method-assign]
        return sink


@pytest.mark.parametrize("error", [Trouble, KeyboardInterrupt, MemoryError])
@pytest.mark.parametrize("turn", [1, 2, 5, 40, 79])
def test_what_the_writer_raises_reaches_the_caller(small: None, error: type[BaseException], turn: int) -> None:
    backend = _Broken(at_write=turn, error=error)
    with pytest.raises(error), Intake(backend, "test") as intake:
        intake.take_in(io.BytesIO(some_bytes(79 * BUFFER)))
    assert nothing_was_left(backend)


@pytest.mark.parametrize("turn", [1, 2, 10, 20])
def test_what_the_checker_raises_reaches_the_caller(small: None, turn: int) -> None:
    backend = _Broken(at_piece=turn)
    with pytest.raises(Trouble), Intake(backend, "test") as intake:
        intake.take_in(io.BytesIO(some_bytes(79 * BUFFER)))
    assert nothing_was_left(backend)


@pytest.mark.parametrize("at_write", [1, 2])
def test_a_failing_writer_stops_the_reading_soon(small: None, at_write: int) -> None:
    source = Source(some_bytes(10_000 * BUFFER))
    with pytest.raises(Trouble), Intake(_Broken(at_write=at_write), "test") as intake:
        intake.take_in(source)
    assert source.reads <= at_write + 2 * RING


@pytest.mark.parametrize("refused", [1, 2])
def test_where_no_thread_can_be_had_the_copying_fails_and_nothing_waits(
    small: None, monkeypatch: pytest.MonkeyPatch, refused: int
) -> None:
    start, starts = threading.Thread.start, iter((1, 2))

    def sometimes(thread: threading.Thread) -> None:
        if next(starts) == refused:
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", sometimes)
    with pytest.raises(RuntimeError, match="new thread"), Intake(MemoryBackend(), "test") as intake:
        intake.take_in(io.BytesIO(some_bytes(1000)))


# ----------------------------------------------------------------------------------------- places that lie


@pytest.mark.parametrize("length", [1, BUFFER - 1, BUFFER, 1000])
@pytest.mark.parametrize("faults", [Faults(lie_on="*"), Faults(flip={"*": 5})], ids=["lies", "flips"])
def test_a_place_that_gives_back_other_bytes_is_not_believed(small: None, length: int, faults: Faults) -> None:
    inner = MemoryBackend()
    with pytest.raises(ReadBackDiffers), Intake(FaultyBackend(inner, faults), "test") as intake:
        intake.take_in(io.BytesIO(b"\x01" * length))
    assert nothing_was_left(inner)


def test_a_small_file_from_memory_is_read_back_too() -> None:
    with pytest.raises(ReadBackDiffers), Intake(FaultyBackend(MemoryBackend(), Faults(lie_on="*")), "test") as intake:
        intake.take_bytes(b"a record")
    with pytest.raises(ReadBackDiffers):
        write_checked(FaultyBackend(MemoryBackend(), Faults(flip={"*": 0})), "ocfl/record", b"a record")


@pytest.mark.parametrize("length", [10, 3000])
def test_an_fsync_that_fails_once_is_not_tried_again(small: None, tmp_path: Path, length: int) -> None:
    number = 0
    while True:
        number += 1
        folder = tmp_path / str(number)
        disk = FaultyDisk(eio_at_fsync=number)
        with Intake(LocalBackend(folder, disk), "test") as intake:
            try:
                intake.take_in(io.BytesIO(some_bytes(length)))
            except NotDurable:
                assert sum(call.startswith("fsync") for call in disk.calls) == number
            else:
                break
    assert number > 2


def test_a_full_disk_is_told_as_what_it_is_though_tidying_up_fails_too(
    small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(key: str) -> None:
        raise StorageRefused(place="memory", name=key, reason="nothing works any more")

    backend = MemoryBackend(capacity_bytes=100)
    monkeypatch.setattr(backend, "discard", refuse)
    with pytest.raises(DiskFull), Intake(backend, "test") as intake:
        intake.take_in(io.BytesIO(some_bytes(1000)))


def test_a_staging_area_that_cannot_be_tidied_is_told_when_nothing_else_failed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(key: str) -> None:
        raise StorageRefused(place="memory", name=key, reason="read-only")

    backend = MemoryBackend()
    monkeypatch.setattr(backend, "discard", refuse)
    with pytest.raises(HoldfastError, match="read-only"), Intake(backend, "test") as intake:
        intake.take_bytes(b"data")


# ----------------------------------------------------------------------------------------------- restoring


def test_every_place_that_has_lost_its_bytes_gets_them_back() -> None:
    backend = MemoryBackend()
    backend.replace("ocfl/a", b"right")
    backend.replace("ocfl/b", b"wrong")
    with Intake(backend, "test") as intake:
        taken = intake.take_bytes(b"right")
        assert intake.restore(taken, ["ocfl/a", "ocfl/b", "ocfl/c"])
        assert not intake.restore(intake.take_bytes(b"right"), ["ocfl/a", "ocfl/b", "ocfl/c"])
        assert not backend.exists(intake.key(taken))
    assert [backend.read(f"ocfl/{name}") for name in "abc"] == [b"right"] * 3
