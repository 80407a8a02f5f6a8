from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.line import holdfast
from tests.cli.recognition import SECONDS, Known

pytestmark = pytest.mark.slow


def test_a_kept_film_is_known_again_from_its_beginning_to_its_end(known_films: Known) -> None:
    said = holdfast("identify", known_films.films[1], "--archive", known_films.archive, "--json")
    assert said.code == 0, said.err
    (record,) = said.records
    assert record["file"] == str(known_films.films[1])
    assert record["duration"] == pytest.approx(SECONDS, abs=0.1)
    assert [match["asset"] for match in record["matches"]] == [known_films.ids[1]]
    (match,) = record["matches"]
    assert (match["title"], match["file"]) == ("film 12", "masters/film 12.mp4")
    (segment,) = match["segments"]
    assert segment["copy"] == pytest.approx([0, SECONDS], abs=0.2)
    assert segment["asset"] == pytest.approx([0, SECONDS], abs=0.2)
    assert segment["rate"] == pytest.approx(1, abs=0.001)
    assert (segment["mirrored"], segment["seen"], segment["heard"]) == (False, True, True)
    assert match["probability"] > 0.9


def test_people_are_told_in_sentences(known_films: Known) -> None:
    said = holdfast("identify", known_films.films[0], "--archive", known_films.archive)
    assert said.code == 0
    assert said.lines[0] == f"{known_films.films[0]}  0:10"
    assert said.lines[1].startswith(f"  shows  {known_films.ids[0]}  film 11  (")
    assert "0:00 to 0:" in said.lines[2]
    assert said.lines[2].endswith("seen and heard")


def test_a_film_that_is_not_kept_is_claimed_by_nobody(known_films: Known, tmp_path: Path) -> None:
    from holdfast.testing.films import film_plan, write_film

    stranger = write_film(film_plan(77, 6, (320, 180)), tmp_path / "stranger.mp4")
    said = holdfast("identify", stranger, "--archive", known_films.archive, "--json")
    assert (said.code, said.records[0]["matches"]) == (0, [])


def test_a_folder_stands_for_its_films_and_a_broken_one_does_not_end_the_batch(
    known_films: Known, tmp_path: Path
) -> None:
    (tmp_path / "a broken.mp4").write_bytes(b"no film at all " * 99)
    (tmp_path / "b empty.mp4").write_bytes(b"")
    (tmp_path / "c whole.mp4").write_bytes(known_films.films[2].read_bytes())
    (tmp_path / "letter.odt").write_bytes(b"a letter")
    said = holdfast("identify", tmp_path, tmp_path / "gone.mp4", "--archive", known_films.archive, "--json")
    assert said.code == 1
    found = {Path(record["file"]).name: (record.get("error"), len(record["matches"])) for record in said.records}
    assert found == {
        "gone.mp4": ("HF-N008", 0),
        "a broken.mp4": ("HF-D008", 0),
        "b empty.mp4": ("HF-D008", 0),
        "c whole.mp4": (None, 1),
    }


@pytest.mark.parametrize("words", [(), ("--vpdq",)])
def test_a_fingerprint_and_a_list_of_hashes_stand_for_their_film(
    known_films: Known, words: tuple[str, ...], tmp_path: Path
) -> None:
    assert holdfast("fingerprint", known_films.films[0], "-o", tmp_path, *words).code == 0
    (written,) = tmp_path.iterdir()
    said = holdfast("identify", written, "--archive", known_films.archive, "--json")
    assert said.code == 0, said.out
    assert [match["asset"] for match in said.records[0]["matches"]] == [known_films.ids[0]]


def test_the_first_sweep_looks_at_key_frames_only(known_films: Known) -> None:
    said = holdfast("identify", known_films.films[0], "--keys", "--archive", known_films.archive, "--json")
    assert [match["asset"] for match in said.records[0]["matches"]] == [known_films.ids[0]]


def test_an_index_that_was_deleted_is_made_again_without_a_word(known_films: Known, tmp_path: Path) -> None:
    import shutil

    archive = known_films.copied(tmp_path / "archive")
    shutil.rmtree(archive / "cache" / "fingerprints")
    said = holdfast("identify", known_films.films[2], "--archive", archive, "--json")
    assert json.loads(said.out)["matches"][0]["asset"] == known_films.ids[2]
    assert (archive / "cache" / "fingerprints").is_dir()


def test_a_letter_is_told_to_be_no_film(known_films: Known, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Dear archive,\n")
    said = holdfast("identify", tmp_path / "notes.txt", "--archive", known_films.archive)
    assert said.code == 1
    assert "notes.txt cannot be compared with anything: it is no film, and no list of hashes either" in said.out
