"""What a work's page needs for comments: `{% load comments %}{% comments_of work.id %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import RequestContext

from holdfast.catalog import comments
from holdfast.model.time import parse_civil
from holdfast.show import site
from holdfast.show.reader import reader_of

register = template.Library()


@register.inclusion_tag("show/comments.html", takes_context=True)
def comments_of(context: RequestContext, work: str) -> dict[str, Any]:
    """The published comments on a work, if its reader may see the work, and the form to write one."""
    reader = reader_of(context["request"])
    with site.catalogue() as connection:
        found = comments.comments_on(connection, work, reader.levels)
    return {
        "comments": found,
        "work": work,
        "reader": reader,
        "user": context.get("user"),
        "csrf_token": context.get("csrf_token"),
    }


@register.filter
def civil_day(text: str) -> Any:
    """The moment that a civil time of the catalogue names, for `date`; None if it names none."""
    try:
        return parse_civil(text)
    except ValueError:
        return None
