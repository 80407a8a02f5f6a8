"""OCFL inventories: read, written again, and refused when they cannot be used safely."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.errors import BadRecord
from holdfast.formats.inventory import (
    inventory_bytes,
    parse_created,
    parse_inventory,
    parse_sidecar,
    sidecar_bytes,
    sidecar_name,
)
from holdfast.model.inventory import (
    V1,
    ContentPath,
    Inventory,
    LogicalPath,
    Version,
    VersionNumber,
)

WORDS = hashlib.sha512(b"words").hexdigest()
FILM = hashlib.sha512(b"film").hexdigest()
NOON = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)

EXAMPLE = Inventory(
    object_id="holdfast:asset:0123456789bcd",
    head=VersionNumber(2),
    manifest={FILM: (ContentPath("v1/content/000000"),), WORDS: (ContentPath("v2/content/000000"),)},
    versions={
        V1: Version(NOON, {FILM: (LogicalPath("masters/фильм.mp4"),)}, "Add", "Ada", "mailto:ada@example.org"),
        VersionNumber(2): Version(
            NOON + timedelta(days=1),
            {FILM: (LogicalPath("masters/фильм.mp4"),), WORDS: (LogicalPath("record.json"), LogicalPath("texts/자막"))},
        ),
    },
)


def edited(change: Callable[[dict[str, object]], object]) -> bytes:
    document = json.loads(inventory_bytes(EXAMPLE))
    change(document)
    return json.dumps(document, ensure_ascii=False).encode()


def test_an_inventory_written_and_read_is_the_same_inventory() -> None:
    data = inventory_bytes(EXAMPLE)

    assert parse_inventory(data, "inventory.json") == EXAMPLE
    assert inventory_bytes(parse_inventory(data, "inventory.json")) == data
    assert "masters/фильм.mp4".encode() in data


def test_unknown_fields_at_every_level_are_kept() -> None:
    def add(document: dict[str, object]) -> None:
        document["later"] = {"deep": [1, 2.5, None, True]}
        document["versions"]["v1"]["later"] = "a"  # type: ignore[index]
        document["versions"]["v1"]["user"]["orcid"] = "b"  # type: ignore[index]

    kept = json.loads(inventory_bytes(parse_inventory(edited(add), "x")))

    assert kept["later"] == {"deep": [1, 2.5, None, True]}
    assert kept["versions"]["v1"]["later"] == "a"
    assert kept["versions"]["v1"]["user"] == {"name": "Ada", "address": "mailto:ada@example.org", "orcid": "b"}


def test_the_date_of_a_version_made_elsewhere_is_written_back_letter_for_letter() -> None:
    def change(document: dict[str, object]) -> None:
        document["versions"]["v1"]["created"] = "2019-01-02T03:04:05.123456789-05:00"  # type: ignore[index]

    inventory = parse_inventory(edited(change), "x")

    assert inventory.versions[V1].created == datetime(2019, 1, 2, 8, 4, 5, 123456, tzinfo=UTC)
    assert b'"2019-01-02T03:04:05.123456789-05:00"' in inventory_bytes(inventory)


def test_digests_in_capitals_are_read_as_lower_case() -> None:
    data = inventory_bytes(EXAMPLE)
    shouted = data.replace(FILM.encode(), FILM.upper().encode())

    assert parse_inventory(shouted, "x") == EXAMPLE


def drop(name: str) -> bytes:
    return edited(lambda document: document.pop(name))


def put(name: str, value: object) -> bytes:
    return edited(lambda document: document.update({name: value}))


HOSTILE = {
    "empty": b"",
    "not UTF-8": b'{"id": "\xff"}',
    "a list": b"[]",
    "deep": b"[" * 200_000 + b"]" * 200_000,
    "deep but not for the parser": b'{"x":' * 200 + b"1" + b"}" * 200,
    "endless number": b'{"id": ' + b"9" * 10_000 + b"}",
    "not a number": b'{"id": NaN}',
    "infinity": put("later", 0).replace(b'"later": 0', b'"later": 1e999'),
    "half a character": put("id", "x").replace(b'"x"', b'"\\ud800"'),
    "a key twice": b'{"id": "a", ' + inventory_bytes(EXAMPLE)[1:],
    "a digest twice": put("manifest", {FILM: ["v1/content/a"], FILM.upper(): ["v1/content/b"]}),
    "no id": drop("id"),
    "no head": drop("head"),
    "no manifest": drop("manifest"),
    "no versions": drop("versions"),
    "versions are a list": put("versions", []),
    "a version is a text": put("versions", {"v1": "x"}),
    "v1 and v01": put("versions", {"v1": {}, "v01": {}}),
    "head is a number": put("head", 2),
    "head is not the newest": put("head", "v1"),
    "head beyond all": put("head", "v3"),
    "head of a million digits": put("head", "v" + "1" * 1_000_000),
    "a head of nine digits": put("head", "v999999999"),
    "a later OCFL": put("type", "https://ocfl.io/2.0/spec/#inventory"),
    "md5": put("digestAlgorithm", "md5"),
    "a folder that leaves": put("contentDirectory", ".."),
    "a path that leaves": put("manifest", {FILM: ["../../etc/passwd"], WORDS: ["v1/content/x"]}),
    "an absolute path": put("manifest", {FILM: ["/etc/passwd"], WORDS: ["v1/content/x"]}),
    "NUL": put("manifest", {FILM: ["v1/content/\0"], WORDS: ["v1/content/x"]}),
    "paths as one text": put("manifest", {FILM: "v1/content/x", WORDS: ["v1/content/x"]}),
    "a state without content": put("manifest", {FILM: ["v1/content/x"]}),
    "a short digest": put("manifest", {FILM[:64]: ["v1/content/x"]}),
    "fixity is a list": put("fixity", []),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_cannot_be_used_safely_is_refused_with_its_reason(data: bytes) -> None:
    with pytest.raises(BadRecord, match=r"the\.json cannot be understood: "):
        parse_inventory(data, "the.json")


def test_a_pair_of_surrogate_escapes_is_a_lawful_character() -> None:
    data = put("id", "x").replace(b'"x"', b'"\\ud83c\\udfac"')
    assert parse_inventory(data, "x").object_id == "🎬"


@settings(deadline=None)  # a busy machine is not a fault
@given(st.integers(0, len(inventory_bytes(EXAMPLE)) * 8 - 1))
def test_a_flipped_bit_gives_an_inventory_or_a_refusal_and_nothing_else(bit: int) -> None:
    data = bytearray(inventory_bytes(EXAMPLE))
    data[bit // 8] ^= 1 << bit % 8
    try:
        again = parse_inventory(bytes(data), "x")
    except BadRecord:
        return
    # The order of the paths that show one digest means nothing: a flipped letter may change how they sort.
    assert inventory_bytes(parse_inventory(inventory_bytes(again), "x")) == inventory_bytes(again)


def test_a_name_that_is_not_unicode_cannot_be_written() -> None:
    broken = Inventory(
        "a:b", V1, {FILM: (ContentPath("v1/content/0"),)}, {V1: Version(NOON, {FILM: (LogicalPath("\udcff"),)})}
    )
    with pytest.raises(BadRecord, match="UTF-8"):
        inventory_bytes(broken)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-23T12:00:00Z", NOON),
        ("2026-11-23t12:00:00z", NOON),
        ("2026-11-23T13:30:00+01:30", NOON),
        ("2016-12-31T23:59:60Z", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_in_every_lawful_spelling(text: str, moment: datetime) -> None:
    assert parse_created(text) == moment


@pytest.mark.parametrize("text", ["2026-11-23", "2026-11-23T12:00:00", "2026-11-23T12:00Z", "2026-02-30T12:00:00Z", ""])
def test_a_moment_without_zone_seconds_or_sense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"2026|''"):
        parse_created(text)


def test_a_new_version_is_dated_in_utc() -> None:
    tokyo = Version(NOON.astimezone(timezone(timedelta(hours=9))), {})
    data = inventory_bytes(Inventory("a:b", V1, {}, {V1: tokyo}))
    assert b'"2026-11-23T12:00:00Z"' in data


# ------------------------------------------------------------------------------------------------------- sidecars


def test_a_sidecar_is_what_sha512sum_would_write() -> None:
    assert sidecar_name("sha512") == "inventory.json.sha512"
    assert sidecar_bytes(b"{}", "sha512") == f"{hashlib.sha512(b'{}').hexdigest()}  inventory.json\n".encode()
    assert parse_sidecar(sidecar_bytes(b"{}", "sha256"), "x") == hashlib.sha256(b"{}").hexdigest()
    assert parse_sidecar(b"AB\tinventory.json", "x") == "ab"


@pytest.mark.parametrize(
    "data", [b"", b"ab", b"ab other.json\n", b"xy inventory.json", b"ab inventory.json\nmore", b"\xff"]
)
def test_a_sidecar_of_another_form_is_refused(data: bytes) -> None:
    with pytest.raises(BadRecord):
        parse_sidecar(data, "x")
