"""Locks on a local disk that end with the process that held them.

A lock is a `flock` on a file of `locks/`, one file for each name, so that holding two names can never wait on itself.
The files are never removed: removing one while another process waits on it would let two hold the same name.
`flock` belongs to the open file, not to the process, so it parts threads as well as processes; a name is therefore
not given twice, not even to the thread that holds it. The kernel frees it at the end of the process, however it ends.

The file says who holds it, for people only: the note goes past `Disk` and is never relied upon.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import time
from contextlib import suppress
from pathlib import Path

from holdfast.backends.disk import Disk
from holdfast.errors import Locked
from holdfast.model.time import civil, now

_FIRST_PAUSE_S = 0.002
_LONGEST_PAUSE_S = 0.1


def lock_file_name(name: str) -> str:
    """The file for a lock: a digest, because names may be long, in any script, or meant as paths."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16] + ".lock"


def take(disk: Disk, path: Path, name: str, wait_s: float) -> int:
    """A descriptor that holds the lock of `path` until `disk.release`.

    Raises:
        Locked: somebody else still holds it after `wait_s` seconds.
        OSError: the file cannot be made.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    try:
        _wait_for(disk, descriptor, name, wait_s)
    except BaseException:
        os.close(descriptor)
        raise
    _sign(descriptor, name)
    return descriptor


def holders(disk: Disk, folder: Path) -> list[str]:
    """Who holds the locks in `folder` now, in words. To find out, each is taken for an instant."""
    found = []
    for path in sorted(folder.glob("*.lock")):
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
        if not disk.try_flock(descriptor):
            found.append(_holder(descriptor))
            os.close(descriptor)
        else:
            disk.release(descriptor)
    return found


def _wait_for(disk: Disk, descriptor: int, name: str, wait_s: float) -> None:
    """Poll: a blocking flock cannot be given a time limit without signals, which belong to the main thread."""
    deadline = time.monotonic() + wait_s
    pause_s = _FIRST_PAUSE_S
    while not disk.try_flock(descriptor):
        left_s = deadline - time.monotonic()
        if left_s <= 0:
            raise Locked(name=name, holder=_holder(descriptor))
        time.sleep(min(pause_s, left_s))
        pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)


def _sign(descriptor: int, name: str) -> None:
    note = {"host": socket.gethostname(), "name": name, "pid": os.getpid(), "since": civil(now())}
    with suppress(OSError):  # on a full disk the lock must work all the same
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(note, sort_keys=True).encode("ascii") + b"\n", 0)


def _holder(descriptor: int) -> str:
    """Who holds it, as the holder itself noted."""
    try:
        note = json.loads(os.pread(descriptor, 4096, 0))
        return f"process {note['pid']} on {note['host']} since {note['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
