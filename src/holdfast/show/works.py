"""Works as the site shows them: the record of one that the reader may see, and its access copies.

A record is read from the store and verified, once for each version: the catalogue's digest of the inventory says
whether what was read is still what lies there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from holdfast.actions.access import access_folder
from holdfast.catalog import visible
from holdfast.catalog.visible import VisibleAsset
from holdfast.formats.record import RECORD_FILE, parse_record
from holdfast.model.asset import AssetRecord, Instantiation, InstantiationKind
from holdfast.model.inventory import Inventory
from holdfast.model.rights import Embargo
from holdfast.show import site
from holdfast.show.middleware import not_here
from holdfast.show.reader import Reader, reader_of

if TYPE_CHECKING:
    from django.http import HttpRequest
    from sqlalchemy import Connection

RECORDS_AT_HAND = 2048


@dataclass(frozen=True)
class AccessCopy:
    """What can be watched of one instantiation: the folder of its files, and what `access.json` says of them."""

    of: Instantiation
    folder: Path
    described: dict[str, Any]

    @property
    def digest(self) -> str:
        """The digest of what it was made from; its address is made of it."""
        return str(self.of.digest)

    @property
    def duration(self) -> Fraction:
        """In seconds."""
        return Fraction(self.described.get("duration") or 0)

    @property
    def has_picture(self) -> bool:
        """Whether there is anything to see."""
        return any(rendition.get("width") for rendition in self.described.get("renditions", ()))


@dataclass(frozen=True)
class Work:
    """A work that the reader may see."""

    record: AssetRecord
    inventory: Inventory
    access: str
    copies: tuple[AccessCopy, ...]

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.record.id)

    @property
    def embargo(self) -> Embargo | None:
        """What closes it further than its access alone would, for now; None if nothing does."""
        return self.record.embargo if self.access != self.record.access.value else None

    @property
    def shown_copy(self) -> AccessCopy | None:
        """The copy that its page plays: that of the newest master or reconstruction that can be watched."""
        return self.copies[0] if self.copies else None

    @property
    def made_copy(self) -> AccessCopy | None:
        """The copy of its reconstruction: what is shown as that is taken from here, and from nowhere else."""
        return next((one for one in self.copies if one.of.kind is InstantiationKind.RECONSTRUCTION), None)

    @property
    def shows_what_is_lost(self) -> bool:
        """Whether the copy that its page plays was made of a master that was lost since."""
        shown = self.shown_copy
        return shown is not None and shown.of.kind is InstantiationKind.MASTER and self.record.masters_are_gone

    @property
    def is_reconstructed(self) -> bool:
        """Whether a reconstruction stands for its masters."""
        kinds = {one.kind for one in self.record.instantiations}
        return InstantiationKind.RECONSTRUCTION in kinds and not self.record.has_master


def visible_work(connection: Connection, reader: Reader, asset: str) -> Work:
    """The work of this id.

    Raises:
        Http404: there is none, or the reader may not see it.
        DamagedObject, DamagedFile, BadRecord: what lies there does not verify.
    """
    seen = visible.visible_asset(connection, asset, reader.levels)
    if seen is None:
        raise not_here()
    record, inventory = _read(id(site.archive()), seen.object, seen.inventory_digest)
    return Work(record, inventory, seen.access, tuple(_copies(record)))


def record_at(seen: VisibleAsset) -> AssetRecord:
    """The record of a work that the catalogue gave to the reader. Raises as `visible_work`, but for Http404."""
    return _read(id(site.archive()), seen.object, seen.inventory_digest)[0]


def asked_work(request: HttpRequest, asset: str) -> Work:
    """The work of this id, for whoever sent the request. Raises as `visible_work`."""
    with site.catalogue() as connection:
        return visible_work(connection, reader_of(request), asset)


@lru_cache(maxsize=RECORDS_AT_HAND)
def _read(archive: int, object_id: str, inventory_digest: str) -> tuple[AssetRecord, Inventory]:  # noqa: ARG001 (keys)
    root = site.archive().root
    inventory = root.inventory(object_id)
    return parse_record(root.read(object_id, RECORD_FILE, inventory)), inventory


def _copies(record: AssetRecord) -> list[AccessCopy]:
    """The access copies that are there, of the best first: a master that is held, then the newest reconstruction."""
    held = [one for one in record.instantiations if one.kind is not InstantiationKind.FOUND_COPY]
    order = {InstantiationKind.MASTER: 0, InstantiationKind.RECONSTRUCTION: 1}
    if record.masters_are_gone:
        order[InstantiationKind.MASTER] = 2
    held.sort(key=lambda one: (order[one.kind], -one.kept_at.timestamp()))
    copies = []
    for one in held:
        folder = access_folder(site.archive(), one.digest)
        described = described_in(folder) if folder is not None else None
        if folder is not None and described and described.get("renditions"):
            copies.append(AccessCopy(one, folder, described))
    return copies


@lru_cache(maxsize=RECORDS_AT_HAND)
def described_in(folder: Path) -> dict[str, Any] | None:
    """What `access.json` says; None if it says nothing that can be read. The folder's name is its content's digest."""
    try:
        described = json.loads((folder / "access.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return described if isinstance(described, dict) else None
