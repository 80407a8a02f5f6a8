"""The works that everybody may see: for feeds and sitemaps, which are the same whoever asks."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from holdfast.catalog import schema
from holdfast.show import cards, site
from holdfast.show.reader import LEVELS, Reader

if TYPE_CHECKING:
    from sqlalchemy import Connection

NEWEST = 50


def stranger() -> Reader:
    """Somebody of whom nothing is known, who reads English and the archive's languages."""
    levels = tuple(level.value for level in LEVELS[None])
    return Reader(levels, tuple(dict.fromkeys(("en", *site.archive().settings.languages))))


def count(connection: Connection) -> int:
    """How many there are."""
    table = schema.assets
    query = select(func.count()).select_from(table).where(table.c.access.in_(stranger().levels))
    return connection.execute(query).scalar_one()


def newest(connection: Connection, *, tag: str = "", collection: str = "") -> list[cards.Card]:
    """The newest, of those with exactly this tag and in exactly this collection if they are named."""
    assets, labels = schema.assets, schema.labels
    query = select(assets.c.id).where(assets.c.access.in_(stranger().levels))
    for kind, wanted in (("tag", tag), ("collection", collection)):
        if wanted:
            spellings = {wanted, *(unicodedata.normalize(form, wanted) for form in ("NFC", "NFD"))}
            labelled = select(labels.c.asset).where(labels.c.kind == kind, labels.c.text.in_(sorted(spellings)))
            query = query.where(assets.c.id.in_(labelled))
    chosen = connection.execute(query.order_by(assets.c.created_at.desc(), assets.c.id).limit(NEWEST)).scalars().all()
    found = cards.of_assets(connection, stranger(), chosen)
    return sorted(found, key=lambda card: chosen.index(card.asset))
