"""The page of a work."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from holdfast.show import site
from holdfast.show.addresses import read_moment
from holdfast.show.reader import reader_of
from holdfast.show.works import visible_work


@require_safe
def work(request: HttpRequest, asset: str) -> HttpResponse:
    """Everything that the reader may know of a work, at the moment `?t=`."""
    reader = reader_of(request)
    with site.catalogue() as connection:
        shown = visible_work(connection, reader, asset)
    moment = read_moment(request.GET.get("t", ""))
    title = shown.record.title(reader.languages)
    return render(request, "show/work.html", {"work": shown, "title": title, "moment": moment})
