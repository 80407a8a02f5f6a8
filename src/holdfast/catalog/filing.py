"""Rows into tables and out of them, always in the caller's transaction.

Rules:

- What is filed one by one (`replace`) and what is filed in bulk (`start_over`, `add_many`, `finish`) is the same.
- Of the fixity checks that the journals tell of, only the newest of each object is held. So a journal that is taken
  out, or no longer tells of a check, may uncover an older one of another journal: `replace` says when that is so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Index, MetaData, Table, delete, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import DropTable

from holdfast.catalog import fulltext, schema
from holdfast.catalog.rows import ObjectRows, Row
from holdfast.errors import DamagedCache

# The tables that `ObjectRows.rows` may name, and how each knows whose its rows are.
_OF_ASSET = (schema.instantiations, schema.titles, schema.publications, schema.labels, schema.fingerprints)
_OF_PIECE = (schema.pieces, schema.piece_titles, schema.piece_labels, schema.piece_items)
_OF_OBJECT = (schema.found_copies, schema.comments, *_OF_PIECE)
_TABLES = {table.name: table for table in (schema.objects, schema.assets, *_OF_ASSET, *_OF_OBJECT)}

DERIVED = (*_TABLES.values(), schema.checks)  # what a dump compares, beside the full text

_PUT_CHECK = text(
    "INSERT INTO fixity_check (object, head, at, result, journal, file)"
    " VALUES (:object, :head, :at, :result, :journal, :file)"
    " ON CONFLICT (object) DO UPDATE SET head = excluded.head, at = excluded.at, result = excluded.result,"
    " journal = excluded.journal, file = excluded.file"
    " WHERE (excluded.at, excluded.journal, excluded.file)"
    " > (fixity_check.at, fixity_check.journal, fixity_check.file)"
)


# ------------------------------------------------------------------------------------------------------ one object


def replace(connection: Connection, key: str, object_id: str, made: ObjectRows | None) -> bool:
    """Put `made` in the place of all that was said of the object at `key`; None takes it out.

    Returns:
        Whether a newest check is gone with it: then `add_checks` of every other journal must follow.
    """
    _remove(connection, key, object_id, still=made.asset if made else "")
    if made is not None:
        for name, rows in made.rows.items():
            if rows:
                connection.execute(insert(_TABLES[name]), rows)
        if made.asset:
            fulltext.replace_passages(connection, made.asset, made.passages)
    return _replace_checks(connection, object_id, made.checks if made else ())


def _remove(connection: Connection, key: str, object_id: str, still: str) -> None:
    """Take the object's rows out. The passages of an asset that is `still` there are left to `replace_passages`."""
    assets = schema.assets
    for asset in connection.execute(select(assets.c.id).where(assets.c.object == object_id)).scalars().all():
        if asset != still:
            fulltext.replace_passages(connection, asset, ())
        for table in _OF_ASSET:
            connection.execute(delete(table).where(table.c.asset == asset))
        connection.execute(delete(assets).where(assets.c.id == asset))
    for table in _OF_OBJECT:
        connection.execute(delete(table).where(table.c.object == object_id))
    connection.execute(delete(schema.objects).where(schema.objects.c.key == key))


def _replace_checks(connection: Connection, journal: str, checks: Sequence[Row]) -> bool:
    table = schema.checks
    of_journal = table.c.journal == journal
    query = select(table.c.object, table.c.at, table.c.file).where(of_journal)
    before = {row.object: (row.at, row.file) for row in connection.execute(query)}
    if before:
        connection.execute(delete(table).where(of_journal))
    add_checks(connection, checks)
    now = {row["object"]: (row["at"], row["file"]) for row in checks}
    return any(now.get(checked, ("", "")) < newest for checked, newest in before.items())


def add_checks(connection: Connection, checks: Sequence[Row]) -> None:
    """Hold each of these checks that is newer than the one held of its object."""
    if checks:
        connection.execute(_PUT_CHECK, list(checks))


def journal_keys(connection: Connection) -> Sequence[str]:
    """Where the journals lie."""
    return connection.execute(select(schema.objects.c.key).where(schema.objects.c.kind == "journal")).scalars().all()


# -------------------------------------------------------------------------------------------------------- in bulk


def start_over(connection: Connection) -> None:
    """Empty tables in the place of whatever an earlier version left. Notes of deeds stay, for they are not derived.

    Indexes are left out until `finish`: keys in no order, brought in one by one, would cost more with every asset.
    """
    notes = _notes(connection)
    for condition in ("sql LIKE 'CREATE VIRTUAL TABLE%'", "name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"):
        query = f"SELECT name FROM sqlite_master WHERE type = 'table' AND {condition}"  # noqa: S608 (both are ours)
        for name in connection.exec_driver_sql(query).scalars().all():
            connection.execute(DropTable(Table(name, MetaData())))
    schema.metadata.create_all(connection)
    for index in _indexes():
        index.drop(connection)
    if notes:
        connection.execute(insert(schema.pending), [{"object": object_id} for object_id in notes])


def add_many(connection: Connection, batch: Iterable[ObjectRows]) -> None:
    """File objects that are not there yet, with the keys of their passages."""
    gathered: dict[str, list[Row]] = {}
    filed = list(batch)
    for made in filed:
        for name, rows in made.rows.items():
            gathered.setdefault(name, []).extend(rows)
        add_checks(connection, made.checks)
    for name, rows in gathered.items():
        if rows:
            connection.execute(insert(_TABLES[name]), rows)
    fulltext.load_with_keys(
        connection,
        ((made.asset, *filed_so) for made in filed for filed_so in zip(made.passages, made.keys, strict=True)),
    )


def finish(connection: Connection, version: str) -> None:
    """Make the indexes, put the full text in order, and name the version that it now is."""
    for index in _indexes():
        index.create(connection)
    fulltext.optimize(connection)
    connection.execute(insert(schema.about).values(name="version", value=version))


def _indexes() -> list[Index]:
    return [
        index for table in schema.metadata.sorted_tables for index in sorted(table.indexes, key=lambda i: i.name or "")
    ]


def _notes(connection: Connection) -> Sequence[str]:
    try:
        return connection.exec_driver_sql("SELECT DISTINCT object FROM pending").scalars().all()
    except (DamagedCache, DBAPIError):
        return ()  # a new file, or one from before there were notes
