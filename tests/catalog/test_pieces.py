"""Pieces are given to whom their own level admits, titled in the reader's language, and open by the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from holdfast.catalog import pieces
from holdfast.formats.piece import piece_bytes
from holdfast.formats.record import RECORD_FILE
from holdfast.model.asset import Tag
from holdfast.model.piece import COLLECTIONS, Item, Piece, PieceKind, Wording
from holdfast.model.rights import AccessLevel, Embargo
from tests.catalog.archives import BEGUN, NOON, Clock, SmallArchive, asset_id, faults, in_step, made_record

LEVELS = [level.value for level in AccessLevel]
KINDS = tuple(PieceKind)


def made(number: int, **said: Any) -> Piece:
    at = BEGUN + timedelta(days=number)
    words = (Wording(f"Neues {number}", "Text", "de"), Wording(f"News {number}", "Text", "en"))
    piece = Piece(str(asset_id(500 + number)), PieceKind.POST, AccessLevel.PUBLIC, at, at, words=words)
    return replace(piece, **said)


def keep(archive: SmallArchive, piece: Piece) -> Piece:
    archive.change(str(piece.object_id), {RECORD_FILE: piece_bytes(piece)})
    return piece


def titles(archive: SmallArchive, access: list[str], kinds: tuple[PieceKind, ...] = KINDS, **asked: Any) -> list[str]:
    with archive.catalog.engine.connect() as connection:
        found = pieces.newest_pieces(connection, kinds, access, limit=99, **asked)
        chosen = {name: asked[name] for name in ("tag", "category") if name in asked}
        assert pieces.count_pieces(connection, kinds, access, **chosen) == len(found)
        return [one.title for one in found]


@pytest.mark.parametrize("level", AccessLevel)
def test_a_piece_is_given_to_its_own_level_and_to_no_other(archive: SmallArchive, level: AccessLevel) -> None:
    archive.keep(made_record(asset_id(1), 1))
    piece = keep(archive, made(1, access=level, items=(Item(asset_id(1)),)))
    for other in LEVELS:
        with archive.catalog.engine.connect() as connection:
            one = pieces.visible_piece(connection, piece.id, KINDS, [other])
            beside = pieces.pieces_with(connection, str(asset_id(1)), ["public", other])
        seen = other == level
        assert (one is not None, bool(titles(archive, [other]))) == (seen, seen)
        assert bool(beside) == (seen or level is AccessLevel.PUBLIC)


def test_a_closed_work_does_not_tell_in_which_pieces_it_stands(archive: SmallArchive) -> None:
    archive.keep(made_record(asset_id(1), 1, access=AccessLevel.SEALED))
    keep(archive, made(1, items=(Item(asset_id(1)),)))
    with archive.catalog.engine.connect() as connection:
        assert pieces.pieces_with(connection, str(asset_id(1)), ["public"]) == []
        assert len(pieces.pieces_with(connection, str(asset_id(1)), LEVELS)) == 1


def test_they_come_last_dated_first_titled_in_the_readers_language(archive: SmallArchive) -> None:
    for number in (2, 3, 1):
        keep(archive, made(number))
    keep(archive, made(4, kind=PieceKind.EXHIBITION))
    assert titles(archive, ["public"], (PieceKind.POST,)) == ["Neues 3", "Neues 2", "Neues 1"]
    assert titles(archive, ["public"], languages=("ko", "en")) == ["News 4", "News 3", "News 2", "News 1"]
    assert titles(archive, ["public"], COLLECTIONS) == ["Neues 4"]


def test_a_tag_and_a_category_choose_exactly_those_that_have_them(archive: SmallArchive) -> None:
    keep(archive, made(1, category="Reports", tags=(Tag("harbour"), Tag("harbour"))))
    keep(archive, made(2, category="Reports"))
    keep(archive, made(3, tags=(Tag("harbour master"),)))
    assert titles(archive, ["public"], tag="harbour") == ["Neues 1"]
    assert titles(archive, ["public"], category="Reports") == ["Neues 2", "Neues 1"]
    assert titles(archive, ["public"], category="Reports", tag="harbour") == ["Neues 1"]


def test_an_embargo_of_a_piece_ends_by_the_clock_like_that_of_a_work(archive: SmallArchive, clock: Clock) -> None:
    end = NOON + timedelta(hours=1)
    keep(archive, made(1, embargo=Embargo(end)))
    archive.keep(made_record(asset_id(1), 1, embargo=Embargo(end + timedelta(hours=1))))
    assert (titles(archive, ["public"]), archive.catalog.next_opening()) == ([], end)
    clock.at = end
    assert archive.catalog.open_what_is_due(end) == 1
    assert (titles(archive, ["public"]), archive.catalog.next_opening()) == (["Neues 1"], end + timedelta(hours=1))
    assert archive.catalog.open_what_is_due(end + timedelta(hours=1)) == 1
    assert archive.catalog.next_opening() is None


def test_what_is_changed_or_taken_out_leaves_no_row_behind(archive: SmallArchive) -> None:
    piece = keep(archive, made(1, tags=(Tag("harbour"),), items=(Item(asset_id(1)),)))
    keep(archive, replace(piece, words=(Wording("Later", "", "en"),), tags=(), items=()))
    assert in_step(archive)
    assert titles(archive, ["public"]) == ["Later"]
    archive.remove(str(piece.object_id))
    archive.catalog.refresh([str(piece.object_id)])
    assert in_step(archive)
    assert not [line for line in archive.kept_dump() if line.startswith("piece")]


def test_a_post_that_says_it_is_an_exhibition_is_a_fault_and_not_shown(archive: SmallArchive) -> None:
    piece = made(1, kind=PieceKind.EXHIBITION)
    archive.change(f"holdfast:post:{piece.id}", {RECORD_FILE: piece_bytes(piece)})
    assert titles(archive, LEVELS) == []
    assert "it is the record of" in faults(archive)[0]
    assert in_step(archive)
