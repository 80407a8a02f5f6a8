"""Listings made up for tests: small ones of every form, and captures that hold them."""

from __future__ import annotations

import gzip
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from holdfast.formats.listings.reading import Reading
from holdfast.model.lost import ListedWork, Skipped

Reader = Callable[[BinaryIO, Reading], Iterator[ListedWork]]

INFO: dict[str, Any] = {
    "id": "aB3_dE-fGh1",
    "title": "Урожай 1974",
    "description": "Колхоз «Заря».",
    "thumbnails": [{"url": "https://i.ytimg.com/vi/aB3_dE-fGh1/hqdefault.jpg", "width": 480, "height": 360}],
    "duration": 2054,
    "upload_date": "20190831",
    "channel": "Архив Зари",
    "extractor_key": "Youtube",
    "webpage_url": "https://www.youtube.com/watch?v=aB3_dE-fGh1",
    "language": "ru",
    "chapters": [{"start_time": 0, "end_time": 754.5, "title": "Поле"}],
}
FLAT_ENTRY = {
    "_type": "url",
    "ie_key": "Youtube",
    "id": "zZ9_yY-xXw2",
    "url": "https://www.youtube.com/watch?v=zZ9_yY-xXw2",
    "title": "Жатва",
    "duration": 61.0,
}
FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">
<channel><title>Village Films</title><language>en</language><link>https://films.example/</link>
<item><title>Harvest &amp; Home</title><link>/watch/7</link><pubDate>Sat, 31 Aug 2019 10:00:00 GMT</pubDate>
<description>&lt;p&gt;Filmed &lt;b&gt;in 1974&lt;/b&gt;.&lt;/p&gt;</description><itunes:duration>34:14</itunes:duration>
<media:thumbnail url="https://films.example/7.jpg" width="320" height="240"/></item>
<item><title>The Mill</title><link>https://films.example/watch/8</link><media:content url="x.mp4" duration="95"/></item>
</channel></rss>
"""


def read(reader: Reader, data: bytes | str, **given: Any) -> tuple[list[ListedWork], list[Skipped]]:
    """What a reader finds in `data`, and what it tells of as skipped."""
    skipped: list[Skipped] = []
    raw = data.encode() if isinstance(data, str) else data
    works = list(reader(io.BytesIO(raw), Reading("listing", tell=skipped.append, **given)))
    return works, skipped


def page_of(script: str, kind: str = "application/ld+json") -> str:
    return f'<!DOCTYPE html><html lang="en"><head><script type="{kind}">{script}</script></head><body></body></html>'


def record(
    address: str, body: bytes, content_type: str, *, kind: str = "response", status: int = 200, header: str = ""
) -> bytes:
    """One WARC record, not compressed."""
    block = f"HTTP/1.1 {status} OK\r\nContent-Type: {content_type}\r\n{header}\r\n".encode() + body
    if kind == "resource":
        block = body
    return (
        (
            f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2015-06-15T12:00:00Z\r\n"
            f"Content-Type: {content_type if kind == 'resource' else 'application/http;msgtype=response'}\r\n"
            f"Content-Length: {len(block)}\r\n\r\n"
        ).encode()
        + block
        + b"\r\n\r\n"
    )


def film_page(name: str, item: str) -> bytes:
    described = {
        "@context": "https://schema.org",
        "@type": "VideoObject",
        "name": name,
        "duration": "PT2M3S",
        "thumbnailUrl": f"https://films.example/{item}.png",
    }
    return page_of(json.dumps(described)).encode()


def picture(width: int = 64, height: int = 48) -> bytes:
    """A PNG of one gray."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x80" * width for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def capture_records() -> list[bytes]:
    """A page, its thumbnail, another page, and what every capture also has."""
    return [
        b"WARC/1.1\r\nWARC-Type: warcinfo\r\nContent-Length: 4\r\n\r\na: b\r\n\r\n",
        record("https://films.example/7", film_page("Harvest", "7"), "text/html; charset=utf-8"),
        record("https://films.example/7.png", picture(), "image/png"),
        record("https://films.example/style.css", b"p {}", "text/css"),
        record("https://films.example/gone", film_page("Gone", "9"), "text/html", status=404),
        record("https://films.example/8", film_page("The Mill", "8"), "text/html"),
        record("https://films.example/about", b"<html><p>Who we are</p></html>", "text/html"),
    ]


def warc_gz(records: list[bytes]) -> bytes:
    return b"".join(gzip.compress(one, mtime=0) for one in records)


def wacz(members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()
