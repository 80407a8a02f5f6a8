"""What becomes of one object: rows when it is understood, a fault and nothing else when it is not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from holdfast.catalog import rows
from holdfast.catalog.rows import ObjectRows, rows_of
from holdfast.formats.canonical import parse_json
from holdfast.formats.record import RECORD_FILE, record_bytes
from holdfast.model.asset import Section, Statement, Tag, Text
from tests.catalog.archives import BEGUN, SmallArchive, asset_id, captions, made_record

FILM = asset_id(1)
FILM_OBJECT = str(FILM.object_id)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[SmallArchive]:
    archive = SmallArchive(tmp_path)
    yield archive
    archive.close()


def look(archive: SmallArchive, object_id: str = FILM_OBJECT) -> ObjectRows:
    return rows_of(archive.root, archive.root.key_of(object_id), BEGUN)


def fault_of(made: ObjectRows) -> str:
    """The fault of an object of which nothing else is said."""
    assert list(made.rows) == ["object"]
    assert (made.asset, made.passages, made.checks) == ("", (), ())
    return str(made.rows["object"][0]["fault"])


def raw_record(**changes: Any) -> bytes:
    """A record as another hand might write it."""
    plain = parse_json(record_bytes(made_record(FILM)), "")
    return json.dumps(plain | changes).encode()


def test_everything_that_a_record_says_can_be_found_with_its_time(archive: SmallArchive) -> None:
    chapter = Section(Fraction(1001, 30), Fraction(40), "Ankunft", "de")
    record = made_record(FILM, sections=(chapter,), texts=(Text("sidecars/film.vtt", "de"),))
    archive.publish(FILM_OBJECT, {RECORD_FILE: record_bytes(record), "sidecars/film.vtt": captions("Guten Morgen")})
    made = look(archive)
    said = {(p.kind, p.text, p.language, p.start_us) for p in made.passages}
    assert said == {
        ("title", "Hafenfilm 0", "de", None),
        ("title", "Harbour film 0", "en", None),
        ("person", "Anna Seghers", "", None),
        ("tag", "harbour", "en", None),
        ("file", "film 0.mp4", "", None),
        ("chapter", "Ankunft", "de", 33_366_667),
        ("caption", "Guten Morgen", "de", 0),
    }
    assert {p.access for p in made.passages} == {"public"}
    assert made.rows["instantiation"][0]["duration_us"] == 33_366_667


def test_empty_texts_are_no_passages(archive: SmallArchive) -> None:
    record = made_record(FILM, titles=(Statement(""), Statement("  ")), tags=(Tag(""),), people=())
    archive.publish(FILM_OBJECT, {RECORD_FILE: record_bytes(record)})
    made = look(archive)
    assert [p.kind for p in made.passages] == ["file"]
    assert [row["text"] for row in made.rows["title"]] == ["", "  "]


def test_a_label_that_a_record_repeats_is_one_label(archive: SmallArchive) -> None:
    record = made_record(FILM, tags=(Tag("a", "de"), Tag("a", "en"), Tag("b")))
    archive.publish(FILM_OBJECT, {RECORD_FILE: record_bytes(record)})
    assert [row["text"] for row in look(archive).rows["label"] if row["kind"] == "tag"] == ["a", "b"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("damaged.vtt", b"\0\xff\xfe"),
        ("empty.vtt", b""),
        ("large.vtt", captions("word") * 2_000),
        ("gone.vtt", None),
        ("../out.vtt", None),
    ],
)
def test_captions_that_cannot_be_read_cost_their_hits_and_not_the_asset(
    archive: SmallArchive, monkeypatch: pytest.MonkeyPatch, name: str, data: bytes | None
) -> None:
    monkeypatch.setattr(rows, "LARGEST_TEXT_BYTES", 10_000)
    record = made_record(FILM, texts=(Text(name), Text("good.vtt")))
    files = {RECORD_FILE: record_bytes(record), "good.vtt": captions("said")}
    archive.publish(FILM_OBJECT, files | ({name: data} if data is not None else {}))
    made = look(archive)
    assert made.asset == str(FILM)
    assert made.rows["object"][0]["fault"] == ""
    assert [p.text for p in made.passages if p.kind == "caption"] == ["said"]


def test_captions_whose_bytes_are_damaged_are_not_searched(archive: SmallArchive) -> None:
    record = made_record(FILM, texts=(Text("a.vtt"),))
    archive.publish(FILM_OBJECT, {RECORD_FILE: record_bytes(record), "a.vtt": captions("said")})
    archive.damage(FILM_OBJECT, "a.vtt")
    assert [p for p in look(archive).passages if p.kind == "caption"] == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"access": "whoever asks"}, "access"),
        ({"id": str(asset_id(2))}, "it is the record of"),
        ({"format": "holdfast-asset-9"}, "holdfast-asset-9"),
        ({"created_at": "0001-01-01T00:00:00+14:00"}, ""),
        ({"created_at": "9999-12-31T23:59:59-14:00"}, ""),
        ({"titles": [{"text": "half a \ud800 character"}]}, "character"),
        ({"instantiations": 7}, "instantiations"),
    ],
)
def test_a_record_that_is_not_understood_makes_a_fault_and_is_never_shown(
    archive: SmallArchive, changes: dict[str, Any], words: str
) -> None:
    archive.raw_object(FILM_OBJECT, {RECORD_FILE: raw_record(**changes)})
    fault = fault_of(look(archive))
    assert fault
    assert words in fault


@pytest.mark.parametrize(
    "changes",
    [
        {"version": {"created": "0001-01-01T00:00:00+01:00"}},
        {"version": {"created": "9999-12-31T23:59:60-01:00"}},
    ],
)
def test_a_date_that_no_calendar_in_utc_has_stands_as_unknown(archive: SmallArchive, changes: dict[str, Any]) -> None:
    archive.raw_object(FILM_OBJECT, {RECORD_FILE: raw_record()}, **changes)
    made = look(archive)
    assert made.asset == str(FILM)
    assert made.rows["object"][0]["changed_at"] in ("", "9999-12-31T23:59:59Z")


@pytest.mark.parametrize(
    "changes",
    [
        {"manifest": {"00": ["v1/content/0"]}},
        {"head": "v2"},
        {"id": ""},
        {"id": 7},
        {"digestAlgorithm": "md5"},
    ],
)
def test_an_inventory_that_is_not_understood_makes_a_fault(archive: SmallArchive, changes: dict[str, Any]) -> None:
    archive.raw_object(FILM_OBJECT, {RECORD_FILE: raw_record()}, **changes)
    assert fault_of(look(archive))


def test_a_place_of_bytes_that_no_disk_can_hold_makes_a_fault(archive: SmallArchive) -> None:
    data = raw_record()
    folder = archive.raw_object(FILM_OBJECT, {RECORD_FILE: data})
    inventory = json.loads((folder / "inventory.json").read_text())
    (digest,) = inventory["manifest"]
    for path in folder.rglob("*"):
        if path.is_file():
            path.unlink()
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir()
    folder.rmdir()
    manifest = {digest: [f"v1/content/{'x' * 300}"]}
    archive.raw_object(FILM_OBJECT, {RECORD_FILE: data}, manifest=manifest)
    assert fault_of(look(archive))


def test_numbers_that_no_column_holds_stand_at_its_limit(archive: SmallArchive) -> None:
    plain = parse_json(record_bytes(made_record(FILM)), "")
    plain["instantiations"][0]["size_bytes"] = 10**30
    archive.raw_object(FILM_OBJECT, {RECORD_FILE: json.dumps(plain).encode()})
    archive.catalog.rebuild()
    assert look(archive).rows["instantiation"][0]["size_bytes"] == 2**63 - 1


def test_an_object_away_from_its_place_is_named_with_its_place(archive: SmallArchive) -> None:
    archive.raw_object(FILM_OBJECT, {RECORD_FILE: raw_record()}, place=archive.folder / "ocfl" / "copy")
    fault = fault_of(rows_of(archive.root, "ocfl/copy", BEGUN))
    assert "ocfl/copy" in fault
    assert archive.root.key_of(FILM_OBJECT) in fault


def test_an_object_that_others_named_has_a_row_and_no_fault(archive: SmallArchive) -> None:
    archive.raw_object("urn:isbn:0451450523", {"a": b"a"})
    (row,) = look(archive, "urn:isbn:0451450523").rows["object"]
    assert (row["kind"], row["fault"], row["head"]) == ("", "", 1)


def test_an_object_between_the_steps_of_a_new_version_is_as_its_newest_proved_version(archive: SmallArchive) -> None:
    for title in ("old", "new"):
        record = made_record(FILM, titles=(Statement(title),))
        archive.publish(FILM_OBJECT, {RECORD_FILE: record_bytes(record)})
    place = archive.place(FILM_OBJECT)
    old = (place / "v1" / "inventory.json.sha512").read_bytes()
    (place / "inventory.json.sha512").write_bytes(old)  # the third step has not been made
    assert look(archive).rows["asset"][0]["title"] == "new"


def test_a_fingerprint_is_filed_with_the_film_that_it_is_of(archive: SmallArchive) -> None:
    record = record_bytes(made_record(FILM))
    archive.publish(FILM_OBJECT, {RECORD_FILE: record, "fingerprints/film 0.mp4.hffp": b"f", "fingerprints/odd": b"o"})
    (row,) = look(archive).rows["fingerprint"]
    assert (row["path"], row["file"]) == ("fingerprints/film 0.mp4.hffp", "masters/film 0.mp4")
