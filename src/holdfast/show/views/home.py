"""The first page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from holdfast.catalog import ordered, visible
from holdfast.catalog.ordered import Filters
from holdfast.model.asset import Status
from holdfast.show import cards, site
from holdfast.show.collating import sort_key
from holdfast.show.reader import reader_of

NEWEST = 9
COLLECTIONS = 3
TAGS = 24
THERE = Filters(statuses=(Status.HELD.value, Status.HELD_IN_PART.value))


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What came last, a few collections, words to begin with, and what is looked for."""
    reader = reader_of(request)
    with site.catalogue() as connection:
        leaf = ordered.leaf(connection, reader.levels, THERE, limit=NEWEST, languages=reader.languages)
        newest = cards.of_visible(connection, leaf.works)
        collections = visible.labels_of_kind(connection, "collection", reader.levels, limit=COLLECTIONS)
        stills = cards.first_of_labels(connection, reader, "collection", [one.text for one in collections])
        tags = visible.labels_of_kind(connection, "tag", reader.levels, limit=TAGS)
        counts = visible.counts(connection, reader.levels)
    newest.sort(key=lambda card: not card.still)  # the large one has something to show
    context = {
        "newest": newest,
        "collections": [(one, stills[one.text]) for one in collections if one.text in stills],
        "tags": sorted(tags, key=lambda tag: sort_key(tag.text, reader.languages[0])),
        "counts": counts,
        "wanted": sum(counts.by_status.get(one, 0) for one in (Status.LOST, Status.HELD_IN_PART)),
    }
    return render(request, "show/home.html", context)
