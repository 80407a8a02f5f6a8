"""Posts, exhibitions and programmes in the catalogue: each has a level of its own, as works have.

Rules:

- Every question takes `access`, the words of the levels that the reader is let in to, and filters inside SQL.
- What is said here of a piece is its own: titles, labels, a date. Of the works in it only their ids stand here, and
  `pieces_with` tells of a piece to whom both the piece and the work may be shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from holdfast.catalog import schema
from holdfast.catalog.values import micros, moment, opening
from holdfast.catalog.visible import may_be_seen
from holdfast.model.asset import Statement, in_language
from holdfast.model.piece import Piece, PieceKind


@dataclass(frozen=True)
class VisiblePiece:
    """A piece that may be seen. `access` is its effective level; times are RFC 3339 in UTC.

    What was read of its object stays true as long as `inventory_digest` is the same.
    """

    object: str
    id: str
    inventory_digest: str
    kind: str
    access: str
    title: str
    author: str
    category: str
    dated: str
    place: str


def piece_rows(piece: Piece, at: datetime) -> dict[str, list[dict[str, Any]]]:
    """The rows of a piece as of `at`, by table."""
    object_id = str(piece.object_id)
    labels = dict.fromkeys(("tag", tag.text) for tag in piece.tags)
    return {
        "piece": [
            {
                "object": object_id,
                "id": piece.id,
                "kind": piece.kind.value,
                "access": piece.access_at(at).value,
                "opens_at": opening(piece.access, piece.embargo, at),
                "title": piece.title(),
                "author": piece.author,
                "category": piece.category,
                "dated": moment(piece.dated),
                "created_at": moment(piece.created_at),
                "place": piece.place,
            }
        ],
        "piece_title": [
            {"object": object_id, "position": n, "language": words.language, "text": words.title}
            for n, words in enumerate(piece.words)
            if words.title
        ],
        "piece_label": [
            {"object": object_id, "position": n, "kind": kind, "text": text} for n, (kind, text) in enumerate(labels)
        ],
        "piece_item": [
            {"object": object_id, "position": n, "asset": str(item.asset), "start_us": micros(item.start)}
            for n, item in enumerate(piece.items)
            if item.asset is not None
        ],
    }


def visible_piece(
    connection: Connection, name: str, kinds: Sequence[PieceKind], access: Sequence[str]
) -> VisiblePiece | None:
    """The piece of one of these kinds with this id; None if there is none, or it may not be seen."""
    query = _visible(kinds, access).where(schema.pieces.c.id == name)
    found = connection.execute(query).first()
    return VisiblePiece(**found._mapping) if found else None


def newest_pieces(
    connection: Connection,
    kinds: Sequence[PieceKind],
    access: Sequence[str],
    *,
    limit: int,
    offset: int = 0,
    tag: str = "",
    category: str = "",
    languages: Sequence[str] = (),
) -> list[VisiblePiece]:
    """The pieces of these kinds that may be seen, the last dated first; those of a tag and a category, if named.

    Titles are in the first of `languages` that there is.
    """
    table = schema.pieces
    query = _labelled(_visible(kinds, access), tag, category)
    query = query.order_by(table.c.dated.desc(), table.c.created_at.desc(), table.c.id)
    return _titled(connection, query.limit(limit).offset(offset), languages)


def count_pieces(
    connection: Connection, kinds: Sequence[PieceKind], access: Sequence[str], *, tag: str = "", category: str = ""
) -> int:
    """How many `newest_pieces` would give without a limit."""
    query = _labelled(_visible(kinds, access), tag, category)
    return connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()


def pieces_with(
    connection: Connection, asset: str, access: Sequence[str], languages: Sequence[str] = ()
) -> list[VisiblePiece]:
    """The pieces in which a work stands, the last dated first; none if the work may not be seen."""
    items, assets, table = schema.piece_items, schema.assets, schema.pieces
    its = (
        select(items.c.object)
        .join(assets, assets.c.id == items.c.asset)
        .where(items.c.asset == asset, may_be_seen(access))
    )
    query = _visible(tuple(PieceKind), access).where(table.c.object.in_(its))
    return _titled(connection, query.order_by(table.c.dated.desc(), table.c.id), languages)


def kinds_there_are(connection: Connection, access: Sequence[str]) -> set[str]:
    """The kinds of which there is a piece that may be seen."""
    table = schema.pieces
    return set(connection.execute(select(table.c.kind).where(table.c.access.in_(list(access))).distinct()).scalars())


def _visible(kinds: Sequence[PieceKind], access: Sequence[str]) -> Select[Any]:
    table, objects = schema.pieces, schema.objects
    columns = (table.c.object, table.c.id, objects.c.inventory_digest, table.c.kind, table.c.access, table.c.title)
    more = (table.c.author, table.c.category, table.c.dated, table.c.place)
    its_object = (objects.c.id == table.c.object) & (objects.c.fault == "")
    wanted = table.c.kind.in_([kind.value for kind in kinds]), table.c.access.in_(list(access))
    return select(*columns, *more).join(objects, its_object).where(*wanted)


def _labelled(query: Select[Any], tag: str, category: str) -> Select[Any]:
    table, labels = schema.pieces, schema.piece_labels
    if category:
        query = query.where(table.c.category == category)
    if tag:
        tagged = select(labels.c.object).where(labels.c.kind == "tag", labels.c.text == tag)
        query = query.where(table.c.object.in_(tagged))
    return query


def _titled(connection: Connection, query: Select[Any], languages: Sequence[str]) -> list[VisiblePiece]:
    found = [VisiblePiece(**row._mapping) for row in connection.execute(query)]
    if not languages or not found:
        return found
    table = schema.piece_titles
    asked = select(table.c.object, table.c.language, table.c.text).order_by(table.c.object, table.c.position)
    titles: dict[str, list[Statement]] = {}
    for row in connection.execute(asked.where(table.c.object.in_([one.object for one in found]))):
        titles.setdefault(row.object, []).append(Statement(row.text, row.language))
    best = {name: in_language(said, languages) for name, said in titles.items()}
    return [replace(one, title=said.text) if (said := best.get(one.object)) else one for one in found]
