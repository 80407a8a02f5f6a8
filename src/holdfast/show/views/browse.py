"""Lists to wander in: all works, the words of a kind, and the works under one of them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe
from sqlalchemy import Connection

from holdfast.catalog import ordered, visible
from holdfast.catalog.ordered import Filters
from holdfast.show import cards, site
from holdfast.show.asking import FORMS, asked_filters, asked_order
from holdfast.show.collating import sort_key
from holdfast.show.middleware import not_here
from holdfast.show.reader import Reader, reader_of

KINDS = {"tags": "tag", "people": "person", "places": "place", "collections": "collection", "categories": "category"}
WORDS_ON_A_PAGE = 200
MOST_IN_ORDER = 2000  # so many words are put in the order of the reader's language; more in that of their code points
WITH_STILLS = 24
WORKS_ON_A_PAGE = 24


@require_safe
def works(request: HttpRequest) -> HttpResponse:
    """All works, in an order, those that meet the filters of the address."""
    filters = asked_filters(request.GET)
    with site.catalogue() as connection:
        levels = reader_of(request).levels
        shown = _leaf(connection, request, filters)
        spoken = visible.labels_of_kind(connection, "language", levels)
        choices = {
            "years": ordered.years(connection, levels),
            "languages": sorted({one.text.split("-")[0] for one in spoken}),
            "total": ordered.count(connection, levels, filters),
        }
    asked = {"filters": filters, "order": asked_order(request.GET), "orders": list(ordered.Order), "forms": FORMS}
    return render(request, "show/works.html", {**shown, **choices, **asked})


@require_safe
def browse(request: HttpRequest, ways: str) -> HttpResponse:
    """The words of a kind; with `?name=`, the works that bear that word. A word that none bears is not here."""
    name = request.GET.get("name", "")
    if not name:
        return _words(request, ways)
    label = (KINDS[ways], name)
    with site.catalogue() as connection:
        shown = _leaf(connection, request, Filters(labels=(label,)))
        if not shown["works"]:
            raise not_here()
        total = visible.count_with_label(connection, *label, reader_of(request).levels)
    return render(request, "show/browse.html", {"ways": ways, "name": name, "total": total, **shown})


def _words(request: HttpRequest, ways: str) -> HttpResponse:
    """The words of a kind by their letters. Where there are few, each with a still of its newest work."""
    reader, after = reader_of(request), request.GET.get("after", "")
    with site.catalogue() as connection:
        found = _in_order(connection, KINDS[ways], reader, after)
        words, more = found[:WORDS_ON_A_PAGE], found[WORDS_ON_A_PAGE:]
        stills = cards.first_of_labels(connection, reader, KINDS[ways], [word.text for word in words[:WITH_STILLS]])
    shown = [(word, stills.get(word.text)) for word in words]
    has_stills = len(words) <= WITH_STILLS and not after
    context = {"ways": ways, "words": shown, "has_stills": has_stills, "after": words[-1].text if more else ""}
    return render(request, "show/browse.html", {**context, "is_first": not after})


def _in_order(connection: Connection, kind: str, reader: Reader, after: str) -> list[visible.Label]:
    """The words after a word, in the order in which readers of the page's language look for them; one more than fit."""
    found = visible.labels_of_kind(connection, kind, reader.levels, limit=MOST_IN_ORDER + 1)
    if len(found) > MOST_IN_ORDER:
        more = WORDS_ON_A_PAGE + 1
        return visible.labels_of_kind(connection, kind, reader.levels, limit=more, by_text=True, after=after)
    language = reader.languages[0]
    keyed = sorted(((sort_key(one.text, language), one) for one in found), key=lambda pair: pair[0])
    first = sort_key(after, language) if after else None
    return [one for key, one in keyed if first is None or key > first][: WORDS_ON_A_PAGE + 1]


def _leaf(connection: Connection, request: HttpRequest, filters: Filters) -> dict[str, object]:
    """A page of works, and where those beside it are."""
    reader, asked = reader_of(request), request.GET
    leaf = ordered.leaf(
        connection,
        reader.levels,
        filters,
        order=asked_order(asked),
        limit=WORKS_ON_A_PAGE,
        after=asked.get("after", ""),
        before=asked.get("before", ""),
        languages=reader.languages,
    )
    return {"works": cards.of_visible(connection, leaf.works), "before": leaf.before, "after": leaf.after}


urlpatterns = [path("works", works, name="works")]
urlpatterns += [path(ways, browse, {"ways": ways}, name=ways) for ways in KINDS]
