"""Web captures: what their pages name, with the pictures that were captured too, and captures that are broken."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from fractions import Fraction

import pytest

from holdfast.errors import BadListing
from holdfast.formats.listings import captures
from holdfast.formats.listings.captures import picture_bytes, read_wacz, read_warc
from holdfast.model.lost import ListedDuration, Thumbnail
from tests.formats.listings.samples import (
    FEED,
    FLAT_ENTRY,
    INFO,
    Reader,
    capture_records,
    page_of,
    picture,
    read,
    record,
    wacz,
    warc_gz,
)

PLAIN = b"".join(capture_records())
COMPRESSED = warc_gz(capture_records())
ZIPPED = wacz({"datapackage.json": b"{}", "archive/data.warc.gz": COMPRESSED, "pages/pages.jsonl": b""})
DEFLATED = wacz({"archive/data.warc": PLAIN}, zipfile.ZIP_DEFLATED)


@pytest.mark.parametrize(
    ("reader", "data"),
    [(read_warc, PLAIN), (read_warc, COMPRESSED), (read_wacz, ZIPPED), (read_wacz, DEFLATED)],
    ids=["warc", "warc.gz", "wacz", "wacz deflated"],
)
def test_the_pages_of_a_capture_name_their_films_with_captured_thumbnails(reader: Reader, data: bytes) -> None:
    (harvest, mill), skipped = read(reader, data)
    assert [(work.title, work.publication.url) for work in (harvest, mill)] == [
        ("Harvest", "https://films.example/7"),
        ("The Mill", "https://films.example/8"),
    ]
    assert harvest.duration == ListedDuration(Fraction(123))
    assert "record 2, https://films.example/7" in harvest.origin.place
    assert harvest.origin.captured_at is not None
    assert harvest.origin.captured_at.isoformat() == "2015-06-15T12:00:00+00:00"
    (thumbnail,) = harvest.thumbnails
    assert (thumbnail.width, thumbnail.height) == (64, 48)
    assert picture_bytes(io.BytesIO(data), thumbnail) == picture()
    assert mill.thumbnails == (Thumbnail("https://films.example/8.png"),)
    assert [one.reason for one in skipped] == ["1 of 7 records are pages or data that name no work"]


def test_feeds_lists_and_data_inside_a_capture_are_read_too() -> None:
    lookalike = json.dumps({"comments": [{"title": "so nice", "id": 5}]}).encode()
    records = [
        record("https://films.example/feed", FEED.encode(), "application/rss+xml"),
        record("urn:info:1", json.dumps(INFO).encode(), "application/json", kind="resource"),
        record("https://films.example/api", json.dumps({"entries": [FLAT_ENTRY]}).encode(), "application/json"),
        record("https://films.example/talk", lookalike, "application/json"),
        record("https://i.ytimg.com/vi/aB3_dE-fGh1/maxresdefault.jpg", picture(), "image/png"),
    ]
    works, _ = read(read_warc, warc_gz(records))
    assert [work.title for work in works] == ["Harvest & Home", "The Mill", "Урожай 1974", "Жатва"]
    assert works[2].thumbnails[-1].place is not None, "a captured picture whose address names the film is its picture"


def test_a_compressed_page_is_unwrapped_and_an_unknown_wrapping_told() -> None:
    page = page_of('{"@type": "VideoObject", "name": "Harvest"}').encode()
    records = [
        record("https://a.example/", gzip.compress(page), "text/html", header="Content-Encoding: gzip\r\n"),
        record("https://b.example/", b"\x8b\x00\x01", "text/html", header="Content-Encoding: br\r\n"),
    ]
    works, skipped = read(read_warc, warc_gz(records))
    assert [work.title for work in works] == ["Harvest"]
    assert "compressed as 'br'" in skipped[0].reason


def test_a_broken_piece_is_told_and_the_films_before_and_after_are_named() -> None:
    pieces = [gzip.compress(one, mtime=0) for one in capture_records()]
    pieces[3] = pieces[3][:20] + b"\xff" * 30 + pieces[3][50:]
    works, skipped = read(read_warc, b"".join(pieces))
    assert [work.title for work in works] == ["Harvest", "The Mill"]
    assert "broken" in skipped[0].reason
    assert skipped[0].origin.place.startswith("byte ")


def test_a_zip_without_a_capture_and_a_broken_zip_are_refused() -> None:
    with pytest.raises(BadListing, match="no web capture"):
        read(read_wacz, wacz({"word/document.xml": b"<a/>"}))
    with pytest.raises(BadListing, match="broken ZIP"):
        read(read_wacz, ZIPPED[: len(ZIPPED) // 2])


def test_what_the_package_names_and_lacks_is_told() -> None:
    package = json.dumps({"resources": [{"path": "archive/data.warc.gz"}, {"path": "archive/more.warc.gz"}]})
    works, skipped = read(read_wacz, wacz({"datapackage.json": package.encode(), "archive/data.warc.gz": COMPRESSED}))
    assert len(works) == 2
    assert skipped[0].origin.place == "archive/more.warc.gz"


def test_a_bomb_in_a_zip_is_left_and_the_others_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(captures, "_BOMB_BYTES", 1 << 20)
    members = {"archive/a.warc": bytes(8 << 20), "archive/b.warc": PLAIN}
    works, skipped = read(read_wacz, wacz(members, zipfile.ZIP_DEFLATED))
    assert [work.title for work in works] == ["Harvest", "The Mill"]
    assert "would inflate" in skipped[0].reason


def test_a_member_that_breaks_in_the_zip_is_told_and_ends_there() -> None:
    data = bytearray(DEFLATED)
    data[len(data) // 2 : len(data) // 2 + 40] = b"\xff" * 40
    _, skipped = read(read_wacz, bytes(data))
    assert any("broken in the ZIP" in one.reason for one in skipped)


def test_a_picture_that_cannot_be_read_any_more_is_an_error_with_its_place() -> None:
    works, _ = read(read_warc, COMPRESSED)
    with pytest.raises(BadListing, match="captured picture at byte"):
        picture_bytes(io.BytesIO(COMPRESSED[:300]), works[0].thumbnails[0])


def test_a_picture_that_is_only_an_address_has_no_bytes() -> None:
    assert picture_bytes(io.BytesIO(), Thumbnail("https://films.example/8.png")) == b""
