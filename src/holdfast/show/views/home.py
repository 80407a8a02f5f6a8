"""The first page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from holdfast.show import cards, site
from holdfast.show.reader import reader_of

NEWEST = 12


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the archive is, and what came last."""
    reader = reader_of(request)
    with site.catalogue() as connection:
        newest = cards.newest(connection, reader, limit=NEWEST)
    return render(request, "show/home.html", {"newest": newest})
