from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

from tests.cli.conftest import Kept
from tests.cli.line import holdfast


def test_the_printed_command_checks_the_archive_as_it_is_pasted(kept: Kept) -> None:
    moved = kept.archive.rename(kept.archive.parent / "it's an archive")
    said = holdfast("verify-offline", "--archive", moved)
    assert said.code == 0
    pasted = said.lines[1].partition(": ")[2]
    run = subprocess.run(pasted, shell=True, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (0, "3 objects, 17 digests compared, 0 things wrong\n")
    assert shlex.split(pasted)[0] == "sh"


def test_it_goes_where_it_is_told_and_can_be_run(kept: Kept, tmp_path: Path) -> None:
    (record,) = holdfast("verify-offline", "-o", tmp_path, "--archive", kept.archive, "--json").records
    assert record["script"] == str(tmp_path / "verify-archive.sh")
    assert os.access(record["script"], os.X_OK)


def test_writing_it_again_is_no_error_but_another_file_is_not_replaced(kept: Kept, tmp_path: Path) -> None:
    words = ["verify-offline", "-o", tmp_path / "check.sh", "--archive", kept.archive]
    assert holdfast(*words).code == 0
    assert holdfast(*words).code == 0
    (tmp_path / "check.sh").write_text("mine")
    assert holdfast(*words, "--json").error["error"] == "HF-A007"
    assert holdfast(*words, "--force").code == 0


def test_a_place_that_cannot_be_written_is_an_error_of_storage(kept: Kept, tmp_path: Path) -> None:
    said = holdfast("verify-offline", "-o", tmp_path / "no" / "where.sh", "--archive", kept.archive, "--json")
    assert (said.code, said.error["error"]) == (5, "HF-S004")
