"""Everything the archive knows of one asset, read from the store itself and not from the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.actions.archive import Archive
from holdfast.catalog import lists
from holdfast.formats.record import EVENTS_FILE, RECORD_FILE, parse_events, parse_record
from holdfast.model.asset import AssetRecord
from holdfast.model.event import Event
from holdfast.model.inventory import Version


@dataclass(frozen=True)
class KeptFile:
    """One file as the newest version shows it: its logical path, digest, and place on the disk."""

    file: str
    digest: str
    place: str


@dataclass(frozen=True)
class Shown:
    """An asset in full. `last_check` is when the last audit looked at it, and its result."""

    record: AssetRecord
    events: tuple[Event, ...]
    files: tuple[KeptFile, ...]
    versions: tuple[tuple[str, Version], ...]
    object_id: str
    place: str
    last_check: tuple[str, str] | None


def show(archive: Archive, typed: str) -> Shown:
    """The asset that was typed.

    Raises:
        UnknownAsset, AmbiguousAsset: no or more than one asset fits.
        DamagedObject, DamagedFile, BadRecord: its object or record does not verify.
    """
    asset = archive.find(typed)
    object_id = str(asset.object_id)
    key = archive.root.key_of(object_id)
    inventory = archive.root.inventory(object_id)
    with archive.catalog.engine.connect() as connection:
        last_check = lists.last_check(connection, object_id)
    return Shown(
        record=parse_record(archive.root.read(object_id, RECORD_FILE, inventory)),
        events=parse_events(archive.root.read(object_id, EVENTS_FILE, inventory)),
        files=tuple(
            KeptFile(path, digest, f"{key}/{inventory.content_of(path)[0]}")
            for path, digest in sorted(inventory.state().items())
        ),
        versions=tuple((str(number), version) for number, version in sorted(inventory.versions.items())),
        object_id=object_id,
        place=key,
        last_check=last_check,
    )
