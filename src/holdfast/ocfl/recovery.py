"""Rolling an object forward after a crash between the steps of a new version; and nothing but that.

What lies in a version folder was complete and durable before the folder got its name (see `draft`), so a crash leaves
one of two pictures, and no other:

    after step 1   vN proves itself; the root's inventory proves itself and knows the versions up to N-1
    after step 2   vN proves itself; the root's inventory is vN's, letter for letter; the sidecar is still that of N-1

Only these are rolled forward. Any other disagreement is damage: it must stay visible to an audit, so it is not put
right in passing. Nothing is ever taken back or removed.
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


@dataclass(frozen=True)
class _Pair:
    """An inventory and its sidecar as they were read: each None where it is missing or cannot be understood."""

    data: bytes
    inventory: Inventory | None
    sidecar: str | None

    @property
    def proved(self) -> Inventory | None:
        """The inventory, if its sidecar gives its digest."""
        return self.inventory if self.inventory is not None and self.digest == self.sidecar else None

    @property
    def digest(self) -> str:
        """The digest that a sidecar of these bytes gives."""
        assert self.inventory is not None
        return hashlib.new(self.inventory.digest_algorithm, self.data).hexdigest()


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
    """The inventory of the newest version folder, if it proves itself; None if it does not."""
    newest = max(version_folders(backend, key), default=None)
    if newest is None:
        return None
    try:
        inventory = root_inventory(backend, f"{key}/{newest}")
    except (BadRecord, MissingKey):
        return None
    return inventory if inventory.head == newest else None


def recover(backend: Backend, key: str) -> Recovery | None:
    """Make the object at `key` whole if a crash left it between two steps. The caller holds its lock.

    Cheap when nothing is wrong: one listing and two small reads.
    """
    folders = version_folders(backend, key)
    if not folders:
        return None
    root = _pair(backend, key)
    if root.proved is not None and root.proved.head >= max(folders):
        return None
    newest = _pair(backend, f"{key}/{max(folders)}")
    if not _is_between_steps(backend, key, root, newest, max(folders)):
        return None
    assert newest.proved is not None
    # Whoever put the folder there may have been killed before its name was durable; the root must not run ahead of it.
    backend.settle(f"{key}/{newest.proved.head}")
    algorithm = newest.proved.digest_algorithm
    if newest.data != root.data:
        backend.replace(f"{key}/{INVENTORY}", newest.data)
    backend.replace(f"{key}/{sidecar_name(algorithm)}", sidecar_bytes(newest.data, algorithm))
    return Recovery(newest.proved.object_id, newest.proved.head)


def certain_inventory(backend: Backend, key: str) -> Inventory | None:
    """The inventory upon which a new version may be built; None where it is not sure which is the newest.

    The newest folder must prove itself or be proved by the root. Where only one of the two files at the root is
    damaged, the other one still says which version it was: the next version puts both right.
    """
    folders = version_folders(backend, key)
    root = _pair(backend, key)
    if not folders:
        return None
    if root.proved is not None:
        return root.proved if root.proved.head == max(folders) else None
    newest = _pair(backend, f"{key}/{max(folders)}")
    if newest.proved is None or newest.proved.head != max(folders):
        return None
    return newest.proved if newest.data == root.data or newest.digest == root.sidecar else None


def version_folders(backend: Backend, key: str) -> list[VersionNumber]:
    """The versions that have a folder, in no order. Raises MissingKey if there is no object."""
    found = []
    for entry in backend.entries(key):
        if entry.is_folder:
            try:
                found.append(VersionNumber.parse(entry.name))
            except ValueError:
                continue  # logs/, extensions/
    return found


def _pair(backend: Backend, key: str) -> _Pair:
    try:
        data = backend.read(f"{key}/{INVENTORY}")
    except MissingKey:
        data = b""
    try:
        inventory: Inventory | None = parse_inventory(data, f"{key}/{INVENTORY}")
    except BadRecord:
        inventory = None
    # The sidecar of an inventory that cannot be read is looked for under the name that we give.
    name = f"{key}/{sidecar_name(inventory.digest_algorithm) if inventory else sidecar_name('sha512')}"
    try:
        sidecar: str | None = parse_sidecar(backend.read(name, limit=4096), name)
    except (MissingKey, BadRecord):
        sidecar = None
    return _Pair(data, inventory, sidecar)


def _is_between_steps(backend: Backend, key: str, root: _Pair, newest: _Pair, head: VersionNumber) -> bool:
    if newest.proved is None or newest.proved.head != head or head.number == 1:
        return False
    if root.proved is not None:
        is_interrupted = root.proved.head.number + 1 == head.number and _continues(newest.proved, root.proved)
    else:
        before = _pair(backend, f"{key}/{VersionNumber(head.number - 1, head.width)}")
        is_interrupted = root.data == newest.data and before.proved is not None and root.sidecar == before.digest
    return is_interrupted and _content_is_there(backend, key, newest.proved)


def _continues(newest: Inventory, current: Inventory) -> bool:
    return newest.object_id == current.object_id and all(
        newest.versions.get(number) is not None and newest.versions[number].files == version.files
        for number, version in current.versions.items()
    )


def _content_is_there(backend: Backend, key: str, inventory: Inventory) -> bool:
    inside = f"{inventory.head}/"
    return all(
        has_digest(backend, f"{key}/{place}", digest, inventory.digest_algorithm)
        for digest, places in inventory.manifest.items()
        for place in places
        if place.startswith(inside)
    )
