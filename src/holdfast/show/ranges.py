"""Which bytes of a file to send: what a browser asked for, and how much of it is given at once.

A browser that plays a film asks for "all from here on" and then reads as slowly as it plays; a paused one does not
read at all. An answer that went on to the end would hold one of our few threads for as long. So an open range
(`bytes=a-`) is answered with one MiB, which the kernel takes off our hands at once; the browser asks again for the
next, and each time it is looked up anew whether it may have it. A closed range (`bytes=a-b`), as a player of segments
asks it, is given whole up to eight MiB, because such players do not expect to get less.

Source: RFC 9110, sections 13.1 (If-None-Match, If-Range) and 14 (Range; a server may send less, or ignore it).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MIB = 1024 * 1024
OPEN_LIMIT = MIB
CLOSED_LIMIT = 8 * MIB
_RANGE = re.compile(r"\s*bytes\s*=\s*([0-9]{0,18})\s*-\s*([0-9]{0,18})\s*", re.ASCII | re.IGNORECASE)
_TAG = re.compile(r'(?:W/)?("[^"]*")')


@dataclass(frozen=True)
class Stretch:
    """Bytes [start, start + length) of a file of `size` bytes. A length of 0: what was asked lies beyond its end."""

    start: int
    length: int
    size: int

    @property
    def content_range(self) -> str:
        """As it stands in the header Content-Range."""
        if not self.length:
            return f"bytes */{self.size}"
        return f"bytes {self.start}-{self.start + self.length - 1}/{self.size}"


def asked_stretch(header: str, size: int) -> Stretch | None:
    """What of a file of `size` bytes the header Range asks for, as much as is given at once.

    None if the whole file is to be sent: there is no such header, it makes no sense, or it asks for several stretches
    (which no player does, and which would let a few bytes of question cost a lot of answer).
    """
    match = _RANGE.fullmatch(header)
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:  # the last so many bytes
        wanted = min(int(last), size)
        return Stretch(size - wanted, min(wanted, CLOSED_LIMIT), size)
    start = int(first)
    if last and int(last) < start:
        return None
    if start >= size:
        return Stretch(start, 0, size)
    end, limit = (int(last) + 1, CLOSED_LIMIT) if last else (size, OPEN_LIMIT)
    return Stretch(start, min(end, size, start + limit) - start, size)


def is_same(if_range: str, etag: str) -> bool:
    """Whether the part that somebody has, by the header If-Range, is of this very file; so it is without the header.

    Only a strong tag can say so. A date cannot: we give none.
    """
    return not if_range.strip() or if_range.strip() == etag


def is_known(if_none_match: str, etag: str) -> bool:
    """Whether somebody has the file already, by the header If-None-Match."""
    return if_none_match.strip() == "*" or etag in _TAG.findall(if_none_match)
