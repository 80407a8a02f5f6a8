"""The one file in which the catalogue lies: how SQLite is opened for it, and how its complaints are told.

- Write-ahead log: who reads goes on with what was before while somebody writes.
- Every commit is made durable (`synchronous=FULL`): the note of what a deed is about to change must outlive a power
  cut that the deed's own, fsynced bytes outlive.
- We say when a transaction begins. The driver's own habit of beginning late would let two writers both start as
  readers, and one of them fail at its first write; ours take the right to write at once (`IMMEDIATE`).
- Where nothing can be written, what is there is read as it lies.
- What SQLite raises becomes `DamagedCache`, `CatalogRefused` or `Locked`. Only mistakes of ours pass as they are.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.pool import NullPool

from holdfast.errors import CatalogRefused, DamagedCache, HoldfastError, Locked

BUSY_WAIT_S = 1800  # a rebuild of a very large archive holds back other writers for as long as it takes
CACHE_KIB = 32 * 1024  # SQLite's own 2 MB make a rebuild slower with every asset
SUFFIXES = ("", "-wal", "-shm", "-journal")

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_REFUSED = {
    sqlite3.SQLITE_AUTH,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOLFS,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_TOOBIG,
}


def open_database(path: Path) -> Engine:
    """An engine for the file at `path`, which the first connection makes if it is missing.

    Connections of `execution_options(writes=True)` have the right to write from the beginning.
    """
    engine = create_engine("sqlite://", creator=lambda: _connect(path), poolclass=NullPool)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")

    @event.listens_for(engine, "handle_error")
    def _tell(context: ExceptionContext) -> None:
        told = _told(context.original_exception, path)
        if told is not None:
            raise told from context.original_exception

    return engine


def is_read_only(path: Path) -> bool:
    """Whether nothing can be written at `path`: then it is only read, without the files that writers share."""
    as_we_run = os.access in os.supports_effective_ids
    return path.exists() and not all(os.access(p, os.W_OK, effective_ids=as_we_run) for p in (path, path.parent))


def put_away(path: Path) -> None:
    """Remove the file and what belongs to it. Raises CatalogRefused."""
    try:
        for suffix in SUFFIXES:
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    except OSError as error:
        raise CatalogRefused(path=path, reason=error.strerror or str(error)) from error


def _connect(path: Path) -> sqlite3.Connection:
    try:
        if is_read_only(path):
            return _connect_to_read(path)
        connection = sqlite3.connect(path, timeout=BUSY_WAIT_S, isolation_level=None)
        for setting in ("journal_mode=WAL", "synchronous=FULL", f"cache_size=-{CACHE_KIB}"):
            connection.execute(f"PRAGMA {setting}")
    except sqlite3.Error as error:
        told = _told(error, path)
        if told is None:
            raise
        raise told from error
    return connection


def _connect_to_read(path: Path) -> sqlite3.Connection:
    # With a log beside it, the log must be read; without, SQLite must be told that nobody will make one.
    has_log = path.with_name(path.name + "-wal").exists()
    options = "mode=ro" if has_log else "mode=ro&immutable=1"
    return sqlite3.connect(f"file:{quote(str(path))}?{options}", uri=True, isolation_level=None)


def _told(error: BaseException, path: Path) -> HoldfastError | None:
    """What SQLite complains of, in our words; None for what is our own mistake."""
    extended: int = getattr(error, "sqlite_errorcode", 0) if isinstance(error, sqlite3.Error) else 0
    code = extended & 0xFF
    if code in _BUSY:
        return Locked(name=f"the catalogue {path}", holder="another command that writes to it")
    was_taken_away = code == sqlite3.SQLITE_ERROR and str(error).startswith("no such table")
    if code in _DAMAGED or was_taken_away:  # whoever deletes the file while we run leaves us a new, empty one
        return DamagedCache(path=path, reason=str(error), remedy="holdfast rebuild")
    if code in _REFUSED:
        return CatalogRefused(path=path, reason=str(error))
    return None
