"""The record of a comment (`holdfast-comment-1`): bytes to model and back."""

from __future__ import annotations

from typing import Any, cast

from holdfast.errors import BadRecord
from holdfast.formats.canonical import canonical_json, parse_json
from holdfast.formats.plain import from_plain, schema_of, to_plain
from holdfast.formats.record import RECORD_FILE
from holdfast.model.comment import COMMENT_FORMAT, CommentRecord


def comment_bytes(comment: CommentRecord) -> bytes:
    """The bytes of `record.json`."""
    return canonical_json(to_plain(comment))


def parse_comment(data: bytes, name: str = RECORD_FILE) -> CommentRecord:
    """The comment in `data`. Raises BadRecord with the place that does not fit."""
    plain = parse_json(data, name)
    found = plain.get("format") if isinstance(plain, dict) else None
    if found != COMMENT_FORMAT:
        raise BadRecord(name=name, reason=f"its format is {found!r}, this program knows {COMMENT_FORMAT!r}")
    return cast(CommentRecord, from_plain(CommentRecord, plain, name))


def comment_schema() -> dict[str, Any]:
    """The published JSON Schema of a comment's `record.json`."""
    schema = schema_of(CommentRecord, "Holdfast comment, format holdfast-comment-1")
    schema["$defs"]["CommentRecord"]["properties"]["format"] = {"const": COMMENT_FORMAT}
    return schema
