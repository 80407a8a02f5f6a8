"""Drafts of pieces: given, and thrown away, by those alone who may see all that stands in them.

A draft has a level, is of a piece that has one, and names works that have theirs. To whom one of these may not be
shown the draft is not there. What somebody typed themselves they are shown again, also a work that is none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from holdfast.catalog import pieces, visible
from holdfast.model.piece import PieceKind
from holdfast.show import site
from holdfast.show.desk.writing import named_works
from holdfast.show.models import PieceDraft
from holdfast.show.reader import Reader

if TYPE_CHECKING:
    from sqlalchemy import Connection


def drafts_for(reader: Reader, by: str) -> list[PieceDraft]:
    """The drafts that may be shown to this reader, whose name is `by`; the last saved first."""
    return _seen(PieceDraft.objects.all(), reader, by)


def draft_for(name: str, reader: Reader, by: str) -> PieceDraft | None:
    """The draft of the piece with this id; None if there is none that may be shown."""
    return next(iter(_seen(PieceDraft.objects.filter(name=name), reader, by)), None)


def _seen(drafts: Iterable[PieceDraft], reader: Reader, by: str) -> list[PieceDraft]:
    found = [draft for draft in drafts if draft.access in reader.levels]
    named = {draft.name: named_works(draft.form) if draft.by != by else set() for draft in found}
    with site.catalogue() as connection:
        seen = visible.visible_assets(connection, set().union(*named.values()), reader.levels)
        return [draft for draft in found if named[draft.name] <= seen.keys() and _is_of_seen(connection, draft, reader)]


def _is_of_seen(connection: Connection, draft: PieceDraft, reader: Reader) -> bool:
    """Whether it is of a new piece, or of one that the reader may see."""
    if not draft.form.get("base"):
        return True
    return pieces.visible_piece(connection, draft.name, tuple(PieceKind), reader.levels) is not None
