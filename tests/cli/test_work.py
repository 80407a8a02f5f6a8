from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest

from tests.cli.conftest import Kept
from tests.cli.line import Said, content_of, copied, ended, holdfast, started, until

TINY = (160, 90)


def test_an_archive_without_films_has_nothing_to_make(kept: Kept) -> None:
    said = holdfast("work", "--archive", kept.archive)
    assert (said.code, said.lines) == (0, ["0 access copies made"])


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with two short films that wait for their access copies."""
    from holdfast.testing.films import film_plan, write_film

    base = tmp_path_factory.mktemp("films")
    (base / "films").mkdir()
    for number, name in enumerate(("whole.mp4", "other.mp4")):
        write_film(film_plan(number, 3, TINY), base / "films" / name)
    assert holdfast("init", base / "archive").code == 0
    said = holdfast("add", base / "films", "--archive", base / "archive")
    assert said.code == 0
    assert said.lines[-1].endswith("to be made: holdfast work")
    return base / "archive"


def worked(archive: Path, *words: object) -> Said:
    return holdfast("work", "--archive", archive, *words)


@pytest.mark.slow
def test_access_copies_are_made_shown_and_made_again_when_the_cache_is_gone(films: Path, tmp_path: Path) -> None:
    archive = copied(films, tmp_path / "archive")
    outcomes = {record["file"]: record["outcome"] for record in worked(archive, "--json").records}
    assert outcomes["masters/whole.mp4"] == "done"
    asset = next(
        r["asset"] for r in holdfast("ls", "--archive", archive, "--json").records if "whole.mp4" in r["files"]
    )
    (shown,) = holdfast("show", asset, "--archive", archive, "--json").records
    place = Path(shown["access_copies"]["masters/whole.mp4"])
    assert any(place.iterdir())
    shutil.rmtree(archive / "cache")
    worked(archive)
    assert any(place.iterdir())
    assert list((archive / "cache" / "making").iterdir()) == []


@pytest.mark.slow
def test_a_film_that_cannot_be_made_is_named_and_later_left_in_peace(films: Path, tmp_path: Path) -> None:
    archive = copied(films, tmp_path / "archive")
    listed = holdfast("ls", "--archive", archive, "--json").records
    asset = next(record["asset"] for record in listed if "other.mp4" in record["files"])
    content_of(archive, asset, "masters/other.mp4").unlink()
    first = worked(archive)
    assert first.code == 1
    at = next(n for n, line in enumerate(first.lines) if line.startswith(f"failed  {asset}  masters/other.mp4"))
    assert first.lines[at + 1].strip()
    assert "1 access copy made, 1 could not be made" in first.lines
    again = worked(archive)
    assert (again.code, again.lines[-1]) == (0, "1 was given up. Once more: holdfast work --retry")
    assert worked(archive, "--retry").code == 1


@pytest.mark.slow
def test_ctrl_c_gives_the_jobs_back_and_the_next_run_makes_them(films: Path, tmp_path: Path) -> None:
    from holdfast.testing.films import film_plan, write_film

    archive = copied(films, tmp_path / "archive")
    long = write_film(film_plan(2, 12, (320, 180)), tmp_path / "long.mp4")
    assert holdfast("add", long, "--archive", archive).code == 0
    process = started("work", "--jobs", "1", "--archive", archive)
    until(lambda: any((archive / "cache" / "making").glob("*")))
    said = ended(process, signal.SIGINT)
    assert (said.code, said.err.splitlines()[-1]) == (130, "  Run the same command again to go on.")
    outcomes = {record["file"]: record["outcome"] for record in worked(archive, "--json").records}
    assert outcomes["masters/long.mp4"] == "done"


@pytest.mark.slow
def test_add_can_make_them_at_once(kept: Kept, tmp_path: Path) -> None:
    from holdfast.testing.films import film_plan, write_film

    film = write_film(film_plan(3, 2, TINY), tmp_path / "film.mp4")
    said = holdfast("add", film, "--now", "--archive", kept.archive)
    assert (said.code, said.lines[-1]) == (0, "1 access copy made")
