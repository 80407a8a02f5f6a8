from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.cli.line import holdfast
from tests.cli.recognition import SECONDS, Known

pytestmark = pytest.mark.slow


def test_a_film_compared_with_itself_is_the_same_from_end_to_end(known_films: Known) -> None:
    film = known_films.films[0]
    said = holdfast("compare", film, film, "--json")
    assert said.code == 0, said.err
    (record,) = said.records
    assert (record["a"], record["b"]) == (str(film), str(film))
    (segment,) = record["segments"]
    assert segment["copy"] == pytest.approx([0, SECONDS], abs=0.2)
    assert segment["copy"] == pytest.approx(segment["asset"], abs=0.05)


def test_two_files_of_the_same_bytes_are_told_to_be_one_and_the_same(known_films: Known, tmp_path: Path) -> None:
    film, same = known_films.films[0], tmp_path / "renamed.mp4"
    same.write_bytes(film.read_bytes())
    said = holdfast("compare", same, film)
    assert (said.code, said.lines[1:]) == (0, [f"is the same file as  {film}  0:10: every byte is equal"])
    (record,) = holdfast("compare", same, film, "--json").records
    assert record["same_file"]
    assert len(record["segments"]) == 1
    same.write_bytes(film.read_bytes()[:-1] + b"?")  # in the last box, which nobody decodes
    assert not holdfast("compare", same, film, "--json").records[0]["same_file"]


def test_an_asset_in_the_place_of_a_file_is_told_what_to_do(known_films: Known) -> None:
    said = holdfast("compare", known_films.ids[0], known_films.films[0])
    assert said.code == 3
    assert f"{known_films.ids[0]} cannot be looked at: there is no such file." in said.err
    assert "holdfast get ASSET" in said.err
    assert "add it again" not in said.err


def test_two_strange_films_have_nothing_in_common(known_films: Known) -> None:
    said = holdfast("compare", *known_films.films[:2])
    assert said.code == 1
    assert f"has nothing of  {known_films.films[1]}" in said.out
    assert holdfast("compare", *known_films.films[:2], "--json").records[0]["segments"] == []


def test_both_are_shown_side_by_side_as_a_page_and_as_a_picture(known_films: Known, tmp_path: Path) -> None:
    film = known_films.films[0]
    page, picture = tmp_path / "both.html", tmp_path / "both.png"
    said = holdfast("compare", film, film, "--html", page, "--png", picture, "--json")
    assert said.records[0]["written"] == [str(page), str(picture)]
    assert page.read_text("utf-8").count("data:image/jpeg;base64,") == 6
    with Image.open(picture) as opened:
        assert opened.format == "PNG"


def test_a_file_that_is_not_there_or_no_film_is_an_error(known_films: Known, tmp_path: Path) -> None:
    said = holdfast("compare", tmp_path / "gone.mp4", known_films.films[0], "--json")
    assert (said.code, said.error["error"]) == (3, "HF-N008")
    (tmp_path / "broken.mp4").write_bytes(b"no film at all " * 99)
    said = holdfast("compare", known_films.films[0], tmp_path / "broken.mp4", "--json")
    assert (said.code, said.error["error"]) == (6, "HF-D008")
