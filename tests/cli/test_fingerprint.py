from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.cli.line import holdfast
from tests.cli.recognition import SECONDS, Known

pytestmark = pytest.mark.slow


def test_a_fingerprint_is_written_beside_its_film_or_into_a_folder(known_films: Known, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(known_films.films[0].read_bytes())
    said = holdfast("fingerprint", film)
    assert (said.code, said.lines[-1]) == (0, "1 fingerprint written")
    assert said.lines[0].startswith(f"{film}.hffp  0:10, ")
    said = holdfast("fingerprint", film, "-o", tmp_path / "new folder", "--keys", "--json")
    (record,) = said.records
    assert Path(record["fingerprint"]).read_bytes() != (tmp_path / "film.mp4.hffp").read_bytes()
    assert record["fingerprint"] == str(tmp_path / "new folder" / "film.mp4.hffp")
    assert record["digest"] == hashlib.sha512(film.read_bytes()).hexdigest()
    assert record["duration"] == pytest.approx(SECONDS, abs=0.1)


def test_hashes_for_exchange_are_lines_of_text(known_films: Known, tmp_path: Path) -> None:
    said = holdfast("fingerprint", known_films.films[0], "-o", tmp_path, "--vpdq")
    assert said.code == 0
    (path,) = tmp_path.iterdir()
    assert path.name == "film 11.mp4.vpdq"
    number, quality, hashed, seconds = path.read_text().splitlines()[0].split(",")
    assert (len(hashed), 0 <= int(quality) <= 100, int(number) >= 0, float(seconds) < 1) == (64, True, True, True)


def test_what_cannot_be_fingerprinted_is_named_and_the_rest_is_done(known_films: Known, tmp_path: Path) -> None:
    broken = tmp_path / "a broken.mp4"
    broken.write_bytes(b"no film at all " * 99)
    said = holdfast("fingerprint", broken, tmp_path / "gone.mp4", known_films.films[0], "-o", tmp_path, "--json")
    assert said.code == 1
    errors = {Path(record["file"]).name: record.get("error") for record in said.records}
    assert errors == {"a broken.mp4": "HF-D008", "gone.mp4": "HF-N008", "film 11.mp4": None}


def test_a_fingerprint_that_is_there_is_replaced_only_when_asked(known_films: Known, tmp_path: Path) -> None:
    (tmp_path / "film 11.mp4.hffp").write_bytes(b"mine")
    said = holdfast("fingerprint", known_films.films[0], "-o", tmp_path)
    assert said.code == 1
    assert "HF-A007" in said.out
    assert (tmp_path / "film 11.mp4.hffp").read_bytes() == b"mine"
    assert holdfast("fingerprint", known_films.films[0], "-o", tmp_path, "--force").code == 0
