"""`holdfast restore`, killed at any step: run again it completes, with the bytes that it would have had undisturbed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from holdfast.backends.local import LocalBackend
from holdfast.ocfl.validate import inspect_root
from tests.actions.mortal import KILL_AT, STEPS
from tests.cli.line import holdfast
from tests.cli.losing import Lost, lost_with
from tests.cli.recognition import Known

ROOT = Path(__file__).parents[2]
KINDS = ("reenc240", "mirror", "trim")
TRIED = {"half of": 3, "remembered": 5, "to be": 2, "a frame": 4, "store": 6}  # so many of the steps that say this


@dataclass(frozen=True)
class Undisturbed:
    """What a run gives that nobody kills: the record that it prints, and the steps that it takes."""

    record: dict[str, object]
    steps: list[str]


@pytest.fixture(scope="module")
def made_lost(known_films: Known, tmp_path_factory: pytest.TempPathFactory) -> Lost:
    """Nothing is remembered of the copies, so that a run takes all of its steps."""
    made = lost_with(known_films, tmp_path_factory.mktemp("mortal"), KINDS)
    shutil.rmtree(made.archive / "cache" / "answers")
    return made


def run(lost: Lost, folder: Path, kill_at: int | None) -> int:
    """The exit code of a real process; its steps are in `folder`, and so are its temporary files."""
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    environment = os.environ | {STEPS: str(folder / "steps"), KILL_AT: str(kill_at), "TMPDIR": str(scratch)}
    words = ("restore", lost.asset, "--no-consensus", "--archive", str(lost.archive), "--json")
    done = subprocess.run(
        [sys.executable, "-m", "tests.actions.mortal", *words],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr[-2000:]
    return done.returncode


def said(lost: Lost) -> dict[str, object]:
    """What the command says once the work is restored, but for whether that was new."""
    (record,) = lost.run("restore", lost.asset, "--no-consensus")
    return {key: value for key, value in record.items() if key != "new"}


@pytest.fixture(scope="module")
def undisturbed(made_lost: Lost, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    folder = tmp_path_factory.mktemp("undisturbed")
    lost = made_lost.copied(folder / "archive")
    assert run(lost, folder, None) == 0
    return Undisturbed(said(lost), (folder / "steps").read_text().splitlines())


def chosen(steps: list[str]) -> list[int]:
    """The steps to die at, from 1: of every kind the first, the last, and some between."""
    numbers: set[int] = set()
    for name, most in TRIED.items():
        here = [number for number, step in enumerate(steps, start=1) if name in step]
        numbers |= {here[place * (len(here) - 1) // (most - 1)] for place in range(most)}
    return sorted(numbers)


def left_over(lost: Lost, folder: Path) -> list[Path]:
    """What a killed run left that nobody wants."""
    scratch = list((folder / "scratch").iterdir())
    half = list((lost.archive / "cache" / "restoring").glob("*"))
    return [*scratch, *half, *(lost.archive / "staging").iterdir()]


@pytest.mark.kill
@pytest.mark.slow
def test_restore_killed_at_any_step_completes_when_it_is_run_again_and_loses_nothing(
    made_lost: Lost, undisturbed: Undisturbed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = chosen(undisturbed.steps)
    assert len(numbers) >= 18
    for number in numbers:
        how = f"killed at step {number}, {undisturbed.steps[number - 1]}"
        folder = tmp_path / str(number)
        folder.mkdir()
        lost = made_lost.copied(folder / "archive")
        assert run(lost, folder, number) == -signal.SIGKILL, how
        assert inspect_root(LocalBackend(lost.archive), "ocfl") == (), how

        monkeypatch.setenv("TMPDIR", str(folder / "scratch"))
        monkeypatch.setattr("tempfile.tempdir", None)
        again = said(lost)

        assert again == undisturbed.record, how
        audited = holdfast("audit", "--archive", lost.archive, "--json")
        assert audited.records[-1]["is_clean"], how
        assert left_over(lost, folder) == [], how
        shutil.rmtree(folder)
