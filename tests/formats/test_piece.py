"""The record of a piece comes back as it was; what no piece can be is refused with its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from holdfast.errors import BadRecord
from holdfast.formats.canonical import canonical_json, parse_json
from holdfast.formats.piece import parse_piece, piece_bytes, piece_schema
from holdfast.model.asset import Tag
from holdfast.model.ids import parse_asset_id
from holdfast.model.piece import LONGEST_TEXT, MOST_ITEMS, Item, Piece, PieceKind, Wording
from holdfast.model.rights import AccessLevel, Embargo

ASSET = parse_asset_id("k7m2x9qd4htbr")
AT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
PIECE = Piece(
    "k7m2x9qd4htbr", PieceKind.PROGRAMME, AccessLevel.PUBLIC, AT, AT, words=(Wording("Abend", "*Um acht*", "de"),)
)
SCHEMA = Draft202012Validator(piece_schema())
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
wordings = st.builds(Wording, texts, texts, st.sampled_from(["en", "ko", "zh-Hans"]), texts)
items = st.builds(
    Item,
    st.just(ASSET),
    st.fractions(0, 9999, max_denominator=90_000),
    st.just(Fraction(99_999)),
    st.sampled_from(["", "2026-12-01T19:00"]),
    st.lists(wordings, max_size=2).map(tuple),
)


@given(st.lists(wordings, max_size=3), st.lists(items, max_size=3), st.sampled_from(PieceKind), texts)
def test_a_piece_comes_back_as_it_was_and_fits_its_schema(
    words: list[Wording], placed: list[Item], kind: PieceKind, line: str
) -> None:
    piece = replace(
        PIECE,
        kind=kind,
        words=tuple(words),
        items=(*placed, Item(words=(Wording(text=line),))),
        author=line,
        tags=(Tag(line, "ko"),),
        embargo=Embargo(AT, reason=line),
        extra={"later": [1]},
    )
    data = piece_bytes(piece)
    assert parse_piece(data) == piece
    SCHEMA.validate(parse_json(data, "it"))


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"kind": "essay"}, "none of"),
        ({"id": "k7m2x9qd4htbs"}, "mistyped"),
        ({"access": "friends"}, "none of"),
        ({"words": [{"text": "x" * (LONGEST_TEXT + 1)}]}, "characters"),
        ({"items": [{}] * (MOST_ITEMS + 1)}, "items"),
        ({"items": [{"start": "5"}]}, "one of a work"),
        ({"items": [{"asset": "k7m2x9qd4htbr", "start": "5", "end": "4"}]}, "before it ends"),
        ({"items": [{"begins": "at eight"}]}, "at eight"),
        ({"author": "x" * 501}, "a line has"),
        ({"format": "holdfast-piece-2"}, "holdfast-piece-1"),
        ({"dated": "yesterday"}, "dated"),
    ],
)
def test_what_no_piece_can_be_is_refused_with_the_reason(said: dict[str, Any], reason: str) -> None:
    plain = parse_json(piece_bytes(PIECE), "it")
    with pytest.raises(BadRecord, match=reason):
        parse_piece(canonical_json(plain | said))
