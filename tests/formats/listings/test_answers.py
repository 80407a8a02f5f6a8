"""Answers of servers as captures keep them, with every wrapping of the transport."""

from __future__ import annotations

import gzip
import zlib

import pytest

from holdfast.formats.listings.answers import Answer, answer_of, body_of, plain_type

TEXT = b"<html>" + b"Harvest " * 50


def answer(body: bytes, header: str = "") -> Answer:
    found = answer_of(f"HTTP/1.1 200 OK\r\nContent-Type: Text/HTML; charset=x\r\n{header}\r\n".encode() + body)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("body", "header"),
    [
        (TEXT, ""),
        (gzip.compress(TEXT), "Content-Encoding: gzip\r\n"),
        (zlib.compress(TEXT), "Content-Encoding: deflate\r\n"),
        (zlib.compress(TEXT)[2:-4], "Content-Encoding: deflate\r\n"),
        (b"5;x=y\r\n<html\r\n" + b"191\r\n" + TEXT[5:] + b"\r\n0\r\n\r\n", "Transfer-Encoding: chunked\r\n"),
        (TEXT, "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"),
        (TEXT, "Content-Encoding: br\r\n"),
    ],
    ids=["plain", "gzip", "deflate", "bare deflate", "chunks", "unwrapped when it was kept", "unwrapped br"],
)
def test_the_body_is_what_a_browser_would_have_seen(body: bytes, header: str) -> None:
    found = answer(body, header)
    assert (found.status, found.content_type) == (200, "text/html")
    assert body_of(found) == TEXT


@pytest.mark.parametrize(
    ("body", "coding"),
    [(b"\x1f\x8b\x08broken", "gzip"), (b"\x8b\x03\x80", "br"), (gzip.compress(bytes(20 << 20)), "gzip")],
)
def test_a_body_that_cannot_be_unwrapped_says_why(body: bytes, coding: str) -> None:
    with pytest.raises(ValueError, match="body"):
        body_of(answer(body, f"Content-Encoding: {coding}\r\n"))


def test_chunks_that_are_cut_off_give_what_there_was() -> None:
    assert body_of(answer(b"5\r\n<html\r\n6\r\n>x", "Transfer-Encoding: chunked\r\n")) == b"<html>x"


def test_what_is_no_answer_is_none() -> None:
    assert [answer_of(block) for block in (b"", b"HTTP/1.1 200 OK", b"hello\r\n\r\n")] == [None] * 3
    assert plain_type(" Image/PNG ;q=1") == "image/png"
