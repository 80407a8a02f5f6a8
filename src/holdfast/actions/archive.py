"""An open archive: its folder, its settings, the storage root in it and the caches beside it.

my-archive/
  ocfl/          the truth: an OCFL storage root
  staging/       unfinished writes; may be emptied while nothing runs
  locks/         who is at work; empty files of no meaning once nothing runs
  cache/         access copies and the like; may always be deleted
  catalog.db     what lists and searches read; may always be deleted
  desk.db        the job queue, and what the desk of the site keeps
  uploads/       what was sent in through the site and waits for a curator
  holdfast.toml  settings
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from holdfast.actions.watch import UNWATCHED, Watch
from holdfast.backends.base import STAGING, Backend
from holdfast.backends.local import LOCKS, LocalBackend
from holdfast.config import Settings, load_settings
from holdfast.errors import (
    AmbiguousAsset,
    BadValue,
    DamagedCache,
    DiskFull,
    HoldfastError,
    Locked,
    StorageRefused,
    StoreMissing,
    UnknownAsset,
)
from holdfast.keep.ingest import Terms
from holdfast.model.ids import ALPHABET, AssetId, parse_asset_id
from holdfast.model.rights import AccessLevel
from holdfast.ocfl.root import StorageRoot

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from holdfast.catalog.catalog import Catalog
    from holdfast.jobs.queue import Queue

STORE = "ocfl"
CACHE = "cache"
DESK_FILE = "desk.db"
UPLOADS = "uploads"
OWN_FOLDERS = (STORE, STAGING, LOCKS, CACHE, UPLOADS)
SHORTEST_CORRECTED = 6


class Archive:
    """One archive, open in this process. Database and media libraries are loaded when they are first needed."""

    def __init__(self, folder: Path, settings: Settings, backend: Backend) -> None:
        self.folder = folder
        self.settings = settings
        self.backend = backend
        self.root = StorageRoot(backend, STORE)
        self._lent_by: Archive | None = None

    @classmethod
    def open(cls, folder: Path) -> Archive:
        """The archive in `folder`.

        Raises:
            NotAnArchive, BadSettings, NewerArchive: there is none, or none that this program can open.
            StoreMissing: its settings are there, its storage root is not (a disk that is not mounted).
        """
        settings = load_settings(folder)
        if not (folder / STORE).is_dir():
            raise StoreMissing(path=folder, store=STORE)
        return cls(folder, settings, LocalBackend(folder))

    def on_behalf_of(self, name: str) -> Archive:
        """The same archive, whose deeds are recorded under another name, as with $HOLDFAST_BY.

        Storage root and catalogue are shared: this archive must stay open as long as the other is used, and closing the
        other closes nothing.

        Raises:
            BadValue: the name is empty or has line ends.
        """
        other = Archive(self.folder, replace(self.settings, custodian=name), self.backend)
        other.root, other._lent_by = self.root, self
        return other

    @cached_property
    def catalog(self) -> Catalog:
        """The catalogue as it lies there; see `up_to_date_catalog`."""
        from holdfast.catalog.catalog import CATALOG_FILE, Catalog

        if self._lent_by is not None:
            return self._lent_by.catalog
        return Catalog(self.folder / CATALOG_FILE, self.root)

    def up_to_date_catalog(self, watch: Watch = UNWATCHED) -> Catalog:
        """The catalogue, made anew first if it is missing or of another version, else with loose ends taken up."""
        if not self.catalog.is_current():
            watch.begin("Making the catalogue from the disk")
        self.catalog.make_current(on_object=lambda _: watch.done(None))
        return self.catalog

    @cached_property
    def queue(self) -> Queue:
        """The job queue of this site."""
        from holdfast.jobs.queue import Queue, sqlite_engine

        return Queue(sqlite_engine(self.folder / DESK_FILE))

    @property
    def cache(self) -> Path:
        """Where what can be made again is put."""
        return self.folder / CACHE

    def terms(self, access: AccessLevel | None = None) -> Terms:
        """On whose behalf and how openly things are kept here, unless told otherwise."""
        return Terms(self.settings.custodian, access or self.settings.access)

    def find(self, typed: str) -> AssetId:
        """The asset that somebody typed: its id, or the beginning of one.

        An object that lies on the disk is found by its full id even if the catalogue could not understand it.

        Raises:
            UnknownAsset: none fits; the nearest ids are named.
            AmbiguousAsset: more than one begins so.
        """
        from holdfast.catalog.lists import find_asset

        with self.up_to_date_catalog().engine.connect() as connection:
            try:
                return find_asset(connection, _writable(typed))
            except AmbiguousAsset:
                raise
            except UnknownAsset as error:
                with contextlib.suppress(UnknownAsset):
                    asset = parse_asset_id(typed)
                    if self.backend.exists(self.root.key_of(str(asset.object_id))):
                        return asset
                hint = f"{error.values['hint']}{_nearest(connection, typed)}"
                raise UnknownAsset(asset=typed, hint=hint) from None

    def refuse_own(self, paths: Iterable[Path]) -> None:
        """Make sure that nothing of the archive's own is added to it. Raises BadValue."""
        own = [(self.folder / name).resolve() for name in OWN_FOLDERS]
        for path in paths:
            place = path.resolve()
            if self.folder.resolve().is_relative_to(place) or any(place.is_relative_to(folder) for folder in own):
                raise BadValue(name="PATH", found=str(path), expected="a place outside of the archive itself")

    def close(self) -> None:
        """Let go of files and locks."""
        if self._lent_by is not None:
            return
        if "catalog" in self.__dict__:
            self.catalog.close()
        if isinstance(self.backend, LocalBackend):
            self.backend.close()


def _nearest(connection: Connection, typed: str) -> str:
    """`; near to it: ...` with the ids that are one typing error away; empty if there are none."""
    from sqlalchemy import select

    from holdfast.catalog import schema

    spelled = "".join(typed.split()).replace("-", "").lower()
    if len(spelled) < SHORTEST_CORRECTED:  # so little is near to too much
        return ""
    wanted = set(_one_error_away(spelled))
    ids = connection.execute(select(schema.assets.c.id).order_by(schema.assets.c.id)).scalars()
    lengths = range(len(spelled) - 1, len(spelled) + 2)
    near = [asset for asset in ids if any(asset[:length] in wanted for length in lengths)]
    return f"; near to it: {', '.join(near[:3])}" if near else ""


def _one_error_away(word: str) -> Iterator[str]:
    """The spellings that one character too many, too few, wrong, or exchanged with its neighbour turns into `word`."""
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for character in ALPHABET:
            yield before + character + after[1:]
            yield before + character + after


def _writable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


@contextlib.contextmanager
def desk_in_our_words(folder: Path) -> Iterator[None]:
    """What SQLite refuses of `desk.db` inside, told in our own errors (the catalogue tells its own).

    Raises:
        DamagedCache: it is no database, or not whole.
        Locked: another process writes to it for minutes.
        DiskFull, StorageRefused: the disk under it failed, or may not be written to.
    """
    try:
        yield
    except HoldfastError:
        raise
    except Exception as error:
        told = _told(folder, error)
        if told is None:
            raise
        raise told from error


def _told(folder: Path, error: Exception) -> HoldfastError | None:
    if "sqlalchemy" not in sys.modules:
        return None
    from sqlalchemy.exc import DatabaseError

    if not isinstance(error, DatabaseError):
        return None
    reason = str(error.orig)
    if "malformed" in reason or "not a database" in reason or "no such" in reason:
        remedy = f"remove {folder / DESK_FILE}, then: holdfast work"
        return DamagedCache(path=folder / DESK_FILE, reason=reason, remedy=remedy)
    if "locked" in reason:
        return Locked(name=DESK_FILE, holder="another process")
    if "full" in reason:
        return DiskFull(place=folder, name=DESK_FILE)
    words = ("readonly", "unable to open", "disk I/O")
    refused = any(word in reason for word in words)
    return StorageRefused(place=folder, name=DESK_FILE, reason=reason) if refused else None
