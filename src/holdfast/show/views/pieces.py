"""The public pages of posts, exhibitions and programmes: lists, and a page of each."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from holdfast.model.language import primary
from holdfast.model.piece import COLLECTIONS, Piece, PieceKind
from holdfast.show import pieces, site
from holdfast.show.addresses import absolute, origin
from holdfast.show.paging import page_of
from holdfast.show.pieces import ShownItem
from holdfast.show.reader import Reader, reader_of

PAGE = 20


@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """The posts, last dated first; those of `?tag=` or `?category=`."""
    return _list(request, PieceKind.POST, _("News"))


@require_safe
def exhibitions(request: HttpRequest) -> HttpResponse:
    """The exhibitions."""
    return _list(request, PieceKind.EXHIBITION, _("Exhibitions"))


@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """The programmes."""
    return _list(request, PieceKind.PROGRAMME, _("Programmes"))


@require_safe
def post(request: HttpRequest, name: str) -> HttpResponse:
    """One post."""
    return _piece(request, name, (PieceKind.POST,))


@require_safe
def collection(request: HttpRequest, name: str) -> HttpResponse:
    """One exhibition or programme."""
    return _piece(request, name, COLLECTIONS)


def told(reader: Reader, piece: Piece, items: list[ShownItem]) -> dict[str, Any]:
    """What the body of a piece's page is made of."""
    words = piece.wording(reader.languages)
    return {
        "piece": piece,
        "kind": piece.kind.value,
        "title": piece.title(reader.languages),
        "words": words,
        "is_foreign": bool(piece.words) and primary(words.language) != primary(reader.language),
        "others": [one for one in piece.words if one is not words],
        "items": items,
        "length_us": sum(one.card.duration_us or 0 for one in items if one.card and one.item.start is None),
    }


def _piece(request: HttpRequest, name: str, kinds: tuple[PieceKind, ...]) -> HttpResponse:
    reader = reader_of(request)
    with site.catalogue() as connection:
        shown = pieces.visible_piece(connection, reader, name, kinds)
        items = pieces.shown_items(connection, reader, shown.piece)
    page = told(reader, shown.piece, items)
    page |= {"address": absolute(request, request.path), "origin": origin(request)}
    return render(request, "show/piece.html", page)


def _list(request: HttpRequest, kind: PieceKind, heading: str) -> HttpResponse:
    reader, page = reader_of(request), page_of(request)
    asked = {name: request.GET.get(name, "").strip() for name in ("tag", "category")}
    with site.catalogue() as connection:
        lines = pieces.listed(connection, reader, (kind,), limit=PAGE + 1, offset=(page - 1) * PAGE, **asked)
    more = {"before": page - 1, "after": page + 1 if len(lines) > PAGE else 0}
    return render(
        request,
        "show/pieces.html",
        {"lines": lines[:PAGE], "heading": heading, "kind": kind.value, "asked": asked, **more},
    )
