"""`holdfast found`: copies are kept and known, decisions stay with them, a lost master that comes back is one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from holdfast.testing.copies import Film, Material, make_copy
from holdfast.testing.films import film_plan, write_film
from tests.cli.conftest import Kept
from tests.cli.line import holdfast
from tests.cli.recognition import Known


def test_without_any_found_copy_the_list_says_what_to_do(kept: Kept) -> None:
    said = holdfast("found", "ls", "--archive", kept.archive)

    assert (said.code, said.lines) == (0, ["no found copies yet: holdfast found add PATH..."])


def test_a_digest_that_nobody_found_is_an_error_with_a_remedy(kept: Kept) -> None:
    said = holdfast("found", "refuse", "0123456789abcdef", "--archive", kept.archive, "--json")

    assert (said.code, said.error["error"]) == (3, "HF-N009")
    assert "holdfast found ls" in said.error["next"]
    assert holdfast("found", "refuse", "xyz", "--archive", kept.archive).code == 3


@pytest.fixture(scope="module")
def copies(known_films: Known, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cropped copy of the first film, and a film that nobody knows."""
    folder = tmp_path_factory.mktemp("heap")
    filler = write_film(film_plan(77, 8, (320, 180)), folder / "unknown.mp4", tags={"title": ""})
    make_copy("crop15", Material((Film(known_films.films[0]),), (Film(filler),)), 2, folder, "Лодка")
    return folder


@pytest.fixture
def lost(known_films: Known, tmp_path: Path) -> Path:
    """The archive of the known films, the first of which is lost with its bytes."""
    archive = known_films.copied(tmp_path / "archive")
    said = holdfast("show", known_films.ids[0], "--archive", archive, "--json")
    (master,) = [f for f in said.records[0]["files"] if f["file"].startswith("masters/")]
    (archive / master["place"]).unlink()
    assert holdfast("lost", "declare", known_films.ids[0], "--reason", "the disk died", "--archive", archive).code == 0
    return archive


@pytest.mark.slow
def test_found_copies_are_kept_and_what_they_show_is_told(known_films: Known, lost: Path, copies: Path) -> None:
    said = holdfast("found", "add", copies, "--from", "a heap", "--archive", lost, "--json")

    assert (said.code, said.err) == (0, "")
    by_name = {Path(one["file"]).name: one for one in said.records}
    assert all(one["kept"] and one["outcome"] == "kept" for one in by_name.values())
    assert [one["asset"] for one in by_name["Лодка.mp4"]["matches"]] == [known_films.ids[0]]
    assert by_name["unknown.mp4"]["matches"] == []

    again = holdfast("found", "add", copies, "--from", "a heap", "--archive", lost, "--json")
    assert {one["outcome"] for one in again.records} == {"already kept"}
    listed = holdfast("found", "ls", "--archive", lost, "--json").records
    assert [one["from"] for one in listed] == [["a heap"], ["a heap"]]


@pytest.mark.slow
def test_a_file_is_checked_without_being_kept(known_films: Known, lost: Path, copies: Path, tmp_path: Path) -> None:
    said = holdfast("found", "check", copies / "Лодка.mp4", tmp_path / "gone.mp4", "--archive", lost, "--json")

    one, gone = said.records
    assert (said.code, gone["error"]) == (1, "HF-N006")
    (offer,) = one["matches"]
    assert (offer["asset"], one["kept"]) == (known_films.ids[0], False)
    (segment,) = offer["segments"]
    assert offer["fills"]["seconds"] == pytest.approx(segment["asset"][1] - segment["asset"][0], abs=0.1)
    assert holdfast("found", "ls", "--archive", lost, "--json").records == []


@pytest.mark.slow
def test_what_a_person_refuses_is_not_told_again(known_films: Known, lost: Path, copies: Path) -> None:
    (one,) = holdfast("found", "add", copies / "Лодка.mp4", "--archive", lost, "--json").records

    said = holdfast("found", "refuse", one["digest"][:12], "--asset", known_films.ids[0], "--archive", lost, "--json")

    assert said.records[0]["decision"]["verdict"] == "refused"
    (listed,) = holdfast("found", "ls", "--archive", lost, "--json").records
    assert listed["matches"] == []
    holdfast("found", "accept", one["digest"][:12], "--asset", known_films.ids[0], "--archive", lost)
    (listed,) = holdfast("found", "ls", "--archive", lost, "--json").records
    assert (listed["matches"][0]["verdict"], listed["accepted"]) == ("accepted", [known_films.ids[0]])


@pytest.mark.slow
def test_the_very_bytes_of_a_lost_work_go_back_to_their_place(known_films: Known, lost: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copy(known_films.films[0], tmp_path / "another name.mp4"))

    (one,) = holdfast("found", "add", copy, "--from", "a member", "--archive", lost, "--json").records

    assert (one["outcome"], one["asset"]) == ("came back", known_films.ids[0])
    (shown,) = holdfast("show", known_films.ids[0], "--archive", lost, "--json").records
    assert shown["status"] == "held"
    assert holdfast("get", known_films.ids[0], "-o", tmp_path / "out.mp4", "--archive", lost).code == 0
    assert (tmp_path / "out.mp4").read_bytes() == copy.read_bytes()


def test_a_kept_copy_that_was_damaged_is_mended_by_the_same_file(kept: Kept, tmp_path: Path) -> None:
    film = tmp_path / "odd.mp4"
    film.write_bytes(b"no film at all" * 50)
    holdfast("found", "add", film, "--archive", kept.archive)
    (place,) = [path for path in kept.archive.glob("ocfl/**/content/*") if path.read_bytes() == film.read_bytes()]
    place.write_bytes(b"something else")

    (one,) = holdfast("found", "add", film, "--archive", kept.archive, "--json").records
    (again,) = holdfast("found", "add", film, "--archive", kept.archive, "--json").records

    assert (one["outcome"], again["outcome"]) == ("mended", "already kept")
    assert place.read_bytes() == film.read_bytes()


def test_the_newest_decision_counts_whatever_was_decided_before(kept: Kept, tmp_path: Path) -> None:
    film = tmp_path / "odd.mp4"
    film.write_bytes(b"no film at all" * 50)
    holdfast("found", "add", film, "--archive", kept.archive)
    (one,) = holdfast("found", "ls", "--archive", kept.archive, "--json").records
    digest, asset = one["digest"][:12], kept.id("harvest.mp4")

    for words, accepted in (
        (("accept", digest, "--asset", asset), [asset]),
        (("refuse", digest), []),
        (("accept", digest, "--asset", asset), [asset]),
        (("refuse", digest), []),
        (("refuse", digest), []),
    ):
        (said,) = holdfast("found", *words, "--archive", kept.archive, "--json").records
        assert said["decision"]["verdict"] == ("accepted" if words[0] == "accept" else "refused")
        (listed,) = holdfast("found", "ls", "--archive", kept.archive, "--json").records
        assert listed["accepted"] == accepted


def test_a_file_that_cannot_be_read_is_named_and_the_rest_is_kept(kept: Kept, tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").write_bytes(b"")
    (tmp_path / "odd.mp4").write_bytes(b"no film at all" * 50)

    said = holdfast("found", "add", tmp_path / "empty.mp4", tmp_path / "odd.mp4", "--archive", kept.archive, "--json")

    assert said.code == 1
    by_name = {Path(one["file"]).name: one for one in said.records}
    assert by_name["empty.mp4"]["error"] == "HF-D005"
    assert (by_name["odd.mp4"]["kept"], by_name["odd.mp4"]["matches"]) == (True, [])
