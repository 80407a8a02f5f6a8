"""The reference that no hand writes: a page for each command, one for all error codes, the JSON Schemas of our formats.

    python docs/generate.py           write what is missing or has changed
    python docs/generate.py --check   write nothing; name what is stale and exit with 1 (`make test` does this)

The help text of a command, the sentences of an error class and the types of a record are the only source; to mend a
page, mend those. Pages whose source is gone are removed.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import pkgutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from holdfast import errors, formats

if TYPE_CHECKING:
    import click

DOCS = Path(__file__).resolve().parent
INDEX, ERRORS, COMMANDS, FORMATS = "reference/index.md", "reference/errors.md", "reference/commands", "formats"
LISTING = f"{COMMANDS}.md"  # beside the folder, for one of the commands is called index
WIDTH = 100  # of the help texts, whatever terminal this runs in
MADE = "<!-- Made by `make docs`; do not edit. -->\n"


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` only compare; 0 when every page is (now) right."""
    pages = wanted_pages()
    stale = stale_pages(pages)
    if "--check" in arguments:
        for name in stale:
            print(f"stale: docs/{name}. Write it anew with: make docs", file=sys.stderr)
        return 1 if stale else 0
    for name in stale:
        write(name, pages.get(name))
    print(f"docs: {len(pages)} generated pages, {len(stale)} written anew")
    return 0


def wanted_pages() -> dict[str, str]:
    """Every generated page by its path below docs."""
    pages = {ERRORS: errors_page(), **command_pages(), **schema_pages()}
    return {INDEX: index_page(pages), **pages}


def stale_pages(pages: dict[str, str]) -> list[str]:
    """The pages that are missing, differ from what they should be, or should no longer be there."""
    places = [*(DOCS / COMMANDS).glob("*.md"), *(DOCS / FORMATS).glob("*.schema.json")]
    found = {path.relative_to(DOCS).as_posix() for path in places}
    return sorted({name for name, text in pages.items() if existing(name) != text} | (found - pages.keys()))


def existing(name: str) -> str | None:
    """The page as it lies on disk, or None."""
    path = DOCS / name
    return path.read_text("utf-8") if path.exists() else None


def write(name: str, text: str | None) -> None:
    """Put a page there, or remove it (None)."""
    path = DOCS / name
    if text is None:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def index_page(pages: dict[str, str]) -> str:
    """The list of what there is to look up."""
    titles = {LISTING: "Commands", ERRORS: "Errors and exit codes"}
    titles |= {name: f"JSON Schema: {json.loads(pages[name])['title']}" for name in pages if name.endswith(".json")}
    lines = [f"- [{title}]({os.path.relpath(name, 'reference')})\n" for name, title in titles.items() if name in pages]
    return f"{MADE}# Reference\n\n{''.join(lines)}"


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
    rows = "".join(f"| [{name}](commands/{name}.md) | {short_help(command)} |\n" for name, command in commands.items())
    listing = f"{MADE}# Commands\n\n| command | what it does |\n|---|---|\n{rows}"
    pages = {f"{COMMANDS}/{name}.md": command_page(name, command) for name, command in commands.items()}
    return {LISTING: listing, **pages}


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
    """The page of one command: what it is for, and its help as the terminal shows it; of a group also each deed's."""
    deeds = "".join(f"\n## {words}\n\n{help_block(words, deed)}" for words, deed in deeds_of(name, command))
    return f"{MADE}# holdfast {name}\n\n{short_help(command)}\n\n{help_block(name, command)}{deeds}"


def deeds_of(name: str, command: click.Command) -> list[tuple[str, click.Command]]:
    """The deeds of a group with all words of each, `found add`; none for a command that is no group."""
    deeds: dict[str, click.Command] = getattr(command, "commands", {})
    return [(f"{name} {word}", deed) for word, deed in sorted(deeds.items())]


def help_block(name: str, command: click.Command) -> str:
    """The help of a command, as a block of a page."""
    return f"```text\n{help_text(name, command)}\n```\n"


def short_help(command: click.Command) -> str:
    """One line about a command, for a list."""
    return command.get_short_help_str(limit=200)


def help_text(name: str, command: click.Command) -> str:
    """What `holdfast NAME --help` prints, at a fixed width."""
    import click

    group = root_group()
    settings = group.context_settings if group is not None else {}  # such as -h, which click inherits from the program
    wide = {**settings, "terminal_width": WIDTH, "max_content_width": WIDTH}
    with click.Context(command, info_name=f"holdfast {name}", **wide) as context:
        return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


# -------------------------------------------------------------------------------------------------- formats


def schema_pages() -> dict[str, str]:
    """The JSON Schema of every format: what each `..._schema()` in holdfast.formats gives."""
    schemas = {name.removesuffix("_schema"): make() for name, make in every_schema()}
    return {
        f"{FORMATS}/{name}.schema.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        for name, schema in sorted(schemas.items())
    }


def every_schema() -> Iterator[tuple[str, Callable[[], dict[str, Any]]]]:
    """The functions that give a schema, by name."""
    for found in pkgutil.iter_modules(formats.__path__):
        module = importlib.import_module(f"holdfast.formats.{found.name}")
        for name, value in vars(module).items():
            if name.endswith("_schema") and getattr(value, "__module__", "") == module.__name__ and name[0] != "_":
                yield name, value


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
