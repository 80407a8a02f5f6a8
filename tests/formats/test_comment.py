"""The record of a comment comes back as it was; what no comment can be is refused with its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from holdfast.errors import BadRecord
from holdfast.formats.canonical import canonical_json, parse_json
from holdfast.formats.comment import comment_bytes, comment_schema, parse_comment
from holdfast.model.comment import LONGEST_TEXT, CommentRecord, Withdrawal
from holdfast.model.ids import parse_asset_id

ASSET = parse_asset_id("k7m2x9qd4htbr")
AT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
COMMENT = CommentRecord(
    "k7m2x9qd4htbr", ASSET, AT, AT, "Ada", text="나는 거기 있었다", language="ko", start=Fraction(3)
)
SCHEMA = Draft202012Validator(comment_schema())
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).filter(str.strip)
moments = st.fractions(0, 9999, max_denominator=90_000)


@given(texts, texts, moments, st.none() | st.builds(Withdrawal, st.just(AT), texts, texts))
def test_a_comment_comes_back_as_it_was_and_fits_its_schema(
    text: str, name: str, start: Fraction, withdrawn: Withdrawal | None
) -> None:
    comment = replace(COMMENT, text=text, name=name, start=start, end=start + 1, withdrawn=withdrawn, extra={"x": [1]})
    data = comment_bytes(comment)
    assert parse_comment(data) == comment
    SCHEMA.validate(parse_json(data, "it"))


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"text": "x" * (LONGEST_TEXT + 1)}, "characters"),
        ({"text": " "}, "says something"),
        ({"id": "k7m2x9qd4htbs"}, "mistyped"),
        ({"id": "K7M2X9QD4HTBR"}, "spelled"),
        ({"start": "5", "end": "5"}, "before it ends"),
        ({"end": "5"}, "before it ends"),
        ({"format": "holdfast-comment-2"}, "holdfast-comment-1"),
        ({"written_at": "yesterday"}, "written_at"),
    ],
)
def test_what_no_comment_can_be_is_refused_with_the_reason(said: dict[str, str], reason: str) -> None:
    plain = parse_json(comment_bytes(COMMENT), "it")
    plain.pop("start")
    with pytest.raises(BadRecord, match=reason):
        parse_comment(canonical_json(plain | said))
