from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from holdfast.actions.access import (
    KIND,
    RECIPE,
    access_folder,
    access_place,
    make_access_job,
    plan_access,
    sweep_making,
)
from holdfast.actions.archive import Archive
from holdfast.jobs.line import Line
from holdfast.media.ladder import WEB_1
from holdfast.testing.films import film_plan, write_film
from tests.cli.conftest import Kept
from tests.cli.line import holdfast


def test_the_recipe_that_lists_know_is_the_one_that_media_makes() -> None:
    assert WEB_1.name == RECIPE


def test_what_is_no_film_is_not_planned(archive: Archive) -> None:
    archive.up_to_date_catalog()
    assert plan_access(archive) == 0


def test_only_what_nobody_holds_is_swept(archive: Archive) -> None:
    making = archive.cache / "making"
    for name in ("held", "left"):
        (making / name).mkdir(parents=True)
        (making / name / "init.mp4").write_bytes(b"half")
    descriptor = os.open(making / "held", os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    sweep_making(archive)
    os.close(descriptor)
    assert [path.name for path in making.iterdir()] == ["held"]
    sweep_making(archive)
    assert list(making.iterdir()) == []


@pytest.mark.slow
def test_a_film_is_planned_once_made_once_and_planned_again_when_the_copy_is_gone(kept: Kept, tmp_path: Path) -> None:
    film = write_film(film_plan(5, 2, (160, 90)), tmp_path / "film.mp4")
    (record,) = holdfast("add", film, "--archive", kept.archive, "--json").records
    archive = Archive.open(kept.archive)
    assert (plan_access(archive), plan_access(archive)) == (1, 1)
    (job,) = archive.queue.listing(kind=KIND)
    first = make_access_job(str(archive.folder), job.args, Line(str(archive.cache)))
    assert make_access_job(str(archive.folder), job.args, Line(str(archive.cache))) == {
        "place": first["place"],
        "already": True,
    }
    place = access_place(archive.cache, record["digest"])
    assert access_folder(archive, job.args["digest"]) == place
    assert plan_access(archive) == 0
    place.rename(archive.cache / "elsewhere")
    assert plan_access(archive) == 1
    archive.close()
