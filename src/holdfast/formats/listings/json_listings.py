"""Listings in JSON: yt-dlp's `info.json` and playlists, lines of JSON, dumps of a site's interface, tables as objects.

What an object is, its keys tell: yt-dlp's extractor, a `snippet`, an `@type`, a page's renderers, else column names.
A whole document is read at once and so has a bound; lines may be as many as they like.

Field names: yt-dlp's documentation, "output template"; YouTube Data API v3, resource `playlistItem` and `video`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

from holdfast.errors import BadListing, BadRecord
from holdfast.formats.canonical import MAXIMUM_BYTES, parse_json
from holdfast.formats.codepages import old_text
from holdfast.formats.listings.columns import mapped, told_of_row, unit_of
from holdfast.formats.listings.durations import parse_duration
from holdfast.formats.listings.loose_json import at, loose_json, text_at
from holdfast.formats.listings.reading import Reading, bounded_bytes, bounded_lines
from holdfast.formats.listings.schema_org import is_schema_org, works_of_schema_org
from holdfast.formats.listings.statements import Told, listed_work, named
from holdfast.formats.listings.youtube import is_youtube, works_of_youtube
from holdfast.formats.ytdlp import read_entry
from holdfast.model.address import source_id
from holdfast.model.lost import ListedWork, Thumbnail

_DEEPEST = 6  # a channel has tabs, a tab has playlists, a playlist has entries
_INHERITED = ("channel", "uploader", "channel_id", "uploader_id", "extractor_key", "extractor", "language")
_OF_YTDLP = {"extractor", "extractor_key", "ie_key", "_type", "webpage_url", "upload_date", "fulltitle"}


def read_json(stream: BinaryIO, reading: Reading) -> Iterator[ListedWork]:
    """The works in a JSON document, or in lines of JSON. `stream` must be able to go back to where it is.

    Raises:
        BadListing: it is neither, or a document of more than 64 MB.
    """
    start = stream.tell()
    if _is_lines(stream):
        stream.seek(start)
        yield from _lines(stream, reading)
        return
    stream.seek(start)
    data = bounded_bytes(stream, MAXIMUM_BYTES)
    if data is None:
        reason = f"it is one piece of JSON of more than {MAXIMUM_BYTES >> 20} MB; give it as lines, one work each"
        raise BadListing(path=reading.file, reason=reason)
    yield from works_of_json(_parsed(data, reading), reading)


def works_of_json(plain: Any, reading: Reading, place: str = "") -> Iterator[ListedWork]:
    """The works in a JSON value that was read. What is none is told of."""
    if is_youtube(plain):
        yield from works_of_youtube(plain, reading)
    elif is_schema_org(plain):
        yield from works_of_schema_org(plain, reading)
    else:
        yield from _entries(plain, reading, place, {}, _DEEPEST)


def tells_of_works(plain: Any) -> bool:
    """Whether a JSON value of unknown meaning has a form that names works, not only keys that could be columns."""
    if is_youtube(plain) or is_schema_org(plain):
        return True
    some = next((child for key in ("entries", "items") if (child := at(plain, key, 0))), at(plain, 0) or plain)
    return isinstance(some, dict) and bool(some.keys() & {"extractor", "extractor_key", "ie_key", "snippet"})


def _is_lines(stream: BinaryIO) -> bool:
    """Whether the first lines each begin an object, and one of them is a whole one: the first may be the broken one."""
    first = [line or b"" for _, line in islice(bounded_lines(stream), 3)]
    begin_objects = all(line.lstrip(b"\xef\xbb\xbf \t").startswith(b"{") for line in first)
    return len(first) > 1 and begin_objects and any(map(_is_object, first))


def _is_object(line: bytes) -> bool:
    return isinstance(loose_json(line.decode("utf-8-sig", "replace")), dict)


def _lines(stream: BinaryIO, reading: Reading) -> Iterator[ListedWork]:
    for number, line in bounded_lines(stream):
        place = f"line {number}"
        if line is None:
            reading.skip("the line is too long to be one work", place)
            continue
        try:
            plain = _parsed(line, reading)
        except BadListing as error:
            reading.skip(str(error.values["reason"]), place)
            continue
        yield from works_of_json(plain, reading, place)


def _parsed(data: bytes, reading: Reading) -> Any:
    """JSON as strict as our own where it can be: a mistake in a listing is better told than guessed at."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = old_text(data).encode("utf-8", "replace")
    try:
        return parse_json(data, reading.file, half_characters=True)
    except BadRecord as error:
        reason = str(error.values["reason"])
        if "twice" in reason and (plain := loose_json(data.decode("utf-8-sig", "replace"))) is not None:
            return plain
        raise BadListing(path=reading.file, reason=reason) from error


def _entries(plain: Any, reading: Reading, place: str, given: dict[str, Any], deepest: int) -> Iterator[ListedWork]:
    """`given` is what the playlist says of all its entries."""
    children = plain if isinstance(plain, list) else at(plain, "entries") or at(plain, "items")
    if isinstance(children, list):
        if deepest == 0:
            reading.skip("playlists inside playlists, too deeply", place)
            return
        if isinstance(plain, dict):
            given = given | {key: plain[key] for key in _INHERITED if plain.get(key)}
        for number, child in enumerate(children, start=1):
            yield from _entries(child, reading, _inside(place, number), given, deepest - 1)
    elif not isinstance(plain, dict):
        reading.skip("there is no object here: the work could not be seen when this was listed", place)
    elif work := _work(plain, reading, place, given):
        yield work
    else:
        reading.skip("nothing here names a work", place)


def _inside(place: str, number: int) -> str:
    return f"{place}, entry {number}" if place else f"entry {number}"


def _work(plain: dict[str, Any], reading: Reading, place: str, given: dict[str, Any]) -> ListedWork | None:
    if isinstance(plain.get("snippet"), dict):
        return listed_work(_told_of_api(plain), reading.origin(place), reading.address)
    if plain.keys() & _OF_YTDLP or (given.keys() & _OF_YTDLP and plain.keys() & {"id", "url"}):
        return _of_ytdlp({**given, **{key: value for key, value in plain.items() if value is not None}}, reading, place)
    cells = {key: str(value) for key, value in plain.items() if isinstance(value, str | int | float)}
    names = list(cells)
    try:
        places = mapped(names, reading.mapping)
    except ValueError:
        places = mapped(names, {field: name for field, name in reading.mapping.items() if name in cells})
    unit_s = unit_of(names[places["duration"]]) if "duration" in places else 1
    return listed_work(told_of_row(list(cells.values()), places, unit_s), reading.origin(place), reading.address)


def _of_ytdlp(plain: dict[str, Any], reading: Reading, place: str) -> ListedWork | None:
    # An entry of a flat playlist is the playlist's extractor's; `ie_key` is that of the work itself.
    if isinstance(plain.get("ie_key"), str):
        plain = plain | {"extractor_key": plain["ie_key"]}
    if not plain.get("webpage_url") and isinstance(plain.get("url"), str) and not plain.get("formats"):
        plain = plain | {"webpage_url": plain["url"]}
    listing = read_entry(plain, reading.file)
    publication = listing.publication
    id_of_site = source_id(publication.site, publication.item, publication.url)
    titles = tuple(title for title in listing.titles if named(title.text))
    if not titles and id_of_site is None:
        return None
    return ListedWork(
        origin=reading.origin(place),
        titles=titles,
        descriptions=listing.descriptions,
        dates=listing.dates,
        people=listing.people,
        duration=parse_duration(plain.get("duration")),
        publication=publication,
        source_id=id_of_site,
        thumbnails=tuple(_thumbnails(plain, listing.thumbnails)),
        sections=listing.sections,
        language=listing.language,
        warnings=listing.warnings,
    )


def _thumbnails(plain: dict[str, Any], addresses: tuple[str, ...]) -> Iterator[Thumbnail]:
    """The listed thumbnails, the largest first, at most as many as any reader keeps."""
    listed = plain.get("thumbnails")
    sizes = {
        str(item.get("url")): (_size(item.get("width")), _size(item.get("height")))
        for item in (listed if isinstance(listed, list) else [])
        if isinstance(item, dict)
    }
    found = [Thumbnail(address, *sizes.get(address, (0, 0))) for address in addresses]
    yield from sorted(found, key=lambda one: -one.width * one.height)[:20]


def _size(value: Any) -> int:
    return value if isinstance(value, int) and 0 < value < 100_000 else 0


def _told_of_api(plain: dict[str, Any]) -> Told:
    """An item of the YouTube Data API: a `video` has its own id, a `playlistItem` names that of the video."""
    item = text_at(plain, "contentDetails", "videoId") or text_at(plain, "snippet", "resourceId", "videoId")
    item = item or text_at(plain, "id", "videoId") or text_at(plain, "id")
    sizes = at(plain, "snippet", "thumbnails")
    return Told(
        title=text_at(plain, "snippet", "title"),
        duration=at(plain, "contentDetails", "duration"),
        uploaded=at(plain, "contentDetails", "videoPublishedAt") or at(plain, "snippet", "publishedAt"),
        description=text_at(plain, "snippet", "description"),
        publisher=text_at(plain, "snippet", "videoOwnerChannelTitle") or text_at(plain, "snippet", "channelTitle"),
        site="youtube",
        item=item,
        address=f"https://www.youtube.com/watch?v={item}",
        language=text_at(plain, "snippet", "defaultAudioLanguage") or text_at(plain, "snippet", "defaultLanguage"),
        thumbnails=tuple(
            Thumbnail(text_at(size, "url"), _size(at(size, "width")), _size(at(size, "height")))
            for size in (sizes.values() if isinstance(sizes, dict) else ())
        ),
    )
