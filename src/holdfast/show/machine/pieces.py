"""Doors for machines to the news and the collections: feeds and a sitemap, which are the same whoever asks."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from holdfast.model.piece import PieceKind
from holdfast.show import pieces, site
from holdfast.show.addresses import absolute, origin
from holdfast.show.machine import feeds, public, sitemaps
from holdfast.show.middleware import not_here
from holdfast.show.templatetags.pieces import piece_path

NEWEST = 50
MOST_IN_SITEMAP = 5_000  # of the 50,000 addresses that are permitted, with five languages


@require_safe
def news_rss(request: HttpRequest) -> HttpResponse:
    """The newest posts as RSS; those of `?tag=` or `?category=`."""
    return HttpResponse(feeds.rss(*_feed(request)), content_type="application/rss+xml; charset=utf-8")


@require_safe
def news_atom(request: HttpRequest) -> HttpResponse:
    """The same as Atom."""
    return HttpResponse(feeds.atom(*_feed(request)), content_type="application/atom+xml; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The sitemap of the public posts, exhibitions and programmes."""
    found = public_pieces(MOST_IN_SITEMAP)
    if not found:
        raise not_here()
    with override("en"):
        paths = [piece_path(line.piece.kind, line.piece.id) for line in found]
    return HttpResponse(sitemaps.plain_sitemap(paths, origin(request)), content_type="application/xml")


def public_pieces(
    limit: int, kinds: tuple[PieceKind, ...] = tuple(PieceKind), *, tag: str = "", category: str = ""
) -> list[pieces.Line]:
    """The newest pieces that everybody may see."""
    with site.catalogue() as connection:
        return pieces.listed(connection, public.stranger(), kinds, limit=limit, tag=tag, category=category)


def _feed(request: HttpRequest) -> tuple[feeds.Front, list[feeds.Entry]]:
    asked = {name: value for name in ("tag", "category") if (value := request.GET.get(name, "").strip())}
    found = public_pieces(NEWEST, (PieceKind.POST,), **asked)
    with override("en"):
        entries = [
            feeds.Entry(one.piece.title, absolute(request, piece_path("post", one.piece.id)), one.dated, one.lead)
            for one in found
        ]
        page = absolute(request, reverse("news"))
    address = absolute(request, request.path) + (f"?{urlencode(asked)}" if asked else "")
    return feeds.Front(site.archive_name(), page, address), entries
