"""Pieces as the site shows them: a post, an exhibition or a programme that the reader may see, and of it what they may.

An item goes with its work: where the work may not be seen, the item is not there, and the others are counted as if it
had never been.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from holdfast.actions.pieces import read
from holdfast.catalog import pieces, visible
from holdfast.catalog.pieces import VisiblePiece
from holdfast.model.asset import in_language
from holdfast.model.inventory import Inventory
from holdfast.model.piece import LOCAL_TIME, Item, Piece, PieceKind, Wording
from holdfast.model.time import parse_civil
from holdfast.show import cards, markdown, site
from holdfast.show.addresses import Moment, work_path
from holdfast.show.cards import Card
from holdfast.show.middleware import not_here
from holdfast.show.reader import Reader
from holdfast.show.stills import Still, still_at

if TYPE_CHECKING:
    from sqlalchemy import Connection

PIECES_AT_HAND = 512


@dataclass(frozen=True)
class ShownItem:
    """One item: its work as a card with the path and the still of the moment, if it has one, and what is said of it."""

    item: Item
    card: Card | None
    path: str
    words: Wording
    still: Still | None = None

    @property
    def begins(self) -> datetime | None:
        """When it begins, by the clock at the place."""
        return datetime.strptime(self.item.begins, LOCAL_TIME) if self.item.begins else None  # noqa: DTZ007


@dataclass(frozen=True)
class ShownPiece:
    """A piece that the reader may see. `piece` has no other items than those that they may see."""

    piece: Piece
    inventory: Inventory
    access: str


@dataclass(frozen=True)
class Line:
    """A piece in a list."""

    piece: VisiblePiece
    dated: datetime
    lead: str
    lead_language: str


def visible_piece(connection: Connection, reader: Reader, name: str, kinds: Sequence[PieceKind]) -> ShownPiece:
    """The piece of one of these kinds with this id.

    Raises:
        Http404: there is none, or the reader may not see it.
        DamagedObject, DamagedFile, BadRecord: what lies there does not verify.
    """
    seen = pieces.visible_piece(connection, name, kinds, reader.levels)
    if seen is None:
        raise not_here()
    piece, inventory = _read(id(site.archive()), seen.object, seen.inventory_digest)
    return ShownPiece(as_seen(piece, seen_assets(connection, reader, piece)), inventory, seen.access)


def seen_assets(connection: Connection, reader: Reader, piece: Piece) -> frozenset[str]:
    """The works of a piece that the reader may see."""
    return frozenset(visible.visible_assets(connection, [str(asset) for asset in piece.assets], reader.levels))


def as_seen(piece: Piece, assets: Collection[str]) -> Piece:
    """The piece with no other works than these."""
    return replace(piece, items=tuple(one for one in piece.items if one.asset is None or str(one.asset) in assets))


def shown_items(connection: Connection, reader: Reader, piece: Piece) -> list[ShownItem]:
    """The items of a piece that the reader may see, in order."""
    found = cards.of_assets(connection, reader, [str(asset) for asset in piece.assets])
    by_id = {card.asset: card for card in found}
    shown = []
    for item in piece.items:
        card = by_id.get(str(item.asset)) if item.asset else None
        if item.asset and card is None:
            continue
        moment = Moment(item.start, item.end) if item.start is not None else None
        path = work_path(card.asset, moment) if card else ""
        words = in_language(item.words, reader.languages) or Wording()
        still = still_at(card.still, int(item.start * 1_000_000)) if card and item.start is not None else None
        shown.append(ShownItem(item, card, path, words, still))
    return shown


def listed(
    connection: Connection,
    reader: Reader,
    kinds: Sequence[PieceKind],
    *,
    limit: int,
    offset: int = 0,
    tag: str = "",
    category: str = "",
) -> list[Line]:
    """The pieces of these kinds that the reader may see, last dated first, each with its first words."""
    found = pieces.newest_pieces(
        connection,
        kinds,
        reader.levels,
        limit=limit,
        offset=offset,
        tag=tag,
        category=category,
        languages=reader.languages,
    )
    return [_line(one, reader) for one in found]


def _line(seen: VisiblePiece, reader: Reader) -> Line:
    piece, _ = _read(id(site.archive()), seen.object, seen.inventory_digest)
    words = piece.wording(reader.languages)
    return Line(seen, parse_civil(seen.dated), markdown.lead(words.text), words.language)


@lru_cache(maxsize=PIECES_AT_HAND)
def _read(archive: int, object_id: str, inventory_digest: str) -> tuple[Piece, Inventory]:  # noqa: ARG001 (keys)
    return read(site.archive(), object_id)
