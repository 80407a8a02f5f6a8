"""The one front of all readers of listings: which form the bytes are in is told by the bytes, never by the name.

with open("channel.json", "rb") as file:
    for work in read_listings(file, Reading("channel.json", tell=print)):
        print(work.title, work.duration)
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from holdfast.errors import BadListing
from holdfast.formats.codepages import old_text
from holdfast.formats.listings.captures import read_wacz, read_warc
from holdfast.formats.listings.feeds import read_feed
from holdfast.formats.listings.json_listings import read_json
from holdfast.formats.listings.links import read_links
from holdfast.formats.listings.pages import read_page
from holdfast.formats.listings.reading import Reading, start_of
from holdfast.formats.listings.tables import looks_like_table, read_table
from holdfast.model.lost import ListedWork

_FEED = re.compile(r"<(?:\w+:)?(?:rss|feed|RDF)[\s>]")
_BEFORE_ROOT = re.compile(
    r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE\s+(?:rss|feed|rdf)[^>]*>\s*)*", re.DOTALL | re.IGNORECASE
)
_MARKUP = re.compile(r"<(?:!doctype|html|head|body|meta|script|div|title|!--|a\s|ul|ol|li|table|p[\s>])", re.IGNORECASE)
READERS = {
    "warc": read_warc,
    "wacz": read_wacz,
    "json": read_json,
    "feed": read_feed,
    "page": read_page,
    "table": read_table,
    "links": read_links,
}


def read_listings(stream: BinaryIO, reading: Reading) -> Iterator[ListedWork]:
    """The works that a listing of any known form names, as they are read; what is passed over is told to `reading`.

    Args:
        stream: bytes that can be read again from where they are; it stays open.
        reading: the file's name and digest, whom to tell, and the mapping of a table.

    Raises:
        BadListing: it is empty, of no form known here, or broken so that nothing can be read (any further).
    """
    head = start_of(stream)
    form = form_of(head, is_mapped=bool(reading.mapping))
    if not form:
        reason = "it is empty" if not head.strip() else "it is no JSON, table, feed, page, list of links, WARC or WACZ"
        raise BadListing(path=reading.file, reason=reason)
    yield from READERS[form](stream, reading)


def form_of(head: bytes, *, is_mapped: bool = False) -> str:
    """Which of `READERS` is for a file that begins with `head`, "" if none is.

    With a mapping, a text that is of no other form is a table, whatever its columns are called.
    """
    if head.startswith(b"PK\x03\x04"):
        return "wacz"
    if head.startswith(b"\x1f\x8b"):
        return "warc" if _inflated(head).startswith(b"WARC/") else ""
    if head.startswith(b"WARC/"):
        return "warc"
    if not head.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\0\0\0" in head:
        return ""  # a picture, a film, an office document
    text = old_text(head).lstrip("\ufeff \t\r\n")
    if text.startswith(("{", "[")):
        return "json"
    if text.startswith("<"):
        before = _BEFORE_ROOT.match(text)
        return "feed" if before and _FEED.match(text, before.end()) else "page"
    if is_mapped or looks_like_table(text):
        return "table"
    if _MARKUP.search(text):
        return "page"
    return "links" if "http://" in text or "https://" in text else ""


def _inflated(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(31).decompress(head, 64)
    except zlib.error:
        return b""
