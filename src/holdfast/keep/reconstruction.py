"""Keeping reconstructions: in the object of their asset, with the edit list that says what each second was made of.

    reconstructions/<name>.mkv       or the untouched bytes of a single copy, with its own suffix
    reconstructions/<name>.otio      the edit list: every source by digest and time range

A better reconstruction takes the place of the one before it, which earlier versions of the object still show. Asset
time stays, so that a citation of a moment goes on to mean the same moment.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from holdfast.formats.otio import OTIO_SUFFIX, otio_bytes
from holdfast.formats.record import EVENTS_FILE, RECORD_FILE, events_bytes, parse_events, parse_record, record_bytes
from holdfast.keep.ingest import Source, Terms, receive
from holdfast.model.asset import RECONSTRUCTED, AssetRecord, Instantiation, InstantiationKind, Status, StatusChange
from holdfast.model.edit import EditList
from holdfast.model.ids import AssetId
from holdfast.model.inventory import LogicalPath
from holdfast.model.restoration import restoration_event
from holdfast.model.technical import MediaInfo
from holdfast.model.time import now
from holdfast.ocfl.root import StorageRoot

ROOM = "reconstructions/"


def edit_list_path(record: AssetRecord) -> str | None:
    """The logical path of the edit list of an asset's reconstruction; None if it has none."""
    made = reconstruction_of(record)
    return None if made is None else f"{made.file.rpartition('.')[0]}{OTIO_SUFFIX}"


def reconstruction_of(record: AssetRecord) -> Instantiation | None:
    """The asset's reconstruction, if it has one."""
    made = [held for held in record.instantiations if held.kind is InstantiationKind.RECONSTRUCTION]
    return made[-1] if made else None


def keep_reconstruction(
    root: StorageRoot,
    asset: AssetId,
    made: Path,
    name: str,
    info: MediaInfo | None,
    edits: EditList,
    status: Status,
    terms: Terms,
    *,
    on_bytes: Callable[[int], None] | None = None,
) -> Instantiation:
    """Keep what was made as the asset's reconstruction; when this returns it is durable and read back.

    Args:
        root: the storage root.
        asset: whose reconstruction it is.
        made: the file, which stays where it is.
        name: under which it is kept, with its suffix.
        info: what a probe read from it.
        edits: what it was made of.
        status: of the asset from now on.
        terms: on whose behalf.
        on_bytes: told how many bytes were copied.

    Raises:
        SourceMissing, SourceChanged: `made` is not there any more, or changes.
        DamagedObject, Locked, StorageFailure: the object cannot be given a new version; the old one is as it was.
    """
    object_id = str(asset.object_id)
    file = f"{ROOM}{name}"
    beside = f"{file.rpartition('.')[0]}{OTIO_SUFFIX}"
    with root.intake("restore") as intake, Source(made) as source:
        taken = receive(intake, source, on_bytes)
        with root.writing(object_id, intake) as draft:
            at = now()
            for path in [path for path in draft.files if path.startswith(ROOM)]:
                draft.leave_out(path)
            draft.put(file, taken)
            draft.put_bytes(beside, otio_bytes(edits))
            before = parse_record(root.read(object_id, RECORD_FILE, draft.base))
            held = Instantiation(
                file=file,
                kind=InstantiationKind.RECONSTRUCTION,
                digest=taken.digest,
                size_bytes=taken.size_bytes,
                kept_at=at,
                original_name=name,
                technical=info,
            )
            others = [one for one in before.instantiations if one.kind is not InstantiationKind.RECONSTRUCTION]
            if before.has_master:
                status = Status.HELD  # they came back while this was made
            after = replace(before, instantiations=(*others, held), status=status)
            if status is not before.status:
                change = StatusChange(status, at, RECONSTRUCTED)
                after = replace(after, status_history=(*before.status_history, change))
            events = parse_events(root.read(object_id, EVENTS_FILE, draft.base))
            event = restoration_event(edits, (file, beside), at, terms.agents)
            draft.put_bytes(RECORD_FILE, record_bytes(after))
            draft.put_bytes(EVENTS_FILE, events_bytes((*events, event)))
            draft.commit("Reconstructed", terms.custodian, at=at)
    return held


def read_edit_list(root: StorageRoot, asset: AssetId) -> bytes | None:
    """The bytes of the edit list of an asset's reconstruction; None if it has none.

    Raises:
        UnknownObject, DamagedObject, DamagedFile, BadRecord: the asset is not there, or does not verify.
    """
    object_id = str(asset.object_id)
    inventory = root.inventory(object_id)
    path = edit_list_path(parse_record(root.read(object_id, RECORD_FILE, inventory)))
    if path is None or LogicalPath(path) not in inventory.state():
        return None
    return root.read(object_id, path, inventory)
