"""What the house tests look at: the files of the project, as git knows them, and their syntax trees."""

from __future__ import annotations

import ast
import functools
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "holdfast"
TESTS = ROOT / "tests"


@functools.cache
def project_files() -> tuple[Path, ...]:
    """Every file that is, or would be, committed; without git, every file outside hidden and built folders."""
    if shutil.which("git") and (ROOT / ".git").exists():
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
        return tuple(path for path in (ROOT / name for name in sorted(set(names)) if name) if path.is_file())
    return tuple(path for path in sorted(ROOT.rglob("*")) if path.is_file() and not _is_hidden(path))


def _is_hidden(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    return any(part.startswith(".") or part in ("__pycache__", "build", "dist") for part in parts)


def modules() -> list[Path]:
    """Every Python file of the package."""
    return [path for path in project_files() if path.suffix == ".py" and path.is_relative_to(SOURCE)]


def test_modules() -> list[Path]:
    """Every test file."""
    return [path for path in project_files() if path.is_relative_to(TESTS) and path.match("test_*.py")]


@functools.cache
def syntax(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def shown(path: Path) -> str:
    """A path as people name it: from the root of the project."""
    return path.relative_to(ROOT).as_posix()
