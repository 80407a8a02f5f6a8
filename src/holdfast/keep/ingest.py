"""Keeping: how a submission becomes an OCFL object, in steps that a crash may part anywhere.

    receive   the media file is copied into staging, hashed in the same pass and read back; meanwhile it is probed
    publish   record, events, sidecars and the staged bytes become version 1 of a new object, by one rename
    join      a sidecar that came later becomes a new version of the asset's object
    mend      a file that is kept already but damaged gets its right bytes back

Between `receive` and `publish` the caller holds a lock on the digest, so that two programs that add the same folder
at once keep each film once. Nothing here is called kept before `publish` has returned.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import holdfast
from holdfast.errors import BadSidecar, EmptySource, SourceChanged, SourceMissing
from holdfast.formats.record import EVENTS_FILE, RECORD_FILE, events_bytes, parse_events, parse_record, record_bytes
from holdfast.formats.ytdlp import parse_listing
from holdfast.keep.describe import Beside, first_record, free_path, readable_name, sidecar_path, with_sidecar
from holdfast.keep.gather import Submission
from holdfast.model.asset import AssetRecord, Instantiation, InstantiationKind
from holdfast.model.event import Agent, AgentKind, Event, EventType, Outcome
from holdfast.model.fixity import Digest, digest_of
from holdfast.model.ids import AssetId, new_asset_id
from holdfast.model.rights import AccessLevel
from holdfast.model.technical import MediaInfo
from holdfast.model.time import now
from holdfast.ocfl.digests import BUFFER_BYTES
from holdfast.ocfl.draft import Draft
from holdfast.ocfl.intake import Intake, Taken
from holdfast.ocfl.root import StorageRoot

LISTING_LIMIT_BYTES = 64 * 1024 * 1024
SOFTWARE = Agent(f"Holdfast {holdfast.__version__}", AgentKind.SOFTWARE)


@dataclass(frozen=True)
class Terms:
    """On whose behalf and how openly something is kept."""

    custodian: str
    access: AccessLevel

    @property
    def agents(self) -> tuple[Agent, ...]:
        """Those who act in every event of this deed."""
        return (Agent(self.custodian), SOFTWARE)


@dataclass(frozen=True)
class Sidecar:
    """A file beside the media file, read into memory: its name as text, its bytes, its listing if it is one."""

    name: str
    data: bytes
    beside: Beside

    @property
    def digest(self) -> Digest:
        """The digest of record of its bytes."""
        return digest_of(self.data)


@dataclass(frozen=True)
class Sidecars:
    """Those that could be read, and what was odd about any."""

    files: tuple[Sidecar, ...]
    warnings: tuple[str, ...]


# --------------------------------------------------------------------------------------------------- receiving


class Source:
    """A file of the user's, open for one pass, that must not change meanwhile. Use it as a context.

    Raises (on entering):
        SourceMissing: it cannot be opened, or is not a regular file.
        EmptySource: it has no bytes.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Source:
        try:
            # Not following a link that appeared after gathering, and not waiting for the writer of a pipe.
            descriptor = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except OSError as error:
            raise SourceMissing(path=self.path, reason=(error.strerror or str(error)).lower()) from error
        self.stream: BinaryIO = os.fdopen(descriptor, "rb", buffering=0)
        self._before = os.fstat(descriptor)
        if not stat.S_ISREG(self._before.st_mode):
            self.stream.close()
            raise SourceMissing(path=self.path, reason="it is not a regular file")
        if self._before.st_size == 0:
            self.stream.close()
            raise EmptySource(path=self.path)
        return self

    def __exit__(self, *_: object) -> None:
        self.stream.close()

    @property
    def size_bytes(self) -> int:
        """Its length when it was opened."""
        return self._before.st_size

    @property
    def modified_at(self) -> datetime:
        """When its bytes were last changed, as its file system says."""
        return datetime.fromtimestamp(int(self._before.st_mtime), UTC)

    def check_unchanged(self, read_bytes: int) -> None:
        """Whether what was read is one state of the file and all of it. Raises SourceChanged."""
        after = os.fstat(self.stream.fileno())
        if after.st_size != self._before.st_size or read_bytes != self._before.st_size:
            reason = f"it had {self._before.st_size} bytes, {read_bytes} were read, now it has {after.st_size}"
            raise SourceChanged(path=self.path, reason=reason)
        if after.st_mtime_ns != self._before.st_mtime_ns:
            raise SourceChanged(path=self.path, reason="its time of change moved on")


def digest_of_source(source: Source, on_bytes: Callable[[int], None] | None = None) -> Digest:
    """The digest of record of a source, without taking it in. Raises SourceMissing, SourceChanged."""
    found = hashlib.sha512()
    buffer = bytearray(BUFFER_BYTES)
    total = 0
    try:
        while count := source.stream.readinto(buffer):  # type: ignore[attr-defined]
            found.update(memoryview(buffer)[:count])
            total += count
            if on_bytes is not None:
                on_bytes(count)
    except OSError as error:
        raise SourceMissing(path=source.path, reason=(error.strerror or str(error)).lower()) from error
    source.check_unchanged(total)
    return Digest(found.hexdigest())


def receive(intake: Intake, source: Source, on_bytes: Callable[[int], None] | None = None) -> Taken:
    """The file's bytes in staging: hashed, durable, read back.

    Raises:
        SourceChanged, SourceMissing: the source moved under our hands or could not be read to its end.
        DiskFull, NotDurable, ReadBackDiffers, StorageRefused: the archive's side failed.
    """
    try:
        taken = intake.take_in(source.stream, on_bytes)
    except OSError as error:
        raise SourceMissing(path=source.path, reason=(error.strerror or str(error)).lower()) from error
    source.check_unchanged(taken.size_bytes)
    return taken


def read_sidecars(paths: Sequence[Path]) -> Sidecars:
    """The files beside a film. One that cannot be read is a warning; it never keeps the film out."""
    files: list[Sidecar] = []
    warnings: list[str] = []
    for path in paths:
        name, _ = readable_name(os.fsencode(path.name))
        try:
            data = _small_file(path)
        except OSError as error:
            warnings.append(f"{name}: not kept, it cannot be read ({(error.strerror or str(error)).lower()})")
            continue
        beside = Beside(sidecar_path(name))
        if path.suffix.lower() == ".json":
            try:
                listing = parse_listing(data, name)
                beside = Beside(beside.file, listing)
                warnings.extend(listing.warnings)
            except BadSidecar as error:
                warnings.append(" ".join(error.sentences()[:2]))
        files.append(Sidecar(name, data, beside))
    return Sidecars(tuple(files), tuple(warnings))


def _small_file(path: Path) -> bytes:
    with path.open("rb") as stream:
        data = stream.read(LISTING_LIMIT_BYTES + 1)
    if len(data) > LISTING_LIMIT_BYTES:
        raise OSError(0, f"it is larger than {LISTING_LIMIT_BYTES // 1024**2} MiB; add it by its own name")
    return data


# -------------------------------------------------------------------------------------------------- publishing


@dataclass(frozen=True)
class Published:
    """What the archive holds now."""

    asset: AssetId
    file: str
    digest: Digest
    record: AssetRecord


def free_asset_id(root: StorageRoot) -> AssetId:
    """An id that no object here bears or bore. (Objects are never removed, so what is held was all there ever was.)"""
    asset = new_asset_id()
    while root.holds(str(asset.object_id)):
        asset = new_asset_id()
    return asset


def publish(
    root: StorageRoot,
    intake: Intake,
    asset: AssetId,
    submission: Submission,
    taken: Taken,
    modified_at: datetime,
    info: MediaInfo | None,
    sidecars: Sidecars,
    terms: Terms,
) -> Published:
    """Make a new asset of what was received; when this returns it is kept.

    Raises:
        StorageFailure: any of its kinds; then the object is absent, or (after its rename) valid and complete.
    """
    at = now()
    name, name_hex = readable_name(os.fsencode(submission.media.name))
    master = Instantiation(
        file=f"masters/{name}",
        kind=InstantiationKind.MASTER,
        digest=taken.digest,
        size_bytes=taken.size_bytes,
        kept_at=at,
        original_name=name,
        original_name_hex=name_hex,
        modified_at=modified_at,
        technical=info,
    )
    record = first_record(asset, master, [s.beside for s in sidecars.files], terms.access, at)
    events = _first_events(master, info, sidecars, terms)
    with root.writing(str(asset.object_id), intake) as draft:
        draft.put(master.file, taken)
        for sidecar in sidecars.files:
            draft.put_bytes(sidecar.beside.file, sidecar.data)
        _put_record(draft, record, events)
        draft.commit("Kept", terms.custodian, at=at)
    return Published(asset, master.file, taken.digest, record)


def _first_events(master: Instantiation, info: MediaInfo | None, sidecars: Sidecars, terms: Terms) -> tuple[Event, ...]:
    at = master.kept_at
    kept = Event(
        EventType.INGESTION,
        at,
        terms.agents,
        detail=f"{master.size_bytes} bytes, sha512 {master.digest.short}..., read back and compared",
        objects=(master.file, *(s.beside.file for s in sidecars.files)),
    )
    events = [kept]
    if info is not None:
        outcome = Outcome.WARNING if info.warnings else Outcome.SUCCESS
        detail = "; ".join(info.warnings) or f"probed as {info.container or 'unknown'}"
        events.append(Event(EventType.METADATA_EXTRACTION, at, (SOFTWARE,), outcome, detail, (master.file,)))
    if sidecars.warnings:
        detail = "; ".join(sidecars.warnings)
        events.append(Event(EventType.METADATA_EXTRACTION, at, (SOFTWARE,), Outcome.WARNING, detail))
    return tuple(events)


def join_sidecars(root: StorageRoot, asset: AssetId, sidecars: Sidecars, terms: Terms) -> tuple[str, ...]:
    """Keep those sidecars that the asset does not hold yet, in one new version; the logical paths that were added."""
    object_id = str(asset.object_id)
    with root.intake("join") as intake, root.writing(object_id, intake) as draft:
        held = set(draft.files.values())
        new = [sidecar for sidecar in sidecars.files if str(sidecar.digest) not in held]
        if not new:
            return ()
        record = parse_record(root.read(object_id, RECORD_FILE, draft.base))
        added: list[str] = []
        for sidecar in new:
            beside = replace(sidecar.beside, file=free_path(sidecar.beside.file, list(draft.files)))
            draft.put_bytes(beside.file, sidecar.data)
            record = with_sidecar(record, beside)
            added.append(beside.file)
        event = Event(EventType.INGESTION, now(), terms.agents, detail="came later", objects=tuple(added))
        _put_record(draft, record, (*_events_of(root, draft), event))
        draft.commit("Sidecars joined", terms.custodian, at=event.at)
        return tuple(added)


def unknown_sidecars(root: StorageRoot, asset: AssetId, sidecars: Sidecars) -> bool:
    """Whether any of them is not kept in the asset's object yet."""
    held = set(root.inventory(str(asset.object_id)).state().values())
    return any(str(sidecar.digest) not in held for sidecar in sidecars.files)


def mend(root: StorageRoot, asset: AssetId, logical: str, source: Source, terms: Terms) -> bool:
    """Give a damaged file its right bytes back from `source`, and record that it was done; False if nothing was."""
    object_id = str(asset.object_id)
    source.stream.seek(0)
    if not root.mend(object_id, logical, source.stream):
        return False
    with root.intake("mend") as intake, root.writing(object_id, intake) as draft:
        event = Event(
            EventType.RECOVERY,
            now(),
            terms.agents,
            detail="right bytes put back from an added file",
            objects=(logical,),
        )
        draft.put_bytes(EVENTS_FILE, events_bytes((*_events_of(root, draft), event)))
        draft.commit("Mended", terms.custodian, at=event.at)
    return True


def _events_of(root: StorageRoot, draft: Draft) -> tuple[Event, ...]:
    return parse_events(root.read(draft.object_id, EVENTS_FILE, draft.base))


def _put_record(draft: Draft, record: AssetRecord, events: Sequence[Event]) -> None:
    draft.put_bytes(RECORD_FILE, record_bytes(record))
    draft.put_bytes(EVENTS_FILE, events_bytes(events))
