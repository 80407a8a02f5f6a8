"""An open archive: its folder, its settings, the storage root in it and the caches beside it.

my-archive/
  ocfl/          the truth: an OCFL storage root
  staging/       unfinished writes; may be emptied while nothing runs
  locks/         who is at work; empty files of no meaning once nothing runs
  cache/         access copies and the like; may always be deleted
  catalog.db     what lists and searches read; may always be deleted
  desk.db        the job queue
  holdfast.toml  settings
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from holdfast.actions.watch import UNWATCHED, Watch
from holdfast.backends.base import Backend
from holdfast.backends.local import LocalBackend
from holdfast.config import Settings, load_settings
from holdfast.keep.ingest import Terms
from holdfast.model.ids import AssetId
from holdfast.model.rights import AccessLevel
from holdfast.ocfl.root import StorageRoot

if TYPE_CHECKING:
    from holdfast.catalog.catalog import Catalog
    from holdfast.jobs.queue import Queue

STORE = "ocfl"
CACHE = "cache"
DESK_FILE = "desk.db"


class Archive:
    """One archive, open in this process. Database and media libraries are loaded when they are first needed."""

    def __init__(self, folder: Path, settings: Settings, backend: Backend) -> None:
        self.folder = folder
        self.settings = settings
        self.backend = backend
        self.root = StorageRoot(backend, STORE)

    @classmethod
    def open(cls, folder: Path) -> Archive:
        """The archive in `folder`. Raises NotAnArchive, BadSettings, NewerArchive."""
        return cls(folder, load_settings(folder), LocalBackend(folder))

    @cached_property
    def catalog(self) -> Catalog:
        """The catalogue as it lies there; see `up_to_date_catalog`."""
        from holdfast.catalog.catalog import CATALOG_FILE, Catalog

        return Catalog(self.folder / CATALOG_FILE, self.root)

    def up_to_date_catalog(self, watch: Watch = UNWATCHED) -> Catalog:
        """The catalogue, made anew first if it is missing or of another version, else with loose ends taken up."""
        if not self.catalog.is_current():
            watch.begin("Making the catalogue from the disk")
        self.catalog.make_current()
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
        """The asset that somebody typed. Raises UnknownAsset, AmbiguousAsset."""
        from holdfast.catalog.lists import find_asset

        with self.up_to_date_catalog().engine.connect() as connection:
            return find_asset(connection, typed)

    def close(self) -> None:
        """Let go of files and locks."""
        if "catalog" in self.__dict__:
            self.catalog.close()
        if isinstance(self.backend, LocalBackend):
            self.backend.close()
