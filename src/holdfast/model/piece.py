"""A piece: what the archive itself says. A post of its news, an exhibition, a programme of a screening.

All three are texts in several languages with works beside them, and are kept, edited and shown in the same way. In an
exhibition the works stand in an order, with text between them; in a programme each has the time at which it begins. A
work may be there as a whole or by a moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from holdfast.model.asset import UNKNOWN_LANGUAGE, Tag, in_language
from holdfast.model.ids import AssetId, ObjectId, named
from holdfast.model.rights import AccessLevel, Embargo, effective_access

PIECE_FORMAT = "holdfast-piece-1"
LONGEST_TEXT, LONGEST_LINE = 50_000, 500  # characters: of a text, and of what stands on one line
MOST_ITEMS, MOST_WORDINGS, MOST_TAGS = 500, 50, 100
LOCAL_TIME = "%Y-%m-%dT%H:%M"


class PieceKind(StrEnum):
    """What a piece is."""

    POST = "post"
    EXHIBITION = "exhibition"
    PROGRAMME = "programme"

    @property
    def noun(self) -> str:
        """The kind of the object that holds it: what orders works is a collection."""
        return "post" if self is PieceKind.POST else "collection"


COLLECTIONS = (PieceKind.EXHIBITION, PieceKind.PROGRAMME)
NOUNS = tuple(dict.fromkeys(kind.noun for kind in PieceKind))


@dataclass(frozen=True)
class Wording:
    """A title and a text in one language. The text is Markdown (CommonMark); HTML in it is text."""

    title: str = ""
    text: str = ""
    language: str = UNKNOWN_LANGUAGE
    translator: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Item:
    """One place in the order: a work, a stretch of it (seconds of asset time), text alone, or a work with text.

    `begins` is when it begins, in a programme: the time of the clock where it is shown, as `2026-12-01T19:00`; "" if
    nothing is said of it. The text of a work goes where the work goes: to whom it is not shown, neither is.
    """

    asset: AssetId | None = None
    start: Fraction | None = None
    end: Fraction | None = None
    begins: str = ""
    words: tuple[Wording, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.end is not None and (self.start is None or self.end <= self.start):
            raise ValueError("a stretch begins before it ends")
        if self.start is not None and (self.asset is None or self.start < 0):
            raise ValueError("a moment is one of a work")
        if self.begins:
            datetime.strptime(self.begins, LOCAL_TIME)  # noqa: DTZ007 (a time of the clock there has no zone)
        _check_words(self.words)


@dataclass(frozen=True)
class Piece:
    """A post, an exhibition or a programme: the content of `record.json` in its object.

    `dated` is the day under which it stands; `place` says where a programme is shown.

    Raises:
        ValueError: its id is none, or something in it is larger than in any piece.
    """

    id: str
    kind: PieceKind
    access: AccessLevel
    created_at: datetime
    dated: datetime
    format: str = PIECE_FORMAT
    words: tuple[Wording, ...] = ()
    author: str = ""
    category: str = ""
    tags: tuple[Tag, ...] = ()
    place: str = ""
    items: tuple[Item, ...] = ()
    embargo: Embargo | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        named(self.kind.noun, self.id)
        _check_words(self.words)
        if len(self.items) > MOST_ITEMS or len(self.tags) > MOST_TAGS:
            raise ValueError(f"a piece has up to {MOST_ITEMS} items and {MOST_TAGS} tags")
        if any(len(line) > LONGEST_LINE for line in (self.author, self.category, self.place, *_texts(self.tags))):
            raise ValueError(f"a line has up to {LONGEST_LINE} characters")

    @property
    def object_id(self) -> ObjectId:
        """The object that holds it."""
        return named(self.kind.noun, self.id)

    @property
    def assets(self) -> tuple[AssetId, ...]:
        """The works in it, each once."""
        return tuple(dict.fromkeys(item.asset for item in self.items if item.asset is not None))

    def access_at(self, at: datetime) -> AccessLevel:
        """Who may see it at this moment, its embargo considered."""
        return effective_access(self.access, self.embargo, at)

    def wording(self, languages: Sequence[str]) -> Wording:
        """What it says in the first of `languages` that it has, else in its first; an empty one if it says nothing."""
        return in_language(self.words, languages) or Wording()

    def title(self, languages: Sequence[str] = ()) -> str:
        """Its title in the first of `languages` that it has one in, else any, else its id."""
        titled = in_language([words for words in self.words if words.title], languages)
        return titled.title if titled else self.id


def _texts(tags: Sequence[Tag]) -> list[str]:
    return [tag.text for tag in tags]


def _check_words(words: Sequence[Wording]) -> None:
    if len(words) > MOST_WORDINGS:
        raise ValueError(f"a text stands in up to {MOST_WORDINGS} languages")
    for said in words:
        if len(said.text) > LONGEST_TEXT or len(said.title) > LONGEST_LINE or len(said.translator) > LONGEST_LINE:
            raise ValueError(f"a text has up to {LONGEST_TEXT} characters, a title up to {LONGEST_LINE}")
