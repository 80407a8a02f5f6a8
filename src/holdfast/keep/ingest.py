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
from holdfast.errors import BadSidecar, EmptySource, KeyExists, SourceChanged, SourceMissing
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

LISTING_LIMIT_BYTES = 8 * 1024 * 1024  # parsed in this process: a hostile one takes thirty times its length
HELD_IN_MEMORY_BYTES = 4 * 1024 * 1024
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
    """A file beside the media file, as it was read: its digest, where it is to be kept, its listing if it is one.

    `data` are its bytes if they are few; those of a large one are read once more, from `path`, when it is kept.
    """

    path: Path
    digest: Digest
    beside: Beside
    data: bytes | None


@dataclass(frozen=True)
class Sidecars:
    """Those that could be read, and what was odd about any."""

    files: tuple[Sidecar, ...]
    warnings: tuple[str, ...]
    left_out: int = 0  # could not be read, and so are not kept


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
            # Not waiting for the writer of a pipe.
            descriptor = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except OSError as error:
            raise self._missing(error) from error
        self._before = os.fstat(descriptor)
        if not stat.S_ISREG(self._before.st_mode):
            os.close(descriptor)
            raise SourceMissing(path=self.path, reason="it is not a regular file")
        if self._before.st_size == 0:
            os.close(descriptor)
            raise EmptySource(path=self.path)
        self.stream: BinaryIO = os.fdopen(descriptor, "rb", buffering=0)
        self._read_bytes = 0
        return self

    def __exit__(self, *_: object) -> None:
        self.stream.close()

    @property
    def size_bytes(self) -> int:
        """Its length when it was opened."""
        return self._before.st_size

    @property
    def modified_at(self) -> datetime | None:
        """When its bytes were last changed, as its file system says; None for a time beyond all calendars."""
        try:
            return datetime.fromtimestamp(self._before.st_mtime_ns // 10**9, UTC)
        except (ValueError, OverflowError, OSError):
            return None

    def rewind(self) -> None:
        """Back to its first byte."""
        self.stream.seek(0)
        self._read_bytes = 0

    def readinto(self, buffer: memoryview | bytearray, /) -> int:
        """How many bytes were put into `buffer`; 0 at the end.

        Raises:
            SourceMissing: the system refused.
            SourceChanged: it has grown. A recording that goes on might never end, and fill the archive's disk.
        """
        try:
            count: int = self.stream.readinto(buffer) or 0  # type: ignore[attr-defined]  # it is a raw file
        except OSError as error:
            raise self._missing(error) from error
        self._read_bytes += count
        if self._read_bytes > self.size_bytes:
            raise SourceChanged(path=self.path, reason=f"it had {self.size_bytes} bytes, and has more now")
        return count

    def check_unchanged(self, read_bytes: int) -> None:
        """Whether what was read is one state of the file, all of it, and what the path still stands for.

        A file that is gone by now has been read to its end: its copy may be the last one, and is good.

        Raises:
            SourceChanged: how it changed.
        """
        before, after = self._before, os.fstat(self.stream.fileno())
        if after.st_size != before.st_size or read_bytes != before.st_size:
            reason = f"it had {before.st_size} bytes, {read_bytes} were read, now it has {after.st_size}"
            raise SourceChanged(path=self.path, reason=reason)
        if after.st_mtime_ns != before.st_mtime_ns:
            raise SourceChanged(path=self.path, reason="its time of change moved on")
        try:
            there = self.path.stat()
        except OSError:
            return
        if not os.path.samestat(there, after):
            raise SourceChanged(path=self.path, reason="another file was put in its place")
        # Somebody may write in place and set the time back. (A rename or a new link moves this clock, too.)
        if after.st_ctime_ns != before.st_ctime_ns and after.st_nlink == before.st_nlink:
            raise SourceChanged(path=self.path, reason="it was written to, or its attributes were")

    def _missing(self, error: OSError) -> SourceMissing:
        return SourceMissing(path=self.path, reason=(error.strerror or str(error)).lower())


def digest_of_source(source: Source, on_bytes: Callable[[int], None] | None = None) -> Digest:
    """The digest of record of a source, without taking it in. Raises SourceMissing, SourceChanged."""
    found = hashlib.sha512()
    buffer = bytearray(min(BUFFER_BYTES, source.size_bytes + 1))
    total = 0
    while count := source.readinto(buffer):
        found.update(memoryview(buffer)[:count])
        total += count
        if on_bytes is not None:
            on_bytes(count)
    source.check_unchanged(total)
    return Digest(found.hexdigest())


def receive(intake: Intake, source: Source, on_bytes: Callable[[int], None] | None = None) -> Taken:
    """The file's bytes in staging: hashed, durable, read back.

    Raises:
        SourceChanged, SourceMissing: the source moved under our hands or could not be read to its end.
        DiskFull, NotDurable, ReadBackDiffers, StorageRefused: the archive's side failed.
    """
    taken = intake.take_in(source, on_bytes)
    source.check_unchanged(taken.size_bytes)
    return taken


def read_sidecars(paths: Sequence[Path]) -> Sidecars:
    """The files beside a film. One that cannot be read is a warning; it never keeps the film out."""
    files: list[Sidecar] = []
    warnings: list[str] = []
    for path in paths:
        name, _ = readable_name(os.fsencode(path.name))
        wanted = free_path(sidecar_path(name), [file.beside.file for file in files])
        try:
            files.append(_sidecar(path, name, wanted, warnings))
        except EmptySource:
            files.append(Sidecar(path, digest_of(b""), Beside(wanted), b""))
        except (SourceMissing, SourceChanged) as error:
            warnings.append(f"{name}: not kept, {error.values['reason']}")
    return Sidecars(tuple(files), tuple(warnings), left_out=len(paths) - len(files))


def _sidecar(path: Path, name: str, wanted: str, warnings: list[str]) -> Sidecar:
    is_listing = path.suffix.lower() == ".json"
    with Source(path) as source:
        if source.size_bytes > (LISTING_LIMIT_BYTES if is_listing else HELD_IN_MEMORY_BYTES):
            if is_listing:
                warnings.append(f"{name}: too large to be read for the description; it is kept as it is")
            return Sidecar(path, digest_of_source(source), Beside(wanted), None)
        data = _all_of(source)
    beside = Beside(wanted)
    if is_listing:
        try:
            beside = Beside(wanted, parse_listing(data, name))
            warnings.extend(beside.listing.warnings if beside.listing else ())
        except BadSidecar as error:
            warnings.append(" ".join(error.sentences()[:2]))
    return Sidecar(path, digest_of(data), beside, data if len(data) <= HELD_IN_MEMORY_BYTES else None)


def _all_of(source: Source) -> bytes:
    data = bytearray(source.size_bytes + 1)  # one more, to see a file that has grown
    filled = 0
    while count := source.readinto(memoryview(data)[filled:]):
        filled += count
    source.check_unchanged(filled)
    return bytes(data[:filled])


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
    while root.backend.exists(root.key_of(str(asset.object_id))):
        asset = new_asset_id()
    return asset


def publish(
    root: StorageRoot,
    intake: Intake,
    asset: AssetId,
    submission: Submission,
    taken: Taken,
    modified_at: datetime | None,
    info: MediaInfo | None,
    sidecars: Sidecars,
    terms: Terms,
) -> Published:
    """Make a new asset of what was received; when this returns it is kept.

    Raises:
        StorageFailure: any of its kinds; then the object is absent, or (after its rename) valid and complete.
        SourceChanged, SourceMissing: a large sidecar is no longer what was read of it a moment ago.
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
        if draft.base is not None:  # another program drew the same id; chance never does that
            raise KeyExists(place=root.backend.place, key=root.key_of(str(asset.object_id)))
        draft.put(master.file, taken)
        for sidecar in sidecars.files:
            put_sidecar(draft, intake, sidecar, sidecar.beside.file)
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
    """Keep those sidecars that the asset does not hold yet, in one new version; the logical paths that were added.

    One that it holds, but no longer whole, is mended in passing.
    """
    object_id = str(asset.object_id)
    with root.intake("join") as intake, root.writing(object_id, intake) as draft:
        paths = {digest: path for path, digest in draft.files.items()}
        new = [sidecar for sidecar in sidecars.files if str(sidecar.digest) not in paths]
        old = [sidecar for sidecar in sidecars.files if str(sidecar.digest) in paths]
        mended = [s for s in old if not root.is_whole(object_id, paths[str(s.digest)])]
        events: list[Event] = []
        if mended:
            for sidecar in mended:
                put_sidecar(draft, intake, sidecar, paths[str(sidecar.digest)])
            events.append(_mended(tuple(paths[str(sidecar.digest)] for sidecar in mended), terms))
        added: list[str] = []
        if new:
            record = parse_record(root.read(object_id, RECORD_FILE, draft.base))
            for sidecar in new:
                beside = replace(sidecar.beside, file=free_path(sidecar.beside.file, list(draft.files)))
                put_sidecar(draft, intake, sidecar, beside.file)
                record = with_sidecar(record, beside)
                added.append(beside.file)
            draft.put_bytes(RECORD_FILE, record_bytes(record))
            events.append(Event(EventType.INGESTION, now(), terms.agents, detail="came later", objects=tuple(added)))
        if events:
            draft.put_bytes(EVENTS_FILE, events_bytes((*_events_of(root, draft), *events)))
            draft.commit("Sidecars joined" if new else "Mended", terms.custodian, at=events[-1].at)
        return tuple(added)


def unknown_sidecars(root: StorageRoot, asset: AssetId, sidecars: Sidecars) -> bool:
    """Whether any of them is not kept, whole, in the asset's object. Raises as `StorageRoot.inventory`."""
    if not sidecars.files:
        return False
    object_id = str(asset.object_id)
    paths = {digest: path for path, digest in root.inventory(object_id).state().items()}
    digests = [str(sidecar.digest) for sidecar in sidecars.files]
    return any(digest not in paths or not root.is_whole(object_id, paths[digest]) for digest in digests)


def mend(root: StorageRoot, asset: AssetId, logical: str, source: Source, terms: Terms) -> bool:
    """Give a damaged file its right bytes back from `source`, and record that it was done; False if nothing was.

    Killed between the two, the file is whole and the event is missing: what is mended needs no mending again.
    """
    object_id = str(asset.object_id)
    source.rewind()
    if not root.mend(object_id, logical, source):
        return False
    with root.intake("mend") as intake, root.writing(object_id, intake) as draft:
        event = _mended((logical,), terms)
        draft.put_bytes(EVENTS_FILE, events_bytes((*_events_of(root, draft), event)))
        draft.commit("Mended", terms.custodian, at=event.at)
    return True


def _mended(files: tuple[str, ...], terms: Terms) -> Event:
    return Event(
        EventType.RECOVERY, now(), terms.agents, detail="right bytes put back from an added file", objects=files
    )


def put_sidecar(draft: Draft, intake: Intake, sidecar: Sidecar, file: str) -> None:
    """Show the sidecar under `file`. Raises SourceChanged if a large one is not what it was when it was first read."""
    if sidecar.data is not None:
        draft.put_bytes(file, sidecar.data)
        return
    with Source(sidecar.path) as source:
        taken = receive(intake, source)
    if taken.digest != sidecar.digest:
        raise SourceChanged(path=sidecar.path, reason="it has other bytes than a moment ago")
    draft.put(file, taken)


def _events_of(root: StorageRoot, draft: Draft) -> tuple[Event, ...]:
    return parse_events(root.read(draft.object_id, EVENTS_FILE, draft.base))


def _put_record(draft: Draft, record: AssetRecord, events: Sequence[Event]) -> None:
    draft.put_bytes(RECORD_FILE, record_bytes(record))
    draft.put_bytes(EVENTS_FILE, events_bytes(events))
