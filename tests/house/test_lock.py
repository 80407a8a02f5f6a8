"""The lock pins what pyproject.toml asks for, and names nobody's package source."""

from __future__ import annotations

import re
import tomllib

from tests.house.tree import ROOT

PIN = re.compile(r"([a-z0-9-]+)==\d[\w.]*(?: ; .+)?")


def plain(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement)[0].lower().replace("_", "-")


def pins() -> list[str]:
    lines = (ROOT / "requirements" / "dev.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_every_line_of_the_lock_is_an_exact_version_and_nothing_else() -> None:
    assert [line for line in pins() if not PIN.fullmatch(line)] == []


def test_everything_that_the_project_asks_for_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = [name for group in project["project"]["optional-dependencies"].values() for name in group]
    asked = {*map(plain, project["project"]["dependencies"] + extras + project["dependency-groups"]["dev"])}
    assert asked - {"holdfast"} <= {plain(line) for line in pins()}, "write the lock anew: make lock"


def test_every_package_that_the_project_asks_for_has_its_reason_written_down() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = [name for group in project["project"]["optional-dependencies"].values() for name in group]
    reasons = (ROOT / "docs" / "decisions" / "0003-dependencies.md").read_text("utf-8")
    asked = {*map(plain, project["project"]["dependencies"] + extras + project["dependency-groups"]["dev"])}
    assert sorted(name for name in asked - {"holdfast"} if f"| {name} |" not in reasons) == []
