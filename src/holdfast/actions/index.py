"""The index of fingerprints: brought up to date with what stands in the objects, looked at, checked, made anew.

It lies in `cache/fingerprints`, may be deleted at any time, and is made from the store alone. The catalogue tells which
fingerprints stand in objects; a work of the index is named by its asset, the digest of its fingerprint and its file, so
that one which was made anew is another work, and the old one goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from holdfast.actions.archive import Archive
from holdfast.actions.fingerprinting import need_restore
from holdfast.actions.renewing import Fault, fault_of
from holdfast.actions.watch import UNWATCHED, Watch
from holdfast.catalog import lists
from holdfast.catalog.lists import Film, Printed
from holdfast.errors import BadRecord, Damaged, NotFound
from holdfast.model.ids import AssetId

if TYPE_CHECKING:
    from holdfast.catalog.fingerprints.shelf import Shelf
    from holdfast.model.fingerprint import Fingerprint

INDEX = "fingerprints"
ONE_BY_ONE = 16  # works that are added so; of more it is less work to make the whole anew
DIGEST_CHARACTERS = 32  # of a fingerprint, in the name of its work


@dataclass(frozen=True)
class IndexStatus:
    """How the index stands: `works` it knows, of `hours` in all (exact), in `size_bytes` on the disk.

    `wanting` are fingerprints that stand in objects and not in the index, `stale` works that no object has any more:
    both are put right by the next `identify`. `without` are films that have no fingerprint at all.
    """

    works: int
    hours: Fraction
    size_bytes: int
    wanting: int
    stale: int
    without: tuple[Film, ...]


def index_folder(archive: Archive) -> Path:
    """Where the index lies, or would lie."""
    return archive.cache / INDEX


def name_of(printed: Printed) -> str:
    """The name of the work that a fingerprint is indexed as."""
    return f"{printed.asset} {printed.digest[:DIGEST_CHARACTERS]} {printed.file}"


def asset_and_file(name: str) -> tuple[str, str]:
    """What `name_of` was told: the asset, and the logical path of the film."""
    asset, _, rest = name.partition(" ")
    return asset, rest.partition(" ")[2]


def bring_up_to_date(archive: Archive, watch: Watch = UNWATCHED) -> Shelf:
    """The index, with what came into the store since, and without what is there no more. A broken one is made anew.

    A fingerprint that cannot be read is passed over with a note; `verify` names it with the remedy.

    Raises:
        ExtraMissing: the optional part [restore] is not installed.
        Locked: another program is at it for minutes.
        StorageFailure: it cannot be written.
    """
    need_restore("Knowing films again")
    from holdfast.catalog.fingerprints.shelf import Shelf

    with archive.backend.lock("fingerprint-index", wait_s=600):
        folder = index_folder(archive)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            shelf = Shelf.open(folder)
            _update(archive, shelf, watch)
        except Damaged:
            shelf = _made_anew(archive, watch)
        return shelf


def _update(archive: Archive, shelf: Shelf, watch: Watch) -> None:
    wanted = {name_of(printed): printed for printed in _in_objects(archive, watch)}
    known = set(shelf.names())
    for name in sorted(known - wanted.keys()):
        shelf.remove(name)
    new = [printed for name, printed in wanted.items() if name not in known]
    if not new:
        return
    watch.begin("Indexing fingerprints", items=len(new))
    if len(new) > max(ONE_BY_ONE, len(known)):
        shelf.rebuild(_read(archive, list(wanted.values()), watch))
        return
    for name, fingerprint in _read(archive, new, watch):
        shelf.add(name, fingerprint)


def rebuild(archive: Archive, watch: Watch = UNWATCHED) -> int:
    """Make the index from the store alone; the number of works. Raises as `bring_up_to_date`."""
    need_restore("Making the index")
    with archive.backend.lock("fingerprint-index", wait_s=600):
        return _made_anew(archive, watch).works()


def _made_anew(archive: Archive, watch: Watch) -> Shelf:
    from holdfast.catalog.fingerprints.shelf import Shelf

    folder = index_folder(archive)
    folder.mkdir(parents=True, exist_ok=True)
    printed = _in_objects(archive, watch)
    watch.begin("Indexing fingerprints", items=len(printed))
    shelf = Shelf.open(folder)
    shelf.rebuild(_read(archive, printed, watch))
    return shelf


def _in_objects(archive: Archive, watch: Watch) -> list[Printed]:
    with archive.up_to_date_catalog(watch).engine.connect() as connection:
        return lists.fingerprints(connection)


def _read(archive: Archive, printed: list[Printed], watch: Watch) -> Iterator[tuple[str, Fingerprint]]:
    """The fingerprints themselves, verified, one after the other; the index needs no pictures for people."""
    from holdfast.formats.fingerprint import parse_fingerprint

    for one in printed:
        watch.at(one.file)
        try:
            data = archive.root.read(str(AssetId(one.asset).object_id), one.path)
            yield name_of(one), replace(parse_fingerprint(data), stills=())
        except (Damaged, NotFound) as error:
            watch.note(" ".join(error.sentences()))
        watch.done(None)


def status(archive: Archive, watch: Watch = UNWATCHED) -> IndexStatus:
    """How the index stands, as it lies there. Raises ExtraMissing, and Damaged if it cannot be read at all."""
    need_restore("Looking at the index")
    from holdfast.catalog.fingerprints.shelf import Shelf

    with archive.up_to_date_catalog(watch).engine.connect() as connection:
        wanted = {name_of(printed) for printed in lists.fingerprints(connection)}
        without = tuple(lists.films_without_fingerprint(connection))
    folder = index_folder(archive)
    if not folder.is_dir():
        return IndexStatus(0, Fraction(0), 0, len(wanted), 0, without)
    shelf = Shelf.open(folder)
    known, found = set(shelf.names()), shelf.status()
    return IndexStatus(
        works=found.works,
        hours=found.duration / 3600,
        size_bytes=found.size_bytes,
        wanting=len(wanted - known),
        stale=len(known - wanted),
        without=without,
    )


def verify(archive: Archive, watch: Watch = UNWATCHED) -> tuple[Fault, ...]:
    """What is wrong with the kept fingerprints and with the index; empty if all can be read and say the same.

    Every fingerprint in an object is read, and compared with the work in the index.
    """
    need_restore("Checking the index")
    printed = _in_objects(archive, watch)
    watch.begin("Checking fingerprints", items=len(printed))
    faults: list[Fault] = []
    good: list[Printed] = []
    for one in printed:
        watch.at(one.file)
        fault = fault_of(archive, one, is_thorough=True)
        if fault is None or fault.is_readable:
            good.append(one)
        if fault is not None:
            faults.append(fault)
        watch.done(None)
    return (*faults, *(Fault(what, "holdfast index rebuild") for what in _wrong_in_index(archive, good, watch)))


def _wrong_in_index(archive: Archive, printed: list[Printed], watch: Watch) -> list[str]:
    """What is wrong with the index, a sentence each, if these fingerprints are right."""
    from holdfast.catalog.fingerprints.shelf import Shelf
    from holdfast.formats.fingerprint import fingerprint_bytes, without_stills

    folder = index_folder(archive)
    if not folder.is_dir():
        return []  # nothing is said, so nothing is wrong
    try:
        shelf = Shelf.open(folder)
        faults = [f"{finding.where} {finding.what}" for finding in shelf.verify()]
        if faults:
            return faults
        works = {name: work for work, name in enumerate(shelf.names())}
        printed = [one for one in printed if name_of(one) in works]
        watch.begin("Checking the index", items=len(printed))
        for name, kept in _read(archive, printed, watch):
            if fingerprint_bytes(shelf.fingerprint(works[name])) != fingerprint_bytes(without_stills(kept)):
                asset, file = asset_and_file(name)
                faults.append(f"{asset} {file} differs from the fingerprint that is kept")
    except (Damaged, BadRecord) as error:
        return [error.sentences()[0]]
    return faults
