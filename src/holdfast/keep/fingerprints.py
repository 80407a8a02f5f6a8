"""Fingerprints in the object of their asset: `fingerprints/<name of the master>.hffp`, so that they travel with it.

A work stays recognisable when every byte of its films is gone, wherever a replica of the object lies. The record does
not name them: the path tells which master a fingerprint is of, and the fingerprint itself holds that master's digest.

Keeping one is a new version of the object, with an event. Doing it again changes nothing: a fingerprint of the same
master, mode and recipe is not kept twice. One of a newer recipe takes the place of the old one, which earlier versions
still show; one of an older recipe, made by an older program, does not.
"""

from __future__ import annotations

from holdfast.errors import BadRecord, Damaged
from holdfast.formats.record import EVENTS_FILE, events_bytes, fingerprint_path, parse_events
from holdfast.keep.ingest import Terms
from holdfast.model.event import Event, EventType, Outcome
from holdfast.model.inventory import LogicalPath
from holdfast.model.time import now
from holdfast.ocfl.draft import Draft
from holdfast.ocfl.root import StorageRoot


def keep_fingerprint(root: StorageRoot, object_id: str, file: str, data: bytes, terms: Terms) -> bool:
    """Keep `data`, the fingerprint of the film at the logical path `file` of an object; False if it was kept already.

    Raises:
        BadRecord: `data` is no fingerprint, or one of other bytes than the object shows at `file`.
        DamagedObject, Locked, StorageFailure: the object cannot be given a new version.
    """
    from holdfast.formats.fingerprint import parse_fingerprint

    made = parse_fingerprint(data)
    path = fingerprint_path(file)
    with root.intake("fingerprint") as intake, root.writing(object_id, intake) as draft:
        if draft.base is None or draft.files.get(LogicalPath(file)) != made.digest:
            raise BadRecord(name=path, reason=f"it was made of other bytes than {object_id} has at {file}")
        if LogicalPath(path) in draft.files and _is_known(root, draft, path, data):
            return False
        draft.put_bytes(path, data)
        outcome = Outcome.WARNING if made.warnings else Outcome.SUCCESS
        detail = "; ".join(("fingerprinted", *made.warnings))
        event = Event(EventType.METADATA_EXTRACTION, now(), terms.agents, outcome, detail, (file, path))
        events = parse_events(root.read(object_id, EVENTS_FILE, draft.base))
        draft.put_bytes(EVENTS_FILE, events_bytes((*events, event)))
        draft.commit("Fingerprinted", terms.custodian, at=event.at)
    return True


def _is_known(root: StorageRoot, draft: Draft, path: str, data: bytes) -> bool:
    """Whether the one that is kept is whole and was made in the same way, or a newer one, of the same bytes."""
    from holdfast.formats.fingerprint import parse_fingerprint

    try:
        held, new = parse_fingerprint(root.read(draft.object_id, path, draft.base)), parse_fingerprint(data)
    except Damaged:
        return False
    return (held.digest, held.mode) == (new.digest, new.mode) and held.recipe >= new.recipe
