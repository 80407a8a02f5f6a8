"""Works in a feed: RSS 2.0 (and 0.9x, 1.0) and Atom, with what Media RSS and podcasts add.

Source: RSS 2.0 specification; RFC 4287 (Atom); Media RSS 1.5.1 (`media:content`, `media:thumbnail`); the podcast
namespace of iTunes (`itunes:duration`); `yt:videoId` of YouTube's feeds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from holdfast.errors import BadListing
from holdfast.formats.listings.page_parts import visible_text
from holdfast.formats.listings.reading import Reading
from holdfast.formats.listings.statements import Told, listed_work
from holdfast.formats.listings.xml_items import BadXml, Element, items
from holdfast.model.lost import ListedWork, Thumbnail

_XML = "http://www.w3.org/XML/1998/namespace"


def read_feed(stream: BinaryIO, reading: Reading) -> Iterator[ListedWork]:
    """The works of a feed, one an item. What breaks it later on is told of; items before it hold.

    Raises:
        BadListing: it breaks before the first item.
    """
    count = 0
    try:
        for item, channel in items(stream, ("item", "entry")):
            count += 1
            place = f"item {count}, line {item.line}"
            if work := listed_work(_told(item, channel), reading.origin(place), reading.address or _link(channel)):
                yield work
            else:
                reading.skip("nothing here names a work", place)
    except BadXml as error:
        if count == 0:
            raise BadListing(path=reading.file, reason=str(error)) from error
        reading.skip(f"what follows item {count} cannot be read: {error}")


def _told(item: Element, channel: Element) -> Told:
    contents = list(item.all("content"))
    durations = [item.first("duration"), *(content.attributes.get("duration", "") for content in contents)]
    durations += [one.attributes.get("seconds", "") for one in item.all("duration")]
    description = item.first("description", "summary", "encoded", "content")
    description = description or next((one.text for one in item.all("description") if one.text), "")
    return Told(
        title=_plain(item.first("title")) or next((one.text for one in item.all("title") if one.text), ""),
        duration=next(filter(None, durations), None),
        published=item.first("pubdate", "published", "date", "issued", "created") or item.first("updated", "modified"),
        description=_plain(description),
        publisher=_author(item) or _author(channel) or channel.first("title"),
        site="youtube" if item.first("videoid") else "",
        item=item.first("videoid") or item.first("guid", "id"),
        address=_link(item),
        language=item.first("language") or channel.first("language") or channel.attributes.get("lang", ""),
        thumbnails=tuple(_thumbnails(item)),
    )


def _author(element: Element) -> str:
    """The name: of Atom's author, of `dc:creator`, of `itunes:author`; RSS's own author is an address of mail."""
    for child in element.children:
        if child.name in ("author", "creator") and (name := child.first("name") or child.text):
            return name.rpartition("(")[2].rstrip(")") if "@" in name and name.endswith(")") else name
    return ""


def _link(element: Element) -> str:
    """The page of the item: Atom's alternate link, RSS's link, a guid that is one, at last the film itself."""
    links = [child for child in element.children if child.name == "link"]
    for link in links:
        if link.attributes.get("href") and link.attributes.get("rel", "alternate") == "alternate":
            return link.attributes["href"]
    for link in links:
        if link.text:
            return link.text
    guid = element.first("guid")
    if guid.startswith(("http://", "https://")):
        return guid
    films = [child.attributes.get("url", "") for child in element.children if child.name == "enclosure"]
    return next(filter(None, films), "")


def _thumbnails(item: Element) -> Iterator[Thumbnail]:
    for one in item.all("thumbnail"):
        yield Thumbnail(one.attributes.get("url", "") or one.text, _pixels(one, "width"), _pixels(one, "height"))
    for one in item.all("image"):
        yield Thumbnail(one.attributes.get("href", "") or one.first("url"))


def _pixels(element: Element, name: str) -> int:
    text = element.attributes.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _plain(text: str) -> str:
    """The text without markup: most feeds put HTML into descriptions, some into titles."""
    return visible_text(text) if "<" in text and ">" in text else text
