"""What the catalogue says of one object: rows made from the object's own files and nothing else.

Making them from the object alone, in one function that both the refresh after a deed and the full rebuild call, is
what makes the two agree. An object that cannot be understood gets a row that says so; it is never shown.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from holdfast.backends.base import Backend
from holdfast.catalog.fulltext import Passage
from holdfast.errors import BadRecord, BadSidecar, Damaged, HoldfastError, MissingKey
from holdfast.formats.captions import SUFFIXES, parse_captions
from holdfast.formats.inventory import INVENTORY, parse_sidecar, sidecar_name
from holdfast.formats.journal import AUDITS, parse_audit
from holdfast.formats.record import RECORD_FILE, parse_record
from holdfast.model.asset import AssetRecord, Instantiation
from holdfast.model.ids import ObjectId
from holdfast.model.inventory import Inventory
from holdfast.model.time import civil
from holdfast.ocfl.root import StorageRoot

Row = dict[str, Any]


@dataclass(frozen=True)
class ObjectRows:
    """The rows of one object by table name, its passages for the full text, and the fixity checks it tells of."""

    object_id: str
    rows: Mapping[str, list[Row]]
    passages: tuple[Passage, ...] = ()
    asset: str | None = None
    checks: tuple[Row, ...] = field(default=())


def rows_of(root: StorageRoot, key: str) -> ObjectRows:
    """The rows of the object at `key`. Never raises for damage: that becomes the object's `fault`."""
    try:
        inventory = root.inventory_at(key)
    except HoldfastError as error:
        # Without an inventory nobody knows its id; its place names it until it is mended.
        return ObjectRows(key, {"object": [_object_row(key, key, fault=error.sentences()[0])]})
    object_id = ObjectId(inventory.object_id)
    reader = _Reader(root, key, inventory)
    rows: dict[str, list[Row]] = {"file": _file_rows(inventory)}
    made = ObjectRows(inventory.object_id, rows)
    try:
        if object_id.kind == "asset":
            made = reader.asset(rows)
        elif object_id.kind == "journal":
            made = ObjectRows(inventory.object_id, rows, checks=tuple(reader.checks()))
        fault = ""
    except HoldfastError as error:
        fault = error.sentences()[0]
    row = _object_row(inventory.object_id, key, kind=object_id.kind, inventory=inventory, fault=fault)
    rows["object"] = [row | {"inventory_sha512": sidecar_digest(root.backend, key)}]
    return made


def sidecar_digest(backend: Backend, key: str) -> str:
    """The digest that the object's root sidecar gives: what tells a refresh whether anything changed. "" if none."""
    name = f"{key}/{sidecar_name('sha512')}"
    with contextlib.suppress(MissingKey, BadRecord):
        return parse_sidecar(backend.read(name, limit=4096), name)
    return ""


def _object_row(
    object_id: str, key: str, *, kind: str = "", inventory: Inventory | None = None, fault: str = ""
) -> Row:
    return {
        "id": object_id,
        "key": key,
        "kind": kind,
        "head": inventory.head.number if inventory else 0,
        "inventory_sha512": "",
        "changed_at": civil(inventory.version().created) if inventory else "",
        "content_files": sum(len(places) for places in inventory.manifest.values()) if inventory else 0,
        "fault": fault,
    }


def _file_rows(inventory: Inventory) -> list[Row]:
    state = inventory.state().items()
    return [{"object": inventory.object_id, "logical": path, "digest": digest} for path, digest in state]


class _Reader:
    """Reads the files of one object and makes rows of them."""

    def __init__(self, root: StorageRoot, key: str, inventory: Inventory) -> None:
        self._root = root
        self._key = key
        self._inventory = inventory

    # ------------------------------------------------------------------------------------------------ an asset

    def asset(self, rows: dict[str, list[Row]]) -> ObjectRows:
        """Fills `rows` from the record and the captions. Raises Damaged when the record cannot be trusted."""
        record = parse_record(self._read(RECORD_FILE), f"{self._key}/{RECORD_FILE}")
        asset = str(record.id)
        if str(record.id.object_id) != self._inventory.object_id:
            raise BadRecord(name=f"{self._key}/{RECORD_FILE}", reason=f"it is the record of {record.id}")
        rows["asset"] = [self._asset_row(record)]
        rows["instantiation"] = [
            _instantiation_row(asset, n, instantiation) for n, instantiation in enumerate(record.instantiations)
        ]
        rows["title"] = [
            {"asset": asset, "position": n, "language": title.language, "text": title.text}
            for n, title in enumerate(record.titles)
        ]
        rows["publication"] = [
            {"asset": asset, "position": n, "site": p.site, "item": p.item, "url": p.url}
            for n, p in enumerate(record.publications)
        ]
        rows["label"] = _label_rows(record)
        passages = (*_described(record), *self._spoken(record))
        return ObjectRows(self._inventory.object_id, rows, passages, asset)

    def _asset_row(self, record: AssetRecord) -> Row:
        return {
            "id": str(record.id),
            "object": self._inventory.object_id,
            "status": record.status.value,
            "access": record.access.value,
            "title": record.title(),
            "category": record.category,
            "created_at": civil(record.created_at),
            "duration_us": _micros(record.duration),
            "size_bytes": sum(i.size_bytes for i in record.instantiations),
            "warnings": sum(len(i.technical.warnings) for i in record.instantiations if i.technical),
        }

    def _spoken(self, record: AssetRecord) -> Iterator[Passage]:
        for text in record.texts:
            if not text.file.lower().endswith(tuple(SUFFIXES)):
                continue
            try:
                cues = parse_captions(self._read(text.file), text.file, text.language)
            except (BadSidecar, Damaged):
                continue  # kept all the same; an audit names the damage, `show` the file
            for cue in cues:
                yield Passage(
                    kind="caption",
                    language=text.language,
                    text=cue.text,
                    access=record.access.value,
                    start_us=_micros(cue.span.start),
                    end_us=_micros(cue.span.end),
                )

    # ---------------------------------------------------------------------------------------------- a journal

    def checks(self) -> Iterator[Row]:
        """The fixity checks that the runs in this journal tell of."""
        for path in sorted(self._inventory.state()):
            if not path.startswith(f"{AUDITS}/"):
                continue
            _, results = parse_audit(self._read(path), f"{self._key}/{path}")
            for result in results:
                yield {
                    "object": result.object,
                    "head": int(result.version.removeprefix("v") or 0),
                    "at": civil(result.at),
                    "result": result.result.value,
                    "journal": f"{self._inventory.object_id}#{path}",
                }

    def _read(self, logical: str) -> bytes:
        return self._root.read_at(self._key, self._inventory, logical)


def _instantiation_row(asset: str, position: int, held: Instantiation) -> Row:
    info = held.technical
    picture = info.video[0] if info and info.video else None
    return {
        "asset": asset,
        "file": held.file,
        "position": position,
        "kind": held.kind.value,
        "digest": str(held.digest),
        "size_bytes": held.size_bytes,
        "original_name": held.original_name,
        "container": info.container if info else "",
        "duration_us": _micros(info.duration) if info else None,
        "width": picture.width if picture else None,
        "height": picture.height if picture else None,
    }


def _label_rows(record: AssetRecord) -> list[Row]:
    labels = [
        *(("tag", tag.text, "") for tag in record.tags),
        *(("person", person.name, person.role) for person in record.people),
        *(("place", place.name, place.role) for place in record.places),
        *(("collection", name, "") for name in record.collections),
        *(("language", language, "") for language in record.languages),
        *(("date", date.edtf, date.kind) for date in record.dates),
        *((("category", record.category, ""),) if record.category else ()),
    ]
    return [
        {"asset": str(record.id), "kind": kind, "text": text, "detail": detail}
        for kind, text, detail in dict.fromkeys(labels)
    ]


def _described(record: AssetRecord) -> Iterator[Passage]:
    access = record.access.value
    for title in record.titles:
        yield Passage(kind="title", language=title.language, text=title.text, access=access)
    for description in record.descriptions:
        yield Passage(kind="description", language=description.language, text=description.text, access=access)
    for section in record.sections:
        yield Passage(
            kind="chapter",
            language=section.language,
            text=section.title,
            access=access,
            start_us=_micros(section.start),
            end_us=_micros(section.end),
        )
    for tag in record.tags:
        yield Passage(kind="tag", language=tag.language, text=tag.text, access=access)
    for person in record.people:
        yield Passage(kind="person", text=person.name, access=access)
    for place in record.places:
        yield Passage(kind="place", text=place.name, access=access)
    for instantiation in record.instantiations:
        yield Passage(kind="file", text=instantiation.original_name, access=access)


def _micros(value: Fraction | None) -> int | None:
    return None if value is None else round(value * 1_000_000)


__all__ = ["INVENTORY", "ObjectRows", "rows_of", "sidecar_digest"]
