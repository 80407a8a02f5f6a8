"""The catalogue of one archive: kept in step after every deed, or made anew from the disk; both give the same.

A deed that changes objects runs inside `changing`:

    with catalog.changing("holdfast:asset:..."):
        ...                                     # publish a version

The note of what is about to change is committed first; the rows are refreshed when the block ends, whatever its end.
If the process dies between, the note is found by the next command (`settle`) and the object is looked at again. So the
catalogue never says less or more than the disk for longer than a deed takes.

All writing is one SQLite transaction, begun at once (`IMMEDIATE`): readers go on with what was before.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from sqlalchemy import Connection, Delete, Engine, Table, create_engine, delete, event, insert, inspect, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from holdfast.catalog import fulltext, schema
from holdfast.catalog.rows import ObjectRows, Row, rows_of, sidecar_digest
from holdfast.model.time import civil, now
from holdfast.ocfl.root import StorageRoot

CATALOG_FILE = "catalog.db"
BATCH = 500
BUSY_WAIT_S = 120

_OWNER = f"{socket.gethostname()}:{os.getpid()}"

_OF_OBJECT: tuple[tuple[Table, str], ...] = ((schema.files, "object"), (schema.objects, "id"))
_OF_ASSET: tuple[Table, ...] = (schema.instantiations, schema.titles, schema.publications, schema.labels)
_TABLES = {table.name: table for table in schema.metadata.sorted_tables if not table.name.startswith("passage")}


class Catalog:
    """The cache that lists and searches, in one SQLite file beside the storage root."""

    def __init__(self, path: Path, root: StorageRoot) -> None:
        self.path = path
        self._root = root
        self.engine = _engine(path)

    def close(self) -> None:
        """Let go of the file."""
        self.engine.dispose()

    # -------------------------------------------------------------------------------------------------- state

    def is_current(self) -> bool:
        """Whether the file is there, readable, and of this program's version."""
        if not self.path.exists():
            return False
        try:
            with self.engine.connect() as connection:
                if not inspect(connection).has_table(schema.about.name):
                    return False
                found = connection.execute(select(schema.about.c.value).where(schema.about.c.name == "version"))
                return found.scalar() == _version()
        except DatabaseError:
            return False

    def make_current(self, on_object: Callable[[int], None] | None = None) -> bool:
        """Rebuild it if it is missing or of another version, else settle what a killed process left.

        Returns:
            Whether it was rebuilt.
        """
        if self.is_current():
            self.settle()
            return False
        self.rebuild(on_object)
        return True

    # --------------------------------------------------------------------------------------------- refreshing

    @contextlib.contextmanager
    def changing(self, *object_ids: str) -> Iterator[None]:
        """Around a deed that changes these objects."""
        notes = [{"object": object_id, "owner": _OWNER, "since": civil(now())} for object_id in object_ids]
        with self._writing() as connection:
            connection.execute(insert(schema.pending).prefix_with("OR REPLACE"), notes)
        try:
            yield
        finally:
            self.refresh(object_ids)
            with self._writing() as connection:
                for object_id in object_ids:
                    connection.execute(_notes_of(object_id, _OWNER))

    def settle(self) -> int:
        """Take up what processes that are gone had announced; how many objects were looked at again."""
        with self.engine.connect() as connection:
            columns = (schema.pending.c.object, schema.pending.c.owner)
            notes = [tuple(row) for row in connection.execute(select(*columns)) if not _is_alive(row.owner)]
        for object_id, owner in notes:
            self._root.recover(object_id)
            self.refresh([object_id])
            with self._writing() as connection:
                connection.execute(_notes_of(object_id, owner))
        return len(notes)

    def refresh(self, object_ids: Iterable[str]) -> None:
        """Bring the rows of these objects up to the disk."""
        for object_id in object_ids:
            with self._writing() as connection:  # the disk is read inside: two refreshers must not store in wrong order
                key = self._root.key_of(object_id)
                made = rows_of(self._root, key) if self._root.backend.exists(key) else None
                _remove(connection, object_id, still=made.asset if made else None)
                if made is not None:
                    _store(connection, made)

    def rebuild(self, on_object: Callable[[int], None] | None = None) -> int:
        """Make the whole catalogue from the disk alone, in one transaction; the number of objects.

        A file that is no database is put away first: all it held can be made again.
        """
        if not self._is_database():
            self.engine.dispose()
            for suffix in ("", "-wal", "-shm"):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        count = 0
        with self._writing() as connection:
            _start_over(connection)
            batch: list[ObjectRows] = []
            for key in self._root.walk():
                batch.append(rows_of(self._root, key))
                count += 1
                if on_object is not None:
                    on_object(count)
                if len(batch) >= BATCH:
                    _store_many(connection, batch)
                    batch.clear()
            _store_many(connection, batch)
            fulltext.optimize(connection)
            connection.execute(insert(schema.about).values(name="version", value=_version()))
        return count

    def stale_objects(self) -> Iterator[str]:
        """Keys of objects that lie on the disk but not, or not as they are now, in the catalogue."""
        with self.engine.connect() as connection:
            columns = (schema.objects.c.key, schema.objects.c.inventory_sha512)
            known = dict(connection.execute(select(*columns)).tuples().all())
        for key in self._root.walk():
            if known.pop(key, None) != sidecar_digest(self._root.backend, key):
                yield key
        yield from known

    def dump(self) -> Iterator[str]:
        """Every row as a line of text, in an order that does not depend on how it came in."""
        with self.engine.connect() as connection:
            for name, table in sorted(_TABLES.items()):
                if table is schema.pending:
                    continue
                lines = sorted(repr(tuple(row)) for row in connection.execute(select(table)))
                yield from (f"{name} {line}" for line in lines)
            yield from (f"passage {line}" for line in fulltext.dump(connection))

    # ------------------------------------------------------------------------------------------------ private

    @contextlib.contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self.engine.execution_options(writes=True).begin() as connection:
            yield connection

    def _is_database(self) -> bool:
        try:
            with self.engine.connect() as connection:
                return connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() == "ok"
        except DatabaseError:
            return False


def _notes_of(object_id: str, owner: str) -> Delete:
    return delete(schema.pending).where(schema.pending.c.object == object_id, schema.pending.c.owner == owner)


def _is_alive(owner: str) -> bool:
    """Whether the process that left a note may still be at work here."""
    host, _, pid = owner.rpartition(":")
    if host != socket.gethostname():
        return False  # a note of another machine: to look again is cheap, to wait for it could be for ever
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _version() -> str:
    return f"{schema.VERSION}.{fulltext.VERSION}"


def _engine(path: Path) -> Engine:
    # isolation_level None hands transactions to us: the driver's own habit of beginning late would let two writers
    # both start as readers, and one of them fail at its first write.
    engine = create_engine(
        f"sqlite:///{path}", poolclass=NullPool, connect_args={"timeout": BUSY_WAIT_S, "isolation_level": None}
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: object, _: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")

    return engine


def _start_over(connection: Connection) -> None:
    schema.metadata.drop_all(connection)
    schema.metadata.create_all(connection)


def _store(connection: Connection, made: ObjectRows) -> None:
    for name, rows in made.rows.items():
        if rows:
            connection.execute(insert(_TABLES[name]), rows)
    if made.asset is not None:
        fulltext.replace_passages(connection, made.asset, made.passages)
    _store_checks(connection, made.checks)


def _store_many(connection: Connection, batch: list[ObjectRows]) -> None:
    gathered: dict[str, list[Row]] = {}
    for made in batch:
        for name, rows in made.rows.items():
            gathered.setdefault(name, []).extend(rows)
        _store_checks(connection, made.checks)
    fulltext.load_passages(connection, ((made.asset, p) for made in batch if made.asset for p in made.passages))
    for name, rows in gathered.items():
        if rows:
            connection.execute(insert(_TABLES[name]), rows)


def _store_checks(connection: Connection, checks: Iterable[Row]) -> None:
    table = schema.checks
    for row in checks:
        held = connection.execute(select(table.c.at, table.c.journal).where(table.c.object == row["object"])).first()
        if held is None:
            connection.execute(insert(table), row)
        elif (row["at"], row["journal"]) > tuple(held):
            connection.execute(table.update().where(table.c.object == row["object"]).values(row))


def _remove(connection: Connection, object_id: str, still: str | None) -> None:
    """Take the object's rows out. The passages of an asset that is `still` there are left to `replace_passages`."""
    assets = schema.assets
    for asset in list(connection.execute(select(assets.c.id).where(assets.c.object == object_id)).scalars()):
        if asset != still:
            fulltext.replace_passages(connection, asset, ())
        for table in _OF_ASSET:
            connection.execute(delete(table).where(table.c.asset == asset))
        connection.execute(delete(assets).where(assets.c.id == asset))
    for table, column in _OF_OBJECT:
        connection.execute(delete(table).where(table.c[column] == object_id))
