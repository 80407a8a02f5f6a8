"""An archive of a few made films with their fingerprints, made once, for all tests."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from holdfast.testing.films import film_plan, write_film
from tests.cli.line import holdfast

SIZE = (320, 180)
SECONDS = 10


@dataclass(frozen=True)
class Known:
    """An archive that knows `films` by their fingerprints. Nobody writes to it; tests take copies."""

    archive: Path
    films: tuple[Path, ...]
    ids: tuple[str, ...]

    def copied(self, folder: Path) -> Path:
        """A copy of the archive, to do anything to."""
        shutil.copytree(self.archive, folder, symlinks=True)
        return folder


@lru_cache(maxsize=1)
def known(base: Path) -> Known:
    """Three films in an archive below `base`, a new folder."""
    base.mkdir()
    films = tuple(
        write_film(film_plan(seed, SECONDS, SIZE), base / f"film {seed}.mp4", tags={"title": ""})
        for seed in (11, 12, 13)
    )
    archive = base / "archive"
    assert holdfast("init", archive, "--custodian", "Archive of the Group").code == 0
    said = holdfast("add", *films, "--archive", archive, "--json")
    assert (said.code, said.err) == (0, "")
    by_name = {Path(record["file"]).name: record["asset"] for record in said.records}
    return Known(archive, films, tuple(by_name[film.name] for film in films))
