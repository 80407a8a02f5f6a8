"""What templates ask of pieces: Markdown as HTML, the ways to what there is, and where a work stands."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.safestring import SafeString

from holdfast.catalog import pieces
from holdfast.model.piece import PieceKind
from holdfast.show import markdown as texts
from holdfast.show import site
from holdfast.show.reader import reader_of

register = template.Library()


@register.filter
def markdown(text: str, below: int = 1) -> SafeString:
    """The text as HTML; its headings begin so many levels below the page's title."""
    return texts.rendered(text, below)


@register.simple_tag
def piece_path(kind: str, name: str) -> str:
    """The path of a piece."""
    return reverse("post" if kind == PieceKind.POST else "collection", args=[name])


@register.inclusion_tag("show/pieces_with.html", takes_context=True)
def pieces_with(context: RequestContext, work: str) -> dict[str, Any]:
    """The pieces in which a work stands, for whoever may see both."""
    reader = reader_of(context["request"])
    with site.catalogue() as connection:
        return {"pieces": pieces.pieces_with(connection, work, reader.levels, reader.languages)}
