"""How commands speak: results to stdout, progress and warnings to stderr; JSON lines when asked for; plain when piped.

Text from outside (titles, file names, messages of a site that is gone) never reaches a terminal as it is: control
characters and direction overrides could rewrite what the reader sees, so they are shown as `\\x1b`.
"""

from __future__ import annotations

import json
import sys
import time
import unicodedata
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

import click

from holdfast.errors import HoldfastError

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_Function = TypeVar("_Function", bound=Callable[..., Any])
_UNSAFE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_HARMLESS = "\u200c\u200d"  # joiners: part of the spelling in several scripts
PLAIN_EVERY_S = 15


def wants_json(arguments: Sequence[str]) -> bool:
    """Whether `--json` stands among the arguments (asked before they are parsed, for errors in parsing them)."""
    end = list(arguments).index("--") if "--" in arguments else len(arguments)
    return "--json" in arguments[:end]


def visible(text: object) -> str:
    """`text` with everything that a terminal would obey written out."""
    return "".join(_written_out(c) for c in str(text))


def _written_out(character: str) -> str:
    if unicodedata.category(character) not in _UNSAFE or character in _HARMLESS:
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def size(count: int) -> str:
    """A number of bytes for people: `3.2 GiB`."""
    value = float(count)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if abs(value) < 1024:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} TiB"


class Speaker:
    """What a command says, in the form that was asked for."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

    def say(self, text: str, *, err: bool = False) -> None:
        """A line for people; not printed to stdout in JSON mode. `text` is ours: quote what is not by `visible`."""
        if err or not self.as_json:
            click.echo(text, err=err)

    def record(self, value: dict[str, Any]) -> None:
        """A line for programs; printed in JSON mode only."""
        if self.as_json:
            click.echo(json.dumps(value, ensure_ascii=False, default=_plain).encode("utf-8", "replace"))

    def warn(self, text: str) -> None:
        """A warning, on stderr."""
        click.echo(f"warning: {visible(text)}", err=True)

    def error(self, error: HoldfastError) -> None:
        """An error of the family, on stderr: what happened, what holds, what next."""
        if self.as_json:
            click.echo(json.dumps(error.as_json(), ensure_ascii=False).encode("utf-8", "replace"), err=True)
            return
        what, holds, next_step = (visible(sentence) for sentence in error.sentences())
        click.echo(f"{error.code}: {what}\n  {holds}\n  {next_step}", err=True)

    def usage(self, error: click.ClickException) -> None:
        """An error in the words of the command line."""
        if self.as_json:
            value = {
                "error": "HF-A000",
                "what": error.format_message(),
                "holds": "Nothing was changed.",
                "next": "--help",
            }
            click.echo(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"), err=True)
        else:
            error.show()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return str(value)


# ---------------------------------------------------------------------------------------------------- options


def archive_option(function: _Function) -> _Function:
    """`--archive DIR`, as every command but `init` and `explain` has it."""
    return click.option(
        "--archive",
        "archive_folder",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="The archive; else $HOLDFAST_ARCHIVE, else the one that the current folder lies in.",
    )(function)


def json_option(function: _Function) -> _Function:
    """`--json`, as every command has it."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a line.")(function)


# --------------------------------------------------------------------------------------------------- progress


class Meter:
    """Shows how a deed goes: a bar with rate and time left on a terminal, a line now and then elsewhere.

    Fits `actions.watch.Watch`. Use it as a context.
    """

    def __init__(self, speaker: Speaker, *, on_done: Callable[[Any], None] | None = None) -> None:
        self._speaker = speaker
        self._on_done = on_done
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._is_terminal = sys.stderr.isatty()
        self._what, self._items, self._size = "", None, None  # type: tuple[str, int | None, int | None]
        self._count = self._bytes = 0
        self._begun = self._told = time.monotonic()

    def __enter__(self) -> Meter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end_bar()

    def begin(self, what: str, *, items: int | None = None, size_bytes: int | None = None) -> None:
        """A stage of the work starts."""
        self._end_bar()
        self._what, self._items, self._size = what, items, size_bytes
        self._count = self._bytes = 0
        self._begun = self._told = time.monotonic()
        if self._is_terminal and not self._speaker.as_json:
            self._start_bar()

    def at(self, name: str) -> None:
        """Work on this item begins."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, name=visible(name)[-40:])

    def advance(self, size_bytes: int) -> None:
        """So many more bytes are done."""
        self._bytes += size_bytes
        if self._bar is not None and self._task is not None:
            if self._size is not None:
                self._bar.advance(self._task, size_bytes)
            self._bar.update(self._task, bytes=size(self._bytes))
        else:
            self._tell_now_and_then()

    def done(self, result: object) -> None:
        """One item is done."""
        self._count += 1
        if self._bar is not None and self._task is not None:
            if self._size is None:
                self._bar.advance(self._task, 1)
            self._bar.update(self._task, count=self._count)
        else:
            self._tell_now_and_then()
        if self._on_done is not None and result is not None:
            self._on_done(result)

    def note(self, text: str) -> None:
        """Something that people should know."""
        self._speaker.say(f"note: {visible(text)}", err=True)

    def _start_bar(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

        columns: list[Any] = [TextColumn("{task.description}"), BarColumn(bar_width=24)]
        columns.append(TextColumn("{task.fields[count]}" + (f"/{self._items}" if self._items is not None else "")))
        columns.append(TextColumn("{task.fields[bytes]} {task.fields[rate]}"))
        columns += [TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn()]
        columns.append(TextColumn("{task.fields[name]}", markup=False))
        self._bar = Progress(
            *columns, console=Console(stderr=True), transient=True, redirect_stdout=sys.stdout.isatty()
        )
        total = self._size if self._size is not None else self._items
        self._task = self._bar.add_task(self._what, total=total, count=0, bytes="", rate="", name="")
        self._bar.start()

    def _end_bar(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = self._task = None

    def _tell_now_and_then(self) -> None:
        moment = time.monotonic()
        if self._speaker.as_json or moment - self._told < PLAIN_EVERY_S:
            return
        self._told = moment
        of = f" of {self._items}" if self._items is not None else ""
        left = ""
        if self._size and self._bytes > 0:
            seconds = (moment - self._begun) * (self._size - self._bytes) / self._bytes
            left = f", about {max(1, round(seconds / 60))} min left"
        rate = size(round(self._bytes / max(0.001, moment - self._begun)))
        done = f", {size(self._bytes)} at {rate}/s" if self._bytes else ""
        self._speaker.say(f"{self._what}: {self._count}{of}{done}{left}", err=True)
