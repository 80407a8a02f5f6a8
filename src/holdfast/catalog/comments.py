"""Comments in the catalogue: made from their objects, given with the work that they are about or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from holdfast.catalog import schema
from holdfast.catalog.values import micros, moment
from holdfast.catalog.visible import may_be_seen
from holdfast.model.comment import CommentRecord
from holdfast.model.ids import AssetId


@dataclass(frozen=True)
class VisibleComment:
    """A comment on a work that may be seen. Times of media are microseconds, civil ones RFC 3339 in UTC.

    One that was withdrawn has neither text nor name, and a `withdrawn_at` that is not "".
    """

    id: str
    asset: str
    start_us: int | None
    end_us: int | None
    language: str
    name: str
    text: str
    written_at: str
    published_at: str
    withdrawn_at: str


def comment_row(object_id: str, comment: CommentRecord) -> dict[str, Any]:
    """The row of a comment."""
    withdrawn = comment.withdrawn
    return {
        "object": object_id,
        "id": comment.id,
        "asset": str(comment.asset),
        "start_us": micros(comment.start),
        "end_us": micros(comment.end),
        "language": comment.language,
        "name": "" if withdrawn else comment.name,
        "text": "" if withdrawn else comment.text,
        "written_at": moment(comment.written_at),
        "published_at": moment(comment.published_at),
        "withdrawn_at": moment(withdrawn.at) or "9999" if withdrawn else "",  # never "" for one that is withdrawn
    }


def comments_on(connection: Connection, asset: AssetId | str, access: Sequence[str]) -> list[VisibleComment]:
    """The comments on an asset in the order in which they were written; none if the asset may not be seen."""
    table = schema.comments
    query = (
        select(*(column for column in table.c if column.name != "object"))
        .join(schema.assets, schema.assets.c.id == table.c.asset)
        .where(table.c.asset == str(asset), may_be_seen(access))
        .order_by(table.c.written_at, table.c.id)
    )
    return [VisibleComment(*row) for row in connection.execute(query)]


def comment_of(connection: Connection, comment: str, access: Sequence[str]) -> VisibleComment | None:
    """The comment with this id; None if there is none, or its work may not be seen."""
    table = schema.comments
    query = (
        select(*(column for column in table.c if column.name != "object"))
        .join(schema.assets, schema.assets.c.id == table.c.asset)
        .where(table.c.id == comment, may_be_seen(access))
    )
    found = connection.execute(query).first()
    return VisibleComment(*found) if found else None
