"""Rolling an object forward after a crash between the steps of a new version.

What lies in a version folder was complete and durable before the folder got its name (see `draft`), so the newest
version whose inventory is proved by its own sidecar, and which continues what the object was, is the truth; the copy
of its inventory in the object's root is brought up to it. Nothing is ever taken back or removed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from holdfast.backends.base import Backend
from holdfast.errors import BadRecord, MissingKey
from holdfast.formats.inventory import INVENTORY, parse_inventory, parse_sidecar, sidecar_bytes, sidecar_name
from holdfast.model.inventory import Inventory, VersionNumber
from holdfast.ocfl.digests import has_digest


@dataclass(frozen=True)
class Recovery:
    """What was mended: the object, and the version that it now shows."""

    object_id: str
    head: VersionNumber


def root_inventory(backend: Backend, key: str) -> Inventory:
    """The inventory at `key`, proved by its sidecar.

    Raises:
        MissingKey: there is no inventory.
        BadRecord: it cannot be understood, or does not fit its sidecar.
    """
    data = backend.read(f"{key}/{INVENTORY}")
    inventory = parse_inventory(data, f"{key}/{INVENTORY}")
    name = f"{key}/{sidecar_name(inventory.digest_algorithm)}"
    try:
        expected = parse_sidecar(backend.read(name, limit=4096), name)
    except MissingKey:
        raise BadRecord(name=f"{key}/{INVENTORY}", reason="it has no sidecar") from None
    if hashlib.new(inventory.digest_algorithm, data).hexdigest() != expected:
        raise BadRecord(name=f"{key}/{INVENTORY}", reason="it does not have the digest that its sidecar gives")
    return inventory


def newest_proved(backend: Backend, key: str) -> Inventory | None:
    """The inventory of the newest version folder that proves itself; None if none does."""
    for number in sorted(_version_folders(backend, key), reverse=True):
        try:
            inventory = root_inventory(backend, f"{key}/{number}")
        except (BadRecord, MissingKey):
            continue
        if inventory.head == number:
            return inventory
    return None


def recover(backend: Backend, key: str) -> Recovery | None:
    """Make the object at `key` whole if its newest version is not yet known at its root. The caller holds its lock.

    Cheap when nothing is wrong: one listing and two small reads.
    """
    folders = _version_folders(backend, key)
    if not folders:
        return None
    try:
        current: Inventory | None = root_inventory(backend, key)
    except (BadRecord, MissingKey):
        current = None
    if current is not None and current.head >= max(folders):
        return None
    newest = newest_proved(backend, key)
    if newest is None or newest.head != max(folders) or not _continues(newest, current):
        return None  # this is damage and not an interrupted step: an audit names it, a replica mends it
    if not _content_is_there(backend, key, newest):
        return None
    data = backend.read(f"{key}/{newest.head}/{INVENTORY}")
    backend.replace(f"{key}/{INVENTORY}", data)
    backend.replace(f"{key}/{sidecar_name(newest.digest_algorithm)}", sidecar_bytes(data, newest.digest_algorithm))
    return Recovery(newest.object_id, newest.head)


def _version_folders(backend: Backend, key: str) -> list[VersionNumber]:
    found = []
    for entry in backend.entries(key):
        if entry.is_folder:
            try:
                found.append(VersionNumber.parse(entry.name))
            except ValueError:
                continue  # logs/, extensions/
    return found


def _continues(newest: Inventory, current: Inventory | None) -> bool:
    if current is None:
        return True
    return newest.object_id == current.object_id and all(
        newest.versions.get(number) is not None and newest.versions[number].state == version.state
        for number, version in current.versions.items()
    )


def _content_is_there(backend: Backend, key: str, inventory: Inventory) -> bool:
    inside = f"{inventory.head}/"
    for digest, places in inventory.manifest.items():
        for place in places:
            if place.startswith(inside) and not has_digest(backend, f"{key}/{place}", digest):
                return False
    return True
