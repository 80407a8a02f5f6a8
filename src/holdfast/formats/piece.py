"""The record of a piece (`holdfast-piece-1`): bytes to model and back."""

from __future__ import annotations

from typing import Any, cast

from holdfast.errors import BadRecord
from holdfast.formats.canonical import canonical_json, parse_json
from holdfast.formats.plain import from_plain, schema_of, to_plain
from holdfast.formats.record import RECORD_FILE
from holdfast.model.piece import PIECE_FORMAT, Piece


def piece_bytes(piece: Piece) -> bytes:
    """The bytes of `record.json`."""
    return canonical_json(to_plain(piece))


def parse_piece(data: bytes, name: str = RECORD_FILE) -> Piece:
    """The piece in `data`. Raises BadRecord with the place that does not fit."""
    plain = parse_json(data, name)
    found = plain.get("format") if isinstance(plain, dict) else None
    if found != PIECE_FORMAT:
        raise BadRecord(name=name, reason=f"its format is {found!r}, this program knows {PIECE_FORMAT!r}")
    return cast(Piece, from_plain(Piece, plain, name))


def piece_schema() -> dict[str, Any]:
    """The published JSON Schema of a piece's `record.json`."""
    schema = schema_of(Piece, "Holdfast post, exhibition or programme, format holdfast-piece-1")
    schema["$defs"]["Piece"]["properties"]["format"] = {"const": PIECE_FORMAT}
    return schema
