"""What came last, as feeds: RSS 2.0, Atom, and RSS with something to hear or watch for podcast players.

Source: https://www.rssboard.org/rss-specification, RFC 4287, https://help.apple.com/itc/podcasts_connect/
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.etree.ElementTree import Element

from holdfast.model.time import civil
from holdfast.show.machine.told import Told, mime
from holdfast.show.machine.xml import put, written

ATOM = "http://www.w3.org/2005/Atom"
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # when an empty feed changed


@dataclass(frozen=True)
class Entry:
    """A work or a post in a feed, with its first words if it has any."""

    title: str
    page: str
    came: datetime
    summary: str = ""


@dataclass(frozen=True)
class Front:
    """A feed's name, the page that it is of, and its own address."""

    title: str
    page: str
    address: str


def rss(front: Front, entries: Sequence[Entry]) -> bytes:
    """An RSS feed."""
    root, channel = _channel(front)
    for entry in entries:
        _item(channel, entry)
    return written(root)


def atom(front: Front, entries: Sequence[Entry]) -> bytes:
    """An Atom feed."""
    root = Element("feed", {"xmlns": ATOM})
    put(root, "id", front.address)
    put(root, "title", front.title)
    put(root, "updated", civil(max((entry.came for entry in entries), default=NEVER)))
    put(put(root, "author"), "name", front.title)
    put(root, "link", rel="self", href=front.address)
    put(root, "link", rel="alternate", href=front.page)
    for entry in entries:
        item = put(root, "entry")
        put(item, "id", entry.page)
        put(item, "title", entry.title)
        put(item, "updated", civil(entry.came))
        put(item, "link", rel="alternate", type="text/html", href=entry.page)
        if entry.summary:
            put(item, "summary", entry.summary)
    return written(root)


def podcast(front: Front, works: Sequence[Told]) -> bytes:
    """A podcast of those works that can be watched or heard, each in its smallest copy."""
    root, channel = _channel(front, **{"xmlns:itunes": ITUNES})
    put(channel, "language", "en")
    put(channel, "itunes:author", front.title)
    put(channel, "itunes:explicit", "false")
    for told in works:
        if told.duration is None:
            continue
        item = _item(channel, Entry(told.title.text, told.page, told.work.record.created_at))
        put(item, "description", told.description or told.title.text)
        smallest = told.renditions[0]
        put(item, "enclosure", url=told.file(smallest["file"]), length=str(smallest["size_bytes"]), type=mime(smallest))
        put(item, "itunes:duration", str(round(told.duration)))
    return written(root)


def _channel(front: Front, **namespaces: str) -> tuple[Element, Element]:
    root = Element("rss", {"version": "2.0", "xmlns:atom": ATOM, **namespaces})
    channel = put(root, "channel")
    put(channel, "title", front.title)
    put(channel, "link", front.page)
    put(channel, "description", front.title)
    put(channel, "atom:link", rel="self", type="application/rss+xml", href=front.address)
    return root, channel


def _item(channel: Element, entry: Entry) -> Element:
    item = put(channel, "item")
    put(item, "title", entry.title)
    put(item, "link", entry.page)
    put(item, "guid", entry.page, isPermaLink="true")
    put(item, "pubDate", format_datetime(entry.came))
    if entry.summary:
        put(item, "description", entry.summary)
    return item
