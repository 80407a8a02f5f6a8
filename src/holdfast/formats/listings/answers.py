"""What a server answered, as captures keep it: status, header and body, with the wrappings of the transport undone.

Source: RFC 9112, 4 to 7 (HTTP/1.1 messages, chunked coding); RFC 9110, 8.4 (content codings).
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

from holdfast.formats.listings.reading import LARGEST_PAGE

_STATUS = re.compile(rb"HTTP/[0-9.]+ +([0-9]{3})")
_HEADER_END = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True)
class Answer:
    """`content_type` is without parameters, in small letters. `body` may be cut where the block was."""

    status: int
    content_type: str
    coding: str
    is_chunked: bool
    body: bytes


def answer_of(block: bytes) -> Answer | None:
    """The answer in a block, its body as it was sent; None if it is no HTTP."""
    status = _STATUS.match(block)
    end = _HEADER_END.search(block)
    if status is None or end is None:
        return None
    header: dict[str, str] = {}
    for line in block[: end.start()].decode("latin-1").splitlines()[1:]:
        name, _, value = line.partition(":")
        header.setdefault(name.strip().lower(), value.strip())
    return Answer(
        int(status[1]),
        plain_type(header.get("content-type", "")),
        header.get("content-encoding", "").lower(),
        "chunked" in header.get("transfer-encoding", "").lower(),
        block[end.end() :],
    )


def plain_type(content_type: str) -> str:
    """`text/html` of `text/html; charset=utf-8`."""
    return content_type.partition(";")[0].strip().lower()


def body_of(answer: Answer) -> bytes:
    """The body as a browser would see it, bounded. Bytes that were kept unwrapped in spite of the header stay so.

    Raises:
        ValueError: its coding is not known here, is broken, or inflates beyond a page.
    """
    body = _unchunked(answer.body) if answer.is_chunked else answer.body
    coding = answer.coding.removeprefix("x-")
    if coding in ("", "identity"):
        return body
    if coding == "gzip":
        return _inflated(body, 31) if body.startswith(b"\x1f\x8b") else body
    if coding == "deflate":
        return _inflated(body, 15 if body[:1] == b"\x78" else -15)
    if _is_text(body):
        return body
    raise ValueError(f"its body is compressed as {coding[:20]!r}, which is not read")


def _unchunked(body: bytes) -> bytes:
    pieces: list[bytes] = []
    at = 0
    while True:
        end = body.find(b"\r\n", at, at + 200)
        size = re.fullmatch(rb"\s*([0-9A-Fa-f]{1,8})\s*(?:;.*)?", body[at:end]) if end >= 0 else None
        if size is None:
            return b"".join(pieces) if pieces else body  # cut off, or kept without its chunks
        length = int(size[1], 16)
        if length == 0:
            return b"".join(pieces)
        pieces.append(body[end + 2 : end + 2 + length])
        at = end + 4 + length


def _inflated(body: bytes, window: int) -> bytes:
    inflater = zlib.decompressobj(window)
    try:
        data = inflater.decompress(body, LARGEST_PAGE + 1)
    except zlib.error as error:
        raise ValueError(f"its compressed body is broken ({error})") from error
    if len(data) > LARGEST_PAGE:
        raise ValueError("its compressed body inflates beyond any page")
    return data


def _is_text(body: bytes) -> bool:
    return body.lstrip()[:1] in (b"<", b"{", b"[")
