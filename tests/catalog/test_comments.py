"""Comments are given with the work that they are about or not at all, and withdrawn ones without what they said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from holdfast.catalog.comments import comment_of, comments_on
from holdfast.formats.comment import comment_bytes
from holdfast.formats.record import RECORD_FILE
from holdfast.model.comment import CommentRecord, Withdrawal
from holdfast.model.rights import AccessLevel
from tests.catalog.archives import BEGUN, SmallArchive, asset_id, faults, in_step, made_record

LEVELS = [level.value for level in AccessLevel]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[SmallArchive]:
    archive = SmallArchive(tmp_path)
    archive.catalog.make_current()
    yield archive
    archive.close()


def made(number: int, about: int, text: str = "I was there.") -> CommentRecord:
    at = BEGUN + timedelta(hours=number)
    return CommentRecord(str(asset_id(100 + number)), asset_id(about), at, at, "Ada", text=text, start=Fraction(7, 2))


def keep(archive: SmallArchive, comment: CommentRecord) -> None:
    archive.change(str(comment.object_id), {RECORD_FILE: comment_bytes(comment)})


def texts(archive: SmallArchive, about: int, access: list[str]) -> list[str]:
    with archive.catalog.engine.connect() as connection:
        return [one.text for one in comments_on(connection, asset_id(about), access)]


@pytest.mark.parametrize("level", AccessLevel)
def test_comments_are_given_to_whom_the_work_is_shown_and_to_nobody_else(
    archive: SmallArchive, level: AccessLevel
) -> None:
    archive.keep(made_record(asset_id(1), 1, access=level))
    keep(archive, made(1, 1))
    for other in LEVELS:
        assert texts(archive, 1, [other]) == (["I was there."] if other == level else [])
        with archive.catalog.engine.connect() as connection:
            found = comment_of(connection, str(asset_id(101)), [other])
        assert (found is not None) == (other == level)


def test_they_come_in_the_order_of_writing_with_their_exact_moment(archive: SmallArchive) -> None:
    archive.keep(made_record(asset_id(1), 1))
    for number in (3, 1, 2):
        keep(archive, made(number, 1, f"comment {number}"))
    keep(archive, made(4, 2, "on a work that is not here"))
    assert texts(archive, 1, LEVELS) == ["comment 1", "comment 2", "comment 3"]
    assert texts(archive, 2, LEVELS) == []
    with archive.catalog.engine.connect() as connection:
        assert comments_on(connection, asset_id(1), LEVELS)[0].start_us == 3_500_000
    assert in_step(archive)


def test_of_a_withdrawn_comment_neither_text_nor_name_is_in_the_catalogue(archive: SmallArchive) -> None:
    archive.keep(made_record(asset_id(1), 1))
    careless = replace(
        made(1, 1), name="Mia", withdrawn=Withdrawal(BEGUN, "Ada")
    )  # written by others: the text is there
    keep(archive, careless)
    with archive.catalog.engine.connect() as connection:
        (left,) = comments_on(connection, asset_id(1), LEVELS)
    assert (left.text, left.name, left.withdrawn_at) == ("", "", "2026-11-01T12:00:00Z")
    assert not [line for line in archive.kept_dump() if "Mia" in line or "I was there" in line]


def test_a_comment_in_the_place_of_another_is_a_fault_and_not_shown(archive: SmallArchive) -> None:
    archive.keep(made_record(asset_id(1), 1))
    archive.change(str(made(1, 1).object_id), {RECORD_FILE: comment_bytes(made(2, 1))})
    assert texts(archive, 1, LEVELS) == []
    assert "it is the record of" in faults(archive)[0]
    assert in_step(archive)
