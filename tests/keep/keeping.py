"""Keeping in one step, as the deed `add` does it in many; for tests."""

from __future__ import annotations

from pathlib import Path

from holdfast.formats.record import EVENTS_FILE, RECORD_FILE, parse_events, parse_record
from holdfast.keep import ingest
from holdfast.keep.gather import gather
from holdfast.model.asset import AssetRecord
from holdfast.model.event import Event
from holdfast.model.ids import AssetId
from holdfast.model.rights import AccessLevel
from holdfast.model.technical import MediaInfo
from holdfast.ocfl.root import StorageRoot

TERMS = ingest.Terms("Archive of the Group", AccessLevel.MEMBERS)


def kept(root: StorageRoot, media: Path, info: MediaInfo | None = None, asset: AssetId | None = None) -> AssetId:
    """The asset made of `media` and of what lies beside it."""
    [submission] = gather([media]).submissions
    asset = asset or ingest.free_asset_id(root)
    with ingest.Source(media) as source, root.intake("test", str(asset.object_id)) as intake:
        taken = ingest.receive(intake, source)
        sidecars = ingest.read_sidecars(submission.sidecars)
        return ingest.publish(root, intake, asset, submission, taken, source.modified_at, info, sidecars, TERMS).asset


def record_of(root: StorageRoot, asset: AssetId) -> AssetRecord:
    return parse_record(root.read(str(asset.object_id), RECORD_FILE))


def events_of(root: StorageRoot, asset: AssetId) -> tuple[Event, ...]:
    return parse_events(root.read(str(asset.object_id), EVENTS_FILE))


def files_of(root: StorageRoot, asset: AssetId) -> dict[str, bytes]:
    """Everything that the newest version shows, less record and events."""
    name = str(asset.object_id)
    paths = [path for path in root.inventory(name).state() if path not in (RECORD_FILE, EVENTS_FILE)]
    return {path: root.read(name, path) for path in paths}
