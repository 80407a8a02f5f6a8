from __future__ import annotations

from tests.cli.conftest import Kept
from tests.cli.line import content_of, flip, holdfast, titles, tree


def test_a_lost_catalogue_comes_back_from_the_disk_alone(kept: Kept) -> None:
    before = titles(kept.archive)
    (kept.archive / "catalog.db").unlink()
    said = holdfast("rebuild", "--archive", kept.archive)
    assert said.code == 0
    assert said.lines[-1].startswith("3 assets in 3 objects, ")
    assert titles(kept.archive) == before


def test_nothing_in_the_store_is_touched(kept: Kept) -> None:
    before = tree(kept.archive / "ocfl")
    assert holdfast("rebuild", "--archive", kept.archive, "--json").records[0]["faults"] == []
    assert tree(kept.archive / "ocfl") == before


def test_an_object_that_is_not_understood_is_named_and_the_rest_listed(kept: Kept) -> None:
    flip(content_of(kept.archive, kept.id("tape 7.mp4"), "record.json"))
    said = holdfast("rebuild", "--archive", kept.archive)
    assert said.code == 1
    assert said.lines[0].startswith(f"not understood: holdfast:asset:{kept.id('tape 7.mp4')}: ")
    assert len(titles(kept.archive)) == 2
