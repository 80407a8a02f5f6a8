"""Search: a hit is a moment, with its still; hits stand below the work that they are of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe
from sqlalchemy import Connection

from holdfast.catalog import fulltext, ordered
from holdfast.catalog.hits import Hit
from holdfast.catalog.marking import window
from holdfast.catalog.ordered import Filters
from holdfast.model.language import primary
from holdfast.model.rights import AccessLevel
from holdfast.show import cards, site
from holdfast.show.asking import FORMS, asked_filters, asked_language, asked_page
from holdfast.show.middleware import not_here
from holdfast.show.reader import Reader, reader_of
from holdfast.show.stills import Still, still_at, tile
from holdfast.show.suggesting import suggestions
from holdfast.show.views.media import PRIVATE_CACHE, PUBLIC_CACHE
from holdfast.show.works import asked_work

WORKS_ON_A_PAGE = 10
MOMENTS_ON_A_PAGE = 30
MOMENTS_OF_A_WORK = 3
EXCERPT = 280  # characters of a long text
SAID = ("caption", "chapter")
KINDS = {"said": SAID, "told": tuple(kind for kind in fulltext.KINDS if kind not in SAID)}


@dataclass(frozen=True)
class Shown:
    """A hit as the page shows it: a part of its text with the marks in it, and its still."""

    hit: Hit
    text: str
    marks: tuple[tuple[int, int], ...]
    still: Still | None


@dataclass(frozen=True)
class Group:
    """A work, what of it meets the query, and how many more moments there are."""

    card: cards.Card
    about: Shown | None
    moments: list[Shown]
    more: int

    @property
    def is_title(self) -> bool:
        """Whether what meets the query is the title that stands above the hits."""
        return self.about is not None and self.about.text == self.card.title


def _kinds(reader: Reader, what: str) -> tuple[str, ...]:
    """The kinds of passages that are searched: all that the reader may search, or those of them that were asked for."""
    return tuple(kind for kind in KINDS.get(what, reader.kinds) if kind in reader.kinds)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The works that meet `?q=`, best first, each with its best moments; with `?in=`, all moments of one work."""
    reader, asked = reader_of(request), request.GET
    query, what, inside = asked.get("q", "").strip(), asked.get("what", ""), asked.get("in", "")
    filters = _of_works(asked_filters(asked))
    context = {"query": query, "filters": filters, "language": asked_language(asked), "forms": FORMS}
    context |= {"what": what if what in KINDS else "", "inside": inside, "narrowed": _narrowed(request)}
    with site.catalogue() as connection:
        languages = _texts_in(connection, asked_language(asked))
        wanted = {"access": reader.levels, "languages": languages, "kinds": _kinds(reader, what)}
        seek = _Seek(connection, reader, query, asked_page(asked), wanted)
        found = seek.inside(inside) if inside else seek.works(filters)
        if query and not found["total"]:
            found["instead"] = suggestions(connection, query, reader.levels, reader.kinds)
        found["years"] = ordered.years(connection, reader.levels)
    return render(request, "show/search.html", {**context, **found, "before": asked_page(asked) - 1})


@dataclass(frozen=True)
class _Seek:
    """One search: who asks for what, on which page, and in which passages."""

    connection: Connection
    reader: Reader
    query: str
    page: int
    wanted: dict[str, Any]

    def works(self, filters: Filters) -> dict[str, Any]:
        """Works with their moments, among those that meet the filters."""
        among = None if filters.is_empty else ordered.ids(self.connection, self.reader.levels, filters)
        window, moments = self._window(WORKS_ON_A_PAGE), MOMENTS_OF_A_WORK
        found = fulltext.search_works(
            self.connection, self.query, moments=moments, among=among, **window, **self.wanted
        )
        cards_of = self._cards({work.asset for work in found.works})
        groups = [
            Group(
                card=cards_of[work.asset],
                about=_shown(work.about, "") if work.about else None,
                moments=[_shown(hit, cards_of[work.asset].still) for hit in work.moments],
                more=work.count - len(work.moments),
            )
            for work in found.works
            if work.asset in cards_of
        ]
        return self._told(groups, found.total, WORKS_ON_A_PAGE, is_exact=found.is_exact)

    def inside(self, asset: str) -> dict[str, Any]:
        """All that meets the query in one work. Raises Http404 if the reader may not see it."""
        card = self._cards({asset}).get(asset)
        if card is None:
            raise not_here()
        window = self._window(MOMENTS_ON_A_PAGE)
        found = fulltext.search(self.connection, self.query, asset=asset, **window, **self.wanted)
        groups = [Group(card, None, [_shown(hit, card.still) for hit in found.hits], 0)] if found.total else []
        return self._told(groups, found.total, MOMENTS_ON_A_PAGE, is_exact=found.is_exact)

    def _cards(self, assets: set[str]) -> dict[str, cards.Card]:
        return {card.asset: card for card in cards.of_assets(self.connection, self.reader, assets)}

    def _window(self, size: int) -> dict[str, Any]:
        return {"limit": size, "offset": (self.page - 1) * size}

    def _told(self, groups: list[Group], total: int, size: int, *, is_exact: bool) -> dict[str, Any]:
        after = self.page + 1 if total > self.page * size else 0
        return {"groups": groups, "total": total, "is_exact": is_exact, "after": after}


def _shown(hit: Hit, digest: str) -> Shown:
    start, end = window(hit.text, hit.marks, EXCERPT)
    marks = tuple((max(first, start) - start, min(last, end) - start) for first, last in hit.marks)
    inner = tuple((first, last) for first, last in marks if first < last)
    still = still_at(digest, hit.start_us) if hit.start_us is not None else None
    text = ("… " if start else "") + hit.text[start:end] + (" …" if end < len(hit.text) else "")
    shift = 2 if start else 0
    return Shown(hit, text, tuple((first + shift, last + shift) for first, last in inner), still)


def _of_works(filters: Filters) -> Filters:
    """Without the language: a search asks in which language something is said, and not what a work speaks."""
    return replace(filters, language="")


def _texts_in(connection: Connection, language: str) -> Sequence[str] | None:
    if not language:
        return None
    return [tag for tag in fulltext.filed_languages(connection) if primary(tag) == language]


def _narrowed(request: HttpRequest) -> bool:
    """Whether more than words are asked for."""
    return any(request.GET.get(name) for name in request.GET if name not in ("q", "page"))


@require_safe
def still(request: HttpRequest, asset: str, digest: str, number: int) -> HttpResponse:
    """The tile of this number in the storyboard of an access copy, for whoever may see the work."""
    work = asked_work(request, asset)
    copy = next((one for one in work.copies if one.digest == digest), None)
    picture = tile(copy.folder, number) if copy is not None else None
    if picture is None:
        raise not_here()
    cache = PUBLIC_CACHE if work.access == AccessLevel.PUBLIC else PRIVATE_CACHE
    return HttpResponse(picture, content_type="image/jpeg", headers={"Cache-Control": cache})


urlpatterns = [path("still/<str:asset>/<str:digest>/<int:number>.jpg", still, name="still")]
