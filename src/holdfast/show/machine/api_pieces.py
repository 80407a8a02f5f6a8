"""The API on posts and collections: what stands in their records, through the levels of who asks."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Query, Router

from holdfast.catalog.pieces import VisiblePiece
from holdfast.errors import UnknownObject
from holdfast.formats.plain import to_plain
from holdfast.model.piece import COLLECTIONS, PieceKind
from holdfast.show import pieces, site
from holdfast.show.reader import reader_of

router = Router()
Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]


@router.get("/posts", summary="The posts of the news, last dated first")
def posts(
    request: HttpRequest, tag: str = "", category: str = "", limit: Limit = 100, offset: Offset = 0
) -> list[dict[str, Any]]:
    """Those of a tag or a category if one is named."""
    return _listed(request, (PieceKind.POST,), limit, offset, tag=tag, category=category)


@router.get("/posts/{name}", summary="One post, as its record has it")
def post(request: HttpRequest, name: str) -> dict[str, Any]:
    """Works that may not be seen are not among its items."""
    return _told(request, name, (PieceKind.POST,))


@router.get("/collections", summary="The exhibitions and programmes, last dated first")
def collections(
    request: HttpRequest, kind: PieceKind | None = None, tag: str = "", limit: Limit = 100, offset: Offset = 0
) -> list[dict[str, Any]]:
    """Those of a kind or a tag if one is named."""
    return _listed(request, tuple(one for one in COLLECTIONS if kind in (None, one)), limit, offset, tag=tag)


@router.get("/collections/{name}", summary="One exhibition or programme, as its record has it")
def collection(request: HttpRequest, name: str) -> dict[str, Any]:
    """Works that may not be seen are not among its items."""
    return _told(request, name, COLLECTIONS)


def _listed(
    request: HttpRequest, kinds: tuple[PieceKind, ...], limit: int, offset: int, tag: str, category: str = ""
) -> list[dict[str, Any]]:
    reader = reader_of(request)
    with site.catalogue() as connection:
        lines = pieces.listed(connection, reader, kinds, limit=limit, offset=offset, tag=tag, category=category)
    return [_line(line.piece) for line in lines]


def _line(piece: VisiblePiece) -> dict[str, Any]:
    said = {"id": piece.id, "kind": piece.kind, "title": piece.title, "dated": piece.dated, "access": piece.access}
    more = {"author": piece.author, "category": piece.category, "place": piece.place}
    return said | {name: value for name, value in more.items() if value}


def _told(request: HttpRequest, name: str, kinds: tuple[PieceKind, ...]) -> dict[str, Any]:
    reader = reader_of(request)
    try:
        with site.catalogue() as connection:
            piece = pieces.visible_piece(connection, reader, name, kinds).piece
    except Http404:
        raise UnknownObject(object_id=name) from None
    record = to_plain(piece)
    if not reader.is_curating:
        record.pop("embargo", None)  # why it was closed is not everybody's business
    return {"id": piece.id, "kind": piece.kind.value, "title": piece.title(reader.languages), "record": record}
