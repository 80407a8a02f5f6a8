"""Works in a page's own description of itself: schema.org in JSON-LD or microdata, and OpenGraph.

Source: schema.org, types VideoObject, Movie, Episode, TVEpisode, Clip and ItemList; The Open Graph protocol, "video".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from holdfast.formats.listings.durations import parse_duration
from holdfast.formats.listings.loose_json import at, objects, text_at
from holdfast.formats.listings.reading import Reading
from holdfast.formats.listings.statements import Told, clean, listed_work
from holdfast.model.asset import UNKNOWN_LANGUAGE, Section
from holdfast.model.language import language_tag
from holdfast.model.lost import ListedWork, Thumbnail

WORKS = {"videoobject", "movie", "episode", "tvepisode", "moviepart", "televisionepisode", "broadcastevent"}
# A trailer, a chapter and a neighbour are described like works, but are not what the page is about.
_NOT_INTO = {"trailer", "hasPart", "isRelatedTo", "isSimilarTo", "recommendations"}


def is_schema_org(plain: Any) -> bool:
    """Whether a JSON value is JSON-LD."""
    first = at(plain, 0) if isinstance(plain, list) else plain
    return isinstance(first, dict) and ("@type" in first or "@graph" in first or "@context" in first)


def works_of_schema_org(plain: Any, reading: Reading) -> Iterator[ListedWork]:
    """The works in JSON-LD, wherever in it they stand. An object that is only a reference is passed over."""
    found = [node for node in objects(plain, lambda key: key not in _NOT_INTO) if _types(node) & WORKS]
    alone = len(found) == 1
    for number, node in enumerate(found, start=1):
        told = _told(node)
        if not told.address and alone:
            told = _told(node, reading.address)
        if work := listed_work(told, reading.origin(f"item {number}"), reading.address):
            yield work


def works_of_microdata(items: Sequence[Mapping[str, Any]], reading: Reading) -> Iterator[ListedWork]:
    """The works in microdata: of each item its `@type` and its properties, texts or items."""
    found = [item for item in items if _types(item) & WORKS]
    for number, item in enumerate(found, start=1):
        told = _told(item, reading.address if len(found) == 1 else "")
        if work := listed_work(told, reading.origin(f"item {number}"), reading.address):
            yield work


def works_of_open_graph(meta: Mapping[str, str], reading: Reading) -> Iterator[ListedWork]:
    """The work of a page whose `meta` elements (property or name, to content) say that it is of a film."""
    if not (meta.get("og:type", "").startswith("video") or "og:video" in meta or "og:video:url" in meta):
        return
    image = meta.get("og:image", "") or meta.get("og:image:url", "")
    size = _number(meta.get("og:image:width")), _number(meta.get("og:image:height"))
    told = Told(
        title=meta.get("og:title", ""),
        duration=meta.get("video:duration") or meta.get("og:video:duration") or meta.get("duration"),
        published=meta.get("video:release_date") or meta.get("og:video:release_date"),
        uploaded=meta.get("ya:ovs:upload_date") or meta.get("article:published_time"),
        description=meta.get("og:description", ""),
        publisher=meta.get("author", ""),
        address=meta.get("og:url", "") or reading.address,
        language=meta.get("og:locale", "").replace("_", "-"),
        thumbnails=(Thumbnail(image, *size),) if image else (),
    )
    if work := listed_work(told, reading.origin("OpenGraph"), reading.address):
        yield work


def _types(node: Mapping[str, Any]) -> set[str]:
    kinds = node.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return {name.rsplit("/", 1)[-1].lower() for name in names if isinstance(name, str)}


def _told(node: Mapping[str, Any], address: str = "") -> Told:
    node = dict(node)
    language = _text(node.get("inLanguage"))
    duration = node.get("duration") or node.get("timeRequired")
    return Told(
        title=_text(node.get("name")) or _text(node.get("headline")),
        duration=_text(duration) if not isinstance(duration, int | float) else duration,
        published=_text(node.get("datePublished")) or _text(node.get("dateCreated")),
        uploaded=_text(node.get("uploadDate")),
        description=_text(node.get("description")),
        publisher=_text(node.get("author")) or _text(node.get("creator")) or _text(node.get("publisher")),
        item=_text(node.get("identifier")),
        address=_address(node) or address,
        language=language,
        thumbnails=tuple(_images(node)),
        sections=tuple(_clips(node.get("hasPart"), language)),
    )


def _text(value: Any) -> str:
    """A text, the first of several, or the name or value of the thing that stands in its place."""
    for _ in range(4):
        if isinstance(value, list):
            value = value[0] if value else ""
        elif isinstance(value, dict):
            value = next(
                (value[key] for key in ("name", "@value", "value", "text", "alternateName") if key in value), ""
            )
        else:
            break
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _address(node: dict[str, Any]) -> str:
    for key in ("url", "mainEntityOfPage", "@id", "embedUrl", "contentUrl"):
        value = node.get(key)
        address = text_at(value, "@id") or text_at(value, "url") if isinstance(value, dict) else _text(value)
        if address and not address.startswith("#"):
            return address
    return ""


def _images(node: dict[str, Any]) -> Iterator[Thumbnail]:
    for key in ("thumbnailUrl", "thumbnail", "image"):
        value = node.get(key)
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                address = _text(one.get("url")) or _text(one.get("contentUrl")) or text_at(one, "@id")
                yield Thumbnail(address, _number(_text(one.get("width"))), _number(_text(one.get("height"))))
            elif isinstance(one, str):
                yield Thumbnail(one)


def _clips(parts: Any, language: str) -> Iterator[Section]:
    """Chapters as `Clip` with `startOffset` in seconds; one without an end lasts until the next begins."""
    clips = [part for part in (parts if isinstance(parts, list) else [parts]) if isinstance(part, dict)][:2_000]
    tag = language_tag(language) or UNKNOWN_LANGUAGE
    for clip, following in pairwise([*clips, {}]):
        start = _offset(clip.get("startOffset"))
        end = _offset(clip.get("endOffset")) or _offset(following.get("startOffset"))
        if "clip" in _types(clip) and start is not None and end is not None and end >= start:
            yield Section(start, end, clean(_text(clip.get("name")), 500), tag)


def _offset(value: Any) -> Fraction | None:
    if _text(value) in ("0", "0.0"):
        return Fraction(0)
    duration = parse_duration(_text(value))
    return duration.seconds if duration else None


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 0
