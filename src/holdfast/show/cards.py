"""A work in a list: its title, a still, how long it is, and nothing that the reader may not know."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from holdfast.actions.access import access_place
from holdfast.catalog import ordered, schema, visible
from holdfast.catalog.visible import VisibleAsset
from holdfast.model.time import parse_civil
from holdfast.show import site

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select

    from holdfast.show.reader import Reader


@dataclass(frozen=True)
class Card:
    """One work. `still` is the digest of what its poster was made of, if possible of nothing lost; "" without one."""

    asset: str
    title: str
    status: str
    access: str
    created_at: datetime
    duration_us: int | None
    still: str


def newest(
    connection: Connection, reader: Reader, *, limit: int, offset: int = 0, chosen: Select[tuple[str]] | None = None
) -> list[Card]:
    """What came last; of the assets whose ids a query has `chosen`, if there is one."""
    found = visible.newest(
        connection, reader.levels, limit=limit, offset=offset, languages=reader.languages, chosen=chosen
    )
    return of_visible(connection, found)


def first_of_labels(connection: Connection, reader: Reader, kind: str, texts: Sequence[str]) -> dict[str, Card]:
    """The work that came last with each of these labels of a kind, by the label's text."""
    newest_by_text = ordered.newest_of_labels(connection, reader.levels, kind, texts)
    shown = {card.asset: card for card in of_assets(connection, reader, set(newest_by_text.values()))}
    return {text: shown[asset] for text, asset in newest_by_text.items() if asset in shown}


def of_assets(connection: Connection, reader: Reader, chosen: Collection[str]) -> list[Card]:
    """Those of these works that the reader may see."""
    found = visible.visible_assets(connection, chosen, reader.levels, reader.languages)
    return of_visible(connection, list(found.values()))


def of_visible(connection: Connection, seen: Sequence[VisibleAsset]) -> list[Card]:
    """These works, which the catalogue gave to the reader."""
    stills = _stills(connection, [one.asset for one in seen])
    return [
        Card(
            asset=one.asset,
            title=one.title,
            status=one.status,
            access=one.access,
            created_at=parse_civil(one.created_at),
            duration_us=one.duration_us,
            still=stills.get(one.asset, ""),
        )
        for one in seen
    ]


def _stills(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    held = schema.instantiations
    query = select(held.c.asset, held.c.digest).where(held.c.asset.in_(ids), held.c.kind != "found copy")
    cache = site.archive().cache
    return {
        row.asset: row.digest
        for row in connection.execute(query.order_by(held.c.is_gone.desc(), held.c.position.desc()))
        if (access_place(cache, row.digest) / "poster.jpg").is_file()
    }
