"""Lists to wander in: the words of a kind, and the works under one of them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from holdfast.show import cards, site
from holdfast.show.middleware import not_here
from holdfast.show.reader import reader_of
from holdfast.show.terms import bearing, terms_of

KINDS = {"tags": "tag", "people": "person", "places": "place", "collections": "collection", "categories": "category"}
WORDS_ON_A_PAGE = 200
WORKS_ON_A_PAGE = 48
LAST_PAGE = 100_000


@require_safe
def browse(request: HttpRequest, ways: str) -> HttpResponse:
    """The words of a kind; with `?name=`, the works that bear that word. A word that none bears is not here."""
    reader, kind, name, page = reader_of(request), KINDS[ways], request.GET.get("name", ""), _page(request)
    size = WORKS_ON_A_PAGE if name else WORDS_ON_A_PAGE
    window = {"limit": size + 1, "offset": (page - 1) * size}
    with site.catalogue() as connection:
        works = cards.newest(connection, reader, chosen=bearing(kind, name), **window) if name else []
        terms = [] if name else terms_of(connection, reader, kind, **window)
    if (name or page > 1) and not (works or terms):
        raise not_here()
    shown = {"ways": ways, "name": name, "works": works[:size], "terms": terms[:size]}
    before, after = page - 1, page + 1 if len(works or terms) > size else 0
    return render(request, "show/browse.html", {**shown, "before": before, "after": after})


def _page(request: HttpRequest) -> int:
    asked = request.GET.get("page", "1")
    is_number = asked.isascii() and asked.isdigit() and len(asked) <= len(str(LAST_PAGE))
    return max(1, min(int(asked), LAST_PAGE)) if is_number else 1


urlpatterns = [path(ways, browse, {"ways": ways}, name=ways) for ways in KINDS]
