"""Make an archive, or take an OCFL storage root that came without its settings into use again."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

from holdfast.actions.archive import CACHE, DESK_FILE, STORE, UPLOADS, Archive
from holdfast.actions.verify_offline import SCRIPT_NAME
from holdfast.backends.base import STAGING
from holdfast.backends.local import LOCKS, LocalBackend
from holdfast.config import SETTINGS_FILE, Settings, settings_text
from holdfast.errors import ArchiveExists, BadValue, StorageRefused
from holdfast.ocfl.root import StorageRoot

OURS = {
    STORE,
    STAGING,
    LOCKS,
    CACHE,
    UPLOADS,
    DESK_FILE,
    "desk.secret",
    "catalog.db",
    "catalog.db-wal",
    "catalog.db-shm",
    SCRIPT_NAME,
}
# What a file system or a desktop puts on every disk, also on one that was just formatted.
OF_THE_SYSTEM = {
    "lost+found",
    ".DS_Store",
    ".Spotlight-V100",
    ".TemporaryItems",
    ".Trashes",
    ".fseventsd",
    "System Volume Information",
    "$RECYCLE.BIN",
}


@dataclass(frozen=True)
class Made:
    """What `init` made. `adopted_objects` counts what lay in the storage root already."""

    archive: Archive
    adopted_objects: int


def init(folder: Path, settings: Settings) -> Made:
    """An archive in `folder`, which must be new or empty, or hold a storage root whose settings were lost.

    The settings file is written last: a process killed before that leaves a folder that `init` completes. A storage
    root that holds objects is taken as it is; nothing is written into it.

    Raises:
        ArchiveExists: it is an archive already, or other files lie there.
        BadValue: it lies inside another archive, or a setting cannot be written down.
        StorageFailure: the disk failed.
    """
    folder = folder.absolute()
    text = _text(settings)
    _check_place(folder)
    found = _found(folder) - OF_THE_SYSTEM
    if SETTINGS_FILE in found:
        raise ArchiveExists(path=folder, found="an archive")
    if found - OURS:
        raise ArchiveExists(path=folder, found=f"other files ({', '.join(sorted(found - OURS)[:3])})")
    backend = LocalBackend(folder)
    adopted = sum(1 for _ in StorageRoot(backend, STORE).walk()) if STORE in found else 0
    if not adopted:
        StorageRoot.create(backend, STORE)
    backend.replace(SETTINGS_FILE, text.encode("utf-8"))
    return Made(Archive.open(folder), adopted)


def _text(settings: Settings) -> str:
    """The settings file, proved: an archive whose settings could not be read again would be of no use."""
    text = settings_text(settings)
    expected = {"name": settings.name, "custodian": settings.custodian}
    try:
        is_right = tomllib.loads(text)["archive"] == expected and bool(text.encode("utf-8"))
    except ValueError:  # of TOML, and of characters that UTF-8 does not have
        is_right = False
    if not is_right:
        raise BadValue(name="--name or --custodian", found=" / ".join(expected.values()), expected="plain text")
    return text


def _check_place(folder: Path) -> None:
    for outer in folder.resolve().parents:
        if (outer / SETTINGS_FILE).is_file():
            raise BadValue(name="DIR", found=str(folder), expected=f"a folder outside of the archive {outer}")


def _found(folder: Path) -> set[str]:
    """The names in the folder, which is made if it is not there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return set(os.listdir(folder))  # noqa: PTH208  # names are enough
    except (FileExistsError, NotADirectoryError):
        raise ArchiveExists(path=folder, found="a file of that name") from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise StorageRefused(place=folder, name="the archive's folder", reason=reason) from error
