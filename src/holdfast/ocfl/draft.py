"""A new version of an object in the making, and the few steps that publish it.

A new object is staged whole and appears by one rename: it is absent or valid, never between.

A new version cannot appear by one rename, because OCFL keeps the newest inventory twice. Its order is

    1  rename  staging/.../version -> <object>/vN        the version is there, complete and durable
    2  replace <object>/inventory.json                    the object knows it
    3  replace <object>/inventory.json.sha512             the object proves it

and a process that dies between the steps leaves an object that `recovery` rolls forward: after step 1 all the bytes
of the version are durable, so forward is always possible and nothing has to be taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from holdfast.errors import BadValue
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
from holdfast.ocfl.intake import VERSION_FOLDER, Intake, Taken, write_checked

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

        Raises:
            BadValue: the path has an empty, `.` or `..` part, or is both a file and a folder.
        """
        path = self._checked(logical)
        digest = str(taken.digest)
        held = (self.base is not None and digest in self.base.manifest) or digest in self._new
        if held:
            self._intake.drop(taken)
        else:
            self._new[digest] = ContentPath(f"{self.number}/{CONTENT_DIRECTORY}/{taken.name}")
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
            DiskFull, NotDurable, ReadBackDiffers, StorageRefused: nothing of it is kept.
        """
        if self.base is not None and self.base.state() == self._files:
            return self.base
        inventory = self._inventory(message, user, at or now())
        data = inventory_bytes(inventory)
        sidecar = sidecar_bytes(data, DIGEST_ALGORITHM)
        staged = f"{self._intake.area}/{VERSION_FOLDER}"
        backend = self._intake.backend
        write_checked(backend, f"{staged}/{INVENTORY}", data)
        write_checked(backend, f"{staged}/{sidecar_name(DIGEST_ALGORITHM)}", sidecar)
        if self.base is None:
            self._publish_object(data, sidecar)
        else:
            backend.move(staged, f"{self._key}/{self.number}")
            backend.replace(f"{self._key}/{INVENTORY}", data)
            backend.replace(f"{self._key}/{sidecar_name(DIGEST_ALGORITHM)}", sidecar)
        return inventory

    def _publish_object(self, data: bytes, sidecar: bytes) -> None:
        backend = self._intake.backend
        whole = f"{self._intake.area}/object"
        write_checked(backend, f"{whole}/{DECLARATION}", DECLARATION_BYTES)
        write_checked(backend, f"{whole}/{INVENTORY}", data)
        write_checked(backend, f"{whole}/{sidecar_name(DIGEST_ALGORITHM)}", sidecar)
        backend.move(f"{self._intake.area}/{VERSION_FOLDER}", f"{whole}/{self.number}")
        backend.move(whole, self._key)

    def _inventory(self, message: str, user: str, at: datetime) -> Inventory:
        state: dict[str, tuple[LogicalPath, ...]] = {}
        for path, digest in sorted(self._files.items()):
            state[digest] = (*state.get(digest, ()), path)
        version = Version(created=at, state=state, message=message, user_name=user)
        added = {digest: (place,) for digest, place in self._new.items() if digest in state}
        for digest in self._new.keys() - added.keys():  # put, then left out again or replaced in the same draft
            self._intake.backend.discard(
                f"{self._intake.area}/{VERSION_FOLDER}/{self._new[digest].removeprefix(f'{self.number}/')}"
            )
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
