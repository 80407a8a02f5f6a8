"""`record.json` and `events.jsonl`: bytes to model and back.

Format `holdfast-asset-1`. A later format gets a new name and a reader here for the old one; a record of a format that
this program does not know is refused, never half understood.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from holdfast.errors import BadRecord
from holdfast.formats.canonical import canonical_json, canonical_line, parse_json
from holdfast.formats.plain import from_plain, schema_of, to_plain
from holdfast.model.asset import RECORD_FORMAT, AssetRecord
from holdfast.model.event import Event

RECORD_FILE = "record.json"
EVENTS_FILE = "events.jsonl"
FINGERPRINTS, FINGERPRINT_SUFFIX = "fingerprints/", ".hffp"
_MASTERS = "masters/"


def record_bytes(record: AssetRecord) -> bytes:
    """The bytes of `record.json`."""
    return canonical_json(to_plain(record))


def parse_record(data: bytes, name: str = RECORD_FILE) -> AssetRecord:
    """The record in `data`. Raises BadRecord with the place that does not fit."""
    plain = parse_json(data, name)
    found = plain.get("format") if isinstance(plain, dict) else None
    if found != RECORD_FORMAT:
        raise BadRecord(name=name, reason=f"its format is {found!r}, this program knows {RECORD_FORMAT!r}")
    return cast(AssetRecord, from_plain(AssetRecord, plain, name))


def events_bytes(events: Iterable[Event]) -> bytes:
    """The lines of `events.jsonl`, oldest first."""
    return b"".join(canonical_line(to_plain(event)) for event in events)


def parse_events(data: bytes, name: str = EVENTS_FILE) -> tuple[Event, ...]:
    """The events in `data`. Raises BadRecord with the number of the line that does not fit."""
    return tuple(
        cast(Event, from_plain(Event, parse_json(line, f"{name}:{n}"), f"{name}:{n}"))
        for n, line in enumerate(data.split(b"\n"), start=1)
        if line.strip()
    )


def record_schema() -> dict[str, Any]:
    """The published JSON Schema of `record.json`."""
    schema = schema_of(AssetRecord, "Holdfast asset record, format holdfast-asset-1")
    schema["$defs"]["AssetRecord"]["properties"]["format"] = {"const": RECORD_FORMAT}
    return schema


def event_schema() -> dict[str, Any]:
    """The published JSON Schema of one line of `events.jsonl`."""
    return schema_of(Event, "Holdfast event (PREMIS), one line of events.jsonl")


def fingerprint_path(file: str) -> str:
    """Where the fingerprint of the film at `file` stands: `fingerprints/film.mp4.hffp` for `masters/film.mp4`."""
    return f"{FINGERPRINTS}{file.removeprefix(_MASTERS)}{FINGERPRINT_SUFFIX}"


def fingerprinted_file(path: str) -> str | None:
    """The logical path of the film whose fingerprint stands at `path`; None if no fingerprint can stand there."""
    if not (path.startswith(FINGERPRINTS) and path.endswith(FINGERPRINT_SUFFIX)):
        return None
    name = path.removeprefix(FINGERPRINTS).removesuffix(FINGERPRINT_SUFFIX)
    return (name if "/" in name else f"{_MASTERS}{name}") if name else None
