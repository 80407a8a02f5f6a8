"""What the catalogue says of one object: rows made from the object's own files and nothing else.

Making them from the object alone, in one function that both the refresh after a deed and the full rebuild call, is
what makes the two agree. Rules:

- An object that cannot be understood gets a row that says so, and nothing else: it is never shown.
- Only an object that lies at the place of its id speaks for that id. So of two that claim to be the same asset, one is
  believed, and always the same one, in whatever order they are met.
- A text file that cannot be read costs its hits, not its asset: an audit names the damage.
- Whatever stands in a record, it ends as a row or as a fault and never as an exception.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from holdfast.backends.base import Backend
from holdfast.catalog.comments import comment_row
from holdfast.catalog.fulltext import Passage
from holdfast.catalog.pieces import piece_rows
from holdfast.catalog.tokens import Streams
from holdfast.catalog.values import bounded, micros, moment, opening, writable
from holdfast.errors import BadRecord, DamagedObject, HoldfastError, MissingKey
from holdfast.formats.comment import parse_comment
from holdfast.formats.found import parse_found
from holdfast.formats.inventory import INVENTORY, parse_inventory, parse_sidecar, sidecar_name
from holdfast.formats.journal import AUDITS, parse_audit
from holdfast.formats.piece import parse_piece
from holdfast.formats.record import RECORD_FILE, fingerprinted_file, parse_record
from holdfast.model import comment, found
from holdfast.model.asset import AssetRecord, Instantiation, InstantiationKind
from holdfast.model.edtf_days import EVER, possible_days
from holdfast.model.folding import fold_text
from holdfast.model.found import found_object_id
from holdfast.model.ids import AssetId, ObjectId
from holdfast.model.inventory import DIGEST_ALGORITHM, Inventory, LogicalPath, VersionNumber
from holdfast.model.piece import NOUNS
from holdfast.ocfl.root import StorageRoot

LARGEST_TEXT_BYTES = 16 * 1024 * 1024  # captions of ten hours, word by word, have 8 MB: what is larger is none

Row = dict[str, Any]

# What other people's files can make a reader raise, beside our own errors: dates before the year 1, endless numbers.
_NOT_UNDERSTOOD = (HoldfastError, ValueError, ArithmeticError, RecursionError)


@dataclass(frozen=True)
class ObjectRows:
    """The rows of the object at `key` by table name, its passages for the full text, its newest check of each object.

    `object_id` and `asset` are empty unless the object is understood and lies at its place. `keys` are those of the
    passages, where they were made beforehand.
    """

    key: str
    rows: Mapping[str, list[Row]]
    object_id: str = ""
    asset: str = ""
    passages: tuple[Passage, ...] = ()
    checks: tuple[Row, ...] = ()
    keys: tuple[Streams, ...] = ()


def rows_of(root: StorageRoot, key: str, at: datetime) -> ObjectRows:
    """The rows of the object at `key` as they are at the moment `at`, of which embargoes ask.

    Never raises for damage: that becomes the object's `fault`.
    """
    digest = sidecar_digest(root.backend, key)  # first: what is read after it is as new or newer
    try:
        inventory = _inventory(root, key, digest)
    except _NOT_UNDERSTOOD as error:
        return ObjectRows(key, {"object": [_object_row(key, digest, fault=_fault(error))]})
    try:
        _check_place(root, key, inventory)
        made = _Reader(root, key, inventory, at).rows()
    except _NOT_UNDERSTOOD as error:
        return ObjectRows(key, {"object": [_object_row(key, digest, inventory, fault=_fault(error))]})
    made.rows["object"][0]["inventory_digest"] = digest
    return made


def rows_of_unreadable(key: str) -> ObjectRows:
    """The rows of a folder that cannot be listed: objects may lie in it, and nobody can tell."""
    return ObjectRows(key, {"object": [_object_row(key, "", fault=f"The folder {writable(key)} cannot be read.")]})


def sidecar_digest(backend: Backend, key: str) -> str:
    """The digest that the object's root sidecar gives: what tells a refresh whether anything changed. "" if none."""
    for algorithm in (DIGEST_ALGORITHM, "sha256"):
        name = f"{key}/{sidecar_name(algorithm)}"
        with contextlib.suppress(*_NOT_UNDERSTOOD):
            return parse_sidecar(backend.read(name, limit=4096), name)
    return ""


def _inventory(root: StorageRoot, key: str, digest: str) -> Inventory:
    """The inventory of the object: proved by the digest at hand, else as `root` proves it."""
    with contextlib.suppress(MissingKey, BadRecord):
        data = root.backend.read(f"{key}/{INVENTORY}")
        if hashlib.sha512(data).hexdigest() == digest:
            inventory = parse_inventory(data, f"{key}/{INVENTORY}")
            if inventory.digest_algorithm == DIGEST_ALGORITHM:
                return inventory
    return root.inventory_at(key)


def _check_place(root: StorageRoot, key: str, inventory: Inventory) -> None:
    place = root.key_of(inventory.object_id)
    if place != key:
        reason = f"it lies at {writable(key)}, where its id does not belong; its place is {place}"
        raise DamagedObject(object_id=inventory.object_id, reason=reason)


def _object_row(key: str, digest: str, inventory: Inventory | None = None, *, fault: str = "") -> Row:
    object_id = inventory.object_id if inventory else writable(key)
    return {
        "key": key,
        "id": object_id,
        "kind": ObjectId(object_id).kind,
        "head": inventory.head.number if inventory else 0,
        "inventory_digest": digest,
        "changed_at": moment(inventory.version().created) if inventory else "",
        "fault": fault,
    }


def _fault(error: Exception) -> str:
    said = error.sentences()[0] if isinstance(error, HoldfastError) else f"It cannot be understood: {error}."
    return writable(said)


class _Reader:
    """Reads the files of one well-placed object and makes rows of them."""

    def __init__(self, root: StorageRoot, key: str, inventory: Inventory, at: datetime) -> None:
        self._root = root
        self._key = key
        self._inventory = inventory
        self._at = at

    def rows(self) -> ObjectRows:
        """All that the object says. Raises one of `_NOT_UNDERSTOOD` when it cannot be trusted."""
        rows = {"object": [_object_row(self._key, "", self._inventory)]}
        object_id = ObjectId(self._inventory.object_id)
        if object_id.kind == "asset":
            record = self._record(object_id)
            access = record.access_at(self._at).value
            passages = (*_described(record, access), *self._spoken(record, access))
            rows |= _asset_rows(record, self._at) | {"fingerprint": _fingerprint_rows(record.id, self._inventory)}
            return ObjectRows(self._key, rows, object_id.text, str(record.id), passages)
        if object_id.kind == found.KIND:
            copy = parse_found(self._read(RECORD_FILE), f"{self._key}/{RECORD_FILE}")
            if found_object_id(str(copy.digest)) != object_id:
                raise BadRecord(name=f"{self._key}/{RECORD_FILE}", reason=f"it is the record of {copy.digest.short}...")
            return ObjectRows(self._key, rows | _found_rows(object_id.text, copy, self._inventory), object_id.text)
        if object_id.kind == comment.KIND:
            said = parse_comment(self._read(RECORD_FILE), f"{self._key}/{RECORD_FILE}")
            if said.object_id != object_id:
                raise BadRecord(name=f"{self._key}/{RECORD_FILE}", reason=f"it is the record of {said.id}")
            return ObjectRows(self._key, rows | {"comment": [comment_row(object_id.text, said)]}, object_id.text)
        if object_id.kind in NOUNS:
            piece = parse_piece(self._read(RECORD_FILE), f"{self._key}/{RECORD_FILE}")
            if piece.object_id != object_id:
                raise BadRecord(name=f"{self._key}/{RECORD_FILE}", reason=f"it is the record of {piece.id}")
            return ObjectRows(self._key, rows | piece_rows(piece, self._at), object_id.text)
        if object_id.kind == "journal":
            checks, fault = self._checks()
            rows["object"][0]["fault"] = fault
            return ObjectRows(self._key, rows, object_id.text, checks=checks)
        return ObjectRows(self._key, rows, object_id.text)

    def _record(self, object_id: ObjectId) -> AssetRecord:
        record = parse_record(self._read(RECORD_FILE), f"{self._key}/{RECORD_FILE}")
        if record.id.object_id != object_id:
            raise BadRecord(name=f"{self._key}/{RECORD_FILE}", reason=f"it is the record of {record.id}")
        return record

    def _spoken(self, record: AssetRecord, access: str) -> Iterator[Passage]:
        """What the captions say. The readers of captions are only loaded where there are some."""
        if not record.texts:
            return
        from holdfast.formats.captions import SUFFIXES, parse_captions

        for file, language in dict.fromkeys((text.file, text.language) for text in record.texts):
            if not file.lower().endswith(tuple(SUFFIXES)):
                continue
            try:
                cues = parse_captions(self._read_text(file), file, language)
            except _NOT_UNDERSTOOD:
                continue
            for cue in cues:
                yield Passage(
                    kind="caption",
                    language=language,
                    text=cue.text,
                    access=access,
                    start_us=micros(cue.span.start),
                    end_us=micros(cue.span.end),
                )

    def _checks(self) -> tuple[tuple[Row, ...], str]:
        """The newest check of each object that the runs in this journal tell of; the first fault met, or ""."""
        newest: dict[str, Row] = {}
        fault = ""
        for path in sorted(self._inventory.state()):
            if not path.startswith(f"{AUDITS}/"):
                continue
            try:
                _, results = parse_audit(self._read(path), f"{self._key}/{path}")
            except _NOT_UNDERSTOOD as error:
                fault = fault or _fault(error)
                continue
            for result in results:
                at = moment(result.at)
                held = newest.get(result.object)
                if held is None or (at, path) > (held["at"], held["file"]):
                    newest[result.object] = {
                        "object": result.object,
                        "head": _head(result.version),
                        "at": at,
                        "result": result.result.value,
                        "journal": self._inventory.object_id,
                        "file": path,
                    }
        return tuple(newest.values()), fault

    def _read(self, logical: str) -> bytes:
        return self._root.read_at(self._key, self._inventory, logical)

    def _read_text(self, logical: str) -> bytes:
        place = self._inventory.content_of(LogicalPath(logical))[0]
        if self._root.backend.size(f"{self._key}/{place}") > LARGEST_TEXT_BYTES:
            raise BadRecord(name=logical, reason="it is too large for captions")
        return self._read(logical)


# ------------------------------------------------------------------------------------------------ rows of an asset


def _asset_rows(record: AssetRecord, at: datetime) -> dict[str, list[Row]]:
    asset, access = str(record.id), record.access_at(at).value
    return {
        "asset": [_asset_row(record, at)],
        "instantiation": [
            _instantiation_row(asset, n, held, is_gone=record.masters_are_gone)
            for n, held in enumerate(record.instantiations)
        ],
        "title": [
            {"asset": asset, "position": n, "language": title.language, "text": title.text}
            for n, title in enumerate(record.titles)
        ],
        "publication": [
            {"asset": asset, "position": n, "site": p.site, "item": p.item, "url": p.url}
            for n, p in enumerate(record.publications)
        ],
        "label": [
            {"asset": asset, "position": n, "kind": kind, "text": text, "detail": detail, "access": access}
            for n, (kind, text, detail) in enumerate(dict.fromkeys(_labels(record)))
        ],
    }


def _asset_row(record: AssetRecord, at: datetime) -> Row:
    first_day, last_day = _days(record)
    return {
        "id": str(record.id),
        "object": str(record.id.object_id),
        "status": record.status.value,
        "access": record.access_at(at).value,
        "opens_at": opening(record.access, record.embargo, at),
        "title": record.title(),
        "category": record.category,
        "created_at": moment(record.created_at),
        "duration_us": micros(record.duration),
        "size_bytes": bounded(sum(i.size_bytes for i in record.instantiations)),
        "warnings": sum(len(i.technical.warnings) for i in record.instantiations if i.technical),
        "title_key": fold_text(record.title()),
        "first_day": first_day,
        "last_day": last_day,
        "form": _form(record),
    }


def _days(record: AssetRecord) -> tuple[str, str]:
    """The first and the last day that its first date may mean; "~" and "" if there is none, or it may mean any."""
    days = possible_days(record.dates[0].edtf) if record.dates else EVER
    return ("~", "") if days == EVER else (days[0].isoformat(), days[1].isoformat())


def _form(record: AssetRecord) -> str:
    """Whether there is a film of it, or only a sound. A picture that does not move is neither."""
    held = [i.technical for i in record.instantiations if i.kind is not InstantiationKind.FOUND_COPY and i.technical]
    if any(info.video and info.duration for info in held):
        return "film"
    return "sound" if any(info.audio for info in held) else ""


def _instantiation_row(asset: str, position: int, held: Instantiation, *, is_gone: bool) -> Row:
    info = held.technical
    picture = info.video[0] if info and info.video else None
    return {
        "asset": asset,
        "position": position,
        "file": held.file,
        "kind": held.kind.value,
        "digest": str(held.digest),
        "size_bytes": bounded(held.size_bytes),
        "original_name": held.original_name,
        "container": info.container if info else "",
        "duration_us": micros(info.duration) if info else None,
        "width": bounded(picture.width) if picture else None,
        "height": bounded(picture.height) if picture else None,
        "is_gone": int(is_gone and held.kind is InstantiationKind.MASTER),
    }


def _fingerprint_rows(asset: AssetId, inventory: Inventory) -> list[Row]:
    state = inventory.state()
    found = [(path, file) for path in sorted(state) if (file := fingerprinted_file(path))]
    return [
        {"asset": str(asset), "position": n, "path": writable(path), "file": writable(file), "digest": state[path]}
        for n, (path, file) in enumerate(found)
    ]


def _labels(record: AssetRecord) -> Iterator[tuple[str, str, str]]:
    yield from (("tag", tag.text, "") for tag in record.tags)
    yield from (("person", person.name, person.role) for person in record.people)
    yield from (("place", place.name, place.role) for place in record.places)
    yield from (("collection", name, "") for name in record.collections)
    yield from (("language", language, "") for language in record.languages)
    yield from (("date", date.edtf, date.kind) for date in record.dates)
    if record.category:
        yield ("category", record.category, "")


def _described(record: AssetRecord, access: str) -> Iterator[Passage]:
    """What the record says, as passages; empty texts are none."""
    for kind, language, text in _statements(record):
        if text.strip():
            yield Passage(kind=kind, language=language, text=text, access=access)
    for section in record.sections:
        if section.title.strip():
            yield Passage(
                kind="chapter",
                language=section.language,
                text=section.title,
                access=access,
                start_us=micros(section.start),
                end_us=micros(section.end),
            )


def _statements(record: AssetRecord) -> Iterator[tuple[str, str, str]]:
    yield from (("title", title.language, title.text) for title in record.titles)
    yield from (("description", said.language, said.text) for said in record.descriptions)
    yield from (("tag", tag.language, tag.text) for tag in record.tags)
    yield from (("person", "", person.name) for person in record.people)
    yield from (("place", "", place.name) for place in record.places)
    yield from (("file", "", held.original_name) for held in record.instantiations)


# ------------------------------------------------------------------------------------------ rows of a found copy


def _found_rows(object_id: str, copy: found.FoundRecord, inventory: Inventory) -> dict[str, list[Row]]:
    prints = [path for path in sorted(inventory.state()) if fingerprinted_file(path) == copy.file]
    return {
        "found_copy": [
            {
                "object": object_id,
                "digest": str(copy.digest),
                "file": copy.file,
                "name": writable(copy.name),
                "source": writable(copy.provenance[0].source if copy.provenance else ""),
                "size_bytes": bounded(copy.size_bytes),
                "duration_us": micros(copy.technical.duration) if copy.technical else None,
                "kept_at": moment(copy.kept_at),
                "fingerprint": prints[0] if prints else "",
            }
        ],
    }


def _head(version: str) -> int:
    with contextlib.suppress(ValueError):
        return VersionNumber.parse(version).number
    return 0
