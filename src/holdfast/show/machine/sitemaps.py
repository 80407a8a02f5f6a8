"""Sitemaps: every public work in every language of the site, with what there is to watch.

Source: https://www.sitemaps.org/protocol.html, https://developers.google.com/search/docs/specialty/international
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element

from django.urls import reverse

from holdfast.show.addresses import prefixed
from holdfast.show.cards import Card
from holdfast.show.machine.xml import put, written
from holdfast.show.settings import LANGUAGES

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
VIDEO = "http://www.google.com/schemas/sitemap-video/1.1"
XHTML = "http://www.w3.org/1999/xhtml"
# A work is an address in each of five languages: half of the 50,000 that are permitted, so that 50 MiB are enough too.
WORKS_IN_PART = 5_000
LONGEST_TITLE, LONGEST_TEXT = 100, 2048  # characters, by the schema of the video extension


def index(addresses: Iterable[str]) -> bytes:
    """The sitemap of these sitemaps."""
    root = Element("sitemapindex", {"xmlns": SITEMAP})
    for address in addresses:
        put(put(root, "sitemap"), "loc", address)
    return written(root)


def sitemap(works: Sequence[Card], origin: str) -> bytes:
    """The sitemap of these works."""
    root = Element("urlset", {"xmlns": SITEMAP, "xmlns:video": VIDEO, "xmlns:xhtml": XHTML})
    for card in works:
        entry = _in_every_language(root, f"/w/{card.asset}", origin)
        if card.still:
            _video(entry, card, origin)
    return written(root)


def plain_sitemap(paths: Iterable[str], origin: str) -> bytes:
    """The sitemap of pages, given by their English paths, of which there is nothing but text to tell."""
    root = Element("urlset", {"xmlns": SITEMAP, "xmlns:xhtml": XHTML})
    for path in paths:
        _in_every_language(root, path, origin)
    return written(root)


def _in_every_language(root: Element, path: str, origin: str) -> Element:
    """The entries of a page; that of its English form is given back."""
    pages = {code: origin + prefixed(code, path) for code, _ in LANGUAGES}
    entries = []
    for page in pages.values():
        entry = put(root, "url")
        put(entry, "loc", page)
        for code, other in pages.items():
            put(entry, "xhtml:link", rel="alternate", hreflang=code, href=other)
        entries.append(entry)
    return entries[list(pages).index("en")]


def _video(entry: Element, card: Card, origin: str) -> None:
    video = put(entry, "video:video")
    put(video, "video:thumbnail_loc", origin + reverse("media", args=[card.asset, card.still, "poster.jpg"]))
    put(video, "video:title", card.title[:LONGEST_TITLE])
    put(video, "video:description", card.title[:LONGEST_TEXT])
    put(video, "video:player_loc", origin + reverse("embed", args=[card.asset]))
