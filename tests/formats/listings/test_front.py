"""The front: every form is told by its content, and what is of none is refused."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.errors import BadListing
from holdfast.formats.listings.front import READERS, form_of, read_listings
from tests.formats.listings.samples import FEED, INFO, capture_records, film_page, picture, read, wacz, warc_gz

LISTINGS = {
    "warc": [warc_gz(capture_records()), b"".join(capture_records())],
    "wacz": [wacz({"archive/data.warc.gz": warc_gz(capture_records())})],
    "json": [
        json.dumps(INFO).encode(),
        b"\xef\xbb\xbf\n " + json.dumps([INFO]).encode(),
        json.dumps(INFO).encode("utf-16"),
    ],
    "feed": [FEED.encode(), FEED.replace("?>", "?><!-- a --><?style?>").encode(), FEED.encode("utf-16")],
    "page": [film_page("Harvest", "7"), b"<!-- saved -->\n" + film_page("Harvest", "7")],
    "table": ["Название;Длительность\nУрожай;34:14\n".encode("cp1251"), b"Title\nHarvest\n"],
    "links": [b"https://youtu.be/aB3_dE-fGh1 Harvest 34:14\n"],
}


def test_there_is_a_sample_of_every_form_that_is_read() -> None:
    assert LISTINGS.keys() == READERS.keys()


@pytest.mark.parametrize(("form", "data"), [(form, data) for form, samples in LISTINGS.items() for data in samples])
def test_every_form_is_told_by_its_content_and_read(form: str, data: bytes) -> None:
    assert form_of(data) == form
    works, _ = read(read_listings, data)
    assert works[0].title or works[0].source_id


@pytest.mark.parametrize("data", [b"", b" \n", picture(), b"\x1f\x8b\x08\0\0", b"Dear Ada, it rains.\n", bytes(1000)])
def test_what_is_no_listing_is_refused_with_what_would_be_read(data: bytes) -> None:
    with pytest.raises(BadListing, match=r"WARC or WACZ|it is empty"):
        read(read_listings, data)


def test_with_a_mapping_any_text_is_a_table() -> None:
    works, _ = read(read_listings, "Ada;Harvest;34:14\n", mapping={"title": "2", "duration": "3"})
    assert works[0].title == "Harvest"


@given(st.binary(max_size=300))
def test_bytes_of_any_kind_are_read_or_refused_and_nothing_else(data: bytes) -> None:
    with suppress(BadListing):
        read(read_listings, data)


@given(st.sampled_from([data for samples in LISTINGS.values() for data in samples]), st.data())
def test_a_listing_with_changed_bytes_is_read_or_refused_and_nothing_else(data: bytes, draw: st.DataObject) -> None:
    broken = bytearray(data)
    for _ in range(draw.draw(st.integers(1, 5))):
        broken[draw.draw(st.integers(0, len(broken) - 1))] = draw.draw(st.integers(0, 255))
    with suppress(BadListing):
        read(read_listings, bytes(broken[: draw.draw(st.integers(1, len(broken)))]))
