"""The command line in tests: run in this process, or as a real one, and what it said."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from holdfast.cli.main import main


@dataclass(frozen=True)
class Said:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """The lines of stdout."""
        return self.out.splitlines()

    @property
    def records(self) -> list[dict[str, Any]]:
        """The JSON objects on stdout, one a line; anything else there is an error of the test."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def error(self) -> dict[str, Any]:
        """The one JSON object on stderr."""
        value: dict[str, Any] = json.loads(self.err)
        return value


def holdfast(*words: object, stdin: bytes = b"", **environment: str) -> Said:
    """Run a command line in this process."""
    out, err = _stream(), _stream()
    with _environment(environment), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        held, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(stdin), "utf-8")
        try:
            main([os.fspath(word) if isinstance(word, Path) else str(word) for word in words])
        except SystemExit as end:
            code = end.code
        finally:
            sys.stdin = held
    return Said(int(code or 0), *(stream.buffer.getvalue().decode("utf-8") for stream in (out, err)))  # type: ignore[attr-defined]


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), "utf-8", newline="\n", write_through=True)


@contextlib.contextmanager
def _environment(changes: dict[str, str]) -> Iterator[None]:
    held = dict(os.environ)
    for name in ("HOLDFAST_ARCHIVE", "HOLDFAST_BY", "EDITOR", "VISUAL"):
        os.environ.pop(name, None)
    os.environ.update(changes)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(held)


# ------------------------------------------------------------------------------------------- real processes


def command(*words: object) -> list[str]:
    """The command line of a real process."""
    return [sys.executable, "-c", "from holdfast.cli.main import main; main()", *map(str, words)]


def started(*words: object) -> subprocess.Popen[str]:
    """A real process; its stdout and stderr are pipes of text."""
    return subprocess.Popen(
        command(*words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )


def ended(process: subprocess.Popen[str], after: signal.Signals | None = None, within_s: float = 120) -> Said:
    """Wait for a process, after sending it a signal if one is named."""
    if after is not None:
        process.send_signal(after)
    out, err = process.communicate(timeout=within_s)
    return Said(process.returncode, out, err)


def until(condition: Any, within_s: float = 60.0) -> None:
    """Wait until `condition()` is true; an AssertionError if it never is."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.01)


# ------------------------------------------------------------------------------------------------- archives


def copied(archive: Path, folder: Path) -> Path:
    """A copy of a made archive, at another place: what an archive is may not depend on where it lies."""
    shutil.copytree(archive, folder, symlinks=True)
    return folder


def inventory_of(archive: Path, asset: str) -> dict[str, Any]:
    """The inventory of an asset's object, read as anybody would."""
    value: dict[str, Any] = json.loads((object_of(archive, asset) / "inventory.json").read_text("utf-8"))
    return value


def object_of(archive: Path, asset: str) -> Path:
    """The folder of an asset's object, found by its name."""
    (found,) = archive.glob(f"ocfl/*/*/*/holdfast%3aasset%3a{asset}")
    return found


def content_of(archive: Path, asset: str, logical: str) -> Path:
    """Where the newest version of a logical path lies on the disk."""
    inventory = inventory_of(archive, asset)
    state = inventory["versions"][inventory["head"]]["state"]
    (digest,) = [digest for digest, paths in state.items() if logical in paths]
    return object_of(archive, asset) / inventory["manifest"][digest][0]


def flip(path: Path, at: int = 0) -> None:
    """Turn one bit of a file over."""
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file()
    }


def titles(archive: Path, *words: str) -> Sequence[str]:
    """The titles that `ls` lists."""
    return [record["title"] for record in holdfast("ls", "--archive", archive, "--json", *words).records]
