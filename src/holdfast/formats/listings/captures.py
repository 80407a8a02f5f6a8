"""Works in web captures, WARC and WACZ: pages, feeds and data that name them, and captured pictures as thumbnails.

A capture is read twice, and never held: first only to learn where pictures lie, then for the works, each of which is
given the places of its thumbnails. The bytes of a picture are fetched when somebody wants them (`picture_bytes`).

Source: ISO 28500:2017; WACZ 1.1.1 (a ZIP with `archive/*.warc.gz` and `datapackage.json`).
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import BinaryIO, cast

from holdfast.errors import BadListing
from holdfast.formats.codepages import old_text
from holdfast.formats.listings.answers import Answer, answer_of, body_of, plain_type
from holdfast.formats.listings.feeds import read_feed
from holdfast.formats.listings.json_listings import tells_of_works, works_of_json
from holdfast.formats.listings.loose_json import at, loose_json, text_at
from holdfast.formats.listings.pages import page_text, works_of_page
from holdfast.formats.listings.pictures import pixel_size
from holdfast.formats.listings.reading import Reading
from holdfast.formats.listings.warc import BrokenPiece, Record, record_at, records
from holdfast.model.address import comparable, source_id_of
from holdfast.model.lost import ListedWork, Place, SourceId, Thumbnail
from holdfast.model.time import parse_civil

_MOST_PICTURES = 500_000
_MOST_MEMBERS = 10_000
_TEXTS = re.compile(r"text/html|application/xhtml\+xml|(?:application|text)/(?:[\w.-]+\+)?(?:json|xml)|text/plain|")
_FEED = re.compile(r"<(?:\w+:)?(?:rss|feed|RDF)[\s>]")
_MEMBER = re.compile(r"(?:.*/)?[^/]+\.warc(?:\.gz)?", re.IGNORECASE)
_BOMB_BYTES = 256 * 1024 * 1024
_BOMB_RATIO = 200
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


@dataclass
class _Pictures:
    """Where the captured pictures lie: by address, and by the work that their address names."""

    by_address: dict[str, Thumbnail] = field(default_factory=dict)
    by_work: dict[SourceId, list[Thumbnail]] = field(default_factory=dict)

    def add(self, thumbnail: Thumbnail) -> None:
        """Remember one; one address captured twice counts once."""
        key = comparable(thumbnail.address)
        if not key or key in self.by_address or len(self.by_address) >= _MOST_PICTURES:
            return
        self.by_address[key] = thumbnail
        if work := source_id_of(thumbnail.address):
            self.by_work.setdefault(work, []).append(thumbnail)

    def given_to(self, work: ListedWork) -> ListedWork:
        """The work with the places of its thumbnails, and with captured ones whose address names it."""
        listed = [self.by_address.get(comparable(one.address), one) for one in work.thumbnails]
        more = self.by_work.get(work.source_id, []) if work.source_id else []
        return replace(work, thumbnails=tuple(dict.fromkeys([*listed, *more])))


def read_warc(stream: BinaryIO, reading: Reading) -> Iterator[ListedWork]:
    """The works that a WARC tells of. Broken parts of it are told of, the others are read."""
    pictures = _Pictures()
    _gather_pictures(stream, "", pictures)
    yield from _works(stream, reading, "", pictures)


def read_wacz(stream: BinaryIO, reading: Reading) -> Iterator[ListedWork]:
    """The works that the WARCs inside a WACZ tell of.

    Raises:
        BadListing: it is no ZIP, or holds no web capture.
    """
    try:
        archive = zipfile.ZipFile(stream)
    except _BROKEN_ZIP as error:
        raise BadListing(path=reading.file, reason=f"it is a broken ZIP ({error})") from error
    with archive:
        members = _members(archive, reading)
        pictures = _Pictures()
        for info in members:
            with _opened(archive, info, None) as member:
                if member:
                    _gather_pictures(member, info.filename, pictures)
        for info in members:
            with _opened(archive, info, reading) as member:
                if member:
                    yield from _works(member, reading, info.filename, pictures)


def picture_bytes(stream: BinaryIO, thumbnail: Thumbnail) -> bytes:
    """The bytes of a thumbnail that the listing in `stream` embeds or captured; b"" if it only names an address.

    Raises:
        BadListing: it cannot be read any more at its place.
    """
    place = thumbnail.place
    if place is None:
        return thumbnail.data
    try:
        if not place.member:
            return _picture(record_at(stream, place.offset, place.inner))
        with zipfile.ZipFile(stream) as archive, archive.open(place.member) as member:
            return _picture(record_at(cast(BinaryIO, member), place.offset, place.inner))
    except (BrokenPiece, KeyError, *_BROKEN_ZIP) as error:
        reason = f"the captured picture at byte {place.offset} cannot be read ({error})"
        raise BadListing(path=place.member or "the capture", reason=reason) from error


def _members(archive: zipfile.ZipFile, reading: Reading) -> list[zipfile.ZipInfo]:
    """The WARCs inside, without those that are bombs or that nobody can open; what the package lacks is told."""
    found = [info for info in archive.infolist() if _MEMBER.fullmatch(info.filename)]
    for path in _promised(archive):
        if _MEMBER.fullmatch(path) and path not in {info.filename for info in found}:
            reading.skip("datapackage.json names it, but it is not there", path)
    if not found:
        raise BadListing(path=reading.file, reason="it is a ZIP that holds no web capture (no .warc or .warc.gz)")
    good = []
    for info in found[:_MOST_MEMBERS]:
        if info.flag_bits & 1:
            reading.skip("it is encrypted", info.filename)
        elif info.file_size > _BOMB_BYTES and info.file_size > _BOMB_RATIO * max(1, info.compress_size):
            reading.skip(f"it would inflate from {info.compress_size} to {info.file_size} bytes", info.filename)
        else:
            good.append(info)
    return good


def _promised(archive: zipfile.ZipFile) -> list[str]:
    try:
        with archive.open("datapackage.json") as file:
            package = loose_json(old_text(file.read(4 * 1024 * 1024)))
    except (KeyError, *_BROKEN_ZIP):
        return []
    resources = at(package, "resources")
    return [text_at(one, "path") for one in (resources if isinstance(resources, list) else [])[:_MOST_MEMBERS]]


@contextmanager
def _opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo, reading: Reading | None) -> Iterator[BinaryIO | None]:
    """The member; None if it cannot be opened. What breaks while it is read ends it, and is told."""
    try:
        member = archive.open(info)
    except _BROKEN_ZIP as error:
        if reading:
            reading.skip(f"it cannot be opened ({error})", info.filename)
        yield None
        return
    with member:
        yield cast(BinaryIO, _Steady(cast(BinaryIO, member), info.filename, reading))


class _Steady(io.RawIOBase):
    """A member of a ZIP that ends where it breaks, and says so, instead of raising in the middle of a record."""

    def __init__(self, member: BinaryIO, name: str, reading: Reading | None) -> None:
        super().__init__()
        self._member, self._name, self._reading = member, name, reading
        self._is_broken = False

    def read(self, size: int = -1) -> bytes:
        """The next bytes, b"" from where it is broken."""
        try:
            return b"" if self._is_broken else self._member.read(size)
        except _BROKEN_ZIP as error:
            self._is_broken = True
            if self._reading:
                self._reading.skip(f"it is broken in the ZIP ({error})", self._name)
            return b""

    def seek(self, offset: int, whence: int = 0) -> int:
        """As of any file."""
        try:
            return self._member.seek(offset, whence)
        except _BROKEN_ZIP:
            self._is_broken = True
            return offset

    def tell(self) -> int:
        """As of any file."""
        return self._member.tell()


def _gather_pictures(stream: BinaryIO, member: str, pictures: _Pictures) -> None:
    for record in records(stream, lambda _: False, lambda *_: None):
        kind, answer = _content(record)
        if not kind.startswith("image/") or kind == "image/svg+xml":
            continue
        width, height = pixel_size(answer.body if answer and not answer.is_chunked else record.block)
        place = Place(member, record.offset, record.inner)
        pictures.add(Thumbnail(record.address, width, height, place=place))


def _works(stream: BinaryIO, reading: Reading, member: str, pictures: _Pictures) -> Iterator[ListedWork]:
    number = silent = 0

    def tell(reason: str, offset: int) -> None:
        reading.skip(reason, f"{member}, byte {offset}" if member else f"byte {offset}")

    for record in records(stream, _may_tell, tell):
        number += 1
        if not record.is_whole or not _may_tell(record):
            continue
        within = ", ".join(filter(None, (member, f"record {number}", record.address[:500])))
        inside = reading.of_record(within, record.address, _moment(record.header.get("warc-date", "")))
        count = 0
        for work in _works_of_record(record, inside):
            count += 1
            yield pictures.given_to(work)
        silent += count == 0
    if silent:
        reading.skip(f"{silent} of {number} records are pages or data that name no work", member)


def _works_of_record(record: Record, reading: Reading) -> Iterator[ListedWork]:
    _, answer = _content(record)
    try:
        body = body_of(answer) if answer else record.block
    except ValueError as error:
        reading.skip(str(error))
        return
    start = body[:4096].decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if start.startswith(("{", "[", ")]}'")):
        plain = loose_json(old_text(body).lstrip("\ufeff \t\r\n").removeprefix(")]}'"))
        if tells_of_works(plain):
            yield from works_of_json(plain, reading)
    elif _FEED.search(start):
        try:
            yield from read_feed(io.BytesIO(body), reading)
        except BadListing as error:
            reading.skip(str(error.values["reason"]))
    elif start.startswith("<"):
        yield from works_of_page(page_text(body), reading)


def _may_tell(record: Record) -> bool:
    """Whether a record may name works: a page, feed or data that the server gave, or that the crawler added."""
    kind, _ = _content(record)
    return kind != "-" and _TEXTS.fullmatch(kind) is not None


def _content(record: Record) -> tuple[str, Answer | None]:
    """The type of what was captured, and the answer if it came by HTTP; `-` for what is no content."""
    if record.kind == "resource":
        return plain_type(record.header.get("content-type", "")), None
    if record.kind != "response":
        return "-", None
    answer = answer_of(record.block)
    if answer is None or not 200 <= answer.status < 300:
        return "-", None
    return answer.content_type, answer


def _picture(record: Record) -> bytes:
    _, answer = _content(record)
    return body_of(answer) if answer else record.block


def _moment(text: str) -> datetime | None:
    try:
        return parse_civil(text)
    except ValueError:
        return None
