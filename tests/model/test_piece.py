"""A piece says what it has in the language that is nearest, and is closed as long as its embargo lasts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from holdfast.model.ids import new_asset_id
from holdfast.model.piece import Item, Piece, PieceKind, Wording
from holdfast.model.rights import AccessLevel, Embargo

AT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
PIECE = Piece(
    "k7m2x9qd4htbr",
    PieceKind.EXHIBITION,
    AccessLevel.PUBLIC,
    AT,
    AT,
    words=(Wording("", "Only text", "en"), Wording("Гавань", "Текст", "ru"), Wording("항구", "글", "ko")),
)


def test_a_text_is_given_in_the_wanted_language_and_else_in_the_first() -> None:
    assert PIECE.wording(("ko", "ru")).text == "글"
    assert PIECE.wording(("de",)).text == "Only text"
    assert replace(PIECE, words=()).wording(("de",)) == Wording()


def test_a_title_is_taken_from_another_language_before_the_id_is_shown() -> None:
    assert PIECE.title(("en",)) == "Гавань"
    assert PIECE.title(("ko-KR",)) == "항구"
    assert replace(PIECE, words=()).title(("en",)) == PIECE.id


def test_an_embargo_closes_it_until_its_moment_and_not_longer() -> None:
    closed = replace(PIECE, embargo=Embargo(AT + timedelta(hours=1)))
    assert closed.access_at(AT) is AccessLevel.CURATORS
    assert closed.access_at(AT + timedelta(hours=1)) is AccessLevel.PUBLIC


def test_posts_and_collections_lie_in_objects_of_their_own_kind() -> None:
    assert str(PIECE.object_id) == "holdfast:collection:k7m2x9qd4htbr"
    assert str(replace(PIECE, kind=PieceKind.POST).object_id) == "holdfast:post:k7m2x9qd4htbr"


def test_a_work_that_stands_in_it_twice_is_named_once() -> None:
    one, other = new_asset_id(), new_asset_id()
    placed = (Item(other), Item(words=(Wording(text="between"),)), Item(one), Item(other))
    assert replace(PIECE, items=placed).assets == (other, one)
