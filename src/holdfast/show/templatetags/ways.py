"""Where a reader can go from every page: `{% load ways %}{% find_ways as found %}`, only what leads somewhere."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.template.context import RequestContext
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from holdfast.catalog import ordered, pieces
from holdfast.errors import HoldfastError
from holdfast.model.piece import PieceKind
from holdfast.show import site
from holdfast.show.reader import reader_of

register = template.Library()
_PIECES = {"exhibitions": PieceKind.EXHIBITION, "programmes": PieceKind.PROGRAMME, "news": PieceKind.POST}


@dataclass(frozen=True)
class Way:
    """A page to go to, what it is called, and whether it is the one that is shown."""

    name: str
    path: str
    is_here: bool


@register.simple_tag(takes_context=True)
def find_ways(context: RequestContext) -> list[Way]:
    """The lists that have something for this reader; only the first and the last while the catalogue cannot be read."""
    kinds = {"collections": "collection", "people": "person", "places": "place", "tags": "tag"}
    names = {
        "works": _("Works"),
        "collections": _("Collections"),
        "people": _("People"),
        "places": _("Places"),
        "tags": _("Tags"),
        "exhibitions": _("Exhibitions"),
        "programmes": _("Programmes"),
        "news": _("News"),
        "wanted": _("Wanted"),
        "about": _("About"),
    }
    empty = {*kinds, *_PIECES, "wanted"}
    request = context.get("request")
    if request is not None:
        try:
            with site.catalogue() as connection:
                levels = reader_of(request).levels
                found = ordered.kinds_of_labels(connection, levels)
                empty = {way for way, kind in kinds.items() if kind not in found}
                there = pieces.kinds_there_are(connection, levels)
                empty |= {way for way, kind in _PIECES.items() if kind not in there}
                if not ordered.is_any_wanted(connection, levels):
                    empty.add("wanted")
        except HoldfastError:  # a page that says so has ways, too
            pass
    here = getattr(request, "path", "")
    ways = []
    for name, said in names.items():
        path = _path(name)
        if path and name not in empty:
            ways.append(Way(said, path, here == path))
    return ways


def _path(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
