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
                tag=_text(tag),
                collection=_text(collection),
                languages=languages or archive.settings.languages,
            )
        )


def _text(typed: str | None) -> str | None:
    """What was typed; a shell may pass on bytes that are no text, and a database would refuse them."""
    return typed and typed.encode("utf-8", "replace").decode("utf-8")
