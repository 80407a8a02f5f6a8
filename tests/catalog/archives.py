"""Small archives for the tests of the catalogue: objects as the program writes them, and as other hands leave them."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from holdfast.backends.disk import Disk
from holdfast.backends.local import LocalBackend
from holdfast.catalog import lists
from holdfast.catalog.catalog import CATALOG_FILE, Catalog
from holdfast.formats.inventory import sidecar_bytes
from holdfast.formats.journal import AuditRun, ObjectAudit, audit_bytes
from holdfast.formats.record import RECORD_FILE, parse_record, record_bytes
from holdfast.model.asset import AssetRecord, Instantiation, InstantiationKind, Person, Statement, Status, Tag, Text
from holdfast.model.fixity import FixityResult, digest_of
from holdfast.model.ids import ALPHABET, AssetId, check_character
from holdfast.model.rights import AccessLevel
from holdfast.model.technical import MediaInfo, VideoTrack
from holdfast.ocfl.layout import object_declaration
from holdfast.ocfl.root import StorageRoot

BEGUN = datetime(2026, 11, 1, 12, tzinfo=UTC)
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
Files = dict[str, bytes]


class Clock:
    """The time that the catalogue is told."""

    at = NOON

    def __call__(self) -> datetime:
        return self.at


class HastyDisk(Disk):
    """A disk that does not wait for its medium: no test of the catalogue cuts the power."""

    def fsync(self, descriptor: int) -> None:
        """Nothing."""

    def fsync_data(self, descriptor: int) -> None:
        """Nothing."""

    def fsync_folder(self, folder: Path) -> None:
        """Nothing."""


def asset_id(number: int) -> AssetId:
    """The same id for the same number, no two with a beginning in common by design."""
    body = "".join(random.Random(number).choices(ALPHABET, k=12))
    return AssetId(body + check_character(body))


def made_record(asset: AssetId, number: int = 0, **said: Any) -> AssetRecord:
    """A record with something of everything; `said` replaces fields."""
    master = f"master {number}".encode()
    held = Instantiation(
        file=f"masters/film {number}.mp4",
        kind=InstantiationKind.MASTER,
        digest=digest_of(master),
        size_bytes=len(master),
        kept_at=BEGUN,
        original_name=f"film {number}.mp4",
        technical=MediaInfo("mp4", len(master), Fraction(1001, 30), video=(VideoTrack(0, "h264", 640, 360),)),
    )
    record = AssetRecord(
        asset,
        Status.HELD,
        AccessLevel.PUBLIC,
        BEGUN + timedelta(minutes=number),
        titles=(Statement(f"Hafenfilm {number}", "de"), Statement(f"Harbour film {number}", "en")),
        people=(Person("Anna Seghers", "author"),),
        tags=(Tag("harbour", "en"),),
        collections=("boats",),
        instantiations=(held,),
    )
    return replace(record, **said)


def captions(*lines: str) -> bytes:
    """A WebVTT file with these lines, a second each."""
    cues = [f"00:00:{n:02d}.000 --> 00:00:{n:02d}.900\n{line}\n" for n, line in enumerate(lines)]
    return ("WEBVTT\n\n" + "\n".join(cues)).encode()


class SmallArchive:
    """A storage root and its catalogue in a folder; its deeds go through `changing` as those of the program do."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.backend = LocalBackend(folder, HastyDisk())
        self.root = StorageRoot.create(self.backend)
        self.catalog = Catalog(folder / CATALOG_FILE, self.root)

    def close(self) -> None:
        """Let go of everything."""
        self.catalog.close()
        self.backend.close()

    # -------------------------------------------------------------------------------------------- deeds

    def publish(self, object_id: str, files: Files, *, without: tuple[str, ...] = ()) -> None:
        """A new version with these files beside what was there; the catalogue is not told."""
        with self.root.intake("test") as intake, self.root.writing(object_id, intake) as draft:
            for path in without:
                draft.leave_out(path)
            for path, data in files.items():
                draft.put_bytes(path, data)
            draft.commit("made", "tests", at=BEGUN)

    def change(self, object_id: str, files: Files, *, without: tuple[str, ...] = ()) -> None:
        """The same as a deed."""
        with self.catalog.changing(object_id):
            self.publish(object_id, files, without=without)

    def keep(self, record: AssetRecord, **texts: bytes) -> AssetId:
        """An asset with this record; `texts` are the captions by language."""
        named = {f"sidecars/film.{language}.vtt": data for language, data in texts.items()}
        held = tuple(Text(f"sidecars/film.{language}.vtt", language) for language in texts)
        record = replace(record, texts=(*record.texts, *held))
        master = {i.file: b"master" for i in record.instantiations}
        self.change(str(record.id.object_id), master | named | {RECORD_FILE: record_bytes(record)})
        return record.id

    def record(self, asset: AssetId) -> AssetRecord:
        """The record as the disk has it."""
        return parse_record(self.root.read(str(asset.object_id), RECORD_FILE))

    def describe(self, asset: AssetId, **said: Any) -> None:
        """Replace fields of the record."""
        self.change(str(asset.object_id), {RECORD_FILE: record_bytes(replace(self.record(asset), **said))})

    def audit(self, journal: str, run: str, at: datetime, results: dict[str, FixityResult]) -> None:
        """Write what an audit found into a journal."""
        found = [ObjectAudit(object_id, result, at, "v1") for object_id, result in results.items()]
        self.change(journal, {f"audits/{run}.jsonl": audit_bytes(AuditRun(run, at, "all", "tests"), found)})

    # ------------------------------------------------------------------------------------- other hands

    def place(self, object_id: str) -> Path:
        """The object's folder."""
        return self.folder / self.root.key_of(object_id)

    def remove(self, object_id: str) -> None:
        """Take an object off the disk, as nobody should."""
        shutil.rmtree(self.place(object_id))

    def damage(self, object_id: str, logical: str) -> None:
        """Flip a byte of a file."""
        place = self.folder / self.root.place_of(object_id, logical)
        data = bytearray(place.read_bytes())
        data[len(data) // 2] ^= 1
        place.write_bytes(data)

    def raw_object(self, object_id: str, files: Files, *, place: Path | None = None, **changes: Any) -> Path:
        """An object written by others: nothing in `files` is looked at; `changes` replace parts of its inventory."""
        folder = place or self.place(object_id)
        (folder / "v1" / "content").mkdir(parents=True)
        manifest, state = {}, {}
        for n, (logical, data) in enumerate(files.items()):
            (folder / "v1" / "content" / str(n)).write_bytes(data)
            manifest[str(digest_of(data))], state[str(digest_of(data))] = [f"v1/content/{n}"], [logical]
        version = {"created": "2026-11-01T12:00:00Z", "state": state} | changes.pop("version", {})
        inventory = {
            "id": object_id,
            "type": "https://ocfl.io/1.1/spec/#inventory",
            "digestAlgorithm": "sha512",
            "head": "v1",
            "manifest": manifest,
            "versions": {"v1": version},
        } | changes
        data = json.dumps(inventory).encode()
        name, declaration = object_declaration()
        (folder / name).write_bytes(declaration)
        (folder / "inventory.json").write_bytes(data)
        (folder / "inventory.json.sha512").write_bytes(sidecar_bytes(data, "sha512"))
        return folder

    # ---------------------------------------------------------------------------------------- the law

    def kept_dump(self) -> list[str]:
        """What the catalogue says now."""
        return list(self.catalog.dump())

    def rebuilt_dump(self) -> list[str]:
        """What a catalogue made from the disk alone says."""
        fresh = Catalog(self.folder / "fresh.db", self.root)
        try:
            fresh.rebuild()
            return list(fresh.dump())
        finally:
            fresh.close()
            for path in self.folder.glob("fresh.db*"):
                path.unlink()


def _differences(kept: list[str], rebuilt: list[str]) -> Iterator[str]:
    """The lines in which two dumps differ, for people."""
    yield from (f"only kept: {line}" for line in sorted(set(kept) - set(rebuilt)))
    yield from (f"only rebuilt: {line}" for line in sorted(set(rebuilt) - set(kept)))
    if len(kept) != len(rebuilt):
        yield f"{len(kept)} lines kept, {len(rebuilt)} rebuilt"


def in_step(archive: SmallArchive) -> bool:
    """Whether the law holds; a failed assertion names the lines in which it does not."""
    found = list(_differences(archive.kept_dump(), archive.rebuilt_dump()))
    assert not found, "\n".join(found)
    assert list(archive.catalog.stale_objects()) == []
    return True


def titles(archive: SmallArchive) -> list[str]:
    """What a list shows."""
    with archive.catalog.engine.connect() as connection:
        return [line.title for line in lists.list_assets(connection)]


def faults(archive: SmallArchive) -> list[str]:
    """Why objects were not understood."""
    with archive.catalog.engine.connect() as connection:
        return [fault for _, fault in lists.faulty_objects(connection)]
