from __future__ import annotations

import shutil
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from holdfast.actions import doctor as room
from holdfast.actions.archive import Archive
from holdfast.actions.audit import Scope, audit
from holdfast.actions.doctor import Finding, Level, doctor
from holdfast.config import Settings
from tests.cli.conftest import Kept
from tests.cli.line import content_of, ended, flip, holdfast, object_of, started, tree, until


def found(archive: Archive, check: str) -> list[Finding]:
    return [finding for finding in doctor(archive) if finding.check == check]


def only(archive: Archive, check: str) -> Finding:
    (finding,) = found(archive, check)
    return finding


def test_a_healthy_archive_has_nothing_but_notices_and_is_left_as_it_was(archive: Archive, kept: Kept) -> None:
    before = tree(kept.archive / "ocfl")
    findings = doctor(archive)
    assert {finding.level for finding in findings} <= {Level.FINE, Level.NOTICE}
    assert all(finding.remedy for finding in findings if finding.level is not Level.FINE)
    assert tree(kept.archive / "ocfl") == before
    assert list((kept.archive / "staging").iterdir()) == []


def test_too_little_room_is_a_problem_with_what_may_be_emptied(kept: Kept) -> None:
    poor = Archive(kept.archive, Settings(space_reserve_bytes=2**62), Archive.open(kept.archive).backend)
    assert only(poor, "disk space").level is Level.PROBLEM
    assert "Empty cache/" in only(poor, "disk space").remedy
    poor.close()


@pytest.mark.parametrize("days", [-20_000, -2])
def test_a_clock_that_is_behind_is_a_problem(archive: Archive, monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    moment = (datetime.now(UTC) + timedelta(days=days)).replace(microsecond=0)
    monkeypatch.setattr(room, "now", lambda: moment)
    assert only(archive, "clock").level is Level.PROBLEM


def test_a_held_lock_is_a_notice_with_its_holder_and_the_doctor_does_not_take_it(archive: Archive, kept: Kept) -> None:
    other = Archive.open(kept.archive)
    with other.backend.lock("object-123"):
        assert "process" in only(archive, "locks").what
        assert only(archive, "locks").level is Level.NOTICE
        assert "process" in only(archive, "locks").what  # still held after it was looked at
    assert only(archive, "locks").level is Level.FINE
    other.close()


@pytest.mark.slow
def test_the_doctor_does_not_disturb_deeds_that_run_meanwhile(archive: Archive, kept: Kept, tmp_path: Path) -> None:
    films = tmp_path / "films"
    films.mkdir()
    for number in range(6):
        (films / f"{number}.mp4").write_bytes(b"film %d" % number)
    process = started("add", films, "--archive", kept.archive)
    while process.poll() is None:
        room.CHECKS[4](archive)
        list(room.CHECKS[4](archive))
    assert ended(process).code == 0


@pytest.mark.slow
def test_what_a_killed_process_left_is_a_notice_until_the_next_add(kept: Kept, tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_bytes(b"x" * 30_000_000)
    process = started("add", tmp_path / "film.mp4", "--archive", kept.archive)
    until(lambda: any(path.name.startswith("add-") for path in (kept.archive / "staging").iterdir()))
    assert ended(process, signal.SIGKILL).code == -signal.SIGKILL
    archive = Archive.open(kept.archive)
    assert only(archive, "leftovers").level is Level.NOTICE
    assert holdfast("add", tmp_path / "film.mp4", "--archive", kept.archive).code == 0
    assert only(archive, "leftovers").level is Level.FINE
    archive.close()


@pytest.mark.parametrize("wound", ["missing", "nonsense"])
def test_a_catalogue_that_is_not_there_is_a_notice_and_not_made_by_the_doctor(kept: Kept, wound: str) -> None:
    catalog = kept.archive / "catalog.db"
    catalog.unlink()
    if wound == "nonsense":
        catalog.write_bytes(b"nonsense" * 1000)
    archive = Archive.open(kept.archive)
    assert only(archive, "catalogue").level is Level.NOTICE
    assert only(archive, "catalogue").remedy == "Make it anew: holdfast rebuild"
    archive.close()
    assert wound == "nonsense" or not catalog.exists()


def test_a_catalogue_that_is_not_in_step_is_a_problem(archive: Archive, kept: Kept) -> None:
    shutil.rmtree(object_of(kept.archive, kept.id("tape 7.mp4")))
    finding = only(archive, "catalogue")
    assert (finding.level, finding.what) == (
        Level.PROBLEM,
        "objects on the disk that are not as the catalogue has them: 1",
    )


def test_an_object_that_is_not_understood_is_a_problem_by_name(archive: Archive, kept: Kept) -> None:
    asset = kept.id("tape 7.mp4")
    flip(content_of(kept.archive, asset, "record.json"))
    archive.catalog.rebuild()
    assert asset in only(archive, "catalogue").what
    assert only(archive, "catalogue").level is Level.PROBLEM


def test_assets_that_were_never_audited_are_a_notice(archive: Archive) -> None:
    assert only(archive, "last audit").what == "assets that were never audited: 3"
    audit(archive, Scope())
    assert only(archive, "last audit").level is Level.FINE


def test_a_failed_audit_is_a_problem_until_it_is_mended_and_passed(archive: Archive, kept: Kept) -> None:
    flip(content_of(kept.archive, kept.id("tape 7.mp4"), "masters/tape 7.mp4"))
    audit(archive, Scope())
    assert found(archive, "last audit")[0].level is Level.PROBLEM
    assert holdfast("add", kept.folder, "--archive", kept.archive).code == 0
    audit(archive, Scope())
    assert only(archive, "last audit").level is Level.FINE


def test_audits_of_long_ago_are_a_notice(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    audit(archive, Scope())
    later = datetime.now(UTC).replace(microsecond=0) + timedelta(days=200)
    monkeypatch.setattr(room, "now", lambda: later)
    assert only(archive, "last audit").what.startswith("the oldest check is of ")


def test_a_check_that_cannot_be_made_is_itself_a_problem(archive: Archive, kept: Kept) -> None:
    shutil.rmtree(kept.archive / "staging")
    (kept.archive / "staging").write_text("a file in the way")
    assert only(archive, "durability").level is Level.PROBLEM
    assert only(archive, "names").level is Level.PROBLEM
    assert only(archive, "clock").level is Level.FINE  # the others are still made


def test_an_archive_in_memory_is_told_apart(kept: Kept, quick_disk: Path) -> None:
    if not quick_disk.is_relative_to("/dev/shm"):
        pytest.skip("this machine has no file system in memory to try it on")
    holdfast("init", quick_disk / "with blank")
    archive = Archive.open(quick_disk / "with blank")
    assert only(archive, "durability").level is Level.PROBLEM
    archive.close()


def test_an_object_that_was_audited_once_and_is_gone_is_a_problem(archive: Archive, kept: Kept, tmp_path: Path) -> None:
    audit(archive, Scope())
    asset = next(iter(kept.ids.values()))
    place = archive.folder / archive.root.key_of(f"holdfast:asset:{asset}")
    place.rename(tmp_path / "away")
    archive.catalog.rebuild()
    assert [one.what for one in found(archive, "last audit") if one.level is Level.PROBLEM] == [
        "objects that were audited once and are gone, or cannot be read: 1"
    ]
