"""Keep files and folders. When a result says "kept", the bytes are durable, read back, published and catalogued.

Running it again, after whatever end, adds nothing twice: bytes are known by their digest. A file that is kept already
is compared with what is kept, byte for byte, and mends it if that is damaged.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from holdfast.actions.archive import Archive
from holdfast.actions.fingerprinting import Fingerprinting
from holdfast.actions.watch import UNWATCHED, Watch
from holdfast.catalog import lists
from holdfast.catalog.catalog import Catalog
from holdfast.errors import (
    Damaged,
    DamagedFile,
    ExtraMissing,
    HoldfastError,
    Locked,
    NotFound,
    StorageFailure,
    UnknownAsset,
)
from holdfast.keep import ingest
from holdfast.keep.gather import PassedOver, Submission, gather
from holdfast.model.asset import AssetRecord
from holdfast.model.fixity import Digest
from holdfast.model.ids import AssetId, parse_asset_id
from holdfast.model.inventory import LogicalPath
from holdfast.model.rights import AccessLevel
from holdfast.model.technical import MediaInfo


class Outcome(StrEnum):
    """What became of one file."""

    KEPT = "kept"
    ALREADY_KEPT = "already kept"
    JOINED = "joined"
    MENDED = "mended"
    FAILED = "failed"
    NOT_TRIED = "not tried"


@dataclass(frozen=True)
class AddResult:
    """One submission and what became of it. `left_out` counts sidecars that could not be read and are not kept."""

    path: Path
    outcome: Outcome
    asset: AssetId | None = None
    file: str = ""
    digest: str = ""
    size_bytes: int = 0
    sidecars: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    left_out: int = 0
    error: HoldfastError | None = None


@dataclass(frozen=True)
class AddReport:
    """All results in the order of names, and what was passed over with the reason."""

    results: tuple[AddResult, ...]
    passed_over: tuple[PassedOver, ...]
    notes: tuple[str, ...] = field(default=())

    def count(self, outcome: Outcome) -> int:
        """How many files ended so."""
        return sum(result.outcome is outcome for result in self.results)

    @property
    def is_complete(self) -> bool:
        """Whether everything that was asked for is kept."""
        return not (
            self.count(Outcome.FAILED)
            or self.count(Outcome.NOT_TRIED)
            or any(p.is_fault for p in self.passed_over)
            or any(result.left_out for result in self.results)
        )


MASTERS = "masters/"


class Prober(Protocol):
    """Probes files beside the copying; `media.isolation.ProbeWorker` fits."""

    def submit(self, path: Path) -> Future[MediaInfo]:
        """The answer to come."""


def add(
    archive: Archive,
    paths: Sequence[Path],
    *,
    access: AccessLevel | None = None,
    fingerprint: bool = True,
    watch: Watch = UNWATCHED,
) -> AddReport:
    """Keep everything at `paths`. A file that fails is reported and the rest goes on; a failing disk ends the run.

    With `fingerprint`, what is kept and has none is fingerprinted while the next file is being kept; a failure of that
    is one of the notes.

    Raises:
        StorageFailure: the disk failed before the first file was begun. All else is in the report.
    """
    gathered = gather(paths)
    catalog = archive.up_to_date_catalog(watch)
    sweep(archive)
    watch.begin("Keeping", items=len(gathered.submissions), size_bytes=_size(gathered.submissions))
    results: list[AddResult] = []
    broken: HoldfastError | None = None
    # An open connection that does nothing: when the last one closes, SQLite moves its whole log and fsyncs twice.
    with catalog.engine.connect(), new_prober() as prober, Fingerprinting(archive, watch) as fingerprinting:
        deed = _Adding(archive, catalog, archive.terms(access), prober, watch)
        for submission in gathered.submissions:
            watch.at(str(submission.media))
            result = deed.one(submission) if broken is None else AddResult(submission.media, Outcome.NOT_TRIED)
            if isinstance(result.error, StorageFailure):
                broken = result.error
            results.append(result)
            watch.done(result)
            if fingerprint and result.asset is not None and broken is None:
                fingerprinting.take(result.asset)
        if broken is None:
            fingerprinting.finish()
        else:
            fingerprinting.leave()
    notes = (*deed.notes, *fingerprinting.notes, *(_indexed(archive, watch) if fingerprinting.count else ()))
    return AddReport(tuple(results), gathered.passed_over, notes)


def _indexed(archive: Archive, watch: Watch) -> Iterator[str]:
    """Bring the index of fingerprints up to date; what hinders it is a note, for it can be made again at any time."""
    from holdfast.actions.index import bring_up_to_date

    try:
        bring_up_to_date(archive, watch)
    except HoldfastError as error:
        yield " ".join(error.sentences())
    except (OSError, MemoryError) as error:
        yield f"The index of fingerprints was not brought up to date ({error}); holdfast index rebuild makes it anew."


def sweep(archive: Archive) -> int:
    """Remove what killed processes left in staging; nothing of it was ever called kept. How many areas there were."""
    count = 0
    for area in archive.backend.abandoned_staging():
        with contextlib.suppress(Locked):  # it has an owner after all
            archive.backend.discard(area)
            count += 1
    return count


class _Adding:
    """One run of `add`: what is the same for all its files."""

    def __init__(
        self, archive: Archive, catalog: Catalog, terms: ingest.Terms, prober: Prober | None, watch: Watch
    ) -> None:
        self._archive = archive
        self._catalog = catalog
        self._terms = terms
        self._prober = prober
        self._watch = watch
        self.notes: list[str] = []
        # Assets whose own files cannot be understood: the catalogue does not know what bytes they hold.
        with catalog.engine.connect() as connection:
            faulty = [object_id for object_id, _ in lists.faulty_objects(connection)]
        self._damaged = [asset for asset in map(_asset_of, faulty) if asset is not None]

    def one(self, submission: Submission) -> AddResult:
        """Keep one file and what lies beside it; every failure is in the result."""
        try:
            with ingest.Source(submission.media) as source:
                return self._already(submission, source) or self._new(submission, source)
        except HoldfastError as error:
            return AddResult(submission.media, Outcome.FAILED, error=error)

    def _already(self, submission: Submission, source: ingest.Source) -> AddResult | None:
        """The result for bytes that the archive holds; only a known length makes it worth reading them for that."""
        with self._catalog.engine.connect() as connection:
            if not self._damaged and not lists.is_size_known(connection, source.size_bytes):
                return None
        digest = ingest.digest_of_source(source, self._watch.advance)
        holder = self._holder(digest)
        if holder is None:
            self._watch.advance(-source.size_bytes)  # it will be read once more, to be copied
            source.rewind()
            return None
        return self._held(submission, source, digest, holder)

    def _holder(self, digest: Digest) -> lists.Holder | None:
        """Where the bytes are kept, if the disk agrees with the catalogue: else they are as good as new."""
        with self._catalog.engine.connect() as connection:
            holder = lists.holder_of(connection, digest)
        if holder is None:
            return self._holder_that_is_damaged(digest)
        object_id = str(holder.asset.object_id)
        try:
            if self._archive.root.inventory(object_id).digest_of(LogicalPath(holder.file)) == digest.text:
                return holder
            reason = "its record and its inventory do not agree"
        except (NotFound, Damaged) as error:
            reason = error.sentences()[0]
        self._catalog.refresh([object_id])
        self.notes.append(f"{holder.asset} held the same bytes once and cannot be relied on ({reason}): kept anew")
        return None

    def _holder_that_is_damaged(self, digest: Digest) -> lists.Holder | None:
        """An asset whose record cannot be understood, and whose inventory says that it keeps the bytes all the same."""
        for asset in self._damaged:
            try:
                state = self._archive.root.inventory(str(asset.object_id)).state()
            except (NotFound, Damaged):
                continue
            masters = [
                path for path, found in sorted(state.items()) if found == digest.text and path.startswith(MASTERS)
            ]
            if masters:
                self.notes.append(
                    f"{asset} keeps {masters[0]}, but its own description is damaged: bring the folder of the object"
                    " back from another copy of the archive, then: holdfast audit"
                )
                return lists.Holder(asset, masters[0])
        return None

    def _held(self, submission: Submission, source: ingest.Source, digest: Digest, holder: lists.Holder) -> AddResult:
        """The result for bytes that the catalogue knows: believed when the disk has shown them, else mended."""
        root, object_id = self._archive.root, str(holder.asset.object_id)
        is_whole = root.is_whole(object_id, holder.file)
        sidecars = ingest.read_sidecars(submission.sidecars)
        outcome = Outcome.ALREADY_KEPT
        joined: tuple[str, ...] = ()
        if not is_whole or ingest.unknown_sidecars(root, holder.asset, sidecars):
            with self._catalog.changing(object_id):
                if not is_whole and ingest.mend(root, holder.asset, holder.file, source, self._terms):
                    outcome = Outcome.MENDED
                elif not is_whole and not root.is_whole(object_id, holder.file):
                    raise DamagedFile(
                        file=holder.file, object_id=object_id, expected=digest.short, found="other bytes, not mended"
                    )
                joined = ingest.join_sidecars(root, holder.asset, sidecars, self._terms)
                if joined and outcome is Outcome.ALREADY_KEPT:
                    outcome = Outcome.JOINED
        return AddResult(
            path=submission.media,
            outcome=outcome,
            asset=holder.asset,
            file=holder.file,
            digest=str(digest),
            size_bytes=source.size_bytes,
            sidecars=joined,
            warnings=sidecars.warnings,
            left_out=sidecars.left_out,
        )

    def _new(self, submission: Submission, source: ingest.Source) -> AddResult:
        probing = self._prober.submit(submission.media) if self._prober else None
        root = self._archive.root
        asset = ingest.free_asset_id(root)
        with root.intake("add", str(asset.object_id)) as intake:
            taken = ingest.receive(intake, source, self._watch.advance)
            info = self._probed(probing)
            sidecars = ingest.read_sidecars(submission.sidecars)
            # Two programs that add the same folder at once meet here: the second finds what the first has catalogued.
            with self._archive.backend.lock(f"digest-{taken.digest.text[:2]}", wait_s=600):
                holder = self._holder(taken.digest)
                if holder is not None:
                    return self._held(submission, source, taken.digest, holder)
                with self._catalog.changing(str(asset.object_id)):
                    published = ingest.publish(
                        root, intake, asset, submission, taken, source.modified_at, info, sidecars, self._terms
                    )
        return AddResult(
            path=submission.media,
            outcome=Outcome.KEPT,
            asset=asset,
            file=published.file,
            digest=str(taken.digest),
            size_bytes=taken.size_bytes,
            sidecars=tuple(s.beside.file for s in sidecars.files),
            warnings=_warnings(published.record, sidecars),
            left_out=sidecars.left_out,
        )

    def _probed(self, probing: Future[MediaInfo] | None) -> MediaInfo | None:
        if probing is None:
            return None
        try:
            return probing.result()
        except ExtraMissing as error:
            self._prober = None
            self.notes.append(" ".join(error.sentences()))
            return None
        except HoldfastError:
            return None  # the source went away after it was read; its bytes are safe


def _warnings(record: AssetRecord, sidecars: ingest.Sidecars) -> tuple[str, ...]:
    probed = [i.technical.warnings for i in record.instantiations if i.technical]
    return (*(warning for warnings in probed for warning in warnings), *sidecars.warnings)


def _size(submissions: Sequence[Submission]) -> int:
    total = 0
    for submission in submissions:
        with contextlib.suppress(OSError):
            total += submission.media.stat().st_size
    return total


@contextlib.contextmanager
def new_prober() -> Iterator[Prober | None]:
    """What probes files beside their copying, as a context; None where the optional part [media] is missing."""
    worker: Callable[[], AbstractContextManager[Prober]]
    try:
        from holdfast.media.isolation import ProbeWorker

        worker = ProbeWorker
    except ImportError:
        with nullcontext():
            yield None
        return
    with worker() as prober:
        yield prober


def _asset_of(object_id: str) -> AssetId | None:
    """The asset that an object is of; None if its id is that of no asset."""
    prefix, _, text = object_id.rpartition(":")
    try:
        asset = parse_asset_id(text)
    except UnknownAsset:
        return None
    return asset if prefix and str(asset.object_id) == object_id else None
