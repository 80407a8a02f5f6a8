"""Every class goes to JSON and back; what does not fit is refused with its place; the schema says the same."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from holdfast.errors import BadRecord
from holdfast.formats.canonical import canonical_json
from holdfast.formats.plain import from_plain, schema_of, to_plain
from holdfast.model.asset import Section, Statement, Tag
from holdfast.model.fixity import Digest
from holdfast.model.ids import AssetId
from holdfast.model.rights import AccessLevel
from holdfast.model.technical import FieldOrder, MediaInfo, VideoTrack

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Everything:
    """One field of each form. It refuses to have the name of nothing."""

    text: str
    number: int
    truth: bool
    exact: Fraction
    moment: datetime
    digest: Digest
    asset: AssetId
    level: AccessLevel
    inner: Tag
    maybe: Fraction | None = None
    many: tuple[Statement, ...] = ()
    words: tuple[str, ...] = ()
    pairs: dict[str, int] = field(default_factory=dict)
    anything: Any = None
    extra: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.text == "nothing":
            raise ValueError("nothing has no name")


@dataclass(frozen=True)
class Closed:
    """A class without room for what it does not know."""

    text: str = ""


PLAIN: dict[str, Any] = {
    "text": "Урожай",
    "number": 7,
    "truth": True,
    "exact": "30000/1001",
    "moment": "2026-11-23T12:00:00Z",
    "digest": "f1" * 64,
    "asset": "k7m2x9qd4htbr",
    "level": "sealed",
    "inner": {"text": "harvest"},
}
VALUE = Everything(
    "Урожай",
    7,
    True,
    Fraction(30000, 1001),
    NOON,
    Digest("f1" * 64),
    AssetId("k7m2x9qd4htbr"),
    AccessLevel.SEALED,
    Tag("harvest"),
)
SCHEMA = Draft202012Validator(schema_of(Everything, "everything"))


def test_a_value_becomes_plain_json_and_comes_back() -> None:
    assert to_plain(VALUE) == PLAIN
    assert from_plain(Everything, PLAIN, "x") == VALUE
    SCHEMA.validate(PLAIN)


def test_a_field_that_has_its_default_is_left_out_and_one_that_has_not_is_written() -> None:
    value = replace(VALUE, maybe=Fraction(1, 2), many=(Statement("a"),), words=("b",), pairs={"c": 1}, anything=[1.5])
    added = {"maybe": "1/2", "many": [{"text": "a"}], "words": ["b"], "pairs": {"c": 1}}
    assert to_plain(replace(value, anything=None)) == PLAIN | added
    assert from_plain(Everything, PLAIN | added | {"anything": [1.5]}, "x") == value


def test_what_is_unknown_is_kept_at_every_level_even_under_the_name_of_its_keeper() -> None:
    plain = PLAIN | {
        "later": [{"x": 1.5}],
        "extra": {"y": None},
        "inner": {"text": "a", "weight": {"z": []}, "extra": 3},
    }
    value = from_plain(Everything, plain, "x")
    assert value.extra == {"later": [{"x": 1.5}], "extra": {"y": None}}
    assert value.inner.extra == {"weight": {"z": []}, "extra": 3}
    assert to_plain(value) == plain
    SCHEMA.validate(plain)


def test_a_class_without_room_for_the_unknown_reads_past_it() -> None:
    assert from_plain(Closed, {"text": "a", "later": 1}, "x") == Closed("a")


# What is wrong, and where the message says so. The third is whether the schema says it too.
WRONG = [
    ({"text": 7}, "text is int, expected a string"),
    ({"text": None}, "text is NoneType, expected a string"),
    ({"number": "7"}, "number is str, expected a integer"),
    ({"number": True}, "number is bool, expected a integer"),
    ({"number": 7.5}, "number is float, expected a integer"),
    ({"truth": 1}, "truth is int, expected a boolean"),
    ({"exact": 12.5}, "exact is float, expected a string"),
    ({"exact": "1/0"}, "exact: '1/0' divides by zero"),
    ({"exact": "1e9"}, "exact: '1e9' is not an exact number"),
    ({"exact": "soon"}, "exact: 'soon' is not an exact number"),
    ({"maybe": "soon"}, "maybe: 'soon' is not"),
    ({"maybe": 1}, "maybe is int"),
    ({"moment": "2026-11-23"}, "moment: '2026-11-23' is not a moment"),
    ({"moment": "2026-11-23T12:00:00"}, "moment: .* is not a moment"),
    ({"digest": "f1"}, "digest: sha512 has 128 characters"),
    ({"digest": "F1" * 64}, "digest: not a digest"),
    ({"asset": "k7m2"}, "asset: There is no asset k7m2 .an id has 13 characters, this has 4.\\. It was"),
    ({"asset": "K7M2-X9QD-4HTB-R"}, "asset: 'K7M2-X9QD-4HTB-R' is to be spelled k7m2x9qd4htbr"),
    ({"level": "open"}, "level: 'open' is none of public, members, curators, sealed"),
    ({"level": None}, "level is NoneType"),
    ({"inner": []}, "inner is list, expected an object"),
    ({"inner": {}}, "inner lacks text"),
    ({"inner": {"text": []}}, "inner.text is list"),
    ({"many": {}}, "many is dict, expected a list"),
    ({"many": [{"text": "a"}, {"text": 1}]}, r"many\[1\].text is int"),
    ({"words": ["a", None]}, r"words\[1\] is NoneType"),
    ({"pairs": []}, "pairs is list"),
    ({"pairs": {"c": "d"}}, "pairs.c is str"),
]


@pytest.mark.parametrize(("change", "message"), WRONG, ids=[json.dumps(change)[:40] for change, _ in WRONG])
def test_what_does_not_fit_is_refused_with_its_place_by_us_and_by_the_schema(
    change: dict[str, Any], message: str
) -> None:
    with pytest.raises(BadRecord, match=message):
        from_plain(Everything, PLAIN | change, "x")
    assert not SCHEMA.is_valid(PLAIN | change)


BEYOND_A_SCHEMA = [
    ({"text": "nothing"}, "the document: nothing has no name"),
    ({"moment": "2026-02-30T12:00:00Z"}, "moment: day is out of range"),
    ({"moment": "0001-01-01T00:00:00+14:00"}, "moment: .* outside the years"),
    ({"asset": "k7m2x9qd4htbs"}, "asset: .*mistyped"),
    ({"exact": "9" * 5000}, "exact: "),
]


@pytest.mark.parametrize(("change", "message"), BEYOND_A_SCHEMA)
def test_what_only_a_program_can_judge_is_refused_too(change: dict[str, Any], message: str) -> None:
    with pytest.raises(BadRecord, match=message):
        from_plain(Everything, PLAIN | change, "x")


@pytest.mark.parametrize("key", PLAIN)
def test_a_field_that_must_be_there_is_missed(key: str) -> None:
    plain = {k: v for k, v in PLAIN.items() if k != key}
    with pytest.raises(BadRecord, match=f"x cannot be understood: the document lacks {key}"):
        from_plain(Everything, plain, "x")
    assert not SCHEMA.is_valid(plain)


@pytest.mark.parametrize("document", [None, [], "text", 7])
def test_what_is_no_object_is_no_record(document: object) -> None:
    with pytest.raises(BadRecord, match=r"the document is .*, expected an object"):
        from_plain(Everything, document, "x")


def test_a_long_wrong_value_does_not_fill_the_message() -> None:
    with pytest.raises(BadRecord) as caught:
        from_plain(Everything, PLAIN | {"level": "x" * 100_000}, "x")
    assert len(str(caught.value)) < 500


@given(st.text(st.characters()), st.text(st.characters()))
def test_any_text_can_be_written(text: str, key: str) -> None:
    plain = to_plain(MediaInfo("mp4", 1, tags={key: text}, device=text))
    canonical_json(plain)
    if re.search("[\ud800-\udfff]", text + key) is None:
        assert plain.get("device", "") == text
        assert plain["tags"] == {key: text}


@pytest.mark.parametrize("value", [1.5, b"bytes", {1, 2}, ["list"], object()])
def test_a_type_without_a_rule_is_a_mistake_of_ours(value: object) -> None:
    with pytest.raises(TypeError, match="no plain form"):
        to_plain(value)


def test_a_digest_of_another_algorithm_does_not_pass_for_one_of_record() -> None:
    with pytest.raises(ValueError, match="sha512 digests, not md5"):
        to_plain(replace(VALUE, digest=Digest("f1" * 16, "md5")))


def test_a_moment_without_a_zone_is_not_written() -> None:
    with pytest.raises(ValueError, match="zone"):
        to_plain(replace(VALUE, moment=datetime(2026, 11, 23)))  # noqa: DTZ001  # the very mistake


def test_types_without_a_record_around_them_are_read_too() -> None:
    assert from_plain(tuple[Fraction, ...], ["1/2"], "x") == (Fraction(1, 2),)
    assert from_plain(FieldOrder, "top first", "x") is FieldOrder.TOP_FIRST
    assert from_plain(Any, {"a": 1}, "x") == {"a": 1}
    assert from_plain(Fraction | None, None, "x") is None


def test_the_schema_names_every_class_once_and_describes_it() -> None:
    schema = schema_of(MediaInfo, "film")
    Draft202012Validator.check_schema(schema)
    assert (schema["title"], schema["$ref"]) == ("film", "#/$defs/MediaInfo")
    assert schema["$defs"]["VideoTrack"]["description"].startswith("One moving picture.")
    assert schema["$defs"]["VideoTrack"]["required"] == ["index", "codec", "width", "height"]
    assert "extra" not in schema["$defs"]["VideoTrack"]["properties"]


def test_the_schema_of_a_class_that_holds_itself_ends() -> None:
    assert schema_of(Branch, "tree")["$defs"]["Branch"]["properties"]["branches"]["items"] == {"$ref": "#/$defs/Branch"}


@dataclass(frozen=True)
class Branch:
    """A branch of branches."""

    branches: tuple[Branch, ...] = ()


@settings(max_examples=30)
@given(st.fractions(), st.fractions())
def test_sections_keep_their_exact_times(start: Fraction, end: Fraction) -> None:
    section = Section(start, end)
    assert from_plain(Section, to_plain(section), "x") == section


def test_numbers_of_pixels_are_numbers_and_exact_rates_are_texts() -> None:
    plain = to_plain(VideoTrack(0, "h264", 2, 2, frame_rate=Fraction(24000, 1001)))
    assert (plain["width"], plain["frame_rate"]) == (2, "24000/1001")
