"""Make the catalogue anew from the disk alone. Nothing in the store is touched."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.actions.archive import Archive
from holdfast.actions.watch import UNWATCHED, Watch
from holdfast.catalog import lists


@dataclass(frozen=True)
class Rebuilt:
    """What the new catalogue holds, and which objects could not be understood."""

    totals: lists.Totals
    faults: tuple[tuple[str, str], ...]


def rebuild(archive: Archive, watch: Watch = UNWATCHED) -> Rebuilt:
    """A new catalogue. Readers go on with the old one until it is there; a kill in the middle leaves the old one."""
    watch.begin("Reading objects")
    archive.catalog.rebuild(on_object=lambda _: watch.done(None))
    with archive.catalog.engine.connect() as connection:
        return Rebuilt(lists.totals(connection), tuple(lists.faulty_objects(connection)))
