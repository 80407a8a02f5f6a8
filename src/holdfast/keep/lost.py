"""What is lost stays a full citizen: an asset of which nothing is held keeps its object, its words and its evidence.

declare     its masters are gone: the status changes, nothing is taken away. Digests, fingerprints, captions and
            stills stay where they are, and are what found copies are known by
register    a work that only listings speak of gets an object with what they say, and the listings themselves
regain      the very bytes came back: the asset is held again
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from holdfast.formats.record import EVENTS_FILE, RECORD_FILE, events_bytes, parse_events, parse_record, record_bytes
from holdfast.keep.describe import free_path
from holdfast.keep.ingest import Terms
from holdfast.model.asset import RECONSTRUCTED, AssetRecord, Evidence, Status, StatusChange
from holdfast.model.event import Event, EventType
from holdfast.model.ids import AssetId
from holdfast.model.inventory import LogicalPath
from holdfast.model.time import now
from holdfast.ocfl.root import StorageRoot


def change_status(root: StorageRoot, asset: AssetId, status: Status, reason: str, terms: Terms) -> AssetRecord:
    """The asset's record with this status, kept as a new version; as it is if it has it already, and a reason of it.

    Raises:
        DamagedObject, DamagedFile, BadRecord: its object or record does not verify.
        Locked, StorageFailure: nothing was changed.
    """
    object_id = str(asset.object_id)
    with root.intake("status") as intake, root.writing(object_id, intake) as draft:
        record = parse_record(root.read(object_id, RECORD_FILE, draft.base))
        comes_back = status is Status.HELD and reason != RECONSTRUCTED and record.masters_are_gone
        says_why = status is Status.LOST and bool(reason) and not any(one.reason for one in record.status_history[-1:])
        if record.status is status and not comes_back and not says_why:
            return record
        at = now()
        record = replace(
            record, status=status, status_history=(*record.status_history, StatusChange(status, at, reason))
        )
        events = parse_events(root.read(object_id, EVENTS_FILE, draft.base))
        said = f"declared {status.value}" + (f": {reason}" if reason else "")
        masters = tuple(held.file for held in record.instantiations)
        event = Event(EventType.METADATA_MODIFICATION, at, terms.agents, detail=said, objects=masters)
        draft.put_bytes(RECORD_FILE, record_bytes(record))
        draft.put_bytes(EVENTS_FILE, events_bytes((*events, event)))
        draft.commit(f"Declared {status.value}", terms.custodian, at=at)
    return record


def register(
    root: StorageRoot, asset: AssetId, said: AssetRecord, evidence: Mapping[str, bytes], terms: Terms
) -> AssetRecord:
    """A new asset of which nothing is held, and the files that speak of it; when this returns it is kept.

    Args:
        root: the storage root.
        asset: its id, a free one.
        said: what is said of it. Its id, status and dates of keeping are replaced.
        evidence: the bytes of listings and thumbnails by their file names.
        terms: on whose behalf.

    Raises:
        StorageFailure: any of its kinds; then the object is absent, or (after its rename) valid and complete.
    """
    at = now()
    object_id = str(asset.object_id)
    with root.intake("lost", object_id) as intake, root.writing(object_id, intake) as draft:
        for name, data in evidence.items():
            draft.put_bytes(_place(name, draft.files), data)
        kept = tuple(Evidence(path, _kind(path)) for path in sorted(draft.files))
        record = replace(
            said,
            id=asset,
            status=Status.LOST,
            access=terms.access,
            created_at=at,
            evidence=kept,
            status_history=(StatusChange(Status.LOST, at, "known from a listing"),),
        )
        event = Event(
            EventType.ACCESSION,
            at,
            terms.agents,
            detail="known from a listing, nothing is held",
            objects=tuple(draft.files),
        )
        draft.put_bytes(RECORD_FILE, record_bytes(record))
        draft.put_bytes(EVENTS_FILE, events_bytes([event]))
        draft.commit("Registered as lost", terms.custodian, at=at)
    return record


def more_is_said(
    root: StorageRoot, asset: AssetId, said: AssetRecord, evidence: Mapping[str, bytes], terms: Terms
) -> tuple[str, ...]:
    """Add to a known asset what another listing says of it; the names of the fields that grew.

    Statements that it has already are not added twice, and nothing that it says is changed. Evidence whose bytes it
    holds is not kept again.
    """
    object_id = str(asset.object_id)
    with root.intake("lost") as intake, root.writing(object_id, intake) as draft:
        before = parse_record(root.read(object_id, RECORD_FILE, draft.base))
        held = set(draft.files.values())
        added = []
        for name, data in evidence.items():
            taken = intake.take_bytes(data)
            if str(taken.digest) in held:
                intake.drop(taken)
                continue
            path = _place(name, draft.files)
            draft.put(path, taken)
            added.append(Evidence(path, _kind(path)))
        grown: dict[str, Any] = {name: _joined(getattr(before, name), getattr(said, name)) for name in GROWING}
        after = replace(before, **grown, evidence=(*before.evidence, *added))
        names = tuple(name for name in (*GROWING, "evidence") if getattr(after, name) != getattr(before, name))
        if not names:
            return ()
        events = parse_events(root.read(object_id, EVENTS_FILE, draft.base))
        detail = f"a listing adds to {', '.join(names)}"
        objects = tuple(one.file for one in added)
        event = Event(EventType.METADATA_MODIFICATION, now(), terms.agents, detail=detail, objects=objects)
        draft.put_bytes(RECORD_FILE, record_bytes(after))
        draft.put_bytes(EVENTS_FILE, events_bytes((*events, event)))
        draft.commit("More is said of it", terms.custodian, at=event.at)
    return names


GROWING = ("titles", "descriptions", "dates", "people", "tags", "publications", "stated_durations", "sections")


def _joined(held: tuple[object, ...], new: tuple[object, ...]) -> tuple[object, ...]:
    return (*held, *(one for one in new if one not in held))


def _place(name: str, taken: Mapping[LogicalPath, str]) -> str:
    return free_path(f"evidence/{name}", list(taken))


def _kind(path: str) -> str:
    return "thumbnail" if path.lower().endswith((".jpg", ".jpeg", ".png", ".webp", ".gif")) else "listing"
