"""A comment: what somebody said of a work, or of a moment in it, and a curator let in.

It has an object of its own, so that it can leave the archive without anything else being touched. What is withdrawn has
no text and no name any more; that it was there, and when it went, stays.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from holdfast.model.asset import UNKNOWN_LANGUAGE
from holdfast.model.ids import AssetId, ObjectId, named

COMMENT_FORMAT = "holdfast-comment-1"
KIND = "comment"
LONGEST_TEXT, LONGEST_NAME = 4000, 150


@dataclass(frozen=True)
class Withdrawal:
    """That a comment is no longer shown: since when, by whom, and why."""

    at: datetime
    by: str
    reason: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CommentRecord:
    """All that is said of a comment: the content of `record.json` in its object.

    `name` is what its author wanted to be called there, "" if nothing; nothing else is known of them. `start` and `end`
    are seconds of asset time, None where it is said of the whole. `published_by` let it in.

    Raises:
        ValueError: its id is none, its text or name is longer than any comment's, or it says nothing and was not
            withdrawn.
    """

    id: str
    asset: AssetId
    written_at: datetime
    published_at: datetime
    published_by: str
    format: str = COMMENT_FORMAT
    text: str = ""
    language: str = UNKNOWN_LANGUAGE
    name: str = ""
    start: Fraction | None = None
    end: Fraction | None = None
    withdrawn: Withdrawal | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.text) > LONGEST_TEXT or len(self.name) > LONGEST_NAME:
            raise ValueError(f"a comment has up to {LONGEST_TEXT} characters, a name up to {LONGEST_NAME}")
        if not self.text.strip() and self.withdrawn is None:
            raise ValueError("a comment says something")
        if self.end is not None and (self.start is None or self.end <= self.start):
            raise ValueError("a stretch begins before it ends")
        named(KIND, self.id)

    @property
    def object_id(self) -> ObjectId:
        """The object that holds it."""
        return named(KIND, self.id)
