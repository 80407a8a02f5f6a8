"""The Python interface of a comparison; what the command says of it is in tests/cli/test_compare.py."""

from __future__ import annotations

from pathlib import Path

import pytest

import holdfast
from holdfast.errors import FileMissing
from tests.cli.line import holdfast as command
from tests.cli.recognition import Known


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileMissing, match=r"gone\.mp4"):
        holdfast.compare(tmp_path / "gone.mp4", tmp_path / "gone too.mp4")


@pytest.mark.slow
def test_python_is_told_what_the_command_prints(known_films: Known) -> None:
    film = str(known_films.films[0])
    found = holdfast.compare(film, film)
    (said,) = command("compare", film, film, "--json").records
    assert found.as_record() | {"written": []} == said
    assert len(found.segments) == 1
