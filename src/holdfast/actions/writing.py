"""Putting a file where somebody asked for it, outside of the archive: whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import secrets
from pathlib import Path

from holdfast.backends.disk import Disk
from holdfast.errors import DiskFull, StorageRefused, TargetExists


def write(path: Path, data: bytes, *, force: bool = True, disk: Disk | None = None) -> None:
    """Put a file there, whole or not at all; when this returns it is durable. Two that write at once both write wholly.

    What is there and is neither file nor folder (a terminal, a pipe) is written to, not replaced.

    Args:
        path: where; folders on the way are made.
        data: all of its bytes.
        force: replace what is there.
        disk: for tests, the system's calls.

    Raises:
        TargetExists: something is there, and `force` is not given.
        DiskFull, StorageRefused: it cannot be written; what was there is there still.
    """
    disk = disk or Disk()
    making = path.parent / f".{secrets.token_hex(8)}.part"  # of its own length: the name may be as long as one can be
    try:
        if force and path.exists() and not path.is_file() and not path.is_dir():
            path.write_bytes(data)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            _fill(disk, making, data)
            (disk.rename_over if force else disk.rename_new)(making, path)
        except OSError:
            with contextlib.suppress(OSError):
                disk.unlink(making)
            raise
        disk.fsync_folder(path.parent)
    except FileExistsError as error:
        if force:
            raise StorageRefused(place=path.parent, name=path.name, reason=error.strerror or str(error)) from error
        raise TargetExists(path=path) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(place=path.parent, name=path.name) from error
        raise StorageRefused(place=path.parent, name=path.name, reason=error.strerror or str(error)) from error


def _fill(disk: Disk, making: Path, data: bytes) -> None:
    descriptor = disk.create(making)
    try:
        view = memoryview(data)
        while view:
            view = view[disk.write(descriptor, view) :]
        disk.fsync(descriptor)
    finally:
        disk.close(descriptor)
