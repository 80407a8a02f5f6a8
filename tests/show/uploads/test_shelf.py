"""The shelf: the file on the disk says how much has come, whatever ended in between, and no name leads anywhere."""

from __future__ import annotations

import base64
import hashlib
import io
import multiprocessing
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.show.uploads import shelf as shelves
from holdfast.show.uploads.protocol import Checksum, Refused, checksum
from holdfast.show.uploads.shelf import LASTS_S, Shelf, Upload, is_claimed, shown_name

MIB = 1024 * 1024


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """A shelf for files up to 10 MiB, with nothing on it."""
    return Shelf(tmp_path / "uploads", largest=10 * MIB, reserve=0)


def status(deed: object, *args: object) -> int:
    """The status with which something is refused."""
    with pytest.raises(Refused) as refused:
        deed(*args)  # type: ignore[operator]
    return refused.value.status


def bring(shelf: Shelf, upload: Upload, data: bytes, at: int, sum_of: Checksum | None = None) -> Upload:
    return shelf.receive(upload.id, at, io.BytesIO(data), len(data), sum_of)


def sum_of(data: bytes) -> Checksum:
    found = checksum(f"sha256 {base64.b64encode(hashlib.sha256(data).digest()).decode()}")
    assert found is not None
    return found


def test_pieces_make_the_file_and_each_begins_where_the_last_ended(shelf: Shelf) -> None:
    upload = shelf.create(10, "film.mp4")
    assert bring(shelf, upload, b"01234", 0).offset == 5
    assert status(bring, shelf, upload, b"x", 4) == 409
    assert status(bring, shelf, upload, b"567890", 5) == 413
    done = bring(shelf, upload, b"56789", 5, sum_of(b"56789"))
    assert done.is_complete
    assert done.file.read_bytes() == b"0123456789"


def test_what_came_before_the_line_broke_counts(shelf: Shelf) -> None:
    upload = shelf.create(10, "film.mp4")
    assert shelf.receive(upload.id, 0, io.BytesIO(b"0123"), 10, None).offset == 4
    assert shelf.upload(upload.id).offset == 4


def test_a_piece_with_a_wrong_checksum_or_cut_off_leaves_nothing(shelf: Shelf) -> None:
    upload = shelf.create(10, "film.mp4")
    bring(shelf, upload, b"01", 0)
    assert status(bring, shelf, upload, b"XXX", 2, sum_of(b"234")) == 460
    assert status(shelf.receive, upload.id, 2, io.BytesIO(b"2"), 3, sum_of(b"234")) == 460
    assert upload.file.read_bytes() == b"01"
    assert bring(shelf, upload, b"234", 2, sum_of(b"234")).offset == 5


def _killed(folder: Path, upload: str, with_sum: bool) -> None:
    class Dying:
        reads = 0

        def read(self, size: int, /) -> bytes:
            self.reads += 1
            if self.reads == 3:
                os.kill(os.getpid(), 9)
            return b"x" * min(size, 1000)

    Shelf(folder, largest=MIB, reserve=0).receive(upload, 2, Dying(), 5000, sum_of(b"x" * 5000) if with_sum else None)


@pytest.mark.parametrize(("with_sum", "offset"), [(False, 2002), (True, 2)])
def test_a_server_that_is_killed_loses_nothing_sure_and_keeps_nothing_doubtful(
    shelf: Shelf, *, with_sum: bool, offset: int
) -> None:
    upload = shelf.create(10_000, "film.mp4")
    bring(shelf, upload, b"01", 0)
    process = multiprocessing.get_context("spawn").Process(
        target=_killed, args=(shelf.folder, upload.id, with_sum), daemon=True
    )
    process.start()
    process.join(60)
    assert process.exitcode == -9
    assert shelf.upload(upload.id).offset == offset
    rest = b"y" * (10_000 - offset)
    assert bring(shelf, upload, rest, offset, sum_of(rest)).is_complete
    assert upload.file.read_bytes() == (b"01" + b"x" * 5000)[:offset] + rest


def test_two_pieces_at_once_are_refused_and_the_first_goes_on(shelf: Shelf) -> None:
    upload = shelf.create(10, "film.mp4")

    class Slow:
        def read(self, size: int, /) -> bytes:
            assert status(bring, shelf, upload, b"99999", 0) == 423
            assert status(shelf.discard, upload.id) == 423
            return b"0" * size

    assert shelf.receive(upload.id, 0, Slow(), 5, None).offset == 5


def test_sizes_are_looked_at_before_the_first_byte(shelf: Shelf, tmp_path: Path) -> None:
    assert status(shelf.create, 0, "a") == 400
    assert status(shelf.create, 10 * MIB + 1, "a") == 413
    full = Shelf(tmp_path / "full", largest=1 << 60, reserve=0)
    assert status(full.create, 1 << 59, "a") == 507


def test_what_others_were_promised_is_not_promised_twice(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Shelf, "_free", lambda _: 10 * MIB)
    shelf.create(6 * MIB, "a")
    assert status(shelf.create, 6 * MIB, "b") == 507


def test_a_disk_that_fills_while_writing_ends_the_piece_and_keeps_what_came(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = shelf.create(9 * MIB, "a")
    monkeypatch.setattr(shelves, "LOOK_AT_SPACE_EVERY", MIB)
    free = iter([20 * MIB, 20 * MIB, 0])
    monkeypatch.setattr(Shelf, "_free", lambda _: next(free))
    assert status(bring, shelf, upload, bytes(9 * MIB), 0) == 507
    assert shelf.upload(upload.id).offset == 2 * MIB


def test_what_nobody_claimed_expires_and_what_was_claimed_stays(shelf: Shelf) -> None:
    forgotten, claimed = shelf.create(1, "a"), shelf.create(1, "b")
    bring(shelf, claimed, b"b", 0)
    shelf.claim(claimed.id)
    old = time.time() - LASTS_S - 1
    for one in (forgotten, claimed):
        os.utime(one.file, (old, old))
    assert shelf.sweep() == 1
    assert status(shelf.upload, forgotten.id) == 404
    assert is_claimed(shelf.upload(claimed.id))
    assert status(shelf.discard, claimed.id) == 403


def test_only_what_is_whole_is_claimed_and_only_once(shelf: Shelf) -> None:
    upload = shelf.create(2, "a")
    assert status(shelf.claim, upload.id) == 409
    bring(shelf, upload, b"ab", 0)
    shelf.claim(upload.id)
    assert status(shelf.claim, upload.id) == 409


def test_many_open_uploads_are_refused_until_some_are_done(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelves, "MOST_AT_ONCE", 2)
    first, _ = shelf.create(1, "a"), shelf.create(1, "b")
    assert status(shelf.create, 1, "c") == 503
    shelf.discard(first.id)
    assert shelf.create(1, "c").offset == 0


@pytest.mark.parametrize("asked", ["", ".", "..", "../desk.db", "x" * 40, "A" * 40, "a" * 39, "a" * 40])
def test_an_id_that_was_never_given_leads_nowhere(shelf: Shelf, asked: str) -> None:
    assert status(shelf.upload, asked) == 404


@given(st.text(max_size=400))
def test_a_name_that_is_shown_is_one_line_without_folders(name: str) -> None:
    shown = shown_name(name)
    assert len(shown) <= shelves.LONGEST_NAME
    assert not set("/\\\n\r\0\u202e") & set(shown)
    assert shown_name(shown) == shown


def test_names_of_senders_never_become_names_on_the_disk(shelf: Shelf) -> None:
    upload = shelf.create(1, "../../etc/passwd\0<script>.mp4")
    assert upload.name == "passwd<script>.mp4"
    assert sorted(path.name for path in upload.folder.iterdir()) == ["about.json", "bytes", "lock"]
    assert (upload.folder.stat().st_mode & 0o077, upload.file.stat().st_mode & 0o077) == (0, 0)
