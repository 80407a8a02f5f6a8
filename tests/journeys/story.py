"""Pages that are played: a story on the command line is read from a page, run in a shell, and compared.

In a page, a block of the kind `console` holds commands (lines that begin with `$ `, continued by `> `) and what they
print. Everything happens in one shell, in an empty home folder. A comment sets the stage before it is played:

    <!-- stage: videos -->

names a function of `stages.py`, which puts files into the home folder; nothing of it is seen by who reads the page.

What differs from run to run is matched, not compared: asset ids (the first time an id stands in a page it takes the
value that was printed, and keeps it), moments, the day after `since`, sizes, the first twelve characters of digests,
and `...`, which stands for anything in its line, or for any lines when it stands alone. The home folder is shown as
`~`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"^```console\n(?P<block>.*?)^```$|^<!-- stage: (?P<stage>\w+) -->$", re.MULTILINE | re.DOTALL)
_ID = re.compile(r"(?:\b|(?<=%3a))(?=[a-z]*\d)[0-9b-df-hj-km-np-tv-xz]{13}\b")
_VARIES = re.compile(
    rf"(?P<id>{_ID.pattern})"
    r"|(?P<moment>\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\dZ)?)"
    r"|(?P<day>(?<=since )\d{4}-\d\d-\d\d\b)"
    r"|(?P<month>\bjournal%3a\d{4}-\d\d\b)"
    r"|(?P<tuple>\bocfl/[0-9a-f]{3}/[0-9a-f]{3}/[0-9a-f]{3}/)"
    r"|(?P<size> +\d[\d.]* (?:B|KiB|MiB|bytes)\b)"
    r"|(?P<digest>\b(?=[a-f]*\d)[0-9a-f]{12}\b)"
    r"|(?P<any>\.\.\.)"
)
_PATTERNS = {
    "moment": r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\dZ)?",
    "day": r"\d{4}-\d\d-\d\d",
    "month": r"journal%3a\d{4}-\d\d",
    "tuple": r"ocfl/[0-9a-f]{3}/[0-9a-f]{3}/[0-9a-f]{3}/",
    "size": r" +\d[\d.]* (?:B|KiB|MiB|bytes)",
    "digest": r"[0-9a-f]{12}",
    "any": r".*",
}


@dataclass(frozen=True)
class Step:
    """One command of a page and the lines that it should print; or a stage to set."""

    command: str
    expected: tuple[str, ...] = ()
    stage: str = ""


def steps_of(text: str) -> Iterator[Step]:
    """The steps of a page, in order."""
    for found in _BLOCK.finditer(text):
        if found["stage"]:
            yield Step("", stage=found["stage"])
            continue
        command, lines = "", []
        for line in found["block"].splitlines():
            if line.startswith("$ "):
                if command:
                    yield Step(command, tuple(lines))
                command, lines = line[2:], []
            elif line.startswith("> ") and not lines:
                command += "\n" + line[2:]
            else:
                lines.append(line)
        yield Step(command, tuple(lines))


class Shell:
    """A shell in an empty home folder, which is told one command after the other."""

    MARK = "--- done ---"

    def __init__(self, home: Path) -> None:
        tools = home / ".tools"
        tools.mkdir()
        program = tools / "holdfast"
        program.write_text(f'#!/bin/sh\nexec {sys.executable} -c "from holdfast.cli.main import main; main()" "$@"\n')
        program.chmod(0o755)
        keep = {name: os.environ[name] for name in ("PYTHONPATH", "TMPDIR") if name in os.environ}
        path = f"{tools}:{os.environ['PATH']}"
        self._home = str(home)
        self._shell = subprocess.Popen(
            ["sh"],
            cwd=home,
            env={**keep, "HOME": str(home), "PATH": path, "LC_ALL": "C.UTF-8", "COLUMNS": "100"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )

    def told(self, command: str) -> list[str]:
        """What the command prints, stdout and stderr together."""
        assert self._shell.stdin is not None
        assert self._shell.stdout is not None
        self._shell.stdin.write(f"{command}\nheld=$?; echo '{self.MARK}'; (exit $held)\n")
        self._shell.stdin.flush()
        lines = []
        for line in self._shell.stdout:
            if line.rstrip("\n") == self.MARK:
                return lines
            lines.append(line.rstrip("\n").replace(self._home, "~"))
        raise AssertionError(f"the shell ended in: {command}")

    def close(self) -> None:
        """End it."""
        self._shell.communicate()


class Ids:
    """Which asset of this run each id of the page stands for."""

    def __init__(self) -> None:
        self._held: dict[str, str] = {}

    def put_in(self, command: str) -> str:
        """The command with the ids of this run; the beginning of an id that stands in the page counts too."""
        for written, real in self._held.items():
            for length in (13, 6, 4):
                command = re.sub(rf"\b{written[:length]}\b", real[:length], command)
        return command

    def fits(self, expected: str, printed: str) -> bool:
        """Whether a line is the expected one; ids that are met for the first time are remembered."""
        new: list[str] = []

        def pattern(match: re.Match[str]) -> str:
            kind = match.lastgroup or ""
            if kind != "id":
                return _PATTERNS[kind]
            if match[0] in self._held:
                return re.escape(self._held[match[0]])
            new.append(match[0])
            return f"({_ID.pattern})"

        parts, at = [], 0
        for match in _VARIES.finditer(expected):
            parts += [re.escape(expected[at : match.start()]), pattern(match)]
            at = match.end()
        found = re.fullmatch("".join([*parts, re.escape(expected[at:])]), printed)
        if found is None:
            return False
        self._held.update(zip(new, found.groups(), strict=True))
        return True


def difference(step: Step, printed: list[str], ids: Ids) -> str:
    """Where what was printed leaves the page; empty when it does not."""
    lines = list(printed)
    expected = list(step.expected)
    while expected:
        wanted = expected.pop(0)
        if wanted == "...":
            if not expected:
                return ""
            while lines and not ids.fits(expected[0], lines[0]):
                lines.pop(0)
        elif not lines or not ids.fits(wanted, lines.pop(0)):
            return f"$ {step.command}\nthe page says:\n  {wanted}\nprinted was:\n  " + "\n  ".join(printed)
    return f"$ {step.command}\nthe page does not say:\n  " + "\n  ".join(lines) if lines else ""
