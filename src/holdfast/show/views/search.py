"""Search: a hit is a moment."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from holdfast.catalog import fulltext
from holdfast.show import cards, site
from holdfast.show.reader import reader_of

PAGE = 20


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What meets `?q=`, best first."""
    reader = reader_of(request)
    query = request.GET.get("q", "").strip()
    with site.catalogue() as connection:
        page = fulltext.search(connection, query, limit=PAGE, access=reader.levels, kinds=reader.kinds)
        works = {card.asset: card for card in cards.of_assets(connection, reader, {hit.asset for hit in page.hits})}
    hits = [(hit, works[hit.asset]) for hit in page.hits if hit.asset in works]
    return render(request, "show/search.html", {"query": query, "hits": hits, "page": page})
