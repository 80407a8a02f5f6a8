"""What is kept gets its fingerprint beside the keeping; whatever becomes of that, it stays kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from holdfast.actions import fingerprinting
from holdfast.actions.add import Outcome, add
from holdfast.actions.archive import Archive
from holdfast.actions.fingerprinting import KIND, Fingerprinting, missing_part, need_restore, plan_fingerprints
from holdfast.actions.work import work
from holdfast.catalog import lists
from holdfast.errors import ExtraMissing
from holdfast.jobs.queue import State
from holdfast.testing.films import film_plan, write_film

TINY = (160, 90)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_film(film_plan(21, 3, TINY), tmp_path_factory.mktemp("film") / "film.mp4")


def printed(archive: Archive) -> list[str]:
    with archive.up_to_date_catalog().engine.connect() as connection:
        return [one.path for one in lists.fingerprints(connection)]


def test_whoever_lacks_the_optional_part_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprinting, "_NEEDED", ("numpy", "no_such_module"))
    told = missing_part("Fingerprinting")
    assert told is not None
    assert told.values["missing"] == "no_such_module"
    with pytest.raises(ExtraMissing, match=r'pip install "\.\[restore\]"'):
        need_restore("Fingerprinting")


def test_without_the_optional_part_films_are_kept_and_it_is_said_once(
    archive: Archive, film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fingerprinting, "_NEEDED", ("no_such_module",))
    other = write_film(film_plan(22, 2, TINY), tmp_path / "other.mp4")
    report = add(archive, [film, other])
    assert report.count(Outcome.KEPT) == 2
    assert report.is_complete
    assert len(report.notes) == 1
    assert 'pip install ".[restore]"' in report.notes[0]


def test_what_breaks_the_fingerprinting_leaves_the_film_kept_and_a_job(
    archive: Archive, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fingerprinting, "_in_archive", breaking)
    monkeypatch.setattr("holdfast.actions.apart.processes", in_threads)
    report = add(archive, [film])
    (result,) = report.results
    assert (result.outcome, report.is_complete) == (Outcome.KEPT, True)
    assert report.notes == (
        (
            f"film.mp4 ({result.asset}) is kept, but has no fingerprint yet: "
            "masters/film.mp4 cannot be compared with anything: "
            "reading it failed in an unforeseen way (ValueError: a hostile film)."
        ),
    )
    job = archive.queue.get(KIND, result.digest)
    assert job is not None
    assert job.state is State.WAITING


def breaking(args: object, line: object) -> object:
    raise ValueError("a hostile film")


def in_threads() -> object:
    from holdfast.jobs.executors import threads

    return threads()


@pytest.mark.slow
def test_a_film_has_its_fingerprint_when_add_ends_and_none_when_it_was_told_not_to(
    archive: Archive, film: Path
) -> None:
    assert add(archive, [film], fingerprint=False).notes == ()
    assert printed(archive) == []
    report = add(archive, [film])
    assert (report.results[0].outcome, report.notes) == (Outcome.ALREADY_KEPT, ())
    assert printed(archive) == ["fingerprints/film.mp4.hffp"]
    head = archive.root.inventory(str(report.results[0].asset.object_id)).head  # type: ignore[union-attr]
    add(archive, [film])
    assert archive.root.inventory(str(report.results[0].asset.object_id)).head == head  # type: ignore[union-attr]
    assert list((archive.cache / "fingerprinted").rglob("*.hffp")) == []


@pytest.mark.slow
def test_work_makes_the_fingerprints_that_are_wanting(archive: Archive, film: Path) -> None:
    add(archive, [film], fingerprint=False)
    report = work(archive)
    assert (report.fingerprinted, report.failed) == (1, 0)
    assert {one.made for one in report.results} == {"access", "fingerprint"}
    assert printed(archive) == ["fingerprints/film.mp4.hffp"]
    assert work(archive).fingerprinted == 0


@pytest.mark.slow
def test_a_job_that_failed_for_good_is_left_alone_until_it_is_asked_for(archive: Archive, film: Path) -> None:
    report = add(archive, [film], fingerprint=False)
    archive.queue.put(KIND, report.results[0].digest, {})
    job = archive.queue.claim("test", 60, [KIND])
    assert job is not None
    archive.queue.fail(job, {"what": "it is hostile"}, retry=False)
    assert plan_fingerprints(archive) == 0
    with Fingerprinting(archive) as beside:
        beside.take(report.results[0].asset)  # type: ignore[arg-type]
        beside.finish()
    assert (beside.count, beside.notes) == (0, [])
    assert plan_fingerprints(archive, retry=True) == 1


def test_a_desk_that_cannot_be_read_keeps_no_film_from_being_kept(archive: Archive, film: Path, tmp_path: Path) -> None:
    other = write_film(film_plan(23, 2, TINY), tmp_path / "other.mp4")
    (archive.folder / "desk.db").write_bytes(b"no database at all" * 100)
    report = add(archive, [film, other])
    assert report.count(Outcome.KEPT) == 2
    assert len(report.notes) == 1


def test_a_damaged_master_gets_no_fingerprint_under_the_name_of_the_whole_one(archive: Archive, film: Path) -> None:
    (result,) = add(archive, [film], fingerprint=False).results
    assert result.asset is not None
    held = archive.folder / archive.root.place_of(str(result.asset.object_id), result.file)
    data = bytearray(held.read_bytes())
    data[len(data) // 2] ^= 1
    held.chmod(0o644)
    held.write_bytes(data)
    work(archive)
    assert printed(archive) == []
