"""The hand that opens listings: digests, places, and files that are not there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from holdfast.errors import BadListing, SourceMissing
from holdfast.model.fixity import digest_of
from holdfast.model.lost import Skipped, Thumbnail
from holdfast.restore.wanted.files import read_listing_file, thumbnail_bytes
from tests.formats.listings.samples import FLAT_ENTRY, INFO, capture_records, picture, wacz, warc_gz


def test_a_listing_is_read_whatever_its_name_and_names_its_digest(tmp_path: Path) -> None:
    path = tmp_path / "old backup.txt"
    path.write_text(json.dumps({"entries": [INFO | {"formats": []}, None, FLAT_ENTRY]}), "utf-8")
    told: list[Skipped] = []
    works = list(read_listing_file(path, told.append))
    assert [work.title for work in works] == ["Урожай 1974", "Жатва"]
    assert works[0].origin.file == "old backup.txt"
    assert works[0].origin.digest == digest_of(path.read_bytes())
    assert [one.origin.place for one in told] == ["entry 2"]


@pytest.mark.parametrize("data", [warc_gz(capture_records()), wacz({"archive/a.warc.gz": warc_gz(capture_records())})])
def test_a_captured_thumbnail_can_be_fetched_from_its_capture(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "capture"
    path.write_bytes(data)
    harvest = next(read_listing_file(path, lambda _: None))
    assert thumbnail_bytes(path, harvest.thumbnails[0]) == picture()
    path.write_bytes(data[:200])
    with pytest.raises(BadListing, match=str(path)):
        thumbnail_bytes(path, harvest.thumbnails[0])


def test_an_embedded_thumbnail_needs_no_file(tmp_path: Path) -> None:
    assert thumbnail_bytes(tmp_path / "gone", Thumbnail(data=b"x")) == b"x"


def test_a_listing_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing, match="no such file"):
        list(read_listing_file(tmp_path / "gone", lambda _: None))
