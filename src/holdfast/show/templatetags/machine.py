"""What the heads of pages tell machines: `{% json_ld work %}` of a work, `{% machine_links %}` of every page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import template
from django.template import RequestContext
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from holdfast.show import site
from holdfast.show.machine.json_ld import as_script_data
from holdfast.show.machine.json_ld import json_ld as told_as_json_ld
from holdfast.show.machine.views import told_of
from holdfast.show.reader import reader_of
from holdfast.show.works import Work

register = template.Library()


@register.simple_tag(takes_context=True)
def json_ld(context: RequestContext, work: Work) -> SafeString:
    """The work for search engines, and where its other forms stand."""
    request: Any = context["request"]
    told = told_of(request, work, reader_of(request))
    data = mark_safe(as_script_data(told_as_json_ld(told)))  # noqa: S308 (nothing in it ends the element)
    script = format_html('<script type="application/ld+json">{}</script>\n', data)
    links = [("application/ld+json", told.origin + reverse("manifest", args=[work.id]))]
    if work.access == "public":
        query = urlencode({"url": told.page, "format": "json"})
        links.append(("application/json+oembed", f"{told.origin}{reverse('oembed')}?{query}"))
    return script + format_html_join("\n", '<link rel="alternate" type="{}" href="{}">', links)


@register.simple_tag
def machine_links() -> SafeString:
    """The feeds, and how browsers search here."""
    links = (
        ("alternate", "application/rss+xml", reverse("feed_rss")),
        ("alternate", "application/atom+xml", reverse("feed_atom")),
        ("search", "application/opensearchdescription+xml", reverse("opensearch")),
    )
    rows = [(rel, kind, site.archive_name(), path) for rel, kind, path in links]
    return format_html_join("\n", '<link rel="{}" type="{}" title="{}" href="{}">', rows)
