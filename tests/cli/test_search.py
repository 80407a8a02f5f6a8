from __future__ import annotations

from tests.cli.conftest import Kept
from tests.cli.line import holdfast


def test_a_hit_in_captions_has_its_time_and_its_marks(made: Kept) -> None:
    said = holdfast("search", "Leuchttürme", "--kind", "caption", "--archive", made.archive)
    assert said.code == 0
    assert "(caption at 0:02)" in said.out
    assert "[Leuchtturm]" in said.out


def test_another_case_of_a_russian_word_is_found(made: Kept) -> None:
    (record, *_) = holdfast("search", "жатвы", "--archive", made.archive, "--json").records
    assert (record["asset"], record["title"]) == (made.id("harvest.mp4"), "Жатва 1974")
    assert record["start"] is None


def test_finding_nothing_is_said_and_ends_with_1(made: Kept) -> None:
    said = holdfast("search", "dirigible", "--archive", made.archive)
    assert (said.code, said.out) == (1, "Nothing found.\n")
    told = holdfast("search", "dirigible", "--archive", made.archive, "--json")
    assert (told.code, told.out) == (1, "")


def test_hits_that_are_not_shown_are_counted(made: Kept) -> None:
    said = holdfast("search", "Leuchtturm", "--limit", "1", "--archive", made.archive)
    assert said.lines[-1].startswith("1 of ")
    whole = holdfast("search", "Leuchtturm", "--archive", made.archive)
    assert whole.lines[-1].endswith(" hits")


def test_nothing_that_is_typed_is_a_fault(made: Kept) -> None:
    for query in ('"', "AND OR", "-", "*", "(", "\udcff", "x" * 3000, "';--", "\x00"):
        assert holdfast("search", "--archive", made.archive, "--", query).code in (0, 1)


def test_by_asset_gives_each_asset_once(made: Kept) -> None:
    records = holdfast("search", "Leuchtturm", "--by-asset", "--archive", made.archive, "--json").records
    assets = [record["asset"] for record in records]
    assert len(assets) == len(set(assets)) == 2
