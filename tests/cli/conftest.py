"""An archive made once, of which every test takes a copy."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.line import copied, holdfast
from tests.cli.recognition import Known, known

LISTING = """{"id": "a1b2", "title": "Жатва 1974", "description": "Колхоз, лето.\\nКамера: Н. Петрова",
 "language": "ru", "upload_date": "20140501", "uploader": "Archive of the Group", "tags": ["harvest", "1974"],
 "extractor_key": "Example", "webpage_url": "https://example.org/watch/a1b2", "duration": 12}"""
CAPTIONS = "WEBVTT\n\n00:00:02.000 --> 00:00:04.000\nWir haben den Leuchtturm gesehen.\n"


@dataclass(frozen=True)
class Kept:
    """A folder that was added, and the archive that keeps it."""

    folder: Path
    archive: Path
    ids: dict[str, str]  # file name -> asset

    def id(self, name: str) -> str:
        """The asset of a file."""
        return self.ids[name]


def submission(folder: Path) -> Path:
    """Three small files that are no films, one of them with sidecars."""
    folder.mkdir()
    (folder / "harvest.mp4").write_bytes(b"not a film, but somebody's bytes " * 40)
    (folder / "harvest.info.json").write_text(LISTING, "utf-8")
    (folder / "harvest.de.vtt").write_text(CAPTIONS, "utf-8")
    (folder / "Leuchtturm.mp4").write_bytes(b"\x00" * 2000)
    (folder / "tape 7.mp4").write_bytes(bytes(range(256)) * 16)
    return folder


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """The archive of all tests; nobody writes to it."""
    base = tmp_path_factory.mktemp("made")
    folder, archive = submission(base / "films"), base / "archive"
    assert holdfast("init", archive, "--name", "Test", "--custodian", "Archive of the Group").code == 0
    said = holdfast("add", folder, "--archive", archive, "--json")
    assert said.code == 0, said.err[-900:]
    return Kept(folder, archive, {Path(record["file"]).name: record["asset"] for record in said.records})


@pytest.fixture
def kept(made: Kept, tmp_path: Path) -> Kept:
    """A copy of it, to do anything to."""
    return Kept(made.folder, copied(made.archive, tmp_path / "archive"), made.ids)


@pytest.fixture
def quick_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder where fsync costs nothing, if the machine has one: for counts, not for promises."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(prefix="holdfast-test-", dir=memory) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def known_films(tmp_path_factory: pytest.TempPathFactory) -> Known:
    """An archive of films that it knows again; nobody writes to it."""
    return known(tmp_path_factory.getbasetemp() / "known")  # one for all rooms: it takes seconds
