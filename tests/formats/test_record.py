"""`record.json` and `events.jsonl`: what was written is read, and nothing of a later version is lost."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from holdfast.errors import BadRecord
from holdfast.formats.record import (
    event_schema,
    events_bytes,
    fingerprint_path,
    fingerprinted_file,
    parse_events,
    parse_record,
    record_bytes,
    record_schema,
)
from holdfast.model.asset import AssetRecord, Statement, Status
from holdfast.model.event import Agent, Event, EventType
from holdfast.model.ids import AssetId
from holdfast.model.rights import AccessLevel
from tests.formats.values import EVENTS, LATER, RECORDS
from tests.house.tree import ROOT

RECORD_SCHEMA = Draft202012Validator(record_schema())
EVENT_SCHEMA = Draft202012Validator(event_schema())
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LOST = AssetRecord(AssetId("k7m2x9qd4htbr"), Status.LOST, AccessLevel.PUBLIC, NOON)

# Made values of a whole record are large; a few of them visit every field.
some = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))


@some
@given(RECORDS)
def test_a_record_comes_back_as_it_was_and_in_the_same_bytes(record: AssetRecord) -> None:
    data = record_bytes(record)
    assert parse_record(data) == record
    assert record_bytes(parse_record(data)) == data
    RECORD_SCHEMA.validate(json.loads(data))


@some
@given(RECORDS, LATER, st.randoms(use_true_random=False))
def test_a_field_of_a_later_version_stays_wherever_it_stands(record: AssetRecord, later: Any, chance: Any) -> None:
    document = json.loads(record_bytes(record))
    objects = [document, *(item for row in document.values() if isinstance(row, list) for item in row)]
    chance.choice([item for item in objects if isinstance(item, dict)]).update(later)
    assert json.loads(record_bytes(parse_record(json.dumps(document).encode()))) == document


def test_the_smallest_record_is_six_lines_that_anybody_can_read() -> None:
    assert record_bytes(LOST).decode() == (
        '{\n  "access": "public",\n  "created_at": "2026-11-23T12:00:00Z",\n  "format": "holdfast-asset-1",\n'
        '  "id": "k7m2x9qd4htbr",\n  "status": "lost"\n}\n'
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "holdfast-asset-2"}, "its format is 'holdfast-asset-2', this program knows 'holdfast-asset-1'"),
        ({"format": None}, "its format is None"),
        ({"access": "everybody"}, "access: 'everybody' is none of"),
        ({"id": "k7m2x9qd4htbs"}, "id: .*mistyped"),
        ({"titles": [{"language": "ru"}]}, r"titles\[0\] lacks text"),
        ({"instantiations": [{"file": "a"}]}, r"instantiations\[0\] lacks kind, digest, size_bytes"),
        ({"rights": []}, "rights is list"),
        ({"sections": [{"start": "0", "end": "later"}]}, r"sections\[0\].end"),
        ({"status": "missing"}, "status: 'missing' is none of held, held in part, lost"),
    ],
)
def test_a_record_that_cannot_be_meant_is_refused_with_the_place(change: dict[str, Any], message: str) -> None:
    document = json.loads(record_bytes(LOST)) | change
    with pytest.raises(BadRecord, match=message):
        parse_record(json.dumps(document).encode(), "record.json")
    assert change == {"id": "k7m2x9qd4htbs"} or not RECORD_SCHEMA.is_valid(document)


@pytest.mark.parametrize("data", [b"", b"[]", b"null", b"7", b'"record"', b"\0" * 200, b"{}"])
def test_what_is_no_record_is_refused(data: bytes) -> None:
    with pytest.raises(BadRecord):
        parse_record(data)


def test_half_a_character_on_the_command_line_does_not_keep_a_record_from_being_written() -> None:
    record = AssetRecord(LOST.id, LOST.status, LOST.access, NOON, titles=(Statement("caf\udce9"),))
    assert parse_record(record_bytes(record)).titles == (Statement("caf\ufffd"),)


@some
@given(st.lists(EVENTS, max_size=3))
def test_events_come_back_as_they_were_and_in_the_same_bytes(events: list[Event]) -> None:
    data = events_bytes(events)
    assert parse_events(data) == tuple(events)
    assert events_bytes(parse_events(data)) == data
    assert data.count(b"\n") == len(events)
    for line in data.splitlines():
        EVENT_SCHEMA.validate(json.loads(line))


KEPT = Event(EventType.INGESTION, NOON, (Agent("Ada"),))


def test_an_event_of_a_type_that_we_do_not_know_does_not_close_the_history() -> None:
    line = events_bytes([KEPT]).replace(b"ingestion", b"replication")
    assert events_bytes(parse_events(line)) == line
    EVENT_SCHEMA.validate(json.loads(line))


@pytest.mark.parametrize("word", ["", "  ", 7, None])
def test_an_event_of_no_type_is_refused(word: object) -> None:
    document = json.loads(events_bytes([KEPT])) | {"type": word}
    with pytest.raises(BadRecord, match=r"events.jsonl:1"):
        parse_events(json.dumps(document).encode())
    assert not EVENT_SCHEMA.is_valid(document)


def test_a_bad_event_is_named_by_the_number_of_its_line() -> None:
    data = events_bytes([KEPT]) + b"\n  \n" + events_bytes([KEPT]) + b'{"type": "ingestion"}\n'
    with pytest.raises(BadRecord, match=r"events.jsonl:5 .*lacks at, agents"):
        parse_events(data)
    assert parse_events(data.replace(b'{"type": "ingestion"}\n', b"").replace(b"\n", b"\r\n")) == (KEPT, KEPT)


@pytest.mark.parametrize("page", ["record", "events", "journal"])
def test_the_examples_in_the_documentation_are_what_we_write(page: str) -> None:
    text = (ROOT / "docs" / "formats" / f"{page}.md").read_text("utf-8")
    records = re.findall(r"```json\n(.*?)```", text, flags=re.DOTALL)
    lines = re.findall(r"```jsonl\n(.*?)```", text, flags=re.DOTALL)
    assert records or lines
    for example in records:
        assert record_bytes(parse_record(example.encode())).decode() == example
    for example in lines if page == "events" else []:
        assert events_bytes(parse_events(example.encode())).decode() == example


@pytest.mark.parametrize("file", ["masters/film.mp4", "masters/Жатва [a1].mp4", "found/tape/film.mp4"])
def test_the_path_of_a_fingerprint_tells_which_film_it_is_of(file: str) -> None:
    assert fingerprinted_file(fingerprint_path(file)) == file


@pytest.mark.parametrize("path", ["record.json", "fingerprints/film.mp4", "fingerprints/.hffp", "masters/a.hffp"])
def test_no_other_path_is_taken_for_a_fingerprint(path: str) -> None:
    assert fingerprinted_file(path) is None
