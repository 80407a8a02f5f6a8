"""Rows into tables and out again: in bulk and one by one, and which check is the newest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from holdfast.catalog import filing, fulltext, schema
from holdfast.catalog.database import open_database
from holdfast.catalog.fulltext import Passage
from holdfast.catalog.rows import ObjectRows, Row

JOURNAL, OTHER = "holdfast:journal:2026-11", "holdfast:journal:2026-12"


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    engine = open_database(tmp_path / "catalog.db")
    with engine.begin() as connection:
        filing.start_over(connection)
        filing.finish(connection, "1")
        yield connection


def object_row(key: str, object_id: str, kind: str = "") -> Row:
    return {
        "key": key,
        "id": object_id,
        "kind": kind,
        "head": 1,
        "inventory_digest": "",
        "changed_at": "",
        "fault": "",
    }


def film(asset: str, *passages: str) -> ObjectRows:
    title = {"asset": asset, "position": 0, "language": "de", "text": "Titel"}
    row = {
        "id": asset,
        "object": f"o:{asset}",
        "status": "held",
        "access": "public",
        "opens_at": "",
        "title": "Titel",
        "category": "",
        "created_at": "",
        "duration_us": None,
        "size_bytes": 0,
        "warnings": 0,
        "title_key": "titel",
        "first_day": "~",
        "last_day": "",
        "form": "film",
    }
    rows = {"object": [object_row(f"k/{asset}", f"o:{asset}")], "asset": [row], "title": [title], "label": []}
    said = tuple(Passage("caption", text, "public") for text in passages)
    keys = tuple(fulltext.keys_of(passage) for passage in said)
    return ObjectRows(f"k/{asset}", rows, f"o:{asset}", asset, said, keys=keys)


def check(journal: str, at: str, result: str = "passed", file: str = "audits/a.jsonl") -> Row:
    return {"object": "o:a", "head": 1, "at": at, "result": result, "journal": journal, "file": file}


def newest(connection: Connection) -> list[tuple[str, str]]:
    query = select(schema.checks.c.journal, schema.checks.c.at)
    return [(row.journal, row.at) for row in connection.execute(query)]


def everything(connection: Connection) -> list[str]:
    rows = [repr(tuple(row)) for table in filing.DERIVED for row in connection.execute(select(table))]
    return [*sorted(rows), *map(repr, fulltext.dump(connection))]


def test_what_is_filed_in_bulk_is_what_is_filed_one_by_one(connection: Connection) -> None:
    films = [film("a", "Hafen", "Hafen"), film("b"), film("c", "Straße")]
    filing.start_over(connection)
    filing.add_many(connection, films)
    filing.finish(connection, "1")
    in_bulk = everything(connection)
    filing.start_over(connection)
    filing.finish(connection, "1")
    assert everything(connection) == []
    for made in reversed(films):
        filing.replace(connection, made.key, made.object_id, made)
    assert everything(connection) == in_bulk


def test_an_object_that_is_taken_out_leaves_nothing(connection: Connection) -> None:
    made = film("a", "Hafen")
    filing.replace(connection, made.key, made.object_id, made)
    filing.replace(connection, made.key, made.object_id, made)
    filing.replace(connection, made.key, made.object_id, None)
    assert everything(connection) == []


def test_starting_over_leaves_the_notes_and_the_indexes(connection: Connection) -> None:
    connection.execute(schema.pending.insert(), {"object": "o:a"})
    names = "SELECT name FROM sqlite_master WHERE type = 'index' ORDER BY name"
    before = connection.exec_driver_sql(names).scalars().all()
    filing.start_over(connection)
    filing.finish(connection, "2")
    assert connection.exec_driver_sql(names).scalars().all() == before
    assert connection.execute(select(schema.pending.c.object)).scalars().all() == ["o:a"]
    assert connection.execute(select(schema.about.c.value)).scalars().all() == ["2"]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_newest_check_is_held_in_whatever_order_journals_come(
    connection: Connection, order: tuple[int, ...]
) -> None:
    checks = [check(JOURNAL, "2026-11-01"), check(OTHER, "2026-12-01"), check(JOURNAL, "2026-12-01")]
    for n in order:
        filing.add_checks(connection, [checks[n]])
    assert newest(connection) == [(OTHER, "2026-12-01")]


def test_a_journal_that_no_longer_tells_of_the_newest_check_says_that_others_must_be_asked(
    connection: Connection,
) -> None:
    def journal(*checks: Row) -> bool:
        made = ObjectRows("k/j", {"object": [object_row("k/j", JOURNAL, "journal")]}, JOURNAL, checks=checks)
        return filing.replace(connection, "k/j", JOURNAL, made)

    assert journal(check(JOURNAL, "2026-11-01")) is False
    assert journal(check(JOURNAL, "2026-11-02")) is False
    assert journal(check(JOURNAL, "2026-11-01")) is True
    assert journal() is True
    assert newest(connection) == []
    assert list(filing.journal_keys(connection)) == ["k/j"]
