"""Works in a plain list of links: on a page without any other order, or in a text with an address on each line.

On a page only what has a duration beside it is taken for a film: a page has many links. In a list that somebody gave
as one, every address counts that has a title or is of a known site.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from holdfast.formats.codepages import encoding_of
from holdfast.formats.listings.durations import duration_in, parse_duration
from holdfast.formats.listings.page_parts import Link
from holdfast.formats.listings.reading import Reading, start_of
from holdfast.formats.listings.statements import Told, listed_work
from holdfast.model.address import comparable, joined
from holdfast.model.lost import ListedWork, Thumbnail

_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+")
_PIECES = re.compile(r"[()\[\]|–—,;\n\t]|\s-\s")
_CLOCK = re.compile(r"[(\[]?(?<![\w:])(?:[0-9]{1,2}:)?[0-9]{1,3}:[0-9]{2}(?![\w:])[)\]]?")
_EDGES = " \t\r\n-–—|•·,;:()[]<>\"'"
_LONGEST_LINE = 20_000


def works_of_links(links: Sequence[Link], reading: Reading) -> Iterator[ListedWork]:
    """The works that links of a page name, those to one page taken together; only such with a duration beside them."""
    pages: dict[str, list[Link]] = {}
    for link in links:
        if link.address.lower().startswith(("javascript:", "mailto:", "#", "data:")):
            continue
        key = comparable(joined(reading.address, link.address)) or link.address
        pages.setdefault(key, []).append(link)
    for number, same in enumerate(pages.values(), start=1):
        duration = next((found for link in same for text in (link.inside, link.after) if (found := _length(text))), "")
        if not duration:
            continue
        titles = [_title(link.inside) or link.title for link in same]
        told = Told(
            title=max(titles, key=len),
            duration=duration,
            address=same[0].address,
            thumbnails=tuple(Thumbnail(link.picture) for link in same if link.picture),
        )
        if work := listed_work(told, reading.origin(f"link {number}"), reading.address):
            yield work


def read_links(stream: BinaryIO, reading: Reading) -> Iterator[ListedWork]:
    """The works of a text with an address in a line, a title and a duration before or after it."""
    text = io.TextIOWrapper(stream, encoding_of(start_of(stream)), "replace")
    number = 0
    try:
        while line := text.readline(_LONGEST_LINE):
            number += 1
            address = _ADDRESS.search(line)
            if address is None:
                if line.strip():
                    reading.skip("there is no address here", f"line {number}")
                continue
            rest = line[: address.start()] + "\n" + line[address.end() :]
            told = Told(title=_title(rest), duration=_length(rest), address=address[0])
            if work := listed_work(told, reading.origin(f"line {number}")):
                yield work
            else:
                reading.skip("the address has no title and is of no site known here", f"line {number}")
    finally:
        text.detach()


def _length(text: str) -> str:
    """The clock in a text, or a piece of it that is a duration in words; a bare number is none."""
    if clock := duration_in(text):
        return clock
    pieces = [piece.strip() for piece in _PIECES.split(text[:2_000])]
    found = [piece for piece in pieces if piece and not piece.isdigit() and parse_duration(piece)]
    return found[0] if len(found) == 1 else ""


def _title(text: str) -> str:
    """The text without its clock: of several lines the longest."""
    bare = _CLOCK.sub("\n", text[:5_000])
    lines = [" ".join(line.split()).strip(_EDGES) for line in bare.splitlines()]
    return max((line for line in lines if not parse_duration(line)), key=len, default="")
