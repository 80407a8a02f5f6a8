"""The loss register: works that are known and not held. Declared when masters are gone, or read from listings."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from holdfast.actions.archive import Archive
from holdfast.actions.describe import record_of
from holdfast.actions.fingerprinting import Fingerprinting, missing_part
from holdfast.actions.watch import UNWATCHED, Watch
from holdfast.catalog import lists
from holdfast.errors import HoldfastError, SourceChanged, SourceMissing, StorageFailure
from holdfast.formats.identification import number
from holdfast.formats.listings.extract import EXTRACT_SUFFIX, extract_bytes
from holdfast.keep.describe import free_path, readable_name
from holdfast.keep.ingest import free_asset_id
from holdfast.keep.lost import change_status, more_is_said, register
from holdfast.model.asset import AssetRecord, StatedDuration, Status
from holdfast.model.fixity import Digest, digest_of
from holdfast.model.ids import AssetId, new_asset_id
from holdfast.model.lost import ListedWork, LostWork, Skipped
from holdfast.model.rights import AccessLevel
from holdfast.model.time import now
from holdfast.restore.wanted.files import read_listing_file, thumbnail_bytes
from holdfast.restore.wanted.works import KnownAsset, known_asset, merge_listings

MOST_EVIDENCE_BYTES = 64 * 1024 * 1024  # that one listing takes in all its works together; beyond it, extracts are kept


@dataclass(frozen=True)
class Declared:
    """An asset that was declared lost.

    `is_known_again` tells whether a fingerprint of it survives. `still_there` are files of it that are on the disk,
    whole, all the same: they are left where they are and not used.
    """

    asset: str
    title: str
    is_new: bool
    is_known_again: bool
    still_there: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())
    error: HoldfastError | None = None

    def as_record(self) -> dict[str, Any]:
        """As it stands in JSON."""
        record = {
            "asset": self.asset,
            "title": self.title,
            "status": Status.LOST.value,
            "new": self.is_new,
            "fingerprint": self.is_known_again,
            "still_there": list(self.still_there),
            "notes": list(self.notes),
        }
        return record | self.error.as_json() if self.error else record


def declare(archive: Archive, typed: Sequence[str], reason: str, *, watch: Watch = UNWATCHED) -> tuple[Declared, ...]:
    """Declare assets lost: their masters are gone, or are not to be relied on any more. Nothing is removed.

    What survives of an asset (fingerprint, captions, stills, digests) stays, and is what found copies are known by. A
    master that can still be read and has no fingerprint gets one first: it may be the last chance.

    Raises:
        UnknownAsset, AmbiguousAsset: one of them does not exist; then nothing was changed.
    """
    assets = [archive.find(one) for one in typed]
    watch.begin("Declaring lost", items=len(assets))
    results = []
    for asset in dict.fromkeys(assets):
        try:
            results.append(_declared(archive, asset, reason, watch))
        except HoldfastError as error:
            results.append(Declared(str(asset), str(asset), is_new=False, is_known_again=False, error=error))
        watch.done(results[-1])
    return tuple(results)


def _declared(archive: Archive, asset: AssetId, reason: str, watch: Watch) -> Declared:
    before, _ = record_of(archive, str(asset))
    object_id = str(asset.object_id)
    still = tuple(held.file for held in before.masters if archive.root.is_whole(object_id, held.file))
    notes: tuple[str, ...] = ()
    if still and missing_part("Fingerprinting") is None:
        with Fingerprinting(archive, watch) as fingerprinting:
            fingerprinting.take(asset)
            fingerprinting.finish()
        notes = tuple(fingerprinting.notes)
    with archive.catalog.changing(object_id):
        change_status(archive.root, asset, Status.LOST, reason, archive.terms())
    with archive.catalog.engine.connect() as connection:
        prints = [one for one in lists.fingerprints(connection) if one.asset == str(asset)]
    if not prints:
        notes = (*notes, "no fingerprint of it survives: found copies are known by their likeness to each other")
    return Declared(
        asset=str(asset),
        title=before.title(archive.settings.languages),
        is_new=before.status is not Status.LOST,
        is_known_again=bool(prints),
        still_there=still,
        notes=notes,
    )


# ------------------------------------------------------------------------------------------------- from listings


@dataclass(frozen=True)
class Imported:
    """A work that listings name: the asset that it is, whether it is new, and what was added to a known one."""

    asset: str
    title: str
    duration: Fraction | None
    is_new: bool
    sources: tuple[str, ...]
    added: tuple[str, ...] = ()
    error: HoldfastError | None = None

    def as_record(self) -> dict[str, Any]:
        """As it stands in JSON."""
        record: dict[str, Any] = {
            "asset": self.asset or None,
            "title": self.title,
            "duration": None if self.duration is None else number(self.duration),
            "new": self.is_new,
            "from": list(self.sources),
            "added": list(self.added),
        }
        return record | (self.error.as_json() if self.error else {})


@dataclass(frozen=True)
class ImportReport:
    """All works, what was passed over, and listings that could not be read (to their end)."""

    works: tuple[Imported, ...]
    skipped: tuple[Skipped, ...]
    errors: tuple[HoldfastError, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every listing was read and every work is registered."""
        return not self.errors and not any(work.error for work in self.works)


def import_listings(
    archive: Archive,
    listings: Sequence[Path],
    *,
    mapping: Mapping[str, str] | None = None,
    watch: Watch = UNWATCHED,
) -> ImportReport:
    """Register every work that these listings name and the archive does not know; add to those that it knows.

    The listings themselves are kept with every work as evidence, and thumbnails where a listing holds them. Of a
    listing that would take more than `MOST_EVIDENCE_BYTES` in all its works, each keeps what it says of that work, and
    its digest. Importing the same listing twice makes nothing new.

    Args:
        archive: the archive.
        listings: files of any form that `formats.listings` knows.
        mapping: field to column, for tables.
        watch: told how it goes; `done` with each `Imported`.
    """
    skipped: list[Skipped] = []
    errors: list[HoldfastError] = []
    watch.begin("Reading listings", items=len(listings))
    listed: list[ListedWork] = []
    by_digest: dict[Digest, Path] = {}
    for path in listings:
        watch.at(str(path))
        try:
            for one in read_listing_file(path, skipped.append, mapping, name=_name(path)):
                listed.append(one)
                if one.origin.digest is not None:
                    by_digest.setdefault(one.origin.digest, path)
        except HoldfastError as error:
            errors.append(error)
        watch.done(None)
    works = merge_listings(listed, _known(archive, watch))
    named = Counter(digest for work in works for digest in _listings(work))
    kept = {digest: _Listing(path, digest, named[digest]) for digest, path in by_digest.items()}
    watch.begin("Registering", items=len(works))
    results = []
    for work in works:
        watch.at(work.title)
        try:
            results.append(_registered(archive, work, kept))
        except HoldfastError as error:
            results.append(Imported("", work.title, work.duration, False, _sources(work), error=error))  # noqa: FBT003
            if isinstance(error, StorageFailure):
                errors.append(error)
                break
        watch.done(results[-1])
    return ImportReport(tuple(results), tuple(skipped), tuple(errors))


def _registered(archive: Archive, work: LostWork, kept: Mapping[Digest, _Listing]) -> Imported:
    said = _said(work)
    evidence = _evidence(work, kept)
    if work.asset is None:
        asset = free_asset_id(archive.root)
        with archive.catalog.changing(str(asset.object_id)):
            register(archive.root, asset, said, evidence, archive.terms())
        return Imported(str(asset), work.title, work.duration, is_new=True, sources=_sources(work))
    with archive.catalog.changing(str(work.asset.object_id)):
        added = more_is_said(archive.root, work.asset, said, evidence, archive.terms())
    return Imported(str(work.asset), work.title, work.duration, is_new=False, sources=_sources(work), added=added)


def _said(work: LostWork) -> AssetRecord:
    """The record that listings make of a work; its id and dates of keeping are filled in when it is kept."""
    return AssetRecord(
        id=new_asset_id(),
        status=Status.LOST,
        access=AccessLevel.SEALED,
        created_at=now(),
        titles=tuple(one.value for one in work.titles),
        descriptions=tuple(one.value for one in work.descriptions),
        dates=tuple(one.value for one in work.dates),
        people=tuple(one.value for one in work.people),
        publications=tuple(one.value for one in work.publications),
        sections=work.chapters[0].value if work.chapters else (),
        stated_durations=tuple(
            StatedDuration(one.value.seconds, source=", ".join(dict.fromkeys(o.file for o in one.origins)))
            for one in work.durations
        ),
    )


def _evidence(work: LostWork, kept: Mapping[Digest, _Listing]) -> dict[str, bytes]:
    """The listings that name the work, or what they say of it where they are too large, and its thumbnails."""
    found: dict[str, bytes] = {}
    for digest in _listings(work):
        if (listing := kept.get(digest)) is not None:
            name, data = listing.evidence(work)
            found[free_path(name, found)] = data
    for number_, one in enumerate(work.thumbnails, start=1):
        origin = one.origins[0].digest
        listing = kept.get(origin) if origin is not None else None
        data = thumbnail_bytes(listing.path, one.value) if listing is not None else one.value.data
        if data:
            found[free_path(f"thumbnail {number_}{_suffix(data)}", found)] = data
    return found


@dataclass(frozen=True)
class _Listing:
    """A listing that was read, and how many works it names in this import."""

    path: Path
    digest: Digest
    works: int

    def evidence(self, work: LostWork) -> tuple[str, bytes]:
        """The name and the bytes of what is kept of it with one of its works.

        Raises:
            SourceMissing: it cannot be read any more.
            SourceChanged: it is not what was read.
        """
        name = _name(self.path)
        try:
            if self.path.stat().st_size * self.works >= MOST_EVIDENCE_BYTES:
                return f"{name}{EXTRACT_SUFFIX}", extract_bytes(work, self.digest)
            data = self.path.read_bytes()
        except OSError as error:
            raise SourceMissing(path=self.path, reason=(error.strerror or str(error)).lower()) from error
        if digest_of(data) != self.digest:
            raise SourceChanged(path=self.path, reason="it is not what was read of it before")
        return name, data


def _listings(work: LostWork) -> tuple[Digest, ...]:
    return tuple(dict.fromkeys(origin.digest for origin in work.origins if origin.digest is not None))


def _name(path: Path) -> str:
    return readable_name(os.fsencode(path.name))[0]


def _suffix(data: bytes) -> str:
    kinds = ((b"\xff\xd8", ".jpg"), (b"\x89PNG", ".png"), (b"GIF8", ".gif"), (b"RIFF", ".webp"))
    return next((suffix for head, suffix in kinds if data.startswith(head)), ".jpg")


def _sources(work: LostWork) -> tuple[str, ...]:
    return tuple(dict.fromkeys(origin.file for origin in work.origins))


def _known(archive: Archive, watch: Watch) -> list[KnownAsset]:
    with archive.up_to_date_catalog(watch).engine.connect() as connection:
        ids = [line.asset for line in lists.list_assets(connection)]
    known = []
    for asset in ids:
        record, _ = record_of(archive, asset)
        known.append(known_asset(record))
    return known
