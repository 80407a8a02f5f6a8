"""Lines and bytes with bounds, and places that tell the whole way."""

from __future__ import annotations

from io import BytesIO

from holdfast.formats.listings.reading import Reading, bounded_bytes, bounded_lines
from holdfast.model.lost import Skipped


def test_lines_are_numbered_and_one_that_is_too_long_is_named_without_being_held() -> None:
    data = b"a\n\n" + b"x" * 200_000 + b"\nb"
    assert list(bounded_lines(BytesIO(data), longest=10)) == [(1, b"a\n"), (3, None), (4, b"b")]


def test_bytes_beyond_the_bound_are_none() -> None:
    assert bounded_bytes(BytesIO(b"12345"), 5) == b"12345"
    assert bounded_bytes(BytesIO(b"123456"), 5) is None


def test_a_place_inside_a_record_names_the_record_first() -> None:
    told: list[Skipped] = []
    reading = Reading("a.warc", tell=told.append).of_record("record 7", "https://films.example/", None)
    reading.skip("why", "line 2")
    assert (told[0].origin.file, told[0].origin.place, told[0].reason) == ("a.warc", "record 7, line 2", "why")
