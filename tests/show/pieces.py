"""Pieces in tests of the site: published into the archive that this process shows."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from holdfast.actions.pieces import publish
from holdfast.model.ids import new_asset_id, parse_asset_id
from holdfast.model.piece import Item, Piece, PieceKind, Wording
from holdfast.model.rights import AccessLevel
from holdfast.show import site

DAY = datetime(2026, 11, 25, 9, tzinfo=UTC)


def said(text: str, language: str = "en", title: str = "") -> tuple[Wording, ...]:
    """A text in one language."""
    return (Wording(title, text, language),)


def work(asset: str, text: str = "", start: int | None = None, end: int | None = None, begins: str = "") -> Item:
    """An item that shows a work, or a stretch of it."""
    ends = [Fraction(one) if one is not None else None for one in (start, end)]
    return Item(parse_asset_id(asset), *ends, begins=begins, words=said(text) if text else ())


def made(kind: PieceKind = PieceKind.POST, **fields: Any) -> Piece:
    """A published piece."""
    words = fields.pop("words", (Wording("Opening", "We are *open*.", "en"), Wording("Eröffnung", "Offen.", "de")))
    level = AccessLevel(fields.pop("access", "public"))
    piece = Piece(str(new_asset_id()), kind, level, DAY, fields.pop("dated", DAY), words=words, **fields)
    return publish(site.archive(), piece).piece
