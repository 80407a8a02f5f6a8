"""The catalogue of one archive: kept in step after every deed, or made anew from the disk; both give the same.

A deed that changes objects runs inside `changing`:

    with catalog.changing("holdfast:asset:..."):
        ...                                     # publish a version

The note of what is about to change is committed first; the rows are refreshed, and the note removed with them, when
the block ends, whatever its end. If the process dies between, the note is found by the next command (`settle`) and the
object is looked at again. So the catalogue never says less or more than the disk for longer than a deed takes.

Rules:

- A note belongs to a lock that ends with its process. What can be locked has no living owner: no process numbers,
  which are used again, and no names of machines, which may share a disk.
- All writing is one SQLite transaction, begun at once: readers go on with what was before. Within it the disk is read,
  so that of two who refresh one object the later always stores the newer state.
- A rebuild is one such transaction: a kill in the middle leaves the old catalogue. It keeps the notes of others.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, delete, func, insert, inspect, select
from sqlalchemy.exc import DBAPIError

from holdfast.catalog import filing, fulltext, schema
from holdfast.catalog.database import BUSY_WAIT_S, is_read_only, open_database, put_away
from holdfast.catalog.reading import read_all
from holdfast.catalog.rows import ObjectRows, rows_of, rows_of_unreadable, sidecar_digest
from holdfast.errors import CatalogRefused, DamagedCache, HoldfastError, Locked, MissingKey, StorageFailure
from holdfast.model.time import civil, now, parse_civil
from holdfast.ocfl.layout import Place, PlaceKind, is_object_root, walk_root
from holdfast.ocfl.root import StorageRoot

CATALOG_FILE = "catalog.db"
BATCH_OBJECTS, BATCH_PASSAGES = 500, 20_000  # what is held in memory at once
NOTE_WAIT_S = 600.0
_OPENING = (schema.assets, schema.pieces)  # what an embargo can close


class Catalog:
    """The cache that lists and searches, in one SQLite file beside the storage root."""

    def __init__(self, path: Path, root: StorageRoot, clock: Callable[[], datetime] = now) -> None:
        self.path = path
        self._clock = clock
        self._root = root
        self.engine = open_database(path)

    def close(self) -> None:
        """Let go of the file."""
        self.engine.dispose()

    # -------------------------------------------------------------------------------------------------- state

    def is_current(self) -> bool:
        """Whether the file is there, readable, and of this program's version.

        Raises:
            CatalogRefused, Locked: nobody can tell, for the file may not be opened. A broken one is not current.
        """
        if not self.path.exists():
            return False
        try:
            with self.engine.connect() as connection:
                if not inspect(connection).has_table(schema.about.name):
                    return False
                found = connection.execute(select(schema.about.c.value).where(schema.about.c.name == "version"))
                return found.scalar() == _version()
        except DamagedCache:
            pass
        except DBAPIError:
            pass  # somebody else's database: its table `about` has other columns
        return False

    def make_current(self, on_object: Callable[[int], None] | None = None) -> bool:
        """Rebuild it if it is missing, broken or of another version; then settle what killed processes left.

        Returns:
            Whether it was rebuilt.

        Raises:
            CatalogRefused, Locked: the file cannot be used.
            MissingKey, StorageRefused: the store cannot be read.
        """
        rebuilt = False
        if not self.is_current():
            with self._alone():
                if not self.is_current():  # else another process was first
                    self._rebuild(on_object)
                    rebuilt = True
        self.settle()
        return rebuilt

    # --------------------------------------------------------------------------------------------- refreshing

    @contextlib.contextmanager
    def changing(self, *object_ids: str) -> Iterator[None]:
        """Around a deed that changes these objects.

        Raises:
            Locked: another process is changing one of them; nothing was begun.
            CatalogRefused: before the deed nothing was begun; after it the deed is done, and the note stays.
        """
        with self._owning(object_ids):
            with self._writing() as connection:
                notes = [{"object": object_id} for object_id in object_ids]
                connection.execute(insert(schema.pending).prefix_with("OR REPLACE"), notes)
            try:
                yield
            except BaseException:
                with contextlib.suppress(HoldfastError):  # the deed's own failure is the one to tell; the note stays
                    self.refresh(object_ids, forget=True)
                raise
            self.refresh(object_ids, forget=True)

    @contextlib.contextmanager
    def _owning(self, object_ids: Iterable[str]) -> Iterator[None]:
        """Hold what tells others that the notes of these objects have a living owner."""
        by_lock = {_note_lock(object_id): object_id for object_id in object_ids}
        with contextlib.ExitStack() as held:
            for name, object_id in sorted(by_lock.items()):
                try:
                    held.enter_context(self._root.backend.lock(name, wait_s=NOTE_WAIT_S))
                except Locked as error:
                    raise Locked(name=object_id, holder=error.values["holder"]) from None
            yield

    def settle(self) -> int:
        """Take up what processes that are gone had announced, and open what is due; how many objects were looked at.

        An object that cannot be made whole now (a full disk) is listed as it lies, and its note stays.
        """
        if is_read_only(self.path):
            return 0
        with self.engine.connect() as connection:
            noted = connection.execute(select(schema.pending.c.object)).scalars().all()
        return sum(self._settle(object_id) for object_id in noted) + self.open_what_is_due(self._clock())

    def next_opening(self) -> datetime | None:
        """When the first embargo ends that still closes something here; it may be over already. None if none does."""
        with self.engine.connect() as connection:
            queries = [select(func.min(table.c.opens_at)).where(table.c.opens_at != "") for table in _OPENING]
            soonest = min(filter(None, (connection.execute(query).scalar() for query in queries)), default=None)
        return parse_civil(soonest) if soonest else None

    def open_what_is_due(self, at: datetime) -> int:
        """File anew the assets and pieces whose embargoes are over at the moment `at`; how many.

        Until this was called they stay closed: they may open late and never open early.
        """
        if is_read_only(self.path):
            return 0
        with self.engine.connect() as connection:
            latest = civil(at.replace(microsecond=0))
            queries = [
                select(table.c.object).where(table.c.opens_at != "", table.c.opens_at <= latest) for table in _OPENING
            ]
            due = [object_id for query in queries for object_id in connection.execute(query).scalars()]
        self.refresh(due, at=at)
        return len(due)

    def _settle(self, object_id: str) -> bool:
        try:
            with self._root.backend.lock(_note_lock(object_id), wait_s=0):
                is_whole = True
                try:
                    self._root.recover(object_id)
                except StorageFailure:
                    is_whole = False
                self.refresh([object_id], forget=is_whole)
        except Locked:
            return False  # its owner is at work
        return True

    def refresh(self, object_ids: Iterable[str], *, forget: bool = False, at: datetime | None = None) -> None:
        """Bring the rows of these objects up to the disk as of `at` (now), and `forget` their notes with it.

        Raises:
            CatalogRefused, DamagedCache, Locked: the file cannot be used.
        """
        for object_id in object_ids:
            with self._writing() as connection:
                key = self._root.key_of(object_id)
                moment = at or self._clock()
                made = self._look(key, moment)
                if filing.replace(connection, key, object_id, made):
                    for journal in filing.journal_keys(connection):
                        filing.add_checks(connection, rows_of(self._root, journal, moment).checks)
                if forget:
                    connection.execute(delete(schema.pending).where(schema.pending.c.object == object_id))

    def _look(self, key: str, at: datetime) -> ObjectRows | None:
        """The rows of what lies at `key`, as a walk would find it; None if no object does."""
        try:
            entries = self._root.backend.entries(key)
        except MissingKey:
            return None
        except StorageFailure:
            return rows_of_unreadable(key)
        return rows_of(self._root, key, at) if is_object_root(entries) else None

    # ---------------------------------------------------------------------------------------------- rebuilding

    def rebuild(self, on_object: Callable[[int], None] | None = None) -> int:
        """Make the whole catalogue from the disk alone; the number of objects. Readers have the old one meanwhile.

        A file that is no database, or not ours, is put away first: all that ours held can be made again.

        Raises:
            CatalogRefused, Locked: the file cannot be written.
            MissingKey, StorageRefused: the storage root itself cannot be listed; the old catalogue stays.
        """
        with self._alone():
            return self._rebuild(on_object)

    def _rebuild(self, on_object: Callable[[int], None] | None) -> int:
        self._root.backend.entries(self._root.prefix)  # a disk that is not mounted must not empty the catalogue
        if not self._is_ours():
            self._put_away()
        try:
            return self._make_anew(on_object)
        except DamagedCache:  # its head was whole, what lies behind it is not
            self._put_away()
            return self._make_anew(on_object)

    def _make_anew(self, on_object: Callable[[int], None] | None) -> int:
        count = 0
        with self._writing() as connection:
            filing.start_over(connection)
            batch: list[ObjectRows] = []
            passages = 0
            for made in read_all(self._root, self._walk(), self._clock()):
                batch.append(made)
                count += 1
                passages += len(made.passages)
                if on_object is not None:
                    on_object(count)
                if len(batch) >= BATCH_OBJECTS or passages >= BATCH_PASSAGES:
                    filing.add_many(connection, batch)
                    batch, passages = [], 0
            filing.add_many(connection, batch)
            filing.finish(connection, _version())
        return count

    def _walk(self) -> Iterator[Place]:
        """All objects, and the folders that could not be looked into: what lies in them must not vanish unsaid."""
        for place in walk_root(self._root.backend, self._root.prefix):
            if place.kind in (PlaceKind.OBJECT, PlaceKind.UNREADABLE):
                yield place

    # ----------------------------------------------------------------------------------------------- comparing

    def stale_objects(self) -> Iterator[str]:
        """Keys of objects that lie on the disk but not, or not as they are now, in the catalogue."""
        with self.engine.connect() as connection:
            query = select(schema.objects.c.key, schema.objects.c.inventory_digest)
            known = {row.key: row.inventory_digest for row in connection.execute(query)}
        for place in self._walk():
            is_object = place.kind is PlaceKind.OBJECT
            found = sidecar_digest(self._root.backend, place.key) if is_object else ""
            if known.pop(place.key, None) != found:
                yield place.key
        yield from known

    def dump(self) -> Iterator[str]:
        """Every derived row as a line of text, in an order that does not depend on how it came in."""
        with self.engine.connect() as connection:
            for table in filing.DERIVED:
                lines = sorted(repr(tuple(row)) for row in connection.execute(select(table)))
                yield from (f"{table.name} {line}" for line in lines)
            yield from (f"passage {line}" for line in fulltext.dump(connection))

    # ------------------------------------------------------------------------------------------------- private

    @contextlib.contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self.engine.execution_options(writes=True).begin() as connection:
            yield connection

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """One rebuild at a time: nobody puts away the file that another is filling."""
        if is_read_only(self.path):
            reason = "it is broken or of another version, and nothing can be written there"
            raise CatalogRefused(path=self.path, reason=reason)
        with self._root.backend.lock("catalog-rebuild", wait_s=BUSY_WAIT_S):
            yield

    def _is_ours(self) -> bool:
        """Whether the file is missing, empty, or a catalogue of any version."""
        try:
            with self.engine.connect() as connection:
                names = inspect(connection).get_table_names()
        except DamagedCache:
            return False
        return not names or schema.about.name in names

    def _put_away(self) -> None:
        self.engine.dispose()
        put_away(self.path)


def _note_lock(object_id: str) -> str:
    """One of 4,096 locks, as for objects themselves. Always taken before the object's, so nobody waits in a circle."""
    return f"note-{hashlib.sha256(object_id.encode()).hexdigest()[:3]}"


def _version() -> str:
    return f"{schema.VERSION}.{fulltext.VERSION}"
