"""What a work's page needs for comments: `{% load comments %}{% comments_of work.id %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import RequestContext

from holdfast.show.desk.publishing import published

register = template.Library()


@register.inclusion_tag("show/comments.html", takes_context=True)
def comments_of(context: RequestContext, work: str) -> dict[str, Any]:
    """The published comments on a work that the page shows, and the form to write one."""
    return {
        "comments": published(work),
        "work": work,
        "user": context.get("user"),
        "csrf_token": context.get("csrf_token"),
    }
