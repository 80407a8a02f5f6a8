"""A work in a list: its title, a still, how long it is, and nothing that the reader may not know."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from holdfast.actions.access import access_place
from holdfast.catalog import schema
from holdfast.catalog.lists import titles_of
from holdfast.model.time import parse_civil
from holdfast.show import site

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select

    from holdfast.show.reader import Reader


@dataclass(frozen=True)
class Card:
    """One work. `still` is the digest of the master whose poster stands for it, "" if there is none."""

    asset: str
    title: str
    status: str
    access: str
    created_at: datetime
    duration_us: int | None
    still: str


def newest(connection: Connection, reader: Reader, *, limit: int, offset: int = 0) -> list[Card]:
    """What came last."""
    assets = schema.assets
    return _cards(
        connection, reader, select(assets).order_by(assets.c.created_at.desc(), assets.c.id).limit(limit).offset(offset)
    )


def of_assets(connection: Connection, reader: Reader, chosen: Collection[str]) -> list[Card]:
    """Those of these works that the reader may see."""
    return _cards(connection, reader, select(schema.assets).where(schema.assets.c.id.in_(sorted(chosen))))


def _cards(connection: Connection, reader: Reader, query: Select[Any]) -> list[Card]:
    rows = connection.execute(query.where(schema.assets.c.access.in_(reader.levels))).all()
    ids = [row.id for row in rows]
    titles = titles_of(connection, ids, reader.languages)
    stills = _stills(connection, ids)
    return [
        Card(
            asset=row.id,
            title=titles.get(row.id, row.title),
            status=row.status,
            access=row.access,
            created_at=parse_civil(row.created_at),
            duration_us=row.duration_us,
            still=stills.get(row.id, ""),
        )
        for row in rows
    ]


def _stills(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    held = schema.instantiations
    query = select(held.c.asset, held.c.digest).where(held.c.asset.in_(ids), held.c.kind != "found copy")
    cache = site.archive().cache
    return {
        row.asset: row.digest
        for row in connection.execute(query.order_by(held.c.position.desc()))
        if (access_place(cache, row.digest) / "poster.jpg").is_file()
    }
