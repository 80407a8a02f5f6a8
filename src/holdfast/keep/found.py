"""Keeping found copies: each in an object of its own, named by its digest, so that the same bytes are kept once.

    record.json                     where it came from, what was decided of it (`holdfast-found-1`)
    events.jsonl                    what happened to it
    copies/<name>                   its bytes, exactly
    evidence/<name>                 what lay beside it: a listing, captions, a thumbnail
    fingerprints/copies/<name>.hffp

A copy that is found a second time, elsewhere, gets one more line of provenance. Decisions are added, never changed:
the newest counts.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from holdfast.formats.found import found_bytes, parse_found
from holdfast.formats.record import EVENTS_FILE, RECORD_FILE, events_bytes, parse_events
from holdfast.keep.describe import free_path, readable_name
from holdfast.keep.ingest import SOFTWARE, Sidecars, Source, Terms, put_sidecar
from holdfast.model.asset import Evidence
from holdfast.model.event import Event, EventType, Outcome
from holdfast.model.found import Decision, FoundRecord, Provenance, Verdict, found_object_id
from holdfast.model.technical import MediaInfo
from holdfast.model.time import civil, now
from holdfast.ocfl.draft import Draft
from holdfast.ocfl.intake import Intake, Taken
from holdfast.ocfl.root import StorageRoot

COPIES, EVIDENCE = "copies/", "evidence/"


def provenance(path: Path, source: str, modified_at: datetime | None) -> Provenance:
    """What is said of the coming of a file."""
    name, name_hex = readable_name(os.fsencode(path.name))
    return Provenance(source, now(), name, name_hex, modified_at)


def publish_found(
    root: StorageRoot,
    intake: Intake,
    taken: Taken,
    came: Provenance,
    info: MediaInfo | None,
    sidecars: Sidecars,
    terms: Terms,
) -> FoundRecord:
    """Make the object of a found copy of what was received; when this returns it is kept.

    If it is kept already (another program was quicker), only its provenance grows.

    Raises:
        StorageFailure: any of its kinds; then the object is absent, or (after its rename) valid and complete.
        SourceChanged, SourceMissing: a large sidecar is no longer what was read of it a moment ago.
    """
    object_id = str(found_object_id(taken.digest.text))
    with root.writing(object_id, intake) as draft:
        if draft.base is not None:
            intake.drop(taken)
            return _came_again(root, draft, came, terms)
        file = f"{COPIES}{came.name}"
        draft.put(file, taken)
        evidence = []
        for sidecar in sidecars.files:
            place = free_path(f"{EVIDENCE}{sidecar.beside.file.rpartition('/')[2]}", list(draft.files))
            put_sidecar(draft, intake, sidecar, place)
            evidence.append(Evidence(place, "listing" if sidecar.beside.listing else "note"))
        record = FoundRecord(
            taken.digest, file, taken.size_bytes, came.at, provenance=(came,), technical=info, evidence=tuple(evidence)
        )
        detail = f"{taken.size_bytes} bytes, sha512 {taken.digest.short}..., read back and compared; {_from(came)}"
        events = [Event(EventType.INGESTION, came.at, terms.agents, detail=detail, objects=tuple(draft.files))]
        if info is not None:
            outcome = Outcome.WARNING if info.warnings else Outcome.SUCCESS
            told = "; ".join(info.warnings) or f"probed as {info.container or 'unknown'}"
            events.append(Event(EventType.METADATA_EXTRACTION, came.at, (SOFTWARE,), outcome, told, (file,)))
        draft.put_bytes(RECORD_FILE, found_bytes(record))
        draft.put_bytes(EVENTS_FILE, events_bytes(events))
        draft.commit("Found", terms.custodian, at=came.at)
    return record


def found_again(root: StorageRoot, digest: str, came: Provenance, terms: Terms) -> FoundRecord:
    """Note that the same bytes were found elsewhere, or under another name; nothing if that is known."""
    object_id = str(found_object_id(digest))
    with root.intake("found") as intake, root.writing(object_id, intake) as draft:
        return _came_again(root, draft, came, terms)


def decide(root: StorageRoot, digest: str, decision: Decision, terms: Terms) -> FoundRecord:
    """Add a decision, with its event; nothing if the newest one of that asset says the same.

    Raises:
        UnknownObject: there is no such found copy.
        DamagedObject, Locked, StorageFailure: the object cannot be given a new version.
    """
    object_id = str(found_object_id(digest))
    with root.intake("decide") as intake, root.writing(object_id, intake) as draft:
        record = parse_found(root.read(object_id, RECORD_FILE, draft.base))
        held = record.standing(decision.asset)
        if held is not None and (held.verdict, held.shift) == (decision.verdict, decision.shift):
            return record
        record = replace(record, decisions=(*record.decisions, decision))
        of = str(decision.asset) if decision.asset else "any asset"
        shift = f", shifted by {decision.shift} s" if decision.shift else ""
        reason = f": {decision.reason}" if decision.reason else ""
        word = "accepted as a copy of" if decision.verdict is Verdict.ACCEPTED else "refused as a copy of"
        event = Event(EventType.METADATA_MODIFICATION, decision.at, terms.agents, detail=f"{word} {of}{shift}{reason}")
        _put(root, draft, record, event)
        draft.commit("Decided", terms.custodian, at=decision.at)
    return record


def kept_file(root: StorageRoot, digest: str) -> str:
    """The logical path of a found copy's bytes, by its inventory alone. Raises UnknownObject, DamagedObject."""
    state = root.inventory(str(found_object_id(digest))).state()
    return next(path for path, found in sorted(state.items()) if path.startswith(COPIES) and found == digest)


def mend_found(root: StorageRoot, digest: str, file: str, source: Source, terms: Terms) -> bool:
    """Give a found copy that is damaged or gone its right bytes back from `source`; False if nothing was done."""
    object_id = str(found_object_id(digest))
    source.rewind()
    if not root.mend(object_id, file, source):
        return False
    with root.intake("mend") as intake, root.writing(object_id, intake) as draft:
        events = parse_events(root.read(object_id, EVENTS_FILE, draft.base))
        detail = "right bytes put back from a file that was found again"
        event = Event(EventType.RECOVERY, now(), terms.agents, detail=detail, objects=(file,))
        draft.put_bytes(EVENTS_FILE, events_bytes((*events, event)))
        draft.commit("Mended", terms.custodian, at=event.at)
    return True


def read_found(root: StorageRoot, digest: str) -> FoundRecord:
    """The record of a found copy. Raises UnknownObject, DamagedObject, DamagedFile, BadRecord."""
    return parse_found(root.read(str(found_object_id(digest)), RECORD_FILE))


def _came_again(root: StorageRoot, draft: Draft, came: Provenance, terms: Terms) -> FoundRecord:
    record = parse_found(root.read(draft.object_id, RECORD_FILE, draft.base))
    if any(
        (one.source, one.name, one.name_hex) == (came.source, came.name, came.name_hex) for one in record.provenance
    ):
        return record
    record = replace(record, provenance=(*record.provenance, came))
    event = Event(EventType.METADATA_MODIFICATION, came.at, terms.agents, detail=f"found again; {_from(came)}")
    _put(root, draft, record, event)
    draft.commit("Found again", terms.custodian, at=came.at)
    return record


def _put(root: StorageRoot, draft: Draft, record: FoundRecord, event: Event) -> None:
    events: Sequence[Event] = parse_events(root.read(draft.object_id, EVENTS_FILE, draft.base))
    draft.put_bytes(RECORD_FILE, found_bytes(record))
    draft.put_bytes(EVENTS_FILE, events_bytes((*events, event)))


def _from(came: Provenance) -> str:
    changed = f", changed {civil(came.modified_at)}" if came.modified_at else ""
    return f"from {came.source or 'an unnamed source'} as {came.name}{changed}"
