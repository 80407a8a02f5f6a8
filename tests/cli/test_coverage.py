"""`holdfast coverage`: what is held whole, what is missing, and what nobody knows the length of."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Kept
from tests.cli.line import holdfast
from tests.cli.recognition import Known


def test_a_lost_work_of_which_nothing_is_there_is_one_gap(kept: Kept, tmp_path: Path) -> None:
    table = tmp_path / "list.csv"
    table.write_text("Title;Length\nHarvest in the hills;12:04\nA film of unknown length;\n", "utf-8")
    listed = holdfast("lost", "import", table, "--archive", kept.archive, "--json").records

    first, second = (
        holdfast("coverage", one["asset"], "--archive", kept.archive, "--json").records[0] for one in listed
    )

    assert (first["duration"], first["duration_known"], first["covered"]) == (724.0, True, 0.0)
    assert first["gaps"] == first["gaps_of_sound"] == [[0.0, 724.0]]
    assert (second["duration_known"], second["covered"], second["gaps"]) == (False, 0.0, [])


@pytest.mark.slow
def test_a_work_whose_master_is_held_is_covered_by_it(known_films: Known, tmp_path: Path) -> None:
    said = holdfast("coverage", known_films.ids[1], "--archive", known_films.archive, "--json")

    (one,) = said.records
    assert one["gaps"] == []
    assert one["covered"] == one["duration"] == pytest.approx(10, abs=0.1)
    assert one["segments"][0]["picture"]["reason"] == "the master is held"
    pictures = [tmp_path / "bar.svg", tmp_path / "page.html"]
    where = ("--svg", pictures[0], "--html", pictures[1], "--archive", known_films.archive)
    assert holdfast("coverage", known_films.ids[1], *where).code == 0
    assert b"<svg" in pictures[0].read_bytes()
    assert b"the master is held" in pictures[1].read_bytes()


def test_a_picture_is_of_one_work_only(kept: Kept, tmp_path: Path) -> None:
    assert holdfast("coverage", "--svg", tmp_path / "bar.svg", "--archive", kept.archive).code == 2


def test_the_whole_archive_is_summed_up_in_the_end(kept: Kept) -> None:
    said = holdfast("coverage", "--archive", kept.archive)

    assert said.code == 0
    assert said.lines[-1].startswith("3 works: ")


@pytest.mark.parametrize("option", ["--svg", "--html"])
def test_a_picture_that_cannot_be_written_is_an_error_in_our_words(kept: Kept, tmp_path: Path, option: str) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    where = (option, tmp_path / "file" / "bar.svg", "--archive", kept.archive, "--json")

    said = holdfast("coverage", kept.id("harvest.mp4"), *where)

    assert (said.code, said.error["error"]) == (5, "HF-S004")
