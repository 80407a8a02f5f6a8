from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Kept
from tests.cli.line import content_of, flip, holdfast
from tests.cli.recognition import SECONDS, Known


@pytest.mark.parametrize("deed", ["status", "verify", "rebuild"])
def test_an_archive_without_films_has_an_empty_index(kept: Kept, deed: str) -> None:
    said = holdfast("index", deed, "--archive", kept.archive)
    assert said.code == 0, said.err


def test_what_the_index_cannot_do_is_a_wrong_request(kept: Kept) -> None:
    assert holdfast("index", "shake", "--archive", kept.archive).code == 2


@pytest.mark.slow
def test_the_status_tells_works_hours_and_bytes(known_films: Known) -> None:
    (record,) = holdfast("index", "status", "--archive", known_films.archive, "--json").records
    assert (record["works"], record["wanting"], record["stale"], record["without"]) == (3, 0, 0, [])
    assert record["hours"] == pytest.approx(3 * SECONDS / 3600, abs=0.001)
    assert record["size_bytes"] > 1000
    assert holdfast("index", "status", "--archive", known_films.archive).lines[0].startswith("3 works, 0.0 hours, ")


@pytest.mark.slow
def test_a_rebuilt_index_says_what_the_store_says(known_films: Known, tmp_path: Path) -> None:
    archive = known_films.copied(tmp_path / "archive")
    assert holdfast("index", "rebuild", "--archive", archive, "--json").records == [{"works": 3}]
    said = holdfast("index", "verify", "--archive", archive, "--json")
    assert (said.code, said.records) == (0, [{"is_whole": True, "faults": [], "next": []}])


@pytest.mark.slow
def test_an_index_that_was_damaged_is_found_out_and_made_anew(known_films: Known, tmp_path: Path) -> None:
    archive = known_films.copied(tmp_path / "archive")
    largest = max((archive / "cache" / "fingerprints").rglob("*.*"), key=lambda path: path.stat().st_size)
    flip(largest, largest.stat().st_size // 2)
    said = holdfast("index", "verify", "--archive", archive)
    assert (said.code, said.lines[-1]) == (1, "Make the index anew: holdfast index rebuild")
    assert holdfast("index", "rebuild", "--archive", archive).code == 0
    assert holdfast("index", "verify", "--archive", archive).code == 0


@pytest.mark.slow
def test_a_fingerprint_that_is_damaged_in_the_store_is_left_out_with_a_note(known_films: Known, tmp_path: Path) -> None:
    archive = known_films.copied(tmp_path / "archive")
    flip(content_of(archive, known_films.ids[0], "fingerprints/film 11.mp4.hffp"), 200)
    said = holdfast("index", "rebuild", "--archive", archive)
    assert (said.code, said.lines) == (0, ["2 works in the index"])
    assert "fingerprints/film 11.mp4.hffp" in said.err


@pytest.mark.slow
def test_a_damaged_fingerprint_is_named_with_its_remedy_and_the_remedy_helps(
    known_films: Known, tmp_path: Path
) -> None:
    archive = known_films.copied(tmp_path / "archive")
    held = content_of(archive, known_films.ids[0], "fingerprints/film 11.mp4.hffp")
    flip(held, held.stat().st_size - 70)
    said = holdfast("index", "verify", "--archive", archive, "--json")
    assert (said.code, said.records[0]["next"]) == (1, ["holdfast work --retry"])
    assert said.records[0]["faults"][0].startswith(f"{known_films.ids[0]} fingerprints/film 11.mp4.hffp cannot be read")
    assert "2 fingerprinted" not in "".join(holdfast("work", "--archive", archive).lines)
    assert "1 fingerprinted" in "".join(holdfast("work", "--retry", "--archive", archive).lines)
    assert holdfast("index", "verify", "--archive", archive).code == 0
    assert holdfast("index", "status", "--archive", archive, "--json").records[0]["works"] == 3


@pytest.mark.slow
def test_films_without_a_fingerprint_are_named_until_they_have_one(known_films: Known, tmp_path: Path) -> None:
    from holdfast.testing.films import film_plan, write_film

    archive = known_films.copied(tmp_path / "archive")
    film = write_film(film_plan(14, 3, (160, 90)), tmp_path / "later.mp4")
    assert holdfast("add", film, "--no-fingerprint", "--archive", archive).code == 0
    said = holdfast("index", "status", "--archive", archive)
    assert said.lines[1] == "1 film has no fingerprint: holdfast work"
    assert said.lines[2].endswith("  masters/later.mp4")
    assert holdfast("add", film, "--archive", archive).lines[0].startswith("already kept")
    (record,) = holdfast("index", "status", "--archive", archive, "--json").records
    assert (record["works"], record["without"]) == (4, [])
