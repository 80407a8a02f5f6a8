"""A folder on a local disk that keeps its promises through a kill, a full disk and a power cut.

The rules, each there because its absence has lost somebody's data:

- A file is durable when it was fsynced and the folder with its name was fsynced. So is every folder on the way: a new
  one is made durable in the folder above *before* anything is renamed below it, and one that is found there is made
  sure of once, because whoever made it may have been killed between making and fsyncing.
- Unfinished bytes lie in `staging/`, never beside their target: a stray file would make an OCFL object invalid.
- A failed fsync is never tried again. The kernel reports the loss once, then calls the lost pages clean: a second try
  would succeed and lie. The sink or folder stays failed for the life of this backend.
  (Source: "Can Applications Recover from fsync Failures?", Rebello et al., USENIX ATC 2020.)
- What is read back is read through a second descriptor after the system was asked to drop its own copy.
- A staging area belongs to whoever holds a flock on it, so a kill frees it. Unlocked means abandoned.
- Links are never followed below the root: what an archive says it holds, it holds itself.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from holdfast.backends import locks
from holdfast.backends.base import (
    STAGING,
    Backend,
    Entry,
    Sink,
    Space,
    check_key,
    check_target,
    is_staged,
    new_area_name,
)
from holdfast.backends.disk import Disk
from holdfast.backends.sink import LocalReader, LocalSink, in_our_words, not_durable
from holdfast.errors import KeyExists, Locked, MissingKey, NotDurable, StorageRefused
from holdfast.model.time import now

LOCKS = "locks"


class LocalBackend(Backend):
    """The folder `root`, made on the first write. Every change goes through `disk`.

    May be used by several threads at once; another process opens its own.
    """

    def __init__(self, root: Path, disk: Disk | None = None) -> None:
        self._root = Path(root).absolute()
        self._disk = disk or Disk()
        self._areas: dict[str, int] = {}  # staging areas of ours -> the descriptor that holds their lock
        self._unfinished: set[str] = set()  # staged keys whose sinks were not committed
        self._sure: set[Path] = set()  # folders whose own name is durable
        self._failed: set[Path] = set()  # folders whose fsync failed once

    @property
    def place(self) -> str:
        """The folder."""
        return str(self._root)

    # ------------------------------------------------------------------------------------------- reading

    def open(self, key: str) -> BinaryIO:
        """An unbuffered stream: read it with `readinto` and a large buffer."""
        path = self._path(key)
        with self._told(key):
            descriptor = self._disk.reader(path)
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                self._disk.close(descriptor)
                raise MissingKey(place=self.place, key=key)
        return LocalReader(descriptor, self.place, key)

    def read(self, key: str, *, limit: int = 256 * 1024 * 1024) -> bytes:
        """All bytes of a small file."""
        with self.open(key) as stream:
            size = os.fstat(stream.fileno()).st_size
            if size > limit:
                raise StorageRefused(place=self.place, name=key, reason=f"{size} bytes, and at most {limit} are read")
            return stream.read()

    def size(self, key: str) -> int:
        """The length in bytes."""
        with self._told(key):
            found = self._path(key).lstat()
        if not stat.S_ISREG(found.st_mode):
            raise MissingKey(place=self.place, key=key)
        return found.st_size

    def exists(self, key: str) -> bool:
        """Whether anything, also a dangling link, lies at `key`."""
        return os.path.lexists(self._path(key))

    def entries(self, folder: str) -> list[Entry]:
        """The names directly in `folder`, sorted."""
        path = self._path(folder) if folder else self._root
        with self._told(folder):
            if not (folder and path.is_symlink()):
                with os.scandir(path) as found:
                    return sorted(entry for entry in map(_entry, found) if entry)
        raise MissingKey(place=self.place, key=folder)

    def space(self) -> Space:
        """What the file system leaves to ordinary users."""
        path = self._root
        while not path.exists():
            path = path.parent
        with self._told(""):
            found = os.statvfs(path)
        counted = found.f_files > 0  # btrfs and others make inodes as needed and say 0
        return Space(
            free_bytes=found.f_bavail * found.f_frsize,
            total_bytes=found.f_blocks * found.f_frsize,
            free_files=found.f_favail if counted else None,
        )

    # ------------------------------------------------------------------------------------------- writing

    def create(self, key: str) -> Sink:
        """A sink: in place inside staging; elsewhere a hidden staged file that takes its name at `commit`."""
        staged = check_target(key)
        path = self._path(key)
        if os.path.lexists(path):
            raise KeyExists(place=self.place, key=key)
        self._make_folder(path.parent, key, durable=not staged)
        if not staged:
            return self._sink_to(key, path, "file", self._disk.rename_new)
        with self._told(key):
            descriptor = self._disk.create(path)
        self._unfinished.add(key)

        def finish() -> Path:
            self._unfinished.discard(key)
            return path

        return LocalSink(self._disk, self.place, key, descriptor, path, finish=finish, is_area=False)

    def _sink_to(self, key: str, target: Path, purpose: str, rename: Callable[[Path, Path], None]) -> Sink:
        """A sink into a staged file of its own, which `rename` puts at `target` when it is whole."""
        with self._told(key):
            descriptor, path = self._staged_file(purpose)

        def finish() -> Path:
            rename(path, target)
            self._fsync_folder(target.parent, key)
            return target

        return LocalSink(self._disk, self.place, key, descriptor, path, finish=finish, is_area=True)

    def move(self, source: str, target: str) -> None:
        """One rename, with everything durable before and after it that it rests upon."""
        self._check_staged(source)
        check_target(target)
        old, new = self._path(source), self._path(target)
        with self._told(source):
            is_folder = stat.S_ISDIR(old.lstat().st_mode)
        if os.path.lexists(new):
            raise KeyExists(place=self.place, key=target)
        self._make_folder(new.parent, target, durable=True)
        if is_folder:
            self._fsync_tree(old, source)
        with self._told(target):
            self._disk.rename_new(old, new)
        self._fsync_folder(new.parent, target)

    def replace(self, key: str, data: bytes) -> None:
        """A staged file of our own, fsynced, renamed over the old one."""
        check_target(key)
        path = self._path(key)
        if path.is_dir():
            raise KeyExists(place=self.place, key=key)
        self._make_folder(path.parent, key, durable=True)
        with self._sink_to(key, path, "replace", self._disk.rename_over) as sink:
            sink.write(data)
            sink.commit()

    def mend(self, source: str, target: str) -> None:
        """One rename over the damaged file."""
        self._check_staged(source)
        check_target(target)
        old, new = self._path(source), self._path(target)
        self.size(source)  # a file, or MissingKey
        if new.is_dir():
            raise KeyExists(place=self.place, key=target)
        self._make_folder(new.parent, target, durable=True)
        with self._told(target):
            self._disk.rename_over(old, new)
        self._fsync_folder(new.parent, target)

    def settle(self, key: str) -> None:
        """Fsync the folder itself and the one with its name; those above once in the life of this backend."""
        path = self._path(key)
        with self._told(key):
            is_folder = stat.S_ISDIR(path.lstat().st_mode)
        if is_folder:
            self._fsync_folder(path, key)
        self._fsync_folder(path.parent, key)
        self._make_folder(path.parent, key, durable=True)

    # ------------------------------------------------------------------------------------------- staging

    def open_staging(self, purpose: str) -> str:
        """`staging/<purpose>-<time>-<chance>`, locked from birth to `discard`."""
        self._make_folder(self._root / STAGING, STAGING, durable=False)
        while True:
            key = f"{STAGING}/{new_area_name(purpose, now())}"
            path = self._root / key
            with self._told(key):
                self._disk.mkdir(path)
                descriptor = self._open_area(path)
                if descriptor is not None and self._take(descriptor, path):
                    self._areas[key] = descriptor
                    return key

    def abandoned_staging(self) -> list[str]:
        """What stands in `staging/` with its lock free, links and strangers included.

        One that is being born at this moment may be among them; `discard` will refuse it.
        """
        if not (self._root / STAGING).is_dir():
            return []
        keys = [f"{STAGING}/{entry.name}" for entry in self.entries(STAGING)]
        return [key for key in keys if key not in self._areas and self._is_free(key)]

    def discard(self, key: str) -> None:
        """Remove it, while holding the lock of its area."""
        if not is_staged(key):
            raise ValueError(f"not in staging: {key!r}")
        path = self._path(key)
        area = "/".join(key.split("/")[:2])
        with self._owning(area):
            with self._told(key):
                self._remove(path)
            for other in tuple(self._unfinished):  # threads may add to it meanwhile
                if f"{other}/".startswith(f"{key}/"):
                    self._unfinished.discard(other)
        if key == area and area in self._areas:
            self._disk.release(self._areas.pop(area))

    @contextmanager
    def lock(self, name: str, *, wait_s: float = 30.0) -> Iterator[None]:
        """A flock on a file of `locks/` (see `holdfast.backends.locks`)."""
        self._make_folder(self._root / LOCKS, LOCKS, durable=False)
        path = self._root / LOCKS / locks.lock_file_name(name)
        with self._told(name):
            descriptor = locks.take(self._disk, path, name, wait_s)
        try:
            yield
        finally:
            self._disk.release(descriptor)

    def lock_holders(self) -> list[str]:
        """The holders as they signed, of the locks that cannot be taken."""
        return locks.holders(self._disk, self._root / LOCKS)

    def close(self) -> None:
        """Let go of the staging areas held here."""
        while self._areas:
            self._disk.release(self._areas.popitem()[1])

    # -------------------------------------------------------------------------------- keys, errors, names

    def _path(self, key: str) -> Path:
        """Where `key` lies. Refuses to go through a link: it may lead out of the root."""
        *folders, _ = check_key(key).split("/")
        at = str(self._root)
        for part in folders:
            at = f"{at}/{part}"
            if os.path.islink(at):  # noqa: PTH114  (asked for every part of every key: Path is ten times slower)
                raise StorageRefused(place=self.place, name=key, reason=f"{at} is a link, and links are not followed")
        return self._root / key

    def _check_staged(self, source: str) -> None:
        """Raises ValueError for what is not staged or not whole."""
        if not is_staged(source):
            raise ValueError(f"only what is staged can be moved: {source!r}")
        unfinished = [key for key in tuple(self._unfinished) if f"{key}/".startswith(f"{source}/")]
        if unfinished:
            raise ValueError(f"not committed: {unfinished[0]!r}")

    @contextmanager
    def _told(self, key: str) -> Iterator[None]:
        """What the system refuses inside, told in our own errors."""
        try:
            yield
        except OSError as error:
            raise in_our_words(error, self.place, key) from error

    def _make_folder(self, folder: Path, key: str, *, durable: bool) -> None:
        """Make `folder` and what is missing above it; if `durable`, all their names are when this returns."""
        if folder in self._sure or (folder in self._root.parents and folder.is_dir()):
            return
        self._make_folder(folder.parent, key, durable=durable)
        with self._told(key):
            with suppress(FileExistsError):  # another process may make it at the same moment
                if not os.path.lexists(folder):
                    self._disk.mkdir(folder)
            if not folder.is_dir():
                raise KeyExists(place=self.place, key=folder.relative_to(self._root).as_posix())
        if durable:
            self._fsync_name_of(folder, key)
            self._sure.add(folder)

    def _fsync_name_of(self, folder: Path, key: str) -> None:
        if folder == self._root and not os.access(folder.parent, os.R_OK):
            return  # a mount point below a folder that is closed to us; its name was not ours to make durable
        self._fsync_folder(folder.parent, key)

    def _fsync_folder(self, folder: Path, key: str) -> None:
        if folder in self._failed:
            raise NotDurable(place=self.place, name=key, reason="an earlier fsync of its folder failed")
        try:
            self._disk.fsync_folder(folder)
        except OSError as error:
            self._failed.add(folder)
            raise not_durable(error, self.place, key) from error

    def _fsync_tree(self, folder: Path, key: str) -> None:
        """Make the names in a staged tree durable, the deepest first. The files were fsynced by their sinks."""
        with self._told(key):
            inside = [folder / entry.name for entry in map(_entry, os.scandir(folder)) if entry and entry.is_folder]
        for path in sorted(inside):
            self._fsync_tree(path, key)
        self._fsync_folder(folder, key)

    # ------------------------------------------------------------------------------- ownership of staging

    def _staged_file(self, purpose: str) -> tuple[int, Path]:
        """A new file directly in `staging/`, which is its own area: its lock goes when it is closed or we are dead."""
        self._make_folder(self._root / STAGING, STAGING, durable=False)
        while True:
            path = self._root / STAGING / new_area_name(purpose, now())
            descriptor = self._disk.create(path)
            if self._take(descriptor, path):
                return descriptor, path

    def _take(self, descriptor: int, path: Path) -> bool:
        """Whether the newborn area is ours. Between its birth and its lock a sweeper may have removed it."""
        while not self._disk.try_flock(descriptor):
            time.sleep(0.001)  # a sweeper is looking at it
        try:
            if os.path.samestat(os.fstat(descriptor), path.lstat()):
                return True
        except FileNotFoundError:
            pass
        self._disk.release(descriptor)
        return False

    def _open_area(self, path: Path) -> int | None:
        """A descriptor on which the area's lock can be asked for; None if it is gone, or nothing that can be held."""
        try:
            mode = path.lstat().st_mode
            if stat.S_ISDIR(mode) or stat.S_ISREG(mode):
                return self._disk.reader(path)
        except FileNotFoundError:
            pass
        return None

    def _is_free(self, key: str) -> bool:
        """Whether it is there and nobody holds it."""
        with self._told(key):
            descriptor = self._open_area(self._root / key)
        if descriptor is None:
            return self.exists(key)
        if self._disk.try_flock(descriptor):
            self._disk.release(descriptor)
            return True
        self._disk.close(descriptor)
        return False

    @contextmanager
    def _owning(self, area: str) -> Iterator[None]:
        """Hold an area that may be somebody else's. Raises Locked if that somebody lives."""
        if area in self._areas:
            yield
            return
        with self._told(area):
            descriptor = self._open_area(self._root / area)
        if descriptor is None:
            yield
            return
        if not self._disk.try_flock(descriptor):
            self._disk.close(descriptor)
            raise Locked(name=area, holder="another process")
        try:
            yield
        finally:
            self._disk.release(descriptor)

    def _remove(self, path: Path) -> None:
        """Remove a tree. Links are removed, not followed."""
        try:
            is_folder = stat.S_ISDIR(path.lstat().st_mode)
        except FileNotFoundError:
            return
        if not is_folder:
            self._disk.unlink(path)
            return
        for inside in sorted(path.iterdir()):
            self._remove(inside)
        self._disk.rmdir(path)


def _entry(found: os.DirEntry[str]) -> Entry | None:
    """One name in a folder; None if it was removed while we looked."""
    if found.is_dir(follow_symlinks=False):
        return Entry(found.name, is_folder=True, size_bytes=0)
    if not found.is_file(follow_symlinks=False):
        return Entry(found.name, is_folder=False, size_bytes=0, is_special=True)
    try:
        return Entry(found.name, is_folder=False, size_bytes=found.stat(follow_symlinks=False).st_size)
    except FileNotFoundError:
        return None
