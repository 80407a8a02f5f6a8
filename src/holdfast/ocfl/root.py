"""The storage root: where objects are found, read and given new versions. It has no way to take a version away.

    root = StorageRoot(LocalBackend(folder), "ocfl")
    with root.intake("add", "holdfast:asset:...") as intake:
        film = intake.take_in(source)
        with root.writing("holdfast:asset:...", intake) as draft:
            draft.put("masters/film.mp4", film)
            draft.commit("First keeping", user="Archive of the Group")

Long copying happens outside the object's lock (`intake`), publishing inside it (`writing`), so that two people can
bring films to one asset at once and neither loses anything.

Objects that others wrote (another digest algorithm, zero-padded versions, OCFL 1.0) can be read; only sha512 objects of
the plain form, which this program writes, are given new versions.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from typing import BinaryIO

from holdfast.backends.base import Backend, write_bytes
from holdfast.errors import BadRecord, DamagedFile, DamagedObject, Locked, MissingKey, StorageRefused, UnknownObject
from holdfast.formats.inventory import INVENTORY
from holdfast.model.inventory import (
    CONTENT_DIRECTORY,
    DIGEST_ALGORITHM,
    OCFL_VERSION,
    Inventory,
    LogicalPath,
    VersionNumber,
)
from holdfast.ocfl import layout
from holdfast.ocfl.digests import BUFFER_BYTES, gives_back
from holdfast.ocfl.draft import Draft
from holdfast.ocfl.intake import Intake, Readable
from holdfast.ocfl.recovery import Recovery, certain_inventory, newest_proved, recover, root_inventory


class StorageRoot:
    """An OCFL storage root below `prefix` of a backend."""

    def __init__(self, backend: Backend, prefix: str = "ocfl") -> None:
        self.backend = backend
        self.prefix = prefix
        declared = self._declared_layout()
        self._layout = declared or layout.Layout()
        # A root whose rules we cannot follow (made by others) is read and audited, and gets no new objects from us.
        self.is_ours = declared is not None and backend.exists(f"{prefix}/{layout.root_declaration()[0]}")

    @classmethod
    def create(cls, backend: Backend, prefix: str = "ocfl") -> StorageRoot:
        """Make an empty storage root, or complete one that a crash left half made; what is there is left alone."""
        if backend.exists(prefix) and any(
            entry.name.startswith("0=ocfl_") and entry.name != layout.root_declaration()[0]
            for entry in backend.entries(prefix)
        ):
            return cls(backend, prefix)  # it was made by others, by other rules: taken as it is
        for name, data in layout.root_files().items():
            if backend.exists(f"{prefix}/{name}"):
                backend.settle(f"{prefix}/{name}")  # whoever put it there may have been killed before it was durable
            else:
                write_bytes(backend, f"{prefix}/{name}", data)
        return cls(backend, prefix)

    # ------------------------------------------------------------------------------------------------- reading

    def _declared_layout(self) -> layout.Layout | None:
        try:
            return layout.read_layout(self.backend, self.prefix)
        except BadRecord:
            return None  # an audit names it; what lies in the root can be found without it

    def key_of(self, object_id: str) -> str:
        """Where the object lies, or would lie."""
        return f"{self.prefix}/{self._layout.path_of(object_id)}"

    def holds(self, object_id: str) -> bool:
        """Whether there is an object of this id."""
        return self.backend.exists(f"{self.key_of(object_id)}/{INVENTORY}")

    def walk(self) -> Iterator[str]:
        """The keys of all objects, found by their declarations and not by trusting the layout."""
        return layout.walk_objects(self.backend, self.prefix)

    def inventory(self, object_id: str) -> Inventory:
        """The newest inventory of an object.

        Raises:
            UnknownObject: there is none of this id.
            DamagedObject: it is not sure which version is the newest, or another object lies in its place.
        """
        found = self.inventory_at(self.key_of(object_id), object_id)
        if found.object_id != object_id:
            raise DamagedObject(object_id=object_id, reason=f"in its place lies {found.object_id}")
        return found

    def inventory_at(self, key: str, object_id: str = "") -> Inventory:
        """The newest inventory of the object at `key`, proved by its sidecar.

        In the moment between the steps of a new version (see `draft`), or after a crash there, the root's inventory
        does not fit its sidecar: then the newest version speaks for the object, if its own inventory is proved. An
        older one never does: it may show what was corrected or closed since.
        """
        try:
            return root_inventory(self.backend, key)
        except MissingKey:
            if not self.backend.exists(key):
                raise UnknownObject(object_id=object_id or key) from None
        except BadRecord:
            pass
        proved = newest_proved(self.backend, key)
        if proved is None:
            reason = "neither its inventory nor that of its newest version fits its sidecar"
            raise DamagedObject(object_id=object_id or key, reason=reason)
        return proved

    def place_of(self, object_id: str, logical: str) -> str:
        """The key under which the bytes shown at `logical` lie. Raises as `inventory`, and UnknownFile."""
        return f"{self.key_of(object_id)}/{self.inventory(object_id).content_of(LogicalPath(logical))[0]}"

    def open(self, object_id: str, logical: str, version: VersionNumber | None = None) -> BinaryIO:
        """A stream of the bytes shown at `logical`, not yet verified: see `copy_verified`. Raises as `inventory`."""
        key = self.key_of(object_id)
        for place in self.inventory(object_id).content_of(LogicalPath(logical), version):
            with contextlib.suppress(MissingKey):
                return self.backend.open(f"{key}/{place}")
        raise DamagedFile(file=logical, object_id=object_id, expected="its bytes", found="nothing")

    def read(self, object_id: str, logical: str, inventory: Inventory | None = None) -> bytes:
        """The bytes of a small file, verified against its digest.

        Raises:
            UnknownObject, UnknownFile: there is none.
            DamagedFile: the bytes do not have their digest, or are gone.
        """
        return self.read_at(self.key_of(object_id), inventory or self.inventory(object_id), logical)

    def read_at(self, key: str, inventory: Inventory, logical: str) -> bytes:
        """As `read`, for the object at `key` whose inventory is at hand."""
        path = LogicalPath(logical)
        expected = inventory.digest_of(path)
        found = "nothing"
        for place in inventory.content_of(path):
            try:
                data = self.backend.read(f"{key}/{place}")
            except MissingKey:
                continue
            found = hashlib.new(inventory.digest_algorithm, data).hexdigest()
            if found == expected:
                return data
        raise DamagedFile(file=logical, object_id=inventory.object_id, expected=expected[:12], found=found[:12])

    def is_whole(self, object_id: str, logical: str) -> bool:
        """Whether every copy of the bytes shown at `logical` is given back and has its digest. Raises as `inventory`.

        What a killed process had put in place a moment before is made durable first: whoever asks will rely on it.
        """
        key, inventory, path = self.key_of(object_id), self.inventory(object_id), LogicalPath(logical)
        self.backend.settle(key)
        expected = inventory.digest_of(path)
        for place in inventory.content_of(path):
            if not gives_back(self.backend, f"{key}/{place}", expected, inventory.digest_algorithm):
                return False
            self.backend.settle(f"{key}/{place}")  # it may have been mended by somebody who was killed since
        return True

    def chunks(self, object_id: str, logical: str, version: VersionNumber | None = None) -> Iterator[memoryview]:
        """The bytes shown at `logical` piece by piece (each valid until the next is asked for), verified at the end.

        Raises:
            DamagedFile: after the last piece, when the whole does not have its digest; whoever wrote the pieces
                somewhere must then throw them away.
        """
        inventory = self.inventory(object_id)
        expected = inventory.digest_of(LogicalPath(logical), version)
        digest = hashlib.new(inventory.digest_algorithm)
        buffer = bytearray(BUFFER_BYTES)
        with self.open(object_id, logical, version) as stream:
            while count := stream.readinto(buffer):  # type: ignore[attr-defined]
                piece = memoryview(buffer)[:count]
                digest.update(piece)
                yield piece
        if digest.hexdigest() != expected:
            found = digest.hexdigest()[:12]
            raise DamagedFile(file=logical, object_id=object_id, expected=expected[:12], found=found)

    # ------------------------------------------------------------------------------------------------- writing

    def intake(self, purpose: str, object_id: str | None = None) -> Intake:
        """A staging area for new content, outside the storage root.

        Whoever knows already which object it is for says so: then a kill while that object is made new leaves not even
        an empty folder in the storage root.
        """
        return (
            Intake(self.backend, purpose)
            if object_id is None
            else Intake(self.backend, purpose, self._layout.path_of(object_id))
        )

    @contextlib.contextmanager
    def writing(self, object_id: str, intake: Intake, *, wait_s: float = 30.0) -> Iterator[Draft]:
        """The object, locked against every other writer and whole again if a crash had left it half written.

        Raises:
            Locked: another process writes to it for longer than `wait_s`.
            DamagedObject: it is not sure what its newest version is, and a history must not fork.
        """
        key = self.key_of(object_id)
        with self.locked(object_id, wait_s=wait_s):
            yield Draft(object_id, key, self._base(key, object_id), intake)

    def recover(self, object_id: str) -> Recovery | None:
        """Roll the object forward if a crash left it between two steps; None when there was nothing to do."""
        with self.locked(object_id):
            return self.recover_at(self.key_of(object_id))

    def recover_at(self, key: str) -> Recovery | None:
        """As `recover`, for the object at `key`, whose lock the caller holds."""
        return recover(self.backend, key) if self.backend.exists(key) else None

    def mend(self, object_id: str, logical: str, source: Readable) -> bool:
        """Put right bytes in place of damaged or missing ones, if `source` has them; True when it was done.

        The versions stay what they are: only bytes whose digest is the recorded one can enter, and only where the
        present ones do not have it.
        """
        key = self.key_of(object_id)
        with self.intake("mend") as intake:
            taken = intake.take_in(source)
            with self.locked(object_id):
                self.recover_at(key)
                inventory = self.inventory_at(key, object_id)
                path = LogicalPath(logical)
                if str(taken.digest) != inventory.digest_of(path):
                    return False
                return intake.restore(taken, [f"{key}/{place}" for place in inventory.content_of(path)])

    @contextlib.contextmanager
    def locked(self, object_id: str, *, wait_s: float = 30.0) -> Iterator[None]:
        """The object, locked against every writer. Raises Locked.

        One of 4,096 locks, chosen by the id: as many lock files as objects would be a heap of its own. Nobody here
        holds two objects at once, so sharing a lock can delay but never block for good.
        """
        name = f"object-{hashlib.sha256(object_id.encode('utf-8', 'surrogatepass')).hexdigest()[:3]}"
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(self.backend.lock(name, wait_s=wait_s))
            except Locked as error:
                raise Locked(name=object_id, holder=error.values["holder"]) from None
            yield

    def _base(self, key: str, object_id: str) -> Inventory | None:
        """What a new version is built upon; None for an object that is not there yet. Raises DamagedObject."""
        if not self.backend.exists(key):
            if not self.is_ours:
                reason = "the storage root does not declare OCFL 1.1 with layout 0003, so nothing new is put into it"
                raise StorageRefused(place=self.backend.place, name=object_id, reason=reason)
            return None
        recover(self.backend, key)
        base = certain_inventory(self.backend, key)
        if base is None:
            raise DamagedObject(object_id=object_id, reason="its inventory and its version folders do not agree")
        if base.object_id != object_id:
            raise DamagedObject(object_id=object_id, reason=f"its inventory says it is {base.object_id}")
        form = (base.spec, base.digest_algorithm, base.content_directory, base.head.width)
        if form != (OCFL_VERSION, DIGEST_ALGORITHM, CONTENT_DIRECTORY, 0):
            raise DamagedObject(object_id=object_id, reason="it was written by others in a form that is only read here")
        return base
