"""Where the bytes of uploads lie until somebody decides: the folder `uploads/`, to which no address leads.

    uploads/<id>/bytes         what has come so far: its length is the offset, whatever a process remembered
    uploads/<id>/about.json    how long the whole is, and the name its sender gave it (shown, never used as a path)
    uploads/<id>/unverified    while a piece with a checksum is coming: the offset that is sure
    uploads/<id>/lock          who is writing; empty
    uploads/<id>/claimed       it belongs to a contribution now, and does not expire

Ids are random and ours. Whoever knows one may go on with it; nobody can guess one. What was told as received was
fsynced before. What is not claimed is removed a week after its last byte.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from holdfast.show.uploads.protocol import CHECKSUM_MISMATCH, Checksum, Refused

ID_BYTES = 20
LASTS_S = 7 * 24 * 3600
LOOK_AT_SPACE_EVERY = 8 * 1024 * 1024
BLOCK = 256 * 1024
MOST_AT_ONCE = 200  # unfinished or unclaimed uploads; beyond, somebody is playing
LONGEST_NAME = 200
_ID = re.compile(r"[0-9a-f]{40}")


class Stream(Protocol):
    """What pieces are read from: the body of a request."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""


@dataclass(frozen=True)
class Upload:
    """One upload as its folder shows it. `offset` is how much has come for sure."""

    id: str
    folder: Path
    name: str
    length: int
    offset: int
    expires_at: datetime

    @property
    def is_complete(self) -> bool:
        """Whether all of it is there."""
        return self.offset == self.length

    @property
    def file(self) -> Path:
        """Its bytes."""
        return self.folder / "bytes"


class Shelf:
    """The uploads in a folder.

    Args:
        folder: where they lie; made when it is first needed.
        largest: how long one may be, in bytes.
        reserve: how many bytes of the disk stay free.
    """

    def __init__(self, folder: Path, *, largest: int, reserve: int) -> None:
        self.folder = folder
        self.largest = largest
        self.reserve = reserve

    def create(self, length: int, name: str) -> Upload:
        """A new upload of so many bytes. Raises Refused: empty, too large, too many, or no room for it."""
        if length <= 0:
            raise Refused(400, "The file is empty: there is nothing to keep.")
        if length > self.largest:
            raise Refused(413, f"A file may have {self.largest} bytes here.")
        self.sweep()
        open_ones = [one for one in self.uploads() if not is_claimed(one)]
        if len(open_ones) >= MOST_AT_ONCE:
            raise Refused(503, "Too many files are on their way; try again later.")
        promised = sum(one.length - one.offset for one in self.uploads())
        if self._free() - promised - length < self.reserve:
            raise Refused(507, "The archive has no room for this file now.")
        upload_id = secrets.token_hex(ID_BYTES)
        folder = self.folder / upload_id
        self.folder.mkdir(mode=0o700, exist_ok=True)
        folder.mkdir(mode=0o700)
        for empty in ("bytes", "lock"):
            (folder / empty).touch(mode=0o600)
        _write(folder / "about.json", json.dumps({"length": length, "name": shown_name(name)}))
        _sync_folder(folder)
        _sync_folder(self.folder)
        return self.upload(upload_id)

    def upload(self, upload_id: str) -> Upload:
        """The upload of this id. Raises Refused: there is none, or none any more."""
        found = self._read(upload_id)
        if found is None:
            raise Refused(404, "There is no such upload, or not any more.")
        return found

    def uploads(self) -> Iterator[Upload]:
        """All that lie here."""
        with contextlib.suppress(FileNotFoundError):
            for entry in sorted(self.folder.iterdir()):
                found = self._read(entry.name)
                if found is not None:
                    yield found

    def receive(self, upload_id: str, offset: int, stream: Stream, length: int, sum_of: Checksum | None) -> Upload:
        """Write a piece of `length` bytes that begins at `offset`; what came of it is on the disk when this returns.

        If the other side goes away, what came stays and counts, unless the piece has a checksum that cannot be held
        against it any more.

        Raises:
            Refused: 404 it is gone; 409 the offset is another one; 413 it is longer than was said; 423 another piece is
                being written; 460 the checksum differs and nothing of it was kept; 507 the disk is full.
        """
        upload = self.upload(upload_id)
        with _alone(upload.folder):
            upload = self.upload(upload_id)
            _drop_unverified(upload)
            if offset != upload.offset:
                raise Refused(409, f"The next byte is {upload.offset}.")
            if offset + length > upload.length:
                raise Refused(413, f"The upload has {upload.length} bytes.")
            try:
                self._write(upload, stream, length, sum_of)
            except OSError as error:
                if error.errno in (errno.ENOSPC, errno.EDQUOT):
                    raise Refused(507, "The archive has no room for more of this file now.") from error
                raise
        return self.upload(upload_id)

    def _write(self, upload: Upload, stream: Stream, length: int, sum_of: Checksum | None) -> None:
        made = sum_of.begun() if sum_of else None
        if sum_of:
            _write(upload.folder / "unverified", str(upload.offset))
            _sync_folder(upload.folder)
        left, since_look = length, LOOK_AT_SPACE_EVERY
        with upload.file.open("r+b", buffering=0) as target:
            target.seek(upload.offset)
            try:
                while left:
                    if since_look >= LOOK_AT_SPACE_EVERY:
                        since_look = 0
                        if self._free() - left < self.reserve:
                            raise OSError(errno.ENOSPC, "the reserve is reached")
                    block = stream.read(min(BLOCK, left))
                    if not block:
                        break
                    _all_of(target, block)
                    left -= len(block)
                    since_look += len(block)
                    if made:
                        made.update(block)
            finally:
                os.fsync(target.fileno())
        if sum_of:
            if left or not sum_of.is_of(made):
                _drop_unverified(self.upload(upload.id))
                raise Refused(CHECKSUM_MISMATCH, "The checksum differs; nothing of the piece was kept.")
            (upload.folder / "unverified").unlink()
            _sync_folder(upload.folder)

    def end(self, upload_id: str) -> Upload:
        """Let the whole be what has come: for files whose length is known at their end. Raises Refused: it is empty."""
        upload = self.upload(upload_id)
        if not upload.offset:
            self.discard(upload_id)
            raise Refused(400, "The file is empty: there is nothing to keep.")
        _write(upload.folder / "about.json", json.dumps({"length": upload.offset, "name": upload.name}))
        _sync_folder(upload.folder)
        return self.upload(upload_id)

    def discard(self, upload_id: str) -> None:
        """Remove an upload with all that came of it. Raises Refused: there is none, it is being written, or claimed."""
        upload = self.upload(upload_id)
        if is_claimed(upload):
            raise Refused(403, "It was handed over, and is the archive's to remove.")
        with _alone(upload.folder):
            shutil.rmtree(upload.folder)

    def claim(self, upload_id: str) -> Upload:
        """Let it stay until somebody decides. Raises Refused: there is none, it is not complete, or was claimed."""
        upload = self.upload(upload_id)
        if not upload.is_complete:
            raise Refused(409, "Not all of it has come.")
        try:
            (upload.folder / "claimed").touch(mode=0o600, exist_ok=False)
        except FileExistsError:
            raise Refused(409, "It was handed over before.") from None
        _sync_folder(upload.folder)
        return upload

    def release(self, upload_id: str) -> None:
        """Let a claimed upload expire again, because nothing came of what it was claimed for."""
        if _ID.fullmatch(upload_id):
            (self.folder / upload_id / "claimed").unlink(missing_ok=True)

    def sweep(self) -> int:
        """Remove what has expired; how many."""
        expired = [one for one in self.uploads() if not is_claimed(one) and one.expires_at < datetime.now(UTC)]
        for one in expired:
            with contextlib.suppress(Refused, OSError):
                self.discard(one.id)
        return len(expired)

    def _read(self, upload_id: str) -> Upload | None:
        if not _ID.fullmatch(upload_id):
            return None
        folder = self.folder / upload_id
        try:
            about = json.loads((folder / "about.json").read_text("utf-8"))
            state = (folder / "bytes").stat()
        except (OSError, ValueError):
            return None
        offset = state.st_size
        with contextlib.suppress(OSError, ValueError):
            offset = min(offset, int((folder / "unverified").read_text("ascii")))
        expires_at = datetime.fromtimestamp(state.st_mtime + LASTS_S, UTC)
        return Upload(upload_id, folder, str(about["name"]), int(about["length"]), offset, expires_at)

    def _free(self) -> int:
        place = self.folder if self.folder.is_dir() else self.folder.parent
        return shutil.disk_usage(place).free


def is_claimed(upload: Upload) -> bool:
    """Whether it belongs to a contribution."""
    return (upload.folder / "claimed").exists()


def shown_name(name: str) -> str:
    """A name as it may be shown: its last part, on one line, without what a reader could not see, and not too long."""
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
    return " ".join(seen.split())[:LONGEST_NAME]


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """The right to write, which ends with its process. Raises Refused: somebody else has it, or the upload is gone."""
    try:
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        raise Refused(404, "There is no such upload, or not any more.") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise Refused(423, "Another piece of this file is being written.") from None
    try:
        yield
    finally:
        os.close(descriptor)


def _drop_unverified(upload: Upload) -> None:
    """Take back what came of a piece whose checksum nobody can hold against it any more."""
    with contextlib.suppress(FileNotFoundError):
        (upload.folder / "unverified").read_bytes()
        with upload.file.open("r+b") as target:
            target.truncate(upload.offset)
            os.fsync(target.fileno())
        (upload.folder / "unverified").unlink()
        _sync_folder(upload.folder)


def _all_of(target: object, block: bytes) -> None:
    view = memoryview(block)
    while view:
        view = view[target.write(view) :]  # type: ignore[attr-defined]  # a raw file, which may write less


def _write(path: Path, text: str) -> None:
    new = path.with_suffix(".new")
    with new.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(path)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
