"""A work that is lost, and found copies of it, for the tests that restore."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from holdfast.testing.copies import Film, MadeCopy, Material, make_copy
from holdfast.testing.films import film_plan, write_film
from tests.cli.line import copied, holdfast
from tests.cli.recognition import Known


@dataclass(frozen=True)
class Lost:
    """An archive whose first film is lost, and copies of it that were kept as found."""

    archive: Path
    asset: str
    film: Path
    copies: dict[str, MadeCopy]

    def copied(self, folder: Path) -> Lost:
        """A copy of the archive, to do anything to."""
        return replace(self, archive=copied(self.archive, folder))

    def run(self, *words: object) -> list[dict[str, object]]:
        """The records of a command that must succeed."""
        said = holdfast(*words, "--archive", self.archive, "--json")
        assert said.code == 0, said.err[-900:]
        return said.records

    def kept_at(self, name: str) -> Path:
        """Where the archive keeps the bytes of the found copy of this name."""
        (found,) = (one for one in self.run("found", "ls") if one["file"] == name)
        places = self.archive.glob("ocfl/**/content/*")
        return next(at for at in places if hashlib.sha512(at.read_bytes()).hexdigest() == found["digest"])


def lose(archive: Path, asset: str) -> None:
    """Remove the masters of an asset, and say so."""
    (shown,) = holdfast("show", asset, "--archive", archive, "--json").records
    for held in shown["files"]:
        if held["file"].startswith("masters/"):
            (archive / held["place"]).unlink()
    assert holdfast("lost", "declare", asset, "--reason", "the disk died", "--archive", archive).code == 0


def lost_with(known_films: Known, base: Path, kinds: Iterable[str]) -> Lost:
    """The first of the known films lost, in an archive below `base` that keeps copies of these kinds as found."""
    archive = known_films.copied(base / "archive")
    lose(archive, known_films.ids[0])
    heap = base / "heap"
    heap.mkdir()
    film = known_films.films[0]
    filler = write_film(film_plan(78, 8, (320, 180)), base / "filler.mp4", tags={"title": ""})
    material = Material((Film(film),), (Film(filler),))
    copies = {kind: make_copy(kind, material, 4, heap) for kind in kinds}
    found = Lost(archive, known_films.ids[0], film, copies)
    found.run("found", "add", heap, "--from", "a heap")
    return found
