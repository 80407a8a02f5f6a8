"""Records of a WARC file, one after the other, compressed piece by piece or not at all; memory does not grow with it.

A broken piece (a gzip member, as a rule one record) costs itself: reading goes on at the next one. A piece that would
fill the disk or the day (a bomb) is left. The reader is our own because it must name what it left out and where each
record lies, so that a picture can be fetched later; the form is a simple one.

Source: ISO 28500:2017 (WARC 1.1), clauses 4 to 6 and annex D (one gzip member for each record); RFC 1952.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from holdfast.formats.listings.reading import CHUNK_BYTES, LARGEST_PAGE

HEAD_BYTES = 16 * 1024  # of a record's block: enough for the header of an answer and the size of a picture
_MAGIC = b"\x1f\x8b\x08"
_LONGEST_HEADER_LINE = 64 * 1024
_MOST_HEADER_LINES = 200
_VERSION = re.compile(rb"WARC/[0-9]\.[0-9]+\s*")
# Text shrinks to a twentieth, zeros to a thousandth.
_BOMB_BYTES = 256 * 1024 * 1024
_BOMB_RATIO = 200


class BrokenPiece(ValueError):
    """A piece of the file cannot be read; its text says why."""


@dataclass(frozen=True)
class Record:
    """One record: its header (names in small letters) and its block, whole or only the first `HEAD_BYTES`.

    `offset` is where the piece begins that holds it, `inner` how many inflated bytes of that piece come before it.
    """

    header: dict[str, str]
    block: bytes
    is_whole: bool
    size_bytes: int
    offset: int
    inner: int

    @property
    def kind(self) -> str:
        """`response`, `resource`, `revisit`, ..."""
        return self.header.get("warc-type", "").lower()

    @property
    def address(self) -> str:
        """What was captured; older writers put it into angle brackets."""
        return self.header.get("warc-target-uri", "").strip("<> ")


def records(
    stream: BinaryIO,
    wants: Callable[[Record], bool],
    tell: Callable[[str, int], None],
    largest: int = LARGEST_PAGE,
) -> Iterator[Record]:
    """The records of `stream` from its beginning.

    Args:
        stream: a WARC; it must be able to seek.
        wants: asked with each record and the head of its block whether the whole block is needed.
        tell: called with a reason and an offset for what cannot be read.
        largest: a block of more bytes is not read whole, even if it is wanted; that is told.
    """
    stream.seek(0)
    source = _Pieces(stream)
    while True:
        try:
            record = _next_record(source, wants, largest)
        except BrokenPiece as broken:
            tell(str(broken), source.offset)
            if not source.to_next_piece():
                return
            continue
        if record is None:
            return
        if not record.is_whole and wants(record):
            tell(
                f"a record of {record.size_bytes} bytes ({record.address[:200]}) is too large to look into",
                record.offset,
            )
        yield record


def record_at(stream: BinaryIO, offset: int, inner: int, largest: int = LARGEST_PAGE) -> Record:
    """The one record that lies there, whole.

    Raises:
        BrokenPiece: none does, it cannot be read, or it is larger than `largest`.
    """
    stream.seek(offset)
    source = _Pieces(stream)
    source.skip(inner)
    record = _next_record(source, lambda _: True, largest)
    if record is None or not record.is_whole:
        raise BrokenPiece("no whole record lies there")
    return record


def _next_record(source: _Pieces, wants: Callable[[Record], bool], largest: int) -> Record | None:
    line = b"\n"
    while not line.strip():  # the two ends of line after a record
        source.peek()
        offset, inner = source.offset, source.inner
        line = source.line()
        if not line:
            return None
    if not _VERSION.fullmatch(line):
        raise BrokenPiece("no record begins here")
    header = _header(source)
    length = header.get("content-length", "")
    if not (length.isascii() and length.isdigit() and len(length) < 16):
        raise BrokenPiece(f"a record gives its length as {length[:40]!r}")
    size = int(length)
    head = source.exactly(min(size, HEAD_BYTES))
    record = Record(header, head, len(head) == size, size, offset, inner)
    if not record.is_whole and size <= largest and wants(record):
        return replace(record, block=head + source.exactly(size - len(head)), is_whole=True)
    source.skip(size - len(head))
    return record


def _header(source: _Pieces) -> dict[str, str]:
    found: dict[str, str] = {}
    name = ""
    for _ in range(_MOST_HEADER_LINES):
        line = source.line()
        if not line:
            raise BrokenPiece("the file ends in the header of a record")
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if not text:
            return found
        if text[0] in " \t" and name:  # a line that goes on
            found[name] += " " + text.strip()
            continue
        name, _, value = text.partition(":")
        name = name.strip().lower()
        found.setdefault(name, value.strip())
    raise BrokenPiece("the header of a record has no end")


class _Pieces:
    """The bytes of a WARC from where `stream` is, inflated if they are compressed, with their places."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._start = stream.tell()
        self._is_compressed = stream.read(2) == _MAGIC[:2]
        self._begin(self._start)

    def _begin(self, offset: int) -> None:
        self._stream.seek(offset)
        self._read_until = offset  # of the stream
        self._raw = b""
        self._ready = b""
        self._inflater: zlib._Decompress | None = None
        self._taken = self._given = 0  # of this piece: compressed and inflated bytes
        self.offset = offset
        self.inner = 0

    def peek(self) -> bytes:
        """What is ready to be read, b"" at the end; `offset` and `inner` are then the place of its first byte."""
        while not self._ready and self._fill():
            pass
        return self._ready

    def some(self, most: int) -> bytes:
        """One to `most` bytes, b"" at the end."""
        ready = self.peek()
        found, self._ready = ready[:most], ready[most:]
        if self._is_compressed:
            self.inner += len(found)
        else:
            self.offset += len(found)
        return found

    def line(self) -> bytes:
        """The next line with its end, b"" at the end of all. Raises BrokenPiece if it is too long."""
        found = b""
        while not found.endswith(b"\n"):
            ready = self.peek()
            end = ready.find(b"\n") + 1
            if not ready:
                break
            found += self.some(end or len(ready))
            if len(found) > _LONGEST_HEADER_LINE:
                raise BrokenPiece("no record begins here")
        return found

    def exactly(self, size: int) -> bytes:
        """So many bytes. Raises BrokenPiece if there are fewer."""
        pieces: list[bytes] = []
        while size:
            piece = self.some(size)
            if not piece:
                raise BrokenPiece("the file ends in the middle of a record")
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def skip(self, size: int) -> None:
        """Pass over so many bytes. Raises BrokenPiece if there are fewer."""
        if not self._is_compressed and size > len(self._ready):
            self._skip_plain(size)
            return
        while size:
            piece = self.some(size)
            if not piece:
                raise BrokenPiece("the file ends in the middle of a record")
            size -= len(piece)

    def to_next_piece(self) -> bool:
        """Go to where the next piece may begin; False if none does."""
        mark = _MAGIC if self._is_compressed else b"\nWARC/1."
        at = self.offset + 1
        self._stream.seek(at)
        window = b""
        while chunk := self._stream.read(CHUNK_BYTES):
            window += chunk
            place = window.find(mark)
            if place >= 0:
                self._begin(at + place + (0 if self._is_compressed else 1))
                return True
            at += len(window) - len(mark) + 1
            window = window[-len(mark) + 1 :]
        return False

    def _skip_plain(self, size: int) -> None:
        target = self.offset + size
        self._stream.seek(0, 2)
        end = self._stream.tell()
        if target > end:
            raise BrokenPiece("the file ends in the middle of a record")
        self._begin(target)

    def _fill(self) -> bool:
        """Make something ready; False at the end."""
        if not self._raw:
            self._raw = self._stream.read(CHUNK_BYTES)
            self._read_until += len(self._raw)
        if not self._is_compressed:
            self._ready, self._raw = self._raw, b""
            return bool(self._ready)
        if self._inflater is None and not self._next_inflater():
            return False
        return self._inflate()

    def _next_inflater(self) -> bool:
        self._raw = self._raw.lstrip(b"\0")  # what some disks and tapes fill up with
        if not self._raw:
            self._raw = self._stream.read(CHUNK_BYTES).lstrip(b"\0")
            self._read_until = self._stream.tell()
            if not self._raw:
                return False
        self.offset, self.inner = self._read_until - len(self._raw), 0
        self._taken = self._given = 0
        self._inflater = zlib.decompressobj(31)
        return True

    def _inflate(self) -> bool:
        inflater = self._inflater
        assert inflater is not None
        raw, is_end = self._raw, not self._raw
        try:
            self._ready = inflater.decompress(raw, 4 * CHUNK_BYTES)
        except zlib.error as error:
            raise BrokenPiece(f"a compressed piece is broken ({error})") from error
        self._raw = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
        self._taken += len(raw) - len(self._raw)
        self._given += len(self._ready)
        if inflater.eof:
            self._inflater = None
        elif is_end and not self._ready:
            raise BrokenPiece("the file ends in the middle of a compressed piece")
        if self._given > _BOMB_BYTES and self._given > _BOMB_RATIO * self._taken:
            raise BrokenPiece(f"a compressed piece inflates beyond all bounds ({self._given} bytes from {self._taken})")
        return True
