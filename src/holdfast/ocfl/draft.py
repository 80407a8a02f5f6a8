"""A new version of an object in the making, and the few steps that publish it.

A new object is staged whole and appears by one rename: it is absent or valid, never between.

A new version cannot appear by one rename, because OCFL keeps the newest inventory twice. Its order is

    1  rename  staging/.../v1 -> <object>/vN             the version is there, complete and durable
    2  replace <object>/inventory.json                    the object knows it
    3  replace <object>/inventory.json.sha512             the object proves it

and a process that dies between the steps leaves an object that `recovery` rolls forward: after step 1 all the bytes
of the version are durable, so forward is always possible and nothing has to be taken back.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import datetime

from holdfast.errors import BadRecord, BadValue, KeyExists, MissingKey, ReadBackDiffers
from holdfast.formats.inventory import INVENTORY, inventory_bytes, sidecar_bytes, sidecar_name
from holdfast.model.inventory import (
    CONTENT_DIRECTORY,
    DIGEST_ALGORITHM,
    OCFL_VERSION,
    V1,
    ContentPath,
    Inventory,
    LogicalPath,
    Version,
    VersionNumber,
    path_fault,
)
from holdfast.model.time import now
from holdfast.ocfl.intake import Intake, Taken, write_checked
from holdfast.ocfl.recovery import root_inventory

DECLARATION = f"0=ocfl_object_{OCFL_VERSION}"
DECLARATION_BYTES = f"ocfl_object_{OCFL_VERSION}\n".encode("ascii")


class Draft:
    """The next version of one object. Made by `StorageRoot.writing`, which holds the object's lock meanwhile.

    `base` is the inventory that it builds upon, None for a new object. Nothing is visible before `commit`.
    """

    def __init__(self, object_id: str, object_key: str, base: Inventory | None, intake: Intake) -> None:
        self.object_id = object_id
        self.base = base
        self._key = object_key
        self._intake = intake
        self._files: dict[LogicalPath, str] = dict(base.state()) if base else {}
        self._new: dict[str, ContentPath] = {}
        self.number = base.head.next() if base else V1

    @property
    def files(self) -> Mapping[LogicalPath, str]:
        """The digest of each logical path as the version would show it now."""
        return self._files

    def put(self, logical: str, taken: Taken) -> None:
        """Show `taken` under `logical`. Bytes that the object holds already are not kept a second time.

        "Holds already" is believed of the bytes alone: those in place are read, and mended from `taken` if they are
        not what they were. What is taken once may be shown under several paths.

        Raises:
            BadValue: the path has an empty, `.` or `..` part, or is both a file and a folder.
        """
        path = self._checked(logical)
        digest = str(taken.digest)
        place = ContentPath(f"{self.number}/{CONTENT_DIRECTORY}/{taken.name}")
        if self._new.setdefault(digest, place) != place:
            self._intake.drop(taken)
        elif self.base is not None and digest in self.base.manifest:
            del self._new[digest]
            self._intake.restore(taken, [f"{self._key}/{held}" for held in self.base.manifest[digest]])
        self._files[path] = digest

    def put_bytes(self, logical: str, data: bytes) -> None:
        """Show a small file from memory under `logical`. Raises as `put` and `Intake.take_bytes`."""
        self.put(logical, self._intake.take_bytes(data))

    def leave_out(self, logical: str) -> None:
        """Do not show `logical` in this version; earlier versions show it as before. Raises KeyError."""
        del self._files[LogicalPath(logical)]

    def commit(self, message: str, user: str, *, at: datetime | None = None) -> Inventory:
        """Publish the version; when this returns it is durable. Without a change there is no new version.

        Args:
            message: why this version was made, for the inventory.
            user: who made it (a chosen name).
            at: the version's civil time; now if not given.

        Raises:
            KeyExists: somebody else created the object at the same time.
            DiskFull, NotDurable, ReadBackDiffers, StorageRefused: it must not be called kept. Before the rename
                nothing of it is visible; after it the version is complete, and is rolled forward by the next writer.
        """
        backend = self._intake.backend
        if self.base is not None and self.base.state() == self._files:
            backend.settle(self._key)  # whoever put it there may have been killed before it was durable
            return self.base
        inventory = self._inventory(message, user, at or now())
        data = inventory_bytes(inventory)
        sidecar = sidecar_bytes(data, DIGEST_ALGORITHM)
        self._drop_unshown(inventory)
        self._stage_pair(self._intake.version_folder, data, sidecar)
        if self.base is None:
            write_checked(backend, f"{self._intake.object_folder}/{DECLARATION}", DECLARATION_BYTES)
            self._stage_pair(self._intake.object_folder, data, sidecar)
            self._publish_object()
        else:
            backend.move(self._intake.version_folder, f"{self._key}/{self.number}")
            self._look_again(f"{self._key}/{self.number}")  # before the root says that there is such a version
            backend.replace(f"{self._key}/{INVENTORY}", data)
            backend.replace(f"{self._key}/{sidecar_name(DIGEST_ALGORITHM)}", sidecar)
        self._look_again(self._key)
        return inventory

    def _stage_pair(self, folder: str, data: bytes, sidecar: bytes) -> None:
        write_checked(self._intake.backend, f"{folder}/{INVENTORY}", data)
        write_checked(self._intake.backend, f"{folder}/{sidecar_name(DIGEST_ALGORITHM)}", sidecar)

    def _publish_object(self) -> None:
        """One rename of the object and of every folder that is missing on its way."""
        backend, way = self._intake.backend, self._intake.way
        if not self._key.endswith(f"/{way}"):
            backend.move(self._intake.object_folder, self._key)
            return
        top = self._key.removesuffix(f"/{way}")
        parts = way.split("/")
        for depth in range(1, len(parts)):
            missing = "/".join(parts[:depth])
            if not backend.exists(f"{top}/{missing}"):
                with contextlib.suppress(KeyExists):  # another object took the same way at this moment: one deeper
                    backend.move(f"{self._intake.area}/{missing}", f"{top}/{missing}")
                    return
        backend.move(self._intake.object_folder, self._key)

    def _look_again(self, key: str) -> None:
        """Every byte was read back in staging; this asks whether a rename that claims to be done really happened."""
        try:
            if root_inventory(self._intake.backend, key).head == self.number:
                return
        except (BadRecord, MissingKey):
            pass
        raise ReadBackDiffers(name=f"{key}/{INVENTORY}", place=self._intake.backend.place)

    def _drop_unshown(self, inventory: Inventory) -> None:
        """Take out of staging what was put and then left out or replaced; an empty folder would be one too many."""
        intake = self._intake
        shown = [place for digest, place in self._new.items() if digest in inventory.manifest]
        if not shown:
            intake.backend.discard(intake.content_folder)
            return
        for place in self._new.values():
            if place not in shown:
                intake.backend.discard(f"{intake.content_folder}/{place.rpartition('/')[2]}")

    def _inventory(self, message: str, user: str, at: datetime) -> Inventory:
        state: dict[str, list[LogicalPath]] = {}
        for path, digest in sorted(self._files.items()):
            state.setdefault(digest, []).append(path)
        shown = {digest: tuple(paths) for digest, paths in state.items()}
        version = Version(created=at, state=shown, message=message, user_name=user)
        added = {digest: (place,) for digest, place in self._new.items() if digest in shown}
        earlier: Mapping[VersionNumber, Version] = self.base.versions if self.base else {}
        manifest = {**(self.base.manifest if self.base else {}), **added}
        return Inventory(
            object_id=self.object_id,
            head=self.number,
            manifest=manifest,
            versions={**earlier, self.number: version},
            fixity=self.base.fixity if self.base else {},
            extra=self.base.extra if self.base else {},
            digest_algorithm=DIGEST_ALGORITHM,
        )

    def _checked(self, logical: str) -> LogicalPath:
        fault = path_fault(logical)
        if fault:
            raise BadValue(name="the logical path", found=logical, expected=f"another one: it {fault}")
        inside = logical + "/"
        for path in self._files:
            if path.startswith(inside) or logical.startswith(path + "/"):
                raise BadValue(name="the logical path", found=logical, expected=f"one that does not clash with {path}")
        return LogicalPath(logical)
