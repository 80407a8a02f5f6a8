"""A folder for a while: gone with whoever made it, and if that was killed, removed by the next one.

Whoever has such a folder holds a `flock` on it, which the kernel frees however a process ends. So a folder that can be
locked is nobody's. It gets its name only when it is locked: until then nobody would know that somebody wants it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from pathlib import Path

PREFIX, UNNAMED = "holdfast-scratch-", "holdfast-new-"
ORPHANED_S = 86_400  # nobody takes as long to lock a folder
_OPEN = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


class Scratch:
    """An empty folder at `path`, among the temporary files of this machine, until it is closed."""

    def __init__(self) -> None:
        base = Path(tempfile.gettempdir())
        sweep(base)
        made = Path(tempfile.mkdtemp(prefix=UNNAMED, dir=base))
        self._descriptor = os.open(made, _OPEN)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        self.path = made.rename(made.with_name(PREFIX + made.name.removeprefix(UNNAMED)))

    def close(self) -> None:
        """Remove it."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._descriptor)


def sweep(base: Path) -> None:
    """Remove the folders below `base` that killed processes left."""
    for folder in base.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # another user's, or gone meanwhile
            descriptor = os.open(folder, _OPEN)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(descriptor)
    for folder in base.glob(f"{UNNAMED}*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_mtime < time.time() - ORPHANED_S:
                folder.rmdir()
