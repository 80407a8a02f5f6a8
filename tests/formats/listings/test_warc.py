"""Records of WARC files: whole, compressed, cut short, broken in the middle, and made to harm."""

from __future__ import annotations

import gzip
import zlib
from io import BytesIO
from itertools import accumulate

import pytest

from holdfast.formats.listings import warc
from holdfast.formats.listings.warc import BrokenPiece, record_at, records
from tests.formats.listings.samples import capture_records, record, warc_gz

PIECES = capture_records()
ADDRESSES = [
    *("", "https://films.example/7", "https://films.example/7.png", "https://films.example/style.css"),
    *("https://films.example/gone", "https://films.example/8", "https://films.example/about"),
]


def read(data: bytes, **given: int) -> tuple[list[warc.Record], list[str]]:
    told: list[str] = []
    return list(records(BytesIO(data), lambda _: True, lambda reason, _: told.append(reason), **given)), told


@pytest.mark.parametrize(
    "data",
    [b"".join(PIECES), warc_gz(PIECES), gzip.compress(b"".join(PIECES)), warc_gz(PIECES) + b"\0" * 512],
    ids=["plain", "compressed piece by piece", "compressed as one", "filled up with zeros"],
)
def test_every_record_is_read_and_lies_where_it_says(data: bytes) -> None:
    found, told = read(data)
    assert [one.address for one in found] == ADDRESSES
    assert told == []
    for one in found:
        assert record_at(BytesIO(data), one.offset, one.inner).block == one.block


@pytest.mark.parametrize("is_compressed", [True, False])
def test_a_broken_record_costs_only_itself(is_compressed: bool) -> None:
    pieces = [gzip.compress(one, mtime=0) for one in PIECES] if is_compressed else list(PIECES)
    if is_compressed:
        pieces[2] = pieces[2][:10] + b"\xff" * 70 + pieces[2][80:]
    else:
        pieces[2] = pieces[2].replace(b"Content-Length", b"Content-Lxngth")
    found, told = read(b"".join(pieces))
    assert len(told) == 1
    assert {"https://films.example/7", "https://films.example/8"} <= {one.address for one in found}


@pytest.mark.parametrize("is_compressed", [True, False])
def test_a_file_cut_short_anywhere_gives_what_was_whole_and_tells_the_rest(is_compressed: bool) -> None:
    data = warc_gz(PIECES) if is_compressed else b"".join(PIECES)
    sizes = [len(gzip.compress(one, mtime=0)) if is_compressed else len(one) for one in PIECES]
    ends = {end - tail for end in accumulate(sizes) for tail in range(5)}
    for cut in range(1, len(data) - 5, 41):
        found, told = read(data[:cut])
        assert [one.address for one in found] == ADDRESSES[: len(found)]
        assert told or cut in ends, "a cut between two records looks like an end"


def test_a_record_too_large_to_look_into_is_told_and_the_next_is_read() -> None:
    large = record("https://films.example/large", b"x" * 100_000, "text/html")
    found, told = read(warc_gz([large, PIECES[1]]), largest=50_000)
    assert [one.is_whole for one in found] == [False, True]
    assert "too large" in told[0]
    assert len(found[0].block) == warc.HEAD_BYTES


def test_a_piece_that_would_inflate_without_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "_BOMB_BYTES", 1 << 20)
    head = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99999999999\r\n\r\n"
    bomb = gzip.compress(head + bytes(64 << 20))
    found, told = read(bomb + warc_gz([PIECES[1]]))
    assert [one.address for one in found] == ["https://films.example/7"]
    assert "beyond all bounds" in told[0]


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"WARC/1.0\r\n", b"WARC/1.0\r\n\r\n", b"WARC/1.0\r\nContent-Length: -5\r\n\r\n", b"\x1f\x8b"),
        *(b"\x1f\x8b\x08", b"WARC/1.0\r\n" + b"a: b\r\n" * 500, b"WARC/1.0\r\na: " + b"x" * 200_000),
        *(zlib.compress(b"x"), b"nonsense" * 50_000),
    ],
)
def test_what_is_no_record_gives_none_and_ends(data: bytes) -> None:
    found, _ = read(data)
    assert found == []


def test_a_place_where_no_record_lies_is_refused() -> None:
    with pytest.raises(BrokenPiece):
        record_at(BytesIO(warc_gz(PIECES)), 5, 0)
    with pytest.raises(BrokenPiece):
        record_at(BytesIO(b"".join(PIECES)), 10_000_000, 0)
