"""The thin seam over the operating system: every change that the local backend makes to a disk is one call here.

A test puts another `Disk` in its place and so counts the changes, fails one, kills the process at one, or records
all of them to ask what a power cut would have left (`holdfast.testing.faults`, `holdfast.testing.powercut`).
Nothing is decided here and nothing is translated: every method raises the plain `OSError` of the system.

What changes the disk: `create write fsync fsync_data fsync_folder mkdir rename_new rename_over unlink rmdir`.
What does not: `reader read_at drop_cache try_flock release close`.

Only the files under `locks/` are written past this seam (see `holdfast.backends.locks`): no promise rests on them.
"""

from __future__ import annotations

import errno
import fcntl
import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

_FULL_FSYNC: int | None = getattr(fcntl, "F_FULLFSYNC", None)  # macOS: its fsync stops at the drive's own cache
_PAGE = os.sysconf("SC_PAGE_SIZE")
_AT_FDCWD = -100
_RENAME_NOREPLACE = 1  # Linux, renameat2(2)
_RENAME_EXCL = 4  # macOS, renamex_np(2)

# Descriptors whose flock says "mine". A forked child inherits them, and with them the locks, which would then outlive
# their owner: the child closes its copies at birth (that frees nothing of the parent's).
_held: set[int] = set()


def _let_go_in_child() -> None:
    for descriptor in list(_held):
        os.close(descriptor)
    _held.clear()


os.register_at_fork(after_in_child=_let_go_in_child)


class Disk:
    """The changes that a local disk can undergo, each one call of the operating system."""

    # ------------------------------------------------------------------------------------------ changes

    def create(self, path: Path) -> int:
        """A descriptor for appending to a new, empty file. Raises FileExistsError, also for a dangling link."""
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)

    def write(self, descriptor: int, data: memoryview) -> int:
        """How many of the bytes were taken; it may be fewer than given."""
        return os.write(descriptor, data)

    def fsync(self, descriptor: int) -> None:
        """The file's bytes and length are on the medium when this returns."""
        if _FULL_FSYNC is not None:
            try:
                fcntl.fcntl(descriptor, _FULL_FSYNC)
            except OSError as error:  # network and foreign file systems know only the plain call
                if error.errno not in (errno.ENOTSUP, errno.ENOTTY, errno.EINVAL):
                    raise
            else:
                return
        os.fsync(descriptor)

    def fsync_data(self, descriptor: int) -> None:
        """Like `fsync`, but may leave out the times, which nobody relies on."""
        if _FULL_FSYNC is not None or not hasattr(os, "fdatasync"):
            self.fsync(descriptor)
        else:
            os.fdatasync(descriptor)

    def fsync_folder(self, path: Path) -> None:
        """The names in a folder (not what they stand for) are on the medium when this returns."""
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            Disk.fsync(self, descriptor)  # not self.fsync: one change must stay one call to those who count
        finally:
            os.close(descriptor)

    def mkdir(self, path: Path) -> None:
        """Make one folder. Raises FileExistsError."""
        path.mkdir()

    def rename_new(self, source: Path, target: Path) -> None:
        """Rename, never onto anything, not even an empty folder. Raises FileExistsError."""
        exclusive = _exclusive_rename()
        if exclusive is not None:
            try:
                exclusive(source, target)
            except OSError as error:  # some file systems do not know the flag
                if error.errno not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
                    raise
            else:
                return
        self.rename_unaided(source, target)

    @staticmethod
    def rename_unaided(source: Path, target: Path) -> None:
        """`rename_new` where the kernel does not help. For files a hard link is the exclusive step; a folder that

        holds something cannot be renamed onto by POSIX, so that of two movers at once only one wins there too.
        """
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
        if not source.is_dir():
            try:
                os.link(source, target, follow_symlinks=False)
            except OSError as error:
                if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK):
                    raise
            else:
                source.unlink()
                return
        source.rename(target)

    def rename_over(self, source: Path, target: Path) -> None:
        """Rename a file onto a file or a free name, in one step."""
        source.rename(target)

    def unlink(self, path: Path) -> None:
        """Remove one name that is not a folder."""
        path.unlink()

    def rmdir(self, path: Path) -> None:
        """Remove one empty folder."""
        path.rmdir()

    # ------------------------------------------------------------------------------- what changes nothing

    def reader(self, path: Path) -> int:
        """A descriptor for reading a file or folder; a link is not followed, a pipe not waited for."""
        return os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)

    def read_at(self, descriptor: int, buffer: memoryview, offset: int) -> int:
        """How many bytes from `offset` on were put into `buffer`; 0 at the end of the file."""
        return os.preadv(descriptor, [buffer], offset)

    def drop_cache(self, descriptor: int, start: int, length: int) -> None:
        """Ask the system to forget its copy of [start, start + length), so that the next read asks the medium."""
        if hasattr(os, "posix_fadvise"):
            first = start // _PAGE * _PAGE  # pages only partly named would be kept
            last = -(-(start + length) // _PAGE) * _PAGE
            os.posix_fadvise(descriptor, first, last - first, os.POSIX_FADV_DONTNEED)
        elif hasattr(fcntl, "F_NOCACHE"):
            fcntl.fcntl(descriptor, fcntl.F_NOCACHE, 1)

    def try_flock(self, descriptor: int) -> bool:
        """Whether the lock on the open file is now ours, until `release` or the end of this process."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        _held.add(descriptor)
        return True

    def release(self, descriptor: int) -> bool:
        """Close a descriptor if it holds a lock (in a forked child it is closed already); whether it did."""
        if descriptor not in _held:
            return False
        _held.remove(descriptor)
        self.close(descriptor)
        return True

    def close(self, descriptor: int) -> None:
        """Close a descriptor; what failed to reach the medium was told by `fsync`."""
        os.close(descriptor)


@cache
def _exclusive_rename() -> Callable[[Path, Path], None] | None:
    """The kernel's rename that refuses an existing target, or None where there is none."""
    import ctypes  # heavy, and only moves need it

    library = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "darwin":
        call = getattr(library, "renamex_np", None)
    else:
        call = getattr(library, "renameat2", None)
    if call is None:
        return None

    def rename(source: Path, target: Path) -> None:
        old, new = os.fsencode(source), os.fsencode(target)
        if sys.platform == "darwin":
            failed = call(old, new, _RENAME_EXCL)
        else:
            failed = call(_AT_FDCWD, old, _AT_FDCWD, new, _RENAME_NOREPLACE)
        if failed:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(source), None, str(target))

    return rename
