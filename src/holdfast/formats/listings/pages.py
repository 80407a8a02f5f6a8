"""Works of a saved web page: of a channel, a playlist, a film, or any list.

Five ways in which a page may tell are tried, the most exact first, and the first that finds a work is taken: what
YouTube's pages carry inside, JSON-LD, microdata, OpenGraph, and links with durations beside them.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from holdfast.errors import BadListing
from holdfast.formats.codepages import old_text
from holdfast.formats.listings.links import works_of_links
from holdfast.formats.listings.loose_json import loose_json
from holdfast.formats.listings.page_parts import PageParts, page_parts
from holdfast.formats.listings.reading import LARGEST_PAGE, Reading, bounded_bytes
from holdfast.formats.listings.schema_org import works_of_microdata, works_of_open_graph, works_of_schema_org
from holdfast.formats.listings.youtube import works_of_youtube
from holdfast.model.address import joined
from holdfast.model.lost import ListedWork

_CHARSET = re.compile(rb"""charset\s{0,9}=\s{0,9}["']?([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_CARRIED = re.compile(r"(?:ytInitialData|ytInitialPlayerResponse)[\"'\]]{0,3}\s{0,9}=\s{0,9}(?=\{)")
_CARRIED_AS_TEXT = re.compile(r"ytInitialData[\"'\]]{0,3}\s{0,9}=\s{0,9}'((?:[^'\\]|\\.)*)'")
_ESCAPED = re.compile(r"\\x([0-9a-fA-F]{2})|\\(.)")


def read_page(stream: BinaryIO, reading: Reading) -> Iterator[ListedWork]:
    """The works of a page.

    Raises:
        BadListing: it has more than 16 MB, or tells of no work in any of the ways known here.
    """
    data = bounded_bytes(stream, LARGEST_PAGE)
    if data is None:
        raise BadListing(path=reading.file, reason=f"it is a page of more than {LARGEST_PAGE >> 20} MB")
    count = 0
    for work in works_of_page(page_text(data), reading):
        count += 1
        yield work
    if count == 0:
        reason = "the page names no film: not in JSON-LD, microdata or OpenGraph, nor as links with durations"
        raise BadListing(path=reading.file, reason=reason)


def works_of_page(page: str, reading: Reading) -> Iterator[ListedWork]:
    """The works of a page's text, in the first way that finds one; none is no error."""
    parts = page_parts(page)
    address = reading.address or parts.saved_from or parts.meta.get("canonical", "") or parts.meta.get("og:url", "")
    reading = replace(reading, address=joined(address, parts.base) if parts.base else address)
    for works in _ways(parts):
        found = works(reading)
        first = next(found, None)
        if first is not None:
            yield first
            yield from found
            return


def page_text(data: bytes) -> str:
    """The text of a page: as UTF-8 if it is, else in the encoding that it names, else as its bytes look."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    match = _CHARSET.search(data[:4096])
    try:
        name = codecs.lookup(match[1].decode("ascii")).name if match else ""
        if name and name != "utf-8":
            return data.decode(name, "replace")
    except (LookupError, ValueError, TypeError):  # also one that is no encoding of texts
        pass
    return old_text(data)


def _ways(parts: PageParts) -> Iterator[Callable[[Reading], Iterator[ListedWork]]]:
    carried = list(_carried(parts))
    yield lambda reading: works_of_youtube(carried, reading) if carried else iter(())
    described = [loose_json(text) for kind, text in parts.scripts if kind == "application/ld+json"]
    yield lambda reading: works_of_schema_org(described, reading)
    yield lambda reading: works_of_microdata(parts.items, reading)
    yield lambda reading: works_of_open_graph(parts.meta, reading)
    yield lambda reading: works_of_links(parts.links, reading)


def _carried(parts: PageParts) -> Iterator[Any]:
    """What YouTube's pages assign in scripts; on pages for telephones it is a text with escapes."""
    for _, text in parts.scripts:
        if "ytInitial" not in text:
            continue
        for match in _CARRIED.finditer(text):
            value = loose_json(text, match.end())
            if value is not None:
                yield value
        if written := _CARRIED_AS_TEXT.search(text):
            yield loose_json(_ESCAPED.sub(lambda m: chr(int(m[1], 16)) if m[1] else m[2], written[1]))
