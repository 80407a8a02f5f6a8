"""The Python interface gives what the command prints; what cannot be read is raised."""

from __future__ import annotations

from pathlib import Path

import pytest

import holdfast
from holdfast.actions.archive import Archive
from holdfast.errors import FileMissing, NotAnArchive, NothingToCompare
from tests.cli.line import holdfast as command
from tests.cli.recognition import Known


def test_the_promised_functions_are_there_and_nothing_else_is_made_up() -> None:
    assert callable(holdfast.identify)
    assert callable(holdfast.compare)
    with pytest.raises(AttributeError):
        _ = holdfast.restore_everything


def test_a_file_that_is_not_there_is_raised(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(FileMissing):
        holdfast.identify(tmp_path / "gone.mp4", archive=archive)
    with pytest.raises(NotAnArchive):
        holdfast.identify(tmp_path / "gone.mp4", archive=tmp_path)


@pytest.mark.slow
def test_python_is_told_what_the_command_prints(known_films: Known, tmp_path: Path) -> None:
    film = known_films.films[0]
    found = holdfast.identify(film, archive=known_films.archive)
    (said,) = command("identify", film, "--archive", known_films.archive, "--json").records
    assert found.as_record() == said
    assert found.matches[0].asset == known_films.ids[0]
    (tmp_path / "odd.mp4").write_bytes(b"odd" * 99)
    with pytest.raises(NothingToCompare):
        holdfast.identify(tmp_path / "odd.mp4", archive=str(known_films.archive))
