from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Kept
from tests.cli.line import content_of, flip, holdfast


def test_every_check_is_named_with_what_was_found(kept: Kept) -> None:
    said = holdfast("doctor", "--archive", kept.archive)
    assert said.code == 0
    for check in (
        "disk space",
        "durability",
        "names",
        "clock",
        "locks",
        "leftovers",
        "catalogue",
        "last audit",
        "media",
    ):
        assert f"  {check}: " in said.out


def test_json_has_a_record_a_finding_with_level_and_remedy(kept: Kept) -> None:
    records = holdfast("doctor", "--archive", kept.archive, "--json").records
    assert {"fine", "notice"} >= {record["level"] for record in records}
    assert all(record["remedy"] for record in records if record["level"] != "fine")


def test_a_problem_ends_with_1_and_comes_with_its_remedy(kept: Kept) -> None:
    flip(content_of(kept.archive, kept.id("tape 7.mp4"), "masters/tape 7.mp4"))
    holdfast("audit", "--archive", kept.archive)
    said = holdfast("doctor", "--archive", kept.archive)
    assert said.code == 1
    at = next(n for n, line in enumerate(said.lines) if line.startswith("PROBLEM"))
    assert said.lines[at] == "PROBLEM  last audit: objects that failed their last check: 1"
    assert said.lines[at + 1].strip().startswith("Add the same files again")


def test_an_archive_in_memory_is_a_problem(made: Kept, quick_disk: Path) -> None:
    if not quick_disk.is_relative_to("/dev/shm"):
        pytest.skip("this machine has no file system in memory to try it on")
    holdfast("init", quick_disk / "a")
    said = holdfast("doctor", "--archive", quick_disk / "a")
    assert "PROBLEM  durability: this file system lives in memory" in said.lines
