"""The works that everybody may see: for feeds and sitemaps, which are the same whoever asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from holdfast.catalog import schema, visible
from holdfast.catalog.lists import labelled
from holdfast.model.asset import in_language
from holdfast.show import cards, site
from holdfast.show.reader import LEVELS, Reader

if TYPE_CHECKING:
    from sqlalchemy import Connection

NEWEST = 50
LONGEST_SUMMARY = 500


def stranger() -> Reader:
    """Somebody of whom nothing is known, who reads English and the archive's languages."""
    levels = tuple(level.value for level in LEVELS[None])
    return Reader(levels, tuple(dict.fromkeys(("en", *site.archive().settings.languages))))


def count(connection: Connection) -> int:
    """How many there are."""
    return visible.counts(connection, stranger().levels).assets


def newest(connection: Connection, *, tag: str = "", collection: str = "") -> list[cards.Card]:
    """The newest, of those with exactly this tag and in exactly this collection if they are named."""
    named = [labelled(kind, text) for kind, text in (("tag", tag), ("collection", collection)) if text]
    chosen = select(schema.assets.c.id).where(*(schema.assets.c.id.in_(one) for one in named)) if named else None
    return cards.newest(connection, stranger(), limit=NEWEST, chosen=chosen)


def first_words(connection: Connection, asset: str) -> str:
    """Its description in the first of a stranger's languages that there is one in, cut short; "" if it has none."""
    reader = stranger()
    said = in_language(visible.passages_of(connection, asset, ["description"], reader.levels), reader.languages)
    text = "" if said is None else " ".join(said.text.split())
    return text if len(text) <= LONGEST_SUMMARY else f"{text[: LONGEST_SUMMARY - 1]}…"
