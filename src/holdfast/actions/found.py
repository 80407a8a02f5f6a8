"""Found copies: kept at once, because they may vanish again, then looked at; what is doubtful waits for a person.

A file whose bytes an asset held once is no found copy but the thing itself: it goes back to its place, and the asset
is held again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from holdfast.actions.add import new_prober, sweep
from holdfast.actions.archive import Archive
from holdfast.actions.describe import record_of
from holdfast.actions.sighting import copies, sightings
from holdfast.actions.watch import UNWATCHED, Watch
from holdfast.catalog import lists
from holdfast.catalog.lists import FoundCopy
from holdfast.errors import Damaged, DamagedFile, ExtraMissing, HoldfastError, NotFound, StorageFailure
from holdfast.formats.identification import match_record
from holdfast.formats.record import RECORD_FILE, parse_record
from holdfast.keep import found as keeping
from holdfast.keep import ingest
from holdfast.keep.gather import PassedOver, Submission, gather
from holdfast.keep.lost import change_status
from holdfast.model.asset import Status
from holdfast.model.fixity import Digest
from holdfast.model.found import (
    Decision,
    FoundRecord,
    KnownAs,
    Provenance,
    Sighting,
    Verdict,
    found_object_id,
)
from holdfast.model.ids import AssetId
from holdfast.model.technical import MediaInfo
from holdfast.model.time import now
from holdfast.restore.hints import Outside, Sought, hints_of
from holdfast.restore.wanted.works import known_asset

ORDINARY_RATE = Fraction(25)
MOST_HINTS = 3


@dataclass(frozen=True)
class Known:
    """A match of a found copy with the title of its asset; `verdict` is what a person decided of it, or ""."""

    known: KnownAs
    title: str
    verdict: str = ""

    def as_record(self) -> dict[str, Any]:
        """As it stands in JSON: as `identify` prints a match."""
        record = match_record(self.known.match, asset=self.known.asset, title=self.title, file=self.known.file)
        return record | ({"verdict": self.verdict} if self.verdict else {})


@dataclass(frozen=True)
class Hinted:
    """A lost work that a copy may be, by its outside alone: never a match, and only told where there is none."""

    asset: str
    title: str
    reasons: tuple[str, ...]

    def as_record(self) -> dict[str, Any]:
        """As it stands in JSON."""
        return {"asset": self.asset, "title": self.title, "reasons": list(self.reasons)}


@dataclass(frozen=True)
class Found:
    """One file and what became of it. `outcome` is `kept`, `already kept`, `came back` (a lost master), or `failed`.

    `asset` is set where the very bytes belong to one. `error` is why it was not kept, or could not be looked at.
    """

    path: str
    outcome: str
    digest: str = ""
    asset: str = ""
    matches: tuple[Known, ...] = ()
    doubtful: tuple[Known, ...] = ()
    hints: tuple[Hinted, ...] = ()
    notes: tuple[str, ...] = field(default=())
    error: HoldfastError | None = None

    @property
    def is_kept(self) -> bool:
        """Whether its bytes are in the archive."""
        return bool(self.digest)

    def as_record(self) -> dict[str, Any]:
        """As it stands in JSON."""
        record: dict[str, Any] = {
            "file": self.path,
            "digest": self.digest or None,
            "outcome": self.outcome,
            "kept": self.is_kept,
            "matches": [one.as_record() for one in self.matches],
            "doubtful": [one.as_record() for one in self.doubtful],
            "hints": [one.as_record() for one in self.hints],
            "notes": list(self.notes),
        }
        record |= {"asset": self.asset} if self.asset else {}
        return record | (self.error.as_json() if self.error else {})


@dataclass(frozen=True)
class FoundReport:
    """All results, and what was passed over with the reason."""

    results: tuple[Found, ...]
    passed_over: tuple[PassedOver, ...]

    @property
    def is_complete(self) -> bool:
        """Whether everything that was named is kept and was looked at."""
        return not any(one.error for one in self.results) and not any(one.is_fault for one in self.passed_over)


def add_found(archive: Archive, paths: Sequence[Path], source: str, *, watch: Watch = UNWATCHED) -> FoundReport:
    """Keep found copies, with where they came from; then tell what each shows.

    All are kept before the first is looked at. A file that fails is reported and the rest goes on; a failing disk ends
    the run. Running it again keeps nothing twice.

    Raises:
        StorageFailure: the disk failed before the first file was begun, or while fingerprints were kept.
    """
    gathered = gather(paths)
    archive.up_to_date_catalog(watch)
    sweep(archive)
    watch.begin("Keeping", items=len(gathered.submissions))
    kept: list[Found] = []
    with new_prober() as prober:
        deed = _Keeping(archive, source, prober, watch)
        for submission in gathered.submissions:
            watch.at(str(submission.media))
            kept.append(deed.one(submission))
            watch.done(None)
            if isinstance(kept[-1].error, StorageFailure):
                break
    rest = gathered.submissions[len(kept) :]
    kept += [Found(str(submission.media), "not tried") for submission in rest]
    return FoundReport(tuple(_recognized(archive, kept, watch)), gathered.passed_over)


def _recognized(archive: Archive, kept: Sequence[Found], watch: Watch) -> list[Found]:
    """The results with what each copy shows; each is told to `watch` as it is known."""
    wanted = {one.digest for one in kept if one.digest and not one.asset}
    mine = [copy for copy in copies(archive) if copy.digest in wanted]
    answers: dict[str, Sighting | HoldfastError] = {}
    try:
        sightings(archive, mine, watch, lambda copy, answer: answers.update({copy.digest: answer}))
    except ExtraMissing as error:
        watch.note(" ".join(error.sentences()))
    lost = _sought(archive)
    results = []
    for one in kept:
        answer = answers.get(one.digest)
        if isinstance(answer, HoldfastError):
            results.append(replace(one, notes=(*one.notes, " ".join(answer.sentences()[:1]))))
        elif answer is not None:
            record = keeping.read_found(archive.root, one.digest)
            matches, doubtful = told(archive, record, answer)
            hints = () if matches or doubtful or _is_decided(record) else hinted(record, lost)
            notes = (*one.notes, *answer.notes)
            results.append(replace(one, matches=matches, doubtful=doubtful, hints=hints, notes=notes))
        else:
            results.append(one)
        watch.done(results[-1])
    return results


class _Keeping:
    """One run of `found add`: what is the same for all its files."""

    def __init__(self, archive: Archive, source: str, prober: Any, watch: Watch) -> None:
        self._archive, self._source, self._prober, self._watch = archive, source, prober, watch
        self._terms = archive.terms()

    def one(self, submission: Submission) -> Found:
        """Keep one file; every failure is in the result."""
        try:
            with ingest.Source(submission.media) as source:
                return self._one(submission, source)
        except HoldfastError as error:
            return Found(str(submission.media), "failed", error=error)

    def _one(self, submission: Submission, source: ingest.Source) -> Found:
        path = str(submission.media)
        digest = ingest.digest_of_source(source)
        source.rewind()
        try:
            held = self._held(path, source, digest.text)
        except (Damaged, NotFound) as error:  # that asset cannot be understood: all the more reason to keep the file
            self._watch.note(" ".join(error.sentences()))
            held = None
        if held is not None:
            return held
        came = keeping.provenance(submission.media, self._source, source.modified_at)
        object_id = str(found_object_id(digest.text))
        if self._archive.root.holds(object_id):
            return self._again(path, source, digest.text, came)
        source.rewind()
        probing: Future[MediaInfo] | None = self._prober.submit(submission.media) if self._prober else None
        with self._archive.root.intake("found", object_id) as intake:
            taken = ingest.receive(intake, source, self._watch.advance)
            sidecars = ingest.read_sidecars(submission.sidecars)
            with self._archive.catalog.changing(str(found_object_id(taken.digest.text))):
                keeping.publish_found(self._archive.root, intake, taken, came, _probed(probing), sidecars, self._terms)
        return Found(path, "kept", taken.digest.text, notes=sidecars.warnings)

    def _again(self, path: str, source: ingest.Source, digest: str, came: Provenance) -> Found:
        """The result for bytes that are kept already: mended where they are damaged, with one more provenance."""
        root, object_id = self._archive.root, str(found_object_id(digest))
        file = keeping.kept_file(root, digest)
        outcome = "already kept"
        notes: tuple[str, ...] = ()
        with self._archive.catalog.changing(object_id):
            if not root.is_whole(object_id, file):
                keeping.mend_found(root, digest, file, source, self._terms)
                if not root.is_whole(object_id, file):
                    raise DamagedFile(file=file, object_id=object_id, expected=digest[:12], found="other bytes")
                outcome = "mended"
            try:
                keeping.found_again(root, digest, came, self._terms)
            except Damaged as error:  # its record is: the bytes are there, and an audit names the rest
                notes = (error.sentences()[0],)
        return Found(path, outcome, digest, notes=notes)

    def _held(self, path: str, source: ingest.Source, digest: str) -> Found | None:
        """The result for bytes that belong to an asset: put back if they were lost."""
        with self._archive.catalog.engine.connect() as connection:
            holder = lists.holder_of(connection, Digest(digest))
        if holder is None:
            return None
        root, object_id = self._archive.root, str(holder.asset.object_id)
        record = parse_record(root.read(object_id, RECORD_FILE))
        is_whole = root.is_whole(object_id, holder.file)
        if is_whole and not record.masters_are_gone:
            return Found(path, "already kept", digest, asset=str(holder.asset))
        with self._archive.catalog.changing(object_id):
            if not is_whole and not ingest.mend(root, holder.asset, holder.file, source, self._terms):
                return None
            if all(root.is_whole(object_id, master.file) for master in record.masters):
                change_status(root, holder.asset, Status.HELD, "its bytes came back", self._terms)
        return Found(path, "came back", digest, asset=str(holder.asset))


def _probed(probing: Future[MediaInfo] | None) -> MediaInfo | None:
    try:
        return probing.result() if probing is not None else None
    except HoldfastError:
        return None  # its bytes are safe; what they are can be read at any time


# ------------------------------------------------------------------------------------------------------ telling


def told(archive: Archive, record: FoundRecord, sighting: Sighting) -> tuple[tuple[Known, ...], tuple[Known, ...]]:
    """The claims and the doubtful of a sighting, with titles, as people decided: refused ones are left out."""
    known = (*sighting.matches, *sighting.doubtful)
    with archive.catalog.engine.connect() as connection:
        titles = lists.titles_of(connection, {one.asset for one in known}, archive.settings.languages)
    matches: list[Known] = []
    doubtful: list[Known] = []
    for one in known:
        verdict = verdict_on(record, one.asset)
        said = Known(one, titles.get(one.asset, one.asset), verdict)
        if verdict == Verdict.REFUSED:
            continue
        (matches if verdict == Verdict.ACCEPTED or one in sighting.matches else doubtful).append(said)
    return tuple(matches), tuple(doubtful)


def hinted(record: FoundRecord, lost: Sequence[Sought]) -> tuple[Hinted, ...]:
    """The lost works that a copy may be, by its name, embedded title, length and date; those refused are left out."""
    info = record.technical
    title = info.tags.get("title", "") if info else ""
    date = info.recorded_at[:10] if info else ""
    hints = hints_of(Outside(record.name, title, info.duration if info else None, date), lost, MOST_HINTS)
    titles = {one.asset: one.titles[0] if one.titles else str(one.asset) for one in lost}
    return tuple(
        Hinted(
            str(one.asset), titles[one.asset], tuple(f"{reason.kind.value}: {reason.what}" for reason in one.reasons)
        )
        for one in hints
        if record.decision(one.asset) is None
    )


def _sought(archive: Archive) -> list[Sought]:
    """The works of the loss register of which no fingerprint survives, as far as their outside goes."""
    with archive.catalog.engine.connect() as connection:
        lost = [line.asset for line in lists.list_assets(connection, status=Status.LOST.value)]
        known_again = {one.asset for one in lists.fingerprints(connection)}
    found = []
    for asset in lost:
        if asset in known_again:
            continue  # it was compared already, and by more than its name
        with contextlib.suppress(HoldfastError):  # a damaged record hints at nothing; an audit names it
            known = known_asset(record_of(archive, asset)[0])
            dates = tuple(date.edtf for date in known.dates)
            found.append(Sought(known.id, known.titles, known.duration, dates, known.source_ids))
    return found


def verdict_on(record: FoundRecord, asset: str) -> str:
    """What a person decided of this copy and this asset; "" if nobody did."""
    decision = record.decision(AssetId(asset))
    return decision.verdict.value if decision is not None else ""


@dataclass(frozen=True)
class FoundLine:
    """A found copy in a list."""

    copy: FoundCopy
    matches: tuple[Known, ...]
    doubtful: tuple[Known, ...]
    hints: tuple[Hinted, ...]
    record: FoundRecord

    def as_record(self) -> dict[str, Any]:
        """As it stands in JSON."""
        return {
            "file": self.copy.name,
            "digest": self.copy.digest,
            "kept": True,
            "from": [one.source for one in self.record.provenance],
            "kept_at": self.copy.kept_at,
            "duration": None if self.copy.duration_us is None else self.copy.duration_us / 1_000_000,
            "size_bytes": self.copy.size_bytes,
            "matches": [one.as_record() for one in self.matches],
            "doubtful": [one.as_record() for one in self.doubtful],
            "hints": [one.as_record() for one in self.hints],
            "accepted": [str(asset) for asset in self.record.accepted],
        }


def ls_found(archive: Archive, *, doubtful: bool = False, watch: Watch = UNWATCHED) -> list[FoundLine]:
    """All found copies with what they show; only those that wait for a person's decision if `doubtful`."""
    mine = copies(archive, watch)
    known = sightings(archive, mine, watch)
    lost = _sought(archive)
    lines = []
    for copy in mine:
        try:
            record = keeping.read_found(archive.root, copy.digest)
        except Damaged as error:
            watch.note(" ".join(error.sentences()))
            continue
        nothing: tuple[tuple[Known, ...], tuple[Known, ...]] = ((), ())
        matches, doubts = told(archive, record, known[copy.digest]) if copy.digest in known else nothing
        hints = () if matches or doubts or _is_decided(record) else hinted(record, lost)
        if doubts or hints or not doubtful:
            lines.append(FoundLine(copy, matches, doubts, hints, record))
    return lines


def _is_decided(record: FoundRecord) -> bool:
    """Whether a person has said what it is, or that it is nothing."""
    return any(one.verdict is Verdict.ACCEPTED or one.asset is None for one in record.decisions)


# ----------------------------------------------------------------------------------------------------- deciding


def decide(
    archive: Archive,
    typed: str,
    verdict: Verdict,
    asset: str | None = None,
    *,
    shift_frames: int = 0,
    reason: str = "",
) -> tuple[FoundRecord, Decision]:
    """Accept a found copy as one of an asset, or refuse it; the decision is kept with the copy.

    Returns:
        The copy's record, and the decision that stands now.

    Args:
        archive: the archive.
        typed: the digest of the copy, or its beginning.
        verdict: accepted or refused.
        asset: of which; every one if a refusal names none.
        shift_frames: how many of the copy's frames later in the asset it lies than was recognised.
        reason: in the words of who decides.

    Raises:
        UnknownFound, UnknownAsset, AmbiguousAsset: there is no such copy or asset.
        Locked, StorageFailure: nothing was changed.
    """
    with archive.up_to_date_catalog().engine.connect() as connection:
        digest = lists.find_found(connection, typed)
    record = keeping.read_found(archive.root, digest)
    concerning = archive.find(asset) if asset is not None else None
    rate = (
        next((track.frame_rate for track in record.technical.video if track.frame_rate), None)
        if record.technical
        else None
    )
    shift = Fraction(shift_frames) / (rate or ORDINARY_RATE)
    with archive.catalog.changing(str(found_object_id(digest))):
        new = Decision(verdict, now(), concerning, shift, reason)
        record = keeping.decide(archive.root, digest, new, archive.terms())
    return record, record.standing(concerning) or new
