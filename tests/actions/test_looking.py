"""What somebody asks about may be a film, a fingerprint or a list of hashes; what says nothing is an error."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from holdfast.actions.looking import check, is_written_down, named, read_fingerprint
from holdfast.errors import BadRecord, FileMissing, NothingToCompare
from holdfast.formats.fingerprint import fingerprint_bytes
from holdfast.model.fingerprint import Fingerprint

LINE = "0,100,d8f8f0cec0f4a84f0637022a278f67f0b36e2ed596621e1d33e6b39c4e9c9b22,2.5\n"


def test_a_fingerprint_is_read_as_it_was_written(tmp_path: Path) -> None:
    film = named(Fingerprint(Fraction(7, 2), (640, 360), warnings=("dark",)), "ab" * 64)
    (tmp_path / "film.hffp").write_bytes(fingerprint_bytes(film))
    found = read_fingerprint(tmp_path / "film.hffp")
    assert (found.duration, found.digest, found.warnings) == (Fraction(7, 2), "ab" * 64, ("dark",))


@pytest.mark.parametrize("name", ["film.vpdq", "film.TXT"])
def test_a_list_of_hashes_is_a_fingerprint_of_pictures(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(LINE, "utf-8")
    assert is_written_down(tmp_path / name)
    found = read_fingerprint(tmp_path / name)
    assert (len(found.pictures), found.duration) == (1, Fraction(5, 2))


def test_what_is_missing_or_no_fingerprint_or_empty_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileMissing):
        read_fingerprint(tmp_path / "gone.hffp")
    (tmp_path / "odd.hffp").write_bytes(b"no fingerprint")
    (tmp_path / "odd.txt").write_text("Dear reader,", "utf-8")
    (tmp_path / "odd.vpdq").write_text("Dear reader,", "utf-8")
    for odd in ("odd.hffp", "odd.vpdq"):
        with pytest.raises(BadRecord):
            read_fingerprint(tmp_path / odd)
    with pytest.raises(NothingToCompare, match="no film, and no list of hashes either"):
        read_fingerprint(tmp_path / "odd.txt")
    (tmp_path / "long.vpdq").write_text(LINE.replace("2.5", "999999999.5"), "utf-8")
    with pytest.raises(NothingToCompare, match="lasts longer than"):
        read_fingerprint(tmp_path / "long.vpdq")
    with (tmp_path / "huge.txt").open("wb") as huge:
        huge.truncate(1 << 40)  # of holes
    with pytest.raises(NothingToCompare, match="more than any fingerprint"):
        read_fingerprint(tmp_path / "huge.txt")
    (tmp_path / "empty.vpdq").write_text("", "utf-8")
    with pytest.raises(NothingToCompare):
        read_fingerprint(tmp_path / "empty.vpdq")


def test_a_film_that_shows_and_sounds_nothing_is_told_in_the_words_of_its_decoder(tmp_path: Path) -> None:
    silent = Fingerprint(Fraction(0), (0, 0), warnings=("file: it cannot be read further there.",))
    with pytest.raises(NothingToCompare, match="cannot be read further there"):
        check(tmp_path / "film.mp4", silent)


def test_an_empty_file_is_called_empty_and_not_in_the_words_of_its_decoder(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").touch()
    silent = Fingerprint(Fraction(0), (0, 0), warnings=("file: 1 damaged place (Invalid data found)",))
    with pytest.raises(NothingToCompare, match=r"it is empty \(0 bytes\)"):
        check(tmp_path / "film.mp4", silent)
