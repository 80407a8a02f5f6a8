"""The reference pages that no hand writes: one for each command, one for all error codes.

    python docs/generate.py           write docs/reference anew
    python docs/generate.py --check   write nothing; name what is stale and exit with 1 (`make test` does this)

The help text of a command and the sentences of an error class are the only source; to mend a page, mend those.
Pages that no longer have a command are removed.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from holdfast import errors

if TYPE_CHECKING:
    import click

REFERENCE = Path(__file__).resolve().parent / "reference"
COMMANDS = "commands"
WIDTH = 100  # of the help texts, whatever terminal this runs in
MADE = "<!-- Made by `make docs`; do not edit. -->\n"


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` only compare; 0 when every page is (now) right."""
    pages = wanted_pages()
    stale = stale_pages(pages)
    if "--check" in arguments:
        for name in stale:
            print(f"stale: docs/reference/{name}. Write it anew with: make docs", file=sys.stderr)
        return 1 if stale else 0
    for name in stale:
        write(name, pages.get(name))
    print(f"docs/reference: {len(pages)} pages, {len(stale)} written anew")
    return 0


def wanted_pages() -> dict[str, str]:
    """Every generated page by its path below docs/reference."""
    pages = {"errors.md": errors_page(), **command_pages()}
    return {"index.md": index_page(pages), **pages}


def index_page(pages: dict[str, str]) -> str:
    """The list of what there is to look up."""
    found = [f"- [{title}]({name})\n" for name, title in TITLES.items() if name in pages]
    return f"{MADE}# Reference\n\n{''.join(found)}"


TITLES = {f"{COMMANDS}/index.md": "Commands", "errors.md": "Errors and exit codes"}


def stale_pages(pages: dict[str, str]) -> list[str]:
    """The pages that are missing, differ from what they should be, or should no longer be there."""
    found = {path.relative_to(REFERENCE).as_posix() for path in (REFERENCE / COMMANDS).glob("*.md")}
    return sorted({name for name, text in pages.items() if existing(name) != text} | (found - pages.keys()))


def existing(name: str) -> str | None:
    """The page as it lies on disk, or None."""
    path = REFERENCE / name
    return path.read_text("utf-8") if path.exists() else None


def write(name: str, text: str | None) -> None:
    """Put a page there, or remove it (None)."""
    path = REFERENCE / name
    if text is None:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


# --------------------------------------------------------------------------------------------------- errors


def errors_page() -> str:
    """All error codes by family, with the three sentences of each."""
    families = [kind for kind in errors.HoldfastError.__subclasses__() if not kind.code]
    return "".join([MADE, ERRORS_HEAD, *map(exit_line, families), ERRORS_TAIL, *map(family_section, families)])


ERRORS_HEAD = """# Errors

Every error says what happened, what still holds, and what to do next. Its code never changes its meaning; the same
text is printed by `holdfast explain CODE`. With `--json` an error is an object with the keys `error` (the code),
`what`, `holds` and `next`. Words in *italics* below are filled in when it happens.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | done, but with findings: an audit or a doctor saw something, or some files of many could not be added |
"""

ERRORS_TAIL = """
A run that was stopped with Ctrl-C ends with 130. It may always be started again.
"""


def exit_line(family: type[errors.HoldfastError]) -> str:
    """One row of the table of exit codes."""
    return f"| {family.exit_code} | {first_sentence(family)} |\n"


def family_section(family: type[errors.HoldfastError]) -> str:
    """The heading of a family and an entry for each of its codes."""
    entries = "".join(error_entry(kind) for kind in errors.error_kinds(family))
    return f"\n## {family.__name__}: exit code {family.exit_code}\n\n{first_sentence(family)}\n{entries}"


def error_entry(kind: type[errors.HoldfastError]) -> str:
    """The entry of one code."""
    rows = [("What happened", kind.what), ("What still holds", kind.holds), ("What to do next", kind.next_step)]
    lines = "".join(f"- {label}: {in_italics(text)}\n" for label, text in rows)
    return f"\n### {kind.code} {kind.__name__}\n\n{first_sentence(kind)}\n\n{lines}"


def in_italics(template: str) -> str:
    """A sentence with its braces shown as words in italics."""
    shown = template.replace("{found!r}", "{found}")
    return shown.replace("{", "*").replace("}", "*")


def first_sentence(kind: type) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((kind.__doc__ or "").split("\n\n")[0].split())


# ------------------------------------------------------------------------------------------------- commands


def command_pages() -> dict[str, str]:
    """A page for each command, and a list of them."""
    commands = dict(every_command())
    if not commands:
        return {}
    rows = "".join(f"| [{name}]({name}.md) | {short_help(command)} |\n" for name, command in commands.items())
    listing = f"{MADE}# Commands\n\n| command | what it does |\n|---|---|\n{rows}"
    pages = {f"{COMMANDS}/{name}.md": command_page(name, command) for name, command in commands.items()}
    return {f"{COMMANDS}/index.md": listing, **pages}


def every_command() -> Iterator[tuple[str, click.Command]]:
    """The commands as `holdfast --help` lists them; hidden ones are left out."""
    os.environ["NO_COLOR"] = "1"
    group = root_group()
    if group is None:
        return
    context = group.make_context("holdfast", [], resilient_parsing=True)
    for name in sorted(group.list_commands(context)):
        command = group.get_command(context, name)
        if command is not None and not command.hidden:
            yield name, command


def root_group() -> click.Group | None:
    """The group behind `holdfast`, or None while there is no command line."""
    import click

    if importlib.util.find_spec("holdfast.cli.main") is None:
        return None
    module = importlib.import_module("holdfast.cli.main")
    return next(value for value in vars(module).values() if isinstance(value, click.Group))


def command_page(name: str, command: click.Command) -> str:
    """The page of one command: what it is for, and its help as the terminal shows it."""
    return f"{MADE}# holdfast {name}\n\n{short_help(command)}\n\n```text\n{help_text(name, command)}\n```\n"


def short_help(command: click.Command) -> str:
    """One line about a command, for a list."""
    return command.get_short_help_str(limit=200)


def help_text(name: str, command: click.Command) -> str:
    """What `holdfast NAME --help` prints, at a fixed width."""
    import click

    with click.Context(command, info_name=f"holdfast {name}", terminal_width=WIDTH, max_content_width=WIDTH) as context:
        return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
