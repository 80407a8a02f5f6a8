"""The first description of an asset, from what came with it: pure, and never inventing anything.

Titles come from a listing first, then from the file's own tags, then from its name; each says which. Everything that
came is evidence and stays in the object whatever was read from it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePath
from typing import TypeVar

from holdfast.formats.canonical import printable
from holdfast.formats.captions import language_of_name
from holdfast.keep.gather import CAPTION_SUFFIXES, PICTURE_SUFFIXES
from holdfast.model.asset import (
    UNKNOWN_LANGUAGE,
    AssetRecord,
    Evidence,
    Instantiation,
    Section,
    Statement,
    Status,
    StatusChange,
    Text,
)
from holdfast.model.ids import AssetId
from holdfast.model.listing import Listing
from holdfast.model.rights import AccessLevel
from holdfast.model.technical import MediaInfo

_T = TypeVar("_T")

FROM_TAGS = "tag in the file"
FROM_NAME = "file name"


@dataclass(frozen=True)
class Beside:
    """One sidecar: the logical path under which it is kept, and its listing if it was one that could be read."""

    file: str
    listing: Listing | None = None


def sidecar_path(name: str) -> str:
    """Where a sidecar of this name is kept in the object: captions in texts/, the rest as evidence."""
    room = "texts" if PurePath(name).suffix.lower() in CAPTION_SUFFIXES else "evidence"
    return f"{room}/{name}"


def free_path(wanted: str, taken: Collection[str]) -> str:
    """`wanted`, or with ` (2)`, ` (3)`, ... before its suffix when that path is taken by something else."""
    folder, slash, name = wanted.rpartition("/")
    stem, dot, suffix = name.rpartition(".")
    if not stem:
        stem, dot, suffix = name, "", ""
    path, number = wanted, 1
    while path in taken:
        number += 1
        path = f"{folder}{slash}{stem} ({number}){dot}{suffix}"
    return path


def readable_name(raw: bytes) -> tuple[str, str]:
    """A file name as text and, when it was not valid UTF-8, its exact bytes in hexadecimal (else "").

    Odd bytes are written as `%FF` in the text. Nothing is normalised: the name is kept as it came.
    """
    try:
        return raw.decode("utf-8"), ""
    except UnicodeDecodeError:
        text = "".join(f"%{ord(c) - 0xDC00:02X}" if 0xDC80 <= ord(c) <= 0xDCFF else c for c in _escaped(raw))
        return text, raw.hex()


def _escaped(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def first_record(
    asset: AssetId,
    master: Instantiation,
    beside: Sequence[Beside],
    access: AccessLevel,
    at: datetime,
) -> AssetRecord:
    """The record of an asset that enters the archive with one master and its sidecars."""
    record = AssetRecord(
        id=asset,
        status=Status.HELD,
        access=access,
        created_at=at,
        instantiations=(master,),
        status_history=(StatusChange(Status.HELD, at, "kept"),),
    )
    for item in beside:
        record = with_sidecar(record, item)
    if master.technical is not None:
        record = _with_technical(record, master.technical)
    if not record.titles:
        record = replace(record, titles=(Statement(title_of_name(master.original_name), source=FROM_NAME),))
    return record


def with_sidecar(record: AssetRecord, item: Beside) -> AssetRecord:
    """The record with one more sidecar: named as text or evidence, and what its listing says added where new."""
    suffix = PurePath(item.file).suffix.lower()
    if suffix in CAPTION_SUFFIXES:
        film = record.instantiations[0].original_name if record.instantiations else ""
        text = Text(item.file, language_of_name(item.file, film), source=FROM_NAME)
        return replace(record, texts=(*record.texts, text))
    if item.listing is not None:
        kind = "listing"
    elif suffix in PICTURE_SUFFIXES:
        kind = "thumbnail"
    else:
        kind = "note"
    record = replace(record, evidence=(*record.evidence, Evidence(item.file, kind)))
    return _with_listing(record, item.listing) if item.listing is not None else record


def title_of_name(name: str) -> str:
    """A title made from a file name: without its suffix, underscores as spaces, composed (NFC) for reading."""
    stem = PurePath(name).stem or name
    spaced = " ".join(stem.replace("_", " ").split())
    return unicodedata.normalize("NFC", printable(spaced)) or name


def _with_listing(record: AssetRecord, listing: Listing) -> AssetRecord:
    own_titles = tuple(t for t in record.titles if t.source != FROM_NAME)  # a name is a title only while none is known
    languages = record.languages
    if listing.language not in (UNKNOWN_LANGUAGE, *languages):
        languages = (*languages, listing.language)
    publications = record.publications
    if listing.publication.item or listing.publication.url:
        publications = _joined(publications, (listing.publication,))
    return replace(
        record,
        titles=_joined(own_titles, listing.titles) or record.titles,
        descriptions=_joined(record.descriptions, listing.descriptions),
        dates=_joined(record.dates, listing.dates),
        people=_joined(record.people, listing.people),
        tags=_joined(record.tags, listing.tags),
        category=record.category or listing.category,
        languages=languages,
        publications=publications,
        sections=record.sections or listing.sections,
    )


def _with_technical(record: AssetRecord, info: MediaInfo) -> AssetRecord:
    title = printable(info.tags.get("title", "")).strip()
    if not record.titles and title:
        record = replace(record, titles=(Statement(title, source=FROM_TAGS),))
    if not record.sections and info.chapters:
        chapters = tuple(Section(c.start, c.end, printable(c.title), source=FROM_TAGS) for c in info.chapters)
        record = replace(record, sections=chapters)
    spoken = [track.language for track in info.audio if track.language not in ("", UNKNOWN_LANGUAGE)]
    if not record.languages and spoken:
        record = replace(record, languages=tuple(dict.fromkeys(spoken)))
    return record


def _joined(held: tuple[_T, ...], new: tuple[_T, ...]) -> tuple[_T, ...]:
    return held + tuple(item for item in new if item not in held)
