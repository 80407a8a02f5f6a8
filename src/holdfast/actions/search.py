"""Search titles, descriptions and what was said; a hit in captions carries its time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.actions.archive import Archive
from holdfast.actions.watch import UNWATCHED, Watch
from holdfast.catalog import fulltext
from holdfast.catalog.hits import Page
from holdfast.catalog.lists import titles_of
from holdfast.model.rights import AccessLevel

EVERYTHING = tuple(level.value for level in AccessLevel)


@dataclass(frozen=True)
class Found:
    """Hits in the order of their weight, with the titles of their assets."""

    page: Page
    titles: dict[str, str]


def search(
    archive: Archive,
    query: str,
    *,
    limit: int = 20,
    offset: int = 0,
    kinds: Sequence[str] | None = None,
    languages: Sequence[str] | None = None,
    access: Sequence[str] = EVERYTHING,
    by_asset: bool = False,
    watch: Watch = UNWATCHED,
) -> Found:
    """What meets the query. Whoever has the archive's folder may see all of it, so all access levels are searched."""
    with archive.up_to_date_catalog(watch).engine.connect() as connection:
        page = fulltext.search(
            connection,
            query.encode("utf-8", "replace").decode("utf-8"),  # what a shell passed on may be no text
            limit=limit,
            offset=offset,
            access=access,
            kinds=kinds,
            languages=languages,
            by_asset=by_asset,
        )
        titles = titles_of(connection, {hit.asset for hit in page.hits}, archive.settings.languages)
    return Found(page, titles)
