"""What an inventory answers: names to digests to places, and version numbers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from holdfast.errors import UnknownFile, UnknownObject
from holdfast.model.inventory import (
    V1,
    ContentPath,
    Inventory,
    LogicalPath,
    Version,
    VersionNumber,
    path_fault,
)

FILM, WORDS = "f1" * 64, "a0" * 64
NOON = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)

EXAMPLE = Inventory(
    object_id="holdfast:asset:0123456789bcd",
    head=VersionNumber(2),
    manifest={FILM: (ContentPath("v1/content/000000"),), WORDS: (ContentPath("v2/content/000000"),)},
    versions={
        V1: Version(NOON, {FILM: (LogicalPath("masters/фильм.mp4"),)}),
        VersionNumber(2): Version(
            NOON,
            {FILM: (LogicalPath("masters/фильм.mp4"),), WORDS: (LogicalPath("record.json"), LogicalPath("texts/자막"))},
        ),
    },
)


def test_the_state_tells_names_and_the_manifest_tells_places() -> None:
    assert EXAMPLE.state() == {"masters/фильм.mp4": FILM, "record.json": WORDS, "texts/자막": WORDS}
    assert EXAMPLE.state(V1) == {"masters/фильм.mp4": FILM}
    assert EXAMPLE.content_of(LogicalPath("record.json")) == ("v2/content/000000",)
    assert EXAMPLE.digest_of(LogicalPath("record.json")) == WORDS


def test_a_name_or_version_that_is_not_there_is_an_error_of_the_family() -> None:
    with pytest.raises(UnknownFile):
        EXAMPLE.content_of(LogicalPath("record.json"), V1)
    with pytest.raises(UnknownObject, match="v3"):
        EXAMPLE.state(VersionNumber(3))


def test_versions_count_as_numbers_and_keep_their_spelling() -> None:
    assert VersionNumber.parse("v10") > VersionNumber.parse("v9")
    assert str(VersionNumber.parse("v9").next()) == "v10"
    assert str(VersionNumber.parse("v009").next()) == "v010"
    assert VersionNumber.parse("v009") == VersionNumber.parse("v9")
    with pytest.raises(ValueError, match="v09"):
        VersionNumber.parse("v09").next()


@pytest.mark.parametrize(
    "text", ["", "v", "v0", "v00", "1", "V1", "v-1", "v1 ", "v1\n", "v١", "v1.0", "v" + "1" * 5000]
)
def test_other_texts_are_not_versions(text: str) -> None:
    with pytest.raises(ValueError, match="not a version name"):
        VersionNumber.parse(text)


@pytest.mark.parametrize("path", ["", "/a", "a/", "a//b", ".", "..", "a/../b", "a/./b", "a\0"])
def test_a_path_that_could_leave_its_folder_has_a_fault(path: str) -> None:
    assert path_fault(path)


@pytest.mark.parametrize("path", ["a", "a/b", "...", "a..b", " ", "a\nb", "~/x", "C:\\x", "é"])
def test_odd_but_lawful_paths_have_none(path: str) -> None:
    assert path_fault(path) is None
