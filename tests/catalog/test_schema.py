"""The tables: their version, and places whose names are no text."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select

from holdfast.catalog import schema
from holdfast.catalog.database import open_database


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    engine = open_database(tmp_path / "catalog.db")
    with engine.begin() as connection:
        schema.metadata.create_all(connection)
        yield connection


def row(key: str) -> dict[str, object]:
    said = {"id": "x", "kind": "", "head": 1, "inventory_digest": "", "changed_at": "", "fault": ""}
    return said | {"key": key}


@pytest.mark.parametrize("key", ["ocfl/a", "ocfl/Größe", "ocfl/电影", os.fsdecode(b"ocfl/odd\xff")])
def test_a_key_comes_back_as_the_backend_spells_it(connection: Connection, key: str) -> None:
    connection.execute(insert(schema.objects), row(key))
    assert connection.execute(select(schema.objects.c.key)).scalar_one() == key
    assert connection.execute(select(schema.objects).where(schema.objects.c.key == key)).first() is not None


def test_a_key_that_is_text_is_kept_as_text(connection: Connection) -> None:
    connection.execute(insert(schema.objects), row("ocfl/Größe"))
    assert connection.exec_driver_sql("SELECT typeof(key) FROM object").scalar() == "text"


def test_every_table_has_a_key_of_its_own() -> None:
    without = [table.name for table in schema.metadata.sorted_tables if not table.primary_key.columns]
    assert without == []
