"""Listings from files: opened, digested, read; the readers themselves know no files (`formats/listings`)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from io import BufferedReader
from pathlib import Path

from holdfast.errors import BadListing, SourceMissing
from holdfast.formats.listings.captures import picture_bytes
from holdfast.formats.listings.front import read_listings
from holdfast.formats.listings.reading import Reading
from holdfast.model.fixity import DIGEST_OF_RECORD, Digest
from holdfast.model.lost import ListedWork, Skipped, Thumbnail


def read_listing_file(
    path: Path,
    tell: Callable[[Skipped], None],
    mapping: Mapping[str, str] | None = None,
    address: str = "",
    name: str = "",
) -> Iterator[ListedWork]:
    """The works that the listing at `path` names, as they are read.

    Args:
        path: a file of any form that `formats/listings` knows; its name does not matter.
        tell: called with whatever is passed over, and why.
        mapping: field to column, for a table.
        address: of the page that was saved, if the page itself does not tell.
        name: what the file is called in what is read, if not as it is: a name may be no text.

    Raises:
        SourceMissing: it cannot be opened or read.
        BadListing: it is no listing, or breaks; works that were given out before hold.
    """
    try:
        with path.open("rb") as file:
            reading = Reading(name or path.name, _digest(file), tell, mapping or {}, address)
            file.seek(0)
            yield from read_listings(file, reading)
    except OSError as error:
        raise SourceMissing(path=path, reason=(error.strerror or str(error)).lower()) from error


def thumbnail_bytes(path: Path, thumbnail: Thumbnail) -> bytes:
    """The bytes of a thumbnail that the listing at `path` holds or captured; b"" if it only names an address.

    Raises:
        SourceMissing: the listing cannot be opened any more.
        BadListing: the picture cannot be read in it.
    """
    if thumbnail.place is None:
        return thumbnail.data
    try:
        with path.open("rb") as file:
            return picture_bytes(file, thumbnail)
    except BadListing as error:
        raise BadListing(path=path, reason=error.values["reason"]) from error
    except OSError as error:
        raise SourceMissing(path=path, reason=(error.strerror or str(error)).lower()) from error


def _digest(file: BufferedReader) -> Digest:
    return Digest(hashlib.file_digest(file, DIGEST_OF_RECORD).hexdigest())
