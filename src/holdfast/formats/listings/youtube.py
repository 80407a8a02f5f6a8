"""Works in what YouTube's pages carry inside: `ytInitialData`, `ytInitialPlayerResponse`, answers of its interface.

The form has changed a dozen times in as many years. What stayed is that somewhere inside stands an object for each
film, under a key that ends in `Renderer` or `ViewModel`, with the film's id. So the whole is walked, and of each such
object is taken what is where it used to be. Films that a page only recommends beside another are not what it lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from holdfast.formats.listings.loose_json import at, objects, text_at
from holdfast.formats.listings.reading import Reading
from holdfast.formats.listings.statements import Told, listed_work
from holdfast.model.lost import ListedWork, Thumbnail

_RENDERERS = (
    *("videoRenderer", "gridVideoRenderer", "playlistVideoRenderer", "playlistPanelVideoRenderer"),
    *("compactVideoRenderer", "reelItemRenderer", "videoCardRenderer", "endScreenVideoRenderer"),
    *("videoWithContextRenderer", "channelVideoPlayerRenderer"),
)
_RECOMMENDED = {"secondaryResults", "endScreen", "autoplay", "playerOverlays"}
_ROOTS = {"responseContext", "videoDetails", "ytInitialData", "playerResponse"}
_VIDEO_ID = re.compile(r"[\w-]{11}")
_CLOCK = re.compile(r"(?:[0-9]{1,3}:)?[0-9]{1,3}:[0-9]{2}")
_AGO = re.compile(r"\b(?:ago|назад|vor)\b|前|전$")


def is_youtube(plain: Any) -> bool:
    """Whether a JSON value is what such a page or an answer carries."""
    first = at(plain, 0) if isinstance(plain, list) else plain
    return isinstance(first, dict) and bool(first.keys() & _ROOTS)


def works_of_youtube(plain: Any, reading: Reading) -> Iterator[ListedWork]:
    """The works listed in `plain`, each once."""
    owner = _owner(plain)
    seen: set[str] = set()
    for node in objects(plain, lambda key: key not in _RECOMMENDED):
        for told in _told(node, owner):
            if told.item not in seen and _VIDEO_ID.fullmatch(told.item):
                seen.add(told.item)
                if work := listed_work(told, reading.origin(f"video {told.item}"), reading.address):
                    yield work


def _told(node: dict[str, Any], owner: str) -> Iterator[Told]:
    if isinstance(details := node.get("videoDetails"), dict):
        yield _of_player(details, at(node, "microformat", "playerMicroformatRenderer"))
    for name in _RENDERERS:
        if isinstance(renderer := node.get(name), dict):
            yield _of_renderer(renderer, owner)
    if isinstance(lockup := node.get("lockupViewModel"), dict):
        yield _of_lockup(lockup, owner)
    if isinstance(short := node.get("shortsLockupViewModel"), dict):
        yield _of_short(short, owner)


def _of_player(details: dict[str, Any], microformat: Any) -> Told:
    told = Told(
        title=text_at(details, "title"),
        duration=text_at(details, "lengthSeconds"),
        uploaded=text_at(microformat, "uploadDate") or text_at(microformat, "publishDate"),
        description=text_at(details, "shortDescription") or _text(at(microformat, "description")),
        publisher=text_at(details, "author"),
        thumbnails=_images(at(details, "thumbnail", "thumbnails")),
    )
    return _named(told, text_at(details, "videoId"))


def _of_renderer(renderer: dict[str, Any], owner: str) -> Told:
    publisher = next(
        (found for key in ("ownerText", "longBylineText", "shortBylineText") if (found := _text(renderer.get(key)))), ""
    )
    told = Told(
        title=_text(renderer.get("title")) or _text(renderer.get("headline")),
        duration=_length(renderer),
        uploaded=_text(renderer.get("publishedTimeText")),
        description=_text(renderer.get("descriptionSnippet")) or _text(renderer.get("description")),
        publisher=publisher or owner,
        thumbnails=_images(at(renderer, "thumbnail", "thumbnails")),
    )
    return _named(told, text_at(renderer, "videoId"))


def _length(renderer: dict[str, Any]) -> str:
    """The length as a number, as a clock, or as what lies on the thumbnail."""
    plain = text_at(renderer, "lengthSeconds") or _text(renderer.get("lengthText"))
    if plain:
        return plain
    overlays = renderer.get("thumbnailOverlays")
    for overlay in overlays if isinstance(overlays, list) else []:
        text = _text(at(overlay, "thumbnailOverlayTimeStatusRenderer", "text"))
        if _CLOCK.fullmatch(text):
            return text
    return ""


def _of_lockup(lockup: dict[str, Any], owner: str) -> Told:
    """The form since 2024: texts in rows, of which only their looks tell what they are."""
    item = text_at(lockup, "contentId")
    if "VIDEO" not in text_at(lockup, "contentType") + "VIDEO" * ("contentType" not in lockup):
        item = ""  # a playlist or a channel
    badges = (text_at(node, "thumbnailBadgeViewModel", "text") for node in objects(lockup.get("contentImage")))
    rows = [text_at(node, "text", "content") for node in objects(at(lockup, "metadata", "lockupMetadataViewModel"))]
    images = at(lockup, "contentImage", "thumbnailViewModel", "image", "sources")
    told = Told(
        title=text_at(lockup, "metadata", "lockupMetadataViewModel", "title", "content"),
        duration=next((text for text in badges if _CLOCK.fullmatch(text)), ""),
        uploaded=next((text for text in rows if _AGO.search(text)), ""),
        publisher=owner,
        thumbnails=_images(images),
    )
    return _named(told, item)


def _of_short(short: dict[str, Any], owner: str) -> Told:
    item = text_at(short, "onTap", "innertubeCommand", "reelWatchEndpoint", "videoId")
    item = item or text_at(short, "entityId").removeprefix("shorts-shelf-item-")
    title = text_at(short, "overlayMetadata", "primaryText", "content")
    return _named(Told(title=title, publisher=owner, thumbnails=_images(at(short, "thumbnail", "sources"))), item)


def _named(told: Told, item: str) -> Told:
    return replace(told, site="youtube", item=item, address=f"https://www.youtube.com/watch?v={item}" if item else "")


def _text(value: Any) -> str:
    """A text of any of its forms: `simpleText`, pieces in `runs`, `content`, or only its spoken label."""
    plain = text_at(value, "simpleText") or text_at(value, "content")
    runs = at(value, "runs")
    if not plain and isinstance(runs, list):
        plain = "".join(text_at(run, "text") for run in runs[:1000])
    return plain or text_at(value, "accessibility", "accessibilityData", "label")


def _images(sizes: Any) -> tuple[Thumbnail, ...]:
    """The thumbnails, the largest first; sites list the same picture in several sizes."""
    found = [
        Thumbnail(text_at(size, "url"), _pixels(at(size, "width")), _pixels(at(size, "height")))
        for size in (sizes if isinstance(sizes, list) else [])[:20]
    ]
    return tuple(sorted(found, key=lambda one: -one.width * one.height))


def _pixels(value: Any) -> int:
    return value if isinstance(value, int) and 0 < value < 100_000 else 0


def _owner(plain: Any) -> str:
    """The channel whose page this is."""
    for root in plain if isinstance(plain, list) else [plain]:
        for path in (("metadata", "channelMetadataRenderer", "title"), ("header", "c4TabbedHeaderRenderer", "title")):
            if name := text_at(root, *path):
                return name
    return ""
