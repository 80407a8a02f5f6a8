"""Imports run downward only, and the nouns and formats have no hands."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import ROOT, SOURCE, modules, shown, syntax

# Rooms that a forbidding contract leaves free, because the forbidden thing lives there.
AT_HOME = {
    "What is for the web stays in show": {"cli", "show"},
    "The terminal's libraries stay in cli": {"cli", "testing"},
    "Only media knows FFmpeg": {"media"},
}

PURE_ROOMS = ("model", "formats", "errors.py")
HANDS = {"os", "shutil", "tempfile", "subprocess", "socket", "sqlite3", "urllib", "http", "ssl", "threading", "logging"}


def contracts() -> list[dict[str, object]]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]


def test_every_import_contract_holds() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([linter, "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_room_is_named_in_each_contract_that_forbids_something() -> None:
    rooms = {path.stem for path in SOURCE.iterdir() if (path / "__init__.py").exists() or path.suffix == ".py"}
    rooms -= {"__init__"}
    for contract in contracts():
        if contract["type"] != "forbidden":
            continue
        named = {str(module).removeprefix("holdfast.") for module in contract["source_modules"]}  # type: ignore[attr-defined]
        free = AT_HOME[str(contract["name"])]
        assert rooms - free <= named, f"add these to {contract['name']!r} in pyproject.toml: {rooms - free - named}"


def test_nouns_and_formats_touch_no_file_and_no_network() -> None:
    breaches = [
        f"{shown(path)}:{line} uses {what}"
        for path in modules()
        if path.relative_to(SOURCE).parts[0] in PURE_ROOMS
        for line, what in uses_of_hands(syntax(path))
    ]
    assert breaches == []


def uses_of_hands(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                yield from ((node.lineno, name.name) for name in node.names if name.name.split(".")[0] in HANDS)
            case ast.ImportFrom(module=str(name)) if name.split(".")[0] in HANDS:
                yield node.lineno, name
            case ast.ImportFrom(module="pathlib", names=names) if any(name.name == "Path" for name in names):
                yield node.lineno, "pathlib.Path (PurePosixPath is free to use)"
            case ast.Call(func=ast.Name(id="open")):
                yield node.lineno, "open()"


def test_a_breach_of_purity_would_be_seen() -> None:
    planted = ast.parse("import os.path\nfrom pathlib import Path\nfrom shutil import copy\nopen('x')\n")
    assert [line for line, _ in uses_of_hands(planted)] == [1, 2, 3, 4]
