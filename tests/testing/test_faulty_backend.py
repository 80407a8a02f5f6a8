"""Each fault of the faulty backend happens, once or always, where it was asked for and nowhere else."""

from __future__ import annotations

import pytest

from holdfast.backends.base import write_bytes
from holdfast.backends.memory import MemoryBackend
from holdfast.errors import DiskFull, NotDurable
from holdfast.testing.faults import Faults, FaultyBackend, Killed

DATA = b"0123456789"


@pytest.fixture
def backend() -> FaultyBackend:
    faulty = FaultyBackend(MemoryBackend())
    write_bytes(faulty, "ocfl/a/film", DATA)
    write_bytes(faulty, "ocfl/b/film", DATA)
    return faulty


def test_a_bit_is_flipped_in_what_is_read_and_only_there(backend: FaultyBackend) -> None:
    backend.faults.flip = {"ocfl/a/*": 8 * 3 + 1}
    expected = b"012" + bytes([DATA[3] ^ 2]) + b"456789"
    assert backend.read("ocfl/a/film") == expected
    with backend.open("ocfl/a/film") as stream:
        assert stream.read() == expected
    assert backend.read("ocfl/b/film") == DATA
    assert backend.inner.read("ocfl/a/film") == DATA


def test_the_lowest_bit_of_the_first_byte_can_be_flipped(backend: FaultyBackend) -> None:
    backend.faults.flip = {"ocfl/a/film": 0}
    with backend.open("ocfl/a/film") as stream:
        assert stream.read() == b"1123456789"


def test_a_bit_is_flipped_in_what_is_read_back(backend: FaultyBackend) -> None:
    backend.faults.flip = {"new": 8 * 5}
    with backend.create("new") as sink:
        sink.write(DATA)
        assert b"".join(map(bytes, sink.flush_and_read_back(0, 5))) == b"01234"
        assert b"".join(map(bytes, sink.flush_and_read_back(4, 6))) == b"446789"


def test_a_file_is_shortened_everywhere_alike(backend: FaultyBackend) -> None:
    backend.faults.shorten = {"ocfl/a/film": 4}
    assert backend.read("ocfl/a/film") == b"012345"
    with backend.open("ocfl/a/film") as stream:
        assert stream.read() == b"012345"
    assert backend.size("ocfl/a/film") == 6
    assert [entry.size_bytes for entry in backend.entries("ocfl/a")] == [6]
    assert backend.size("ocfl/b/film") == 10


def test_a_lie_is_acknowledged_and_reading_back_shows_it(backend: FaultyBackend) -> None:
    backend.faults.lie_on = "*/lied"
    with backend.create("ocfl/lied") as sink:
        sink.write(DATA)
        assert b"".join(map(bytes, sink.flush_and_read_back(0, 10))) == bytes(10)
        sink.commit()
    assert backend.read("ocfl/lied") == bytes(10)


def test_the_disk_fills_and_what_did_not_fit_cannot_be_committed(backend: FaultyBackend) -> None:
    backend.faults.capacity_bytes = backend.written_bytes + 12
    with backend.create("new") as sink:
        sink.write(DATA)
        with pytest.raises(DiskFull):
            sink.write(DATA)
        with pytest.raises(DiskFull):
            sink.commit()
    assert backend.space().free_bytes == 2
    assert not backend.exists("new")
    with pytest.raises(DiskFull):
        backend.replace("ocfl/a/film", b"123")
    assert backend.read("ocfl/a/film") == DATA


def test_one_commit_fails_and_stays_failed_and_the_next_does_not(backend: FaultyBackend) -> None:
    backend.faults = Faults(not_durable_at=3)  # two were done by the fixture
    with backend.create("new") as sink:
        sink.write(DATA)
        for _ in range(2):
            with pytest.raises(NotDurable):
                sink.commit()
    assert not backend.exists("new")
    write_bytes(backend, "new", DATA)


def test_a_move_is_lost_without_a_word(backend: FaultyBackend) -> None:
    backend.faults.lose_move_at = 1
    area = backend.open_staging("test")
    write_bytes(backend, f"{area}/file", DATA)
    backend.move(f"{area}/file", "ocfl/moved")
    assert not backend.exists("ocfl/moved")
    backend.move(f"{area}/file", "ocfl/moved")
    assert backend.read("ocfl/moved") == DATA


def test_after_its_death_nothing_can_be_done_and_its_staging_is_abandoned(backend: FaultyBackend) -> None:
    area = backend.open_staging("test")
    backend.faults.kill_at = len(backend.calls) + 1
    with pytest.raises(Killed):
        backend.replace("ocfl/a/film", b"")
    for deed in (lambda: backend.read("ocfl/a/film"), lambda: backend.discard(area), lambda: backend.entries("")):
        with pytest.raises(Killed):
            deed()
    assert backend.inner.read("ocfl/a/film") == DATA
    assert backend.inner.abandoned_staging() == [area]
