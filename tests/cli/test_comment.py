"""`holdfast comment`: what people said of a work, and taking it back from what is shown."""

from __future__ import annotations

from fractions import Fraction

import pytest

from holdfast.actions.archive import Archive
from holdfast.actions.comments import publish
from holdfast.model.comment import CommentRecord
from holdfast.model.ids import new_asset_id, parse_asset_id
from holdfast.model.time import now
from tests.cli.conftest import Kept
from tests.cli.line import holdfast


@pytest.fixture
def comment(kept: Kept) -> str:
    archive, work = Archive.open(kept.archive), parse_asset_id(kept.id("tape 7.mp4"))
    said = CommentRecord(
        str(new_asset_id()), work, now(), now(), "Ada", text="\x1b[2J lamp", name="Mia", start=Fraction(63)
    )
    publish(archive, said)
    archive.close()
    return said.id


def test_comments_are_listed_with_their_moment_and_nothing_that_a_terminal_obeys(kept: Kept, comment: str) -> None:
    (one,) = holdfast("comment", "ls", kept.id("tape 7.mp4"), "--archive", kept.archive, "--json").records
    assert (one["id"], one["moment"], one["name"], one["withdrawn_at"]) == (comment, "1:03", "Mia", None)
    said = holdfast("comment", "ls", kept.id("tape 7.mp4"), "--archive", kept.archive).out
    assert ("lamp" in said, "\x1b" in said) == (True, False)
    assert "Nobody" in holdfast("comment", "ls", kept.id("harvest.mp4"), "--archive", kept.archive).out


def test_a_withdrawn_comment_is_listed_without_its_words(kept: Kept, comment: str) -> None:
    assert holdfast("comment", "withdraw", comment, "--archive", kept.archive).code == 2  # a reason is needed
    assert holdfast("comment", "withdraw", comment, "--reason", "her wish", "--archive", kept.archive).code == 0
    said = holdfast("comment", "ls", kept.id("tape 7.mp4"), "--archive", kept.archive)
    assert ("withdrawn" in said.out, "lamp" in said.out, "Mia" in said.out) == (True, False, False)
    assert holdfast("comment", "withdraw", "zzz", "--reason", "x", "--archive", kept.archive).code == 3
