"""One value, one row of bytes; and nothing hostile gets in."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.errors import BadRecord
from holdfast.formats.canonical import (
    MAXIMUM_BYTES,
    MAXIMUM_DEPTH,
    canonical_json,
    canonical_line,
    one_line,
    parse_json,
    printable,
)
from tests.formats.values import JSON


def test_canonical_json_is_sorted_indented_and_readable_in_every_script() -> None:
    value = {"б": 1, "a": ["Ernte", {"z": None, "y": True}], "文": "수확\n"}
    assert canonical_json(value).decode() == (
        '{\n  "a": [\n    "Ernte",\n    {\n      "y": true,\n      "z": null\n    }\n  ],\n'
        '  "б": 1,\n  "文": "수확\\n"\n}\n'
    )
    assert canonical_line(value).decode() == '{"a":["Ernte",{"y":true,"z":null}],"б":1,"文":"수확\\n"}\n'


@given(JSON)
def test_what_was_written_is_read_and_written_the_same(value: object) -> None:
    for write in (canonical_json, canonical_line):
        data = write(value)
        assert write(parse_json(data, "x")) == data
        assert parse_json(data, "x") == value


@given(st.dictionaries(st.text(max_size=3), st.integers(), max_size=5))
def test_the_order_of_keys_does_not_matter(value: dict[str, int]) -> None:
    backwards = dict(reversed(value.items()))
    assert canonical_json(backwards) == canonical_json(value)


@given(st.text())
def test_a_line_has_one_line_end(text: str) -> None:
    assert canonical_line({text: text}).count(b"\n") == 1


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800", {"\udfff": 1}])
def test_what_no_file_can_hold_is_not_written(value: object) -> None:
    with pytest.raises(ValueError, match=r"JSON compliant|surrogates"):
        canonical_json(value)


def test_a_byte_order_mark_is_passed_over() -> None:
    assert parse_json(b'\xef\xbb\xbf{"a": 1}', "x") == {"a": 1}


HOSTILE = {
    "nothing": (b"", "not JSON"),
    "not JSON": (b"{", "not JSON"),
    "two values": (b"{} {}", "not JSON"),
    "trailing comma": (b"[1,]", "not JSON"),
    "NaN": (b"[NaN]", "NaN is not a number"),
    "infinity": (b"[-Infinity]", "-Infinity is not a number"),
    "a number that becomes infinite": (b"[1e999]", "beyond all bounds"),
    "more digits than anybody needs": (b"[" + b"9" * 5000 + b"]", "not JSON"),
    "a key twice": (b'{"a": 1, "a": 1}', "twice"),
    "a key twice deep down": (b'[{"x": {"a": 1, "\\u0061": 2}}]', "twice"),
    "latin 1": ('{"a": "ü"}'.encode("latin-1"), "UTF-8"),
    "utf-16": ('{"a": 1}'.encode("utf-16"), "UTF-8"),
    "surrogates in UTF-8": (b'"\xed\xa0\x80"', "UTF-8"),
    "half a character": (b'{"a": ["\\uD83D"]}', "half of a character"),
    "half a character in a key": (b'{"\\udc00": 1}', "half of a character"),
    "halves in the wrong order": (b'"\\ude00\\ud83d"', "half of a character"),
    "lists in lists": (b"[" * 100_000 + b"]" * 100_000, "too deeply"),
    "objects in objects": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "too deeply"),
    "a little too deep": (b"[" * (MAXIMUM_DEPTH + 1) + b"]" * (MAXIMUM_DEPTH + 1), "too deeply"),
}


@pytest.mark.parametrize(("data", "reason"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_bytes_are_refused_by_name(data: bytes, reason: str) -> None:
    with pytest.raises(BadRecord, match=reason) as caught:
        parse_json(data, "masters/record.json")
    assert "masters/record.json" in str(caught.value)


def test_what_is_larger_than_any_record_is_not_even_looked_at() -> None:
    with pytest.raises(BadRecord, match="more than any record"):
        parse_json(bytes(MAXIMUM_BYTES + 1), "x")


def test_the_deepest_value_that_is_read_can_be_written() -> None:
    data = b"[" * MAXIMUM_DEPTH + b"]" * MAXIMUM_DEPTH
    assert json.loads(canonical_json(parse_json(data, "x"))) == json.loads(data)
    assert parse_json(b'"text"', "x") == "text"


def test_a_whole_character_may_be_written_as_two_halves() -> None:
    assert parse_json(b'"\\ud83c\\udf3e"', "x") == "🌾"


def test_half_characters_of_others_are_let_through_when_asked_for() -> None:
    assert parse_json(b'["\\ud83c"]', "x", half_characters=True) == ["\ud83c"]


@given(st.text(st.characters()))
def test_printable_text_can_always_be_written(text: str) -> None:
    clean = printable(text)
    assert canonical_json(clean)
    assert "\0" not in clean
    assert printable(clean) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Урожай", "Урожай"),
        ("a\0b", "ab"),
        ("a\ud83cb", "a\ufffdb"),
        ("a\udf3e", "a\ufffd"),
        ("\ud83c\udf3e", "🌾"),
        ("\ufeffa", "\ufeffa"),
    ],
)
def test_printable_changes_only_what_cannot_stay(text: str, clean: str) -> None:
    assert printable(text) == clean


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\u2028 a \t b\0", "a b"),
        ("a\x1b[2J\u202eb\r\n\udcff", "a [2J b"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_a_text_on_one_line_keeps_its_letters_and_obeys_nobody(text: str, line: str) -> None:
    assert one_line(text) == line
