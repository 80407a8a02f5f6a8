"""The words by which works are grouped, and how many works that the reader may see stand under each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from holdfast.catalog import schema

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select

    from holdfast.show.reader import Reader


@dataclass(frozen=True)
class Term:
    """A word, and the number of works under it."""

    text: str
    works: int


def terms_of(connection: Connection, reader: Reader, kind: str, *, limit: int, offset: int = 0) -> list[Term]:
    """The words of a kind (`tag`, `person`, ...) that works at the reader's levels bear, in the order of the words."""
    assets, labels = schema.assets, schema.labels
    query = (
        select(labels.c.text, func.count(labels.c.asset.distinct()).label("works"))
        .join(assets, assets.c.id == labels.c.asset)
        .where(labels.c.kind == kind, assets.c.access.in_(reader.levels))
        .group_by(labels.c.text)
        .order_by(labels.c.text)
    )
    return [Term(row.text, row.works) for row in connection.execute(query.limit(limit).offset(offset))]


def bearing(kind: str, text: str) -> Select[tuple[str]]:
    """The ids of the works that bear a word, at any level: to be narrowed by `cards`."""
    labels = schema.labels
    return select(labels.c.asset).where(labels.c.kind == kind, labels.c.text == text)
