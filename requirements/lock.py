"""Writes requirements/dev.txt anew: every package that development needs, with the packages those need, pinned.

Run it as `make lock`. Names and ranges are read from pyproject.toml (dependencies, extras, the group `dev`); pip-tools,
installed for the moment into a folder that is thrown away, finds versions that fit together. Run it on the oldest
Python that we support: what it finds there also installs on the newer ones.

The lock names versions and nothing else: no index, no path. Where packages come from is the reader's own setting.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent / "pyproject.toml"
LOCK = HERE / "dev.txt"
HEADER = """\
# Everything that development needs, pinned. Made by `make lock`; do not edit.
# Ranges stand in pyproject.toml, a reason for each in docs/decisions/0003-dependencies.md.
"""
QUIET = ["--quiet", "--no-header", "--strip-extras", "--annotation-style=line"]
NAMELESS = ["--no-emit-index-url", "--no-emit-find-links", "--no-emit-trusted-host", "--no-emit-options"]


def wanted() -> list[str]:
    """The requirements that pyproject.toml names for development, our own package replaced by what it needs."""
    project = tomllib.loads(PROJECT.read_text("utf-8"))
    groups = project["project"]["optional-dependencies"].values()
    extras = [name for group in groups for name in group if not name.startswith("holdfast")]
    tools = [name for name in project["dependency-groups"]["dev"] if not name.startswith("holdfast")]
    return [*project["project"]["dependencies"], *extras, *tools]


def main() -> int:
    """Write the lock; the exit code is that of pip-compile, and a failure leaves the old lock in place."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / "bin" / "python")
        names, found = Path(folder) / "wanted.in", Path(folder) / "found.txt"
        names.write_text("\n".join(wanted()) + "\n", "utf-8")
        subprocess.run([python, "-m", "pip", "install", "--quiet", "pip-tools"], check=True)
        command = [python, "-m", "piptools", "compile", *QUIET, *NAMELESS, "--output-file", str(found), str(names)]
        if status := subprocess.run(command, check=False).returncode:
            return status
        pins = [line.partition("#")[0].rstrip() for line in found.read_text("utf-8").splitlines()]
        LOCK.write_text(HEADER + "".join(f"{pin}\n" for pin in pins if pin), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
