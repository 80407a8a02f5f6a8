from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from holdfast.actions import work as room
from holdfast.actions.access import KIND
from holdfast.actions.archive import Archive
from holdfast.actions.work import work
from holdfast.jobs.queue import State
from holdfast.testing.films import film_plan, write_film
from tests.cli.conftest import Kept
from tests.cli.line import content_of, ended, holdfast, started, until


def test_where_nothing_waits_nothing_is_made(archive: Archive) -> None:
    report = work(archive)
    assert (report.done, report.failed, report.waiting, report.given_up, report.results) == (0, 0, 0, 0, ())


@pytest.fixture
def filmed(kept: Kept, tmp_path: Path) -> tuple[Archive, str]:
    """An archive with a film that waits for its access copy, and the film's asset."""
    film = write_film(film_plan(6, 6, (320, 180)), tmp_path / "film.mp4")
    (record,) = holdfast("add", film, "--archive", kept.archive, "--json").records
    return Archive.open(kept.archive), record["asset"]


@pytest.mark.slow
def test_a_job_whose_worker_was_killed_is_taken_up_when_its_lease_is_over(
    filmed: tuple[Archive, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, asset = filmed
    process = started("work", "--jobs", "1", "--archive", archive.folder)
    until(lambda: any((archive.cache / "making").glob("*")))
    assert ended(process, signal.SIGKILL).code == -signal.SIGKILL
    report = work(archive)
    assert (report.done, report.waiting) == (0, 1)  # the dead worker's lease still runs
    (job,) = archive.queue.listing(kind=KIND)
    assert job.lease_until is not None
    monkeypatch.setattr(archive.queue, "_clock", lambda: time.time() + room.LEASE_S + 1)
    report = work(archive)
    assert (report.done, report.failed, report.waiting) == (1, 0, 0)
    assert report.results[0].asset == asset
    assert list((archive.cache / "making").iterdir()) == []


@pytest.mark.slow
def test_a_failure_is_counted_once_and_given_up_for_good(filmed: tuple[Archive, str]) -> None:
    archive, asset = filmed
    master = content_of(archive.folder, asset, "masters/film.mp4")
    master.rename(archive.folder / "away")
    report = work(archive)
    assert (report.done, report.failed, report.given_up) == (0, 1, 1)
    assert report.results[0].error
    assert work(archive).failed == 0
    (archive.folder / "away").rename(master)
    assert work(archive, retry=True).done == 1
    assert archive.queue.counts()[State.FAILED] == 0
