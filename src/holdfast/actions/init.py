"""Make an archive, or take an OCFL storage root that came without its settings into use again."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from holdfast.actions.archive import CACHE, DESK_FILE, STORE, Archive
from holdfast.backends.base import STAGING
from holdfast.backends.local import LOCKS, LocalBackend
from holdfast.config import SETTINGS_FILE, Settings, settings_text
from holdfast.errors import ArchiveExists, StorageRefused
from holdfast.ocfl.root import StorageRoot

OURS = {STORE, STAGING, LOCKS, CACHE, DESK_FILE, "catalog.db", "catalog.db-wal", "catalog.db-shm"}


@dataclass(frozen=True)
class Made:
    """What `init` made. `adopted_objects` counts what lay in the storage root already."""

    archive: Archive
    adopted_objects: int


def init(folder: Path, settings: Settings) -> Made:
    """An archive in `folder`, which must be new or empty, or hold a storage root whose settings were lost.

    The settings file is written last: a process killed before that leaves a folder that `init` completes.

    Raises:
        ArchiveExists: it is an archive already, or other files lie there.
        StorageFailure: the disk failed.
    """
    folder = folder.absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        found = set(os.listdir(folder))  # noqa: PTH208  # names are enough
    except (FileExistsError, NotADirectoryError):
        raise ArchiveExists(path=folder, found="a file of that name") from None
    except OSError as error:
        raise StorageRefused(place=folder, name="the archive's folder", reason=error.strerror) from error
    if SETTINGS_FILE in found:
        raise ArchiveExists(path=folder, found="an archive")
    if found - OURS:
        raise ArchiveExists(path=folder, found=f"other files ({', '.join(sorted(found - OURS)[:3])})")
    backend = LocalBackend(folder)
    root = StorageRoot.create(backend, STORE)
    adopted = sum(1 for _ in root.walk())
    backend.replace(SETTINGS_FILE, settings_text(settings).encode("utf-8"))
    return Made(Archive.open(folder), adopted)
