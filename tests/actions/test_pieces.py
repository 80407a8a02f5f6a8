"""Pieces are published once, revised in versions, and cite only works and moments that there are."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from holdfast.actions.archive import Archive
from holdfast.actions.pieces import find, publish, read, revise
from holdfast.errors import BadValue, Outrun, UnknownAsset, UnknownObject
from holdfast.formats.record import EVENTS_FILE, RECORD_FILE, parse_events, parse_record, record_bytes
from holdfast.model.asset import StatedDuration
from holdfast.model.event import EventType
from holdfast.model.ids import new_asset_id, parse_asset_id
from holdfast.model.piece import COLLECTIONS, Item, Piece, PieceKind, Wording
from holdfast.model.rights import AccessLevel
from holdfast.model.time import now
from tests.cli.conftest import Kept


def made(kind: PieceKind = PieceKind.POST, *items: Item, text: str = "We are *open*.") -> Piece:
    words = (Wording("Open", text, "en"),)
    return Piece(str(new_asset_id()), kind, AccessLevel.PUBLIC, now(), now(), words=words, items=items)


def stated(archive: Archive, asset: str, length: int) -> None:
    """Say how long a work is."""
    object_id = f"holdfast:asset:{asset}"
    record = parse_record(archive.root.read(object_id, RECORD_FILE))
    with archive.root.intake("test") as intake, archive.root.writing(object_id, intake) as draft:
        said = replace(record, instantiations=(), stated_durations=(StatedDuration(Fraction(length)),))
        draft.put_bytes(RECORD_FILE, record_bytes(said))
        draft.commit("test", "test")


def test_a_published_piece_is_found_and_each_revision_is_a_version_with_its_event(archive: Archive) -> None:
    piece = publish(archive, made()).piece
    assert read(archive, find(archive, piece.id.upper()))[0] == piece
    done = revise(archive, piece.object_id, lambda one: replace(one, author="Ada"), expected="v1")
    assert (done.version, done.changed) == ("v2", ("author",))
    events = parse_events(archive.root.read(str(piece.object_id), EVENTS_FILE))
    assert [event.type for event in events] == [EventType.CREATION, EventType.METADATA_MODIFICATION]
    assert revise(archive, piece.object_id, lambda one: one).version == "v2"


def test_neither_of_two_who_publish_or_revise_at_once_overwrites_the_other(archive: Archive) -> None:
    piece = publish(archive, made()).piece
    with pytest.raises(Outrun):
        publish(archive, piece)
    revise(archive, piece.object_id, lambda one: replace(one, author="Ada"))
    with pytest.raises(Outrun):
        revise(archive, piece.object_id, lambda one: replace(one, author="Mia"), expected="v1")
    assert read(archive, piece.object_id)[0].author == "Ada"


def test_a_work_that_is_not_here_and_a_moment_behind_its_end_are_refused(archive: Archive, kept: Kept) -> None:
    work = parse_asset_id(kept.id("tape 7.mp4"))
    stated(archive, str(work), 60)
    with pytest.raises(UnknownAsset):
        publish(archive, made(PieceKind.EXHIBITION, Item(new_asset_id())))
    with pytest.raises(BadValue, match="before its end"):
        publish(archive, made(PieceKind.EXHIBITION, Item(work, Fraction(50), Fraction(61))))
    piece = publish(archive, made(PieceKind.EXHIBITION, Item(work, Fraction(50), Fraction(60)))).piece
    stated(archive, str(work), 30)  # what stood before may stay: a later edit is not stopped by it
    assert revise(archive, piece.object_id, lambda one: replace(one, author="Ada")).version == "v2"
    with pytest.raises(BadValue):
        revise(archive, piece.object_id, lambda one: replace(one, items=(Item(work, Fraction(40)),)))


def test_id_kind_and_origin_of_a_piece_stay_and_half_characters_are_refused(archive: Archive) -> None:
    piece = publish(archive, made()).piece
    for change in (
        {"id": str(new_asset_id())},
        {"kind": PieceKind.EXHIBITION},
        {"created_at": now().replace(year=1999)},
    ):
        with pytest.raises(BadValue):
            revise(archive, piece.object_id, lambda one, change=change: replace(one, **change))  # type: ignore[misc]
    with pytest.raises(BadValue):
        publish(archive, made(text="half \ud800"))
    assert read(archive, piece.object_id)[0] == piece


def test_what_is_asked_for_by_another_kind_or_a_wrong_id_is_not_found(archive: Archive) -> None:
    piece = publish(archive, made()).piece
    for typed in (piece.id[:-1], "", "holdfast:journal:2026-11", str(new_asset_id())):
        with pytest.raises(UnknownObject):
            find(archive, typed)
    with pytest.raises(UnknownObject):
        find(archive, piece.id, COLLECTIONS)
    with pytest.raises(UnknownObject):
        revise(archive, made().object_id, lambda one: one)
