"""How commands speak: results to stdout, warnings and errors to stderr; JSON lines when asked for.

Text from outside (titles, file names, messages of a site that is gone) never reaches a terminal as it is: control
characters and direction overrides could rewrite what the reader sees. People see them written out as `\\x1b`, programs
get them as JSON escapes, which mean the same text.

A reader who has seen enough (`holdfast add ... | head`) must not stop a deed: from then on nothing is printed, and the
deed goes on to its own exit code.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from holdfast.errors import HoldfastError

_Function = TypeVar("_Function", bound=Callable[..., Any])
_UNSAFE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_HARMLESS = "\u00ad\u200c\u200d"  # soft hyphens and joiners: part of the spelling in several scripts

USAGE_CODE = "HF-A000"  # of a request that click could not read
USAGE_EXIT = 2


def wants_json(arguments: Sequence[str]) -> bool:
    """Whether `--json` stands among the arguments (asked before they are parsed, for errors in parsing them)."""
    end = list(arguments).index("--") if "--" in arguments else len(arguments)
    return "--json" in arguments[:end]


def visible(text: object) -> str:
    """`text` with everything that a terminal would obey written out."""
    return "".join(_written_out(c) if _is_unsafe(c) else c for c in str(text))


def typed(path: object) -> str:
    """A path as it can be pasted into a shell."""
    return shlex.quote(visible(path))


def size(count: int) -> str:
    """A number of bytes for people: `3.2 GiB`."""
    value = float(count)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if abs(value) < 1024:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} TiB"


def counted(count: int, one: str, many: str) -> str:
    """The sentence for one, or the one for any other number, with `{n}` filled in."""
    return (one if count == 1 else many).format(n=f"{count:,}")


def _is_unsafe(character: str) -> bool:
    return unicodedata.category(character) in _UNSAFE and character not in _HARMLESS


def _written_out(character: str) -> str:
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def json_line(value: object) -> str:
    """`value` as one line of JSON in which nothing is left that a terminal would obey, or that is not Unicode."""
    text = json.dumps(value, ensure_ascii=False, default=_plain)
    return text if text.isprintable() else "".join(json.dumps(c)[1:-1] if _is_unsafe(c) else c for c in text)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return str(value)


class Speaker:
    """What a command says, in the form that was asked for."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.before_line: Callable[[], None] = _nothing  # a bar that is shown makes room here

    def say(self, text: str, *, err: bool = False) -> None:
        """Lines for people; nothing in JSON mode. Whatever a terminal would obey in them is written out."""
        if not self.as_json:
            self._print("\n".join(visible(line) for line in text.split("\n")), err=err)

    def record(self, value: dict[str, Any]) -> None:
        """A line for programs; printed in JSON mode only."""
        if self.as_json:
            self._print(json_line(value))

    def warn(self, text: str) -> None:
        """A warning for people, on stderr. Whoever warns gives programs the same in a record."""
        self.say(f"warning: {visible(text)}", err=True)

    def note(self, text: str) -> None:
        """Something that people should know and that is nobody's fault, on stderr."""
        self.say(f"note: {visible(text)}", err=True)

    def error(self, error: HoldfastError) -> None:
        """An error of the family, on stderr: what happened, what holds, what next."""
        self.trouble(error.as_json())

    def usage(self, error: click.ClickException) -> None:
        """A request that could not be read, in the words of the command line."""
        context = getattr(error, "ctx", None)
        path = context.command_path if context is not None else "holdfast"
        if self.as_json:
            self.trouble(
                {
                    "error": USAGE_CODE,
                    "what": error.format_message(),
                    "holds": "Nothing was changed.",
                    "next": f"{path} --help",
                }
            )
        elif type(error).__name__ == "NoArgsIsHelpError":  # its message is the help; click before 8.2 has no such class
            self._print(error.format_message(), err=True)
        else:
            message = "\n".join(visible(line) for line in error.format_message().expandtabs(4).splitlines())
            self._print(f"{path}: {message}\n  Nothing was changed.\n  {path} --help", err=True)

    def trouble(self, told: dict[str, str]) -> None:
        """The three sentences of an error on stderr: one JSON object, or three lines."""
        if self.as_json:
            self._print(json_line(told), err=True)
        else:
            lines = [*f"{told['error']}: {told['what']}".split("\n"), told["holds"], told["next"]]
            self._print("\n  ".join(visible(line) for line in lines), err=True)

    def _print(self, text: str, *, err: bool = False) -> None:
        self.before_line()
        print_line(text, sys.stderr if err else sys.stdout)


def _nothing() -> None:
    """There is no bar."""


def print_line(text: str, stream: Any) -> None:
    """Print a line at once; when nobody reads the stream any more, do nothing."""
    try:
        click.echo(text.encode("utf-8", "backslashreplace") if _is_narrow(stream) else text, file=stream)
    except BrokenPipeError:
        hush(stream)


def _is_narrow(stream: Any) -> bool:
    """Whether the stream cannot write every character: then UTF-8 is what it gets (LC_ALL=C, a Windows pipe)."""
    return (getattr(stream, "encoding", None) or "utf-8").lower().replace("-", "") != "utf8"


def hush(stream: Any) -> None:
    """Send what is still printed to a stream that nobody reads any more to nowhere."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


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
