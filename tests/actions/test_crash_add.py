"""`holdfast add`, killed anywhere: what it said is kept is kept, and said again it keeps the rest, each film once."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from holdfast.actions import add as module
from holdfast.actions.add import Outcome, add
from holdfast.actions.archive import Archive
from holdfast.actions.audit import Scope, audit
from holdfast.actions.init import init
from holdfast.backends.local import LocalBackend
from holdfast.config import Settings, load_settings
from holdfast.errors import DiskFull, HoldfastError, NotDurable
from holdfast.formats.record import RECORD_FILE, parse_record
from holdfast.model.fixity import FixityResult
from holdfast.ocfl.validate import inspect_root
from holdfast.testing.faults import FaultyDisk, Killed, count_calls, every_kill, every_stop
from tests.actions.adding import nobody_probes
from tests.ocfl.judges import judged_sound

ROOT = Path(__file__).parents[2]
FILMS = {"one.mp4": b"one\n" * 30, "two.mkv": b"two\n" * 40}
CAPTION = {"two.de.vtt": b"WEBVTT\n"}


@pytest.fixture(autouse=True)
def no_waiting_for_the_medium(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody cuts the power of this machine: that `fsync` was called is what counts."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
    monkeypatch.setattr(os, "fdatasync", lambda _: None, raising=False)
    monkeypatch.setattr(module, "new_prober", nobody_probes)


class Scene:
    """Somebody's folder, and an archive copied for each run."""

    def __init__(self, folder: Path, files: dict[str, bytes]) -> None:
        self.folder, self.files = folder, files
        self.source = folder / "somebody"
        self.source.mkdir()
        for name, data in files.items():
            (self.source / name).write_bytes(data)
        init(folder / "first", Settings(custodian="A tester")).archive.close()
        self.numbers = count()

    def __call__(self) -> Path:
        return Path(shutil.copytree(self.folder / "first", self.folder / str(next(self.numbers))))

    def add(self, archive: Path, disk: FaultyDisk | None = None):  # type: ignore[no-untyped-def]
        opened = Archive(archive, load_settings(archive), LocalBackend(archive, disk))
        try:
            return add(opened, [self.source])
        finally:
            opened.close()

    def check(self, archive: Path, how: str, *, said: tuple[str, ...] = ()) -> None:
        """Nothing that was said to be kept is missing; done again, each film is there once and sound."""
        judged = judged_sound(archive)
        assert inspect_root(LocalBackend(archive), "ocfl") == (), how
        present = {digest for digests in self.held(archive).values() for digest in digests}
        assert set(said) <= present, f"{how}: said to be kept, and is not"
        report = self.add(archive)
        assert report.is_complete, how
        self.complete(archive, how)
        assert set(judged) <= set(judged_sound(archive)), f"{how}: an asset was lost"
        again = self.add(archive)
        assert {result.outcome for result in again.results} == {Outcome.ALREADY_KEPT}, how
        assert not any((archive / "staging").iterdir()), how

    def held(self, archive: Path) -> dict[str, list[str]]:
        """object -> the digests of everything that it shows."""
        opened = Archive.open(archive)
        found = {}
        for key in opened.root.walk():
            inventory = opened.root.inventory_at(key)
            found[inventory.object_id] = list(inventory.state().values())
        opened.close()
        return found

    def complete(self, archive: Path, how: str) -> None:
        opened = Archive.open(archive)
        names: Counter[str] = Counter()
        for key in opened.root.walk():
            inventory = opened.root.inventory_at(key)
            record = parse_record(opened.root.read_at(key, inventory, RECORD_FILE))
            names.update(instantiation.original_name for instantiation in record.instantiations)
            names.update(path.rpartition("/")[2] for path in inventory.state() if path.startswith("texts/"))
            assert all(opened.root.is_whole(inventory.object_id, path) for path in inventory.state()), how
        assert names == Counter(self.files.keys()), how
        opened.close()


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path, FILMS | CAPTION)


# ------------------------------------------------------------------------------------------- simulated kills


def test_add_killed_at_some_changes_keeps_what_it_had_kept_and_completes_when_run_again(tmp_path: Path) -> None:
    scene = Scene(tmp_path, {"one.mp4": b"one\n"})
    total = count_calls(lambda disk: scene.add(scene(), disk))
    for number in range(3, total, total // 7):
        archive = scene()
        with pytest.raises(Killed):
            scene.add(archive, FaultyDisk(kill_at=number))
        scene.check(archive, f"killed before change {number}")


@pytest.mark.slow
def test_add_of_several_films_killed_at_every_change_completes_with_and_without_the_catalogue(scene: Scene) -> None:
    for stop in every_stop(scene, scene.add):
        if stop.number % 3 == 0:
            for path in stop.scene.glob("catalog.db*"):
                path.unlink()
        scene.check(stop.scene, str(stop))


# --------------------------------------------------------------------------------------- failing disks


def failing(scene: Scene, disks: Iterator[FaultyDisk], allowed: type[HoldfastError]) -> int:
    for number, disk in enumerate(disks):
        archive = scene()
        try:
            report = scene.add(archive, disk)
        except allowed:
            scene.check(archive, f"failure {number}, before the first film")
            continue
        errors = [result.error for result in report.results if result.error is not None]
        said = tuple(result.digest for result in report.results if result.outcome is Outcome.KEPT)
        scene.check(archive, f"failure {number}", said=said)
        if not errors:
            assert report.is_complete
            return number
        assert not report.is_complete
        assert all(isinstance(error, allowed) for error in errors)
        assert report.count(Outcome.FAILED) == 1, "a failing disk ends the run"
    raise AssertionError


@pytest.mark.slow
def test_a_disk_that_is_full_at_any_change_is_reported_and_nothing_said_is_missing(scene: Scene) -> None:
    assert failing(scene, (FaultyDisk(full_at=number) for number in count(1)), DiskFull) > 20


@pytest.mark.slow
def test_a_disk_that_is_full_after_any_number_of_bytes_is_reported(scene: Scene) -> None:
    disks = (FaultyDisk(full_after_bytes=number) for number in count(0, 499))
    assert failing(scene, disks, DiskFull) > 10


@pytest.mark.slow
def test_an_fsync_that_fails_once_is_reported_and_ends_the_run(scene: Scene) -> None:
    assert failing(scene, (FaultyDisk(eio_at_fsync=number) for number in count(1)), NotDurable) > 20


def test_one_film_that_fails_does_not_keep_the_others_out(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    open_ = os.open

    def refuse(path: object, *rest: object, **more: object) -> int:
        if str(path).endswith("one.mp4"):
            raise OSError(errno.EIO, "Input/output error")
        return open_(path, *rest, **more)  # type: ignore[arg-type]

    archive = scene()
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        report = scene.add(archive)
    assert [(result.path.name, result.outcome) for result in report.results] == [
        ("one.mp4", Outcome.FAILED),
        ("two.mkv", Outcome.KEPT),
    ]
    scene.check(archive, "after a film that could not be read")


# ---------------------------------------------------------------------------------------------- the journal


@pytest.mark.slow
def test_an_audit_killed_anywhere_leaves_a_whole_journal_or_none(scene: Scene) -> None:
    scene.add(scene.folder / "first")

    def look(archive: Path, disk: FaultyDisk) -> None:
        opened = Archive(archive, load_settings(archive), LocalBackend(archive, disk))
        try:
            audit(opened, Scope(), workers=1)
        finally:
            opened.close()

    stops = 0
    for stop in every_stop(scene, look):
        judged_sound(stop.scene)
        opened = Archive.open(stop.scene)
        report = audit(opened, Scope(), workers=1)
        opened.close()
        # The journal's id is that of its month: its folders are used by the next run, if a kill left them empty.
        assert {result.result for result in report.results} == {FixityResult.PASSED}, str(stop)
        assert inspect_root(LocalBackend(stop.scene), "ocfl") == (), str(stop)
        assert len(judged_sound(stop.scene)) == 3, str(stop)
        stops += 1
    assert stops > 15


# ----------------------------------------------------------------------------------------------- real kills


def said_in(report: Path) -> tuple[str, ...]:
    """The digests of the films that were reported kept. The last line may have been cut by the kill."""
    lines = report.read_text().splitlines() if report.exists() else []
    found = [json.loads(line) for line in lines if line.endswith("}")]
    return tuple(line["digest"] for line in found if line.get("outcome") == "kept")


def command(scene: Scene, archive: Path) -> list[str]:
    program = [sys.executable, "-m", "tests.actions.adding", f"{archive}.report"]
    return [*program, "add", str(scene.source), "--archive", str(archive), "--json"]


@pytest.mark.kill
@pytest.mark.slow
def test_the_program_killed_for_real_at_every_change_loses_nothing_that_it_said(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    stops = kept = 0
    for stop in every_kill(scene, lambda archive: command(scene, archive)):
        said = said_in(Path(f"{stop.scene}.report"))
        scene.check(stop.scene, str(stop), said=said)
        stops += 1
        kept += bool(said)
    assert stops > 40
    assert kept > 10, "some were killed after the first film was reported"


@pytest.mark.slow
def test_two_programs_that_add_the_same_folder_at_once_keep_each_film_once(tmp_path: Path) -> None:
    scene = Scene(tmp_path, {f"{number}.mp4": os.urandom(70_000) for number in range(12)} | {"7.srt": b"1\n"})
    archive = scene()
    running = [subprocess.Popen(command(scene, archive), cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    for process in running:
        _, words = process.communicate(timeout=300)
        assert process.returncode == 0, words
    lines = [json.loads(line) for line in Path(f"{archive}.report").read_text().splitlines()]
    outcomes = Counter((Path(line["file"]).name, line["outcome"] == "kept") for line in lines if "outcome" in line)
    assert outcomes == Counter({(f"{n}.mp4", was_kept): 1 for n in range(12) for was_kept in (True, False)})
    scene.check(archive, "two at once")
