"""List the assets."""

from __future__ import annotations

from collections.abc import Sequence

from holdfast.actions.archive import Archive
from holdfast.actions.watch import UNWATCHED, Watch
from holdfast.catalog import lists


def ls(
    archive: Archive,
    *,
    status: str | None = None,
    tag: str | None = None,
    collection: str | None = None,
    languages: Sequence[str] = (),
    watch: Watch = UNWATCHED,
) -> list[lists.AssetLine]:
    """The assets in the order in which they came. `languages`: titles in the first of these that there is."""
    with archive.up_to_date_catalog(watch).engine.connect() as connection:
        return list(
            lists.list_assets(
                connection,
                status=status,
                tag=tag,
                collection=collection,
                languages=languages or archive.settings.languages,
            )
        )
