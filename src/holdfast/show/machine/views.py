"""Requests of machines in, data out. Feeds, sitemaps and what others embed are the same whoever asks."""

from __future__ import annotations

import math
import re
from typing import Any
from urllib.parse import urlencode, urlsplit
from xml.etree.ElementTree import Element

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from holdfast.show import cards, site
from holdfast.show.addresses import absolute, origin, work_path
from holdfast.show.machine import feeds, iiif, public, sitemaps
from holdfast.show.machine.pieces import public_pieces
from holdfast.show.machine.told import Told
from holdfast.show.machine.xml import put, written
from holdfast.show.middleware import EMBEDDED_POLICY, not_here
from holdfast.show.reader import Reader, reader_of
from holdfast.show.settings import LANGUAGES
from holdfast.show.works import Work, visible_work

_WORK_PATH = re.compile(rf"(?:/(?:{'|'.join(code for code, _ in LANGUAGES)}))?/w/([0-9a-z]+)/?")
WIDTH, HEIGHT = 640, 360
AT_ONCE = 500


def told_of(request: HttpRequest, work: Work, reader: Reader) -> Told:
    """The work as it is told to this reader."""
    return Told(work, reader.languages, origin(request), site.archive_name())


def _told(request: HttpRequest, asset: str, reader: Reader) -> Told:
    with site.catalogue() as connection:
        return told_of(request, visible_work(connection, reader, asset), reader)


@require_safe
def rss(request: HttpRequest) -> HttpResponse:
    """The newest works as RSS; those of `?tag=` or `?collection=`."""
    return HttpResponse(feeds.rss(*_feed(request)), content_type="application/rss+xml; charset=utf-8")


@require_safe
def atom(request: HttpRequest) -> HttpResponse:
    """The same as Atom."""
    return HttpResponse(feeds.atom(*_feed(request)), content_type="application/atom+xml; charset=utf-8")


@require_safe
def podcast(request: HttpRequest) -> HttpResponse:
    """The newest works that can be watched or heard."""
    reader, works = public.stranger(), []
    with site.catalogue() as connection:
        for card in _newest(request, connection):
            try:
                works.append(told_of(request, visible_work(connection, reader, card.asset), reader))
            except Http404:  # its object is damaged
                continue
    return HttpResponse(feeds.podcast(_front(request), works), content_type="application/rss+xml; charset=utf-8")


def _newest(request: HttpRequest, connection: Any) -> list[cards.Card]:
    asked = {name: request.GET.get(name, "") for name in ("tag", "collection")}
    return public.newest(connection, **asked)


def _front(request: HttpRequest) -> feeds.Front:
    asked = urlencode({name: request.GET[name] for name in ("tag", "collection") if request.GET.get(name)})
    address = absolute(request, request.path) + (f"?{asked}" if asked else "")
    return feeds.Front(site.archive_name(), absolute(request, reverse("home")), address)


def _feed(request: HttpRequest) -> tuple[feeds.Front, list[feeds.Entry]]:
    with site.catalogue() as connection:
        entries = [
            feeds.Entry(
                card.title,
                absolute(request, work_path(card.asset)),
                card.created_at,
                public.first_words(connection, card.asset),
            )
            for card in _newest(request, connection)
        ]
    return _front(request), entries


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The sitemap of the sitemaps."""
    with site.catalogue() as connection:
        parts = math.ceil(public.count(connection) / sitemaps.WORKS_IN_PART)
    addresses = [absolute(request, reverse("sitemap", args=[part])) for part in range(1, parts + 1)]
    if public_pieces(1):
        addresses.append(absolute(request, reverse("sitemap_pieces")))
    return HttpResponse(sitemaps.index(addresses), content_type="application/xml")


@require_safe
def sitemap(request: HttpRequest, part: int) -> HttpResponse:
    """One of the sitemaps, counted from 1."""
    works: list[cards.Card] = []
    first = (part - 1) * sitemaps.WORKS_IN_PART
    with site.catalogue() as connection:
        if part < 1 or first >= public.count(connection):
            raise not_here()
        reader = public.stranger()
        for offset in range(first, first + sitemaps.WORKS_IN_PART, AT_ONCE):
            some = cards.newest(connection, reader, limit=AT_ONCE, offset=offset)
            works += some
            if len(some) < AT_ONCE:
                break
    return HttpResponse(sitemaps.sitemap(works, origin(request)), content_type="application/xml")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What programs are asked to leave alone (RFC 9309)."""
    lines = ["User-agent: *", "Disallow: /account/", "Disallow: /*/account/", "Disallow: /api/", ""]
    lines.append(f"Sitemap: {absolute(request, reverse('sitemap_index'))}\n")
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    """How browsers search here. Source: OpenSearch 1.1, draft 6; a short name has 16 characters at most."""
    root = Element("OpenSearchDescription", {"xmlns": "http://a9.com/-/spec/opensearch/1.1/"})
    put(root, "ShortName", site.archive_name()[:16])
    put(root, "Description", site.archive_name()[:1024])
    put(root, "InputEncoding", "UTF-8")
    put(root, "Url", type="text/html", template=absolute(request, reverse("search")) + "?q={searchTerms}")
    return HttpResponse(written(root), content_type="application/opensearchdescription+xml")


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """What a page of another site needs to show a public work. Source: https://oembed.com, section 2.3."""
    if request.GET.get("format", "json") != "json":
        return HttpResponse(status=501)
    address = urlsplit(request.GET.get("url", ""))
    match = _WORK_PATH.fullmatch(address.path)
    if match is None or f"{address.scheme}://{address.netloc}" != origin(request):
        raise not_here()
    told = _told(request, match[1], public.stranger())
    said: dict[str, Any] = {"version": "1.0", "type": "link", "title": told.title.text}
    said |= {"provider_name": told.archive, "provider_url": told.origin + "/"}
    if told.renditions:
        shown = told.renditions[-1]
        width, height = _fitting(request, shown.get("width") or WIDTH, shown.get("height") or HEIGHT)
        frame = format_html(
            '<iframe src="{}" width="{}" height="{}" title="{}" allowfullscreen></iframe>',
            told.embed,
            width,
            height,
            told.title.text,
        )
        said |= {"type": "video" if shown.get("width") else "rich", "html": frame, "width": width, "height": height}
    return _shared(said)


def _fitting(request: HttpRequest, width: int, height: int) -> tuple[int, int]:
    """The size, made smaller until it keeps to `maxwidth` and `maxheight`."""
    scale = 1.0
    for name, have in (("maxwidth", width), ("maxheight", height)):
        text = request.GET.get(name, "")
        if text.isascii() and text.isdecimal() and 0 < len(text) < 6:
            scale = min(scale, int(text) / have)
    return max(1, int(width * scale)), max(1, int(height * scale))


@require_safe
@xframe_options_exempt
def embed(request: HttpRequest, asset: str) -> HttpResponse:
    """A public work's bare player, to stand in a frame of any site."""
    told = _told(request, asset, public.stranger())
    files = [{"address": told.file(one["file"])} for one in reversed(told.renditions)]
    response = render(request, "show/embed.html", {"told": told, "files": files[:1]})
    response.headers["Content-Security-Policy"] = EMBEDDED_POLICY
    return response


@require_safe
def manifest(request: HttpRequest, asset: str) -> HttpResponse:
    """The work as a IIIF manifest."""
    told = _told(request, asset, reader_of(request))
    return _shared(iiif.manifest(told, absolute(request, request.path)))


def _shared(said: dict[str, Any]) -> JsonResponse:
    """JSON that scripts of any site may read: a browser sends no session with such a request."""
    return JsonResponse(
        said, headers={"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
    )
