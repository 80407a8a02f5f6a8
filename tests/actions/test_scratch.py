"""Folders of killed processes are removed by the next one, and those of living ones are not."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from holdfast.actions.scratch import ORPHANED_S, UNNAMED, Scratch

LIVING = "from holdfast.actions.scratch import Scratch; made = Scratch(); print(made.path, flush=True); input()"


def test_the_folder_of_a_killed_process_is_removed_and_that_of_a_living_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-c", LIVING], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        theirs = Path(process.stdout.readline().strip())
        (theirs / "progress").write_text("0.5")

        ours = Scratch()
        assert theirs.is_dir()
        process.kill()
        process.wait()
    another = Scratch()

    assert not theirs.exists()
    assert ours.path.is_dir()
    another.close()
    ours.close()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_never_got_its_name_is_removed_after_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    old, new = tmp_path / f"{UNNAMED}old", tmp_path / f"{UNNAMED}new"
    for folder in (old, new):
        folder.mkdir()
    os.utime(old, (0, time.time() - 2 * ORPHANED_S))

    Scratch().close()

    assert (old.exists(), new.exists()) == (False, True)
