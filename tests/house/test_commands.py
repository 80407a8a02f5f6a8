"""One command, one file, one test file, one page. Nothing is asked of commands while there is no command line."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from docs.generate import deeds_of, every_command, root_group
from holdfast import errors
from tests.house.tree import ROOT, SOURCE, TESTS, project_files, shown

COMMANDS = dict(every_command())
DEEDS = dict(deed for name, command in COMMANDS.items() for deed in deeds_of(name, command) or [(name, command)])
NAMED = re.compile(r"\bholdfast ([a-z][a-z-]+)\b")

needs_commands = pytest.mark.skipif(not COMMANDS, reason="there is no command line yet")
each_deed = pytest.mark.parametrize("name", sorted(DEEDS))
each_command = pytest.mark.parametrize("name", sorted(COMMANDS))


def test_a_command_line_that_exists_has_commands() -> None:
    assert COMMANDS or root_group() is None


@each_command
def test_every_command_lives_in_a_file_of_its_name_and_has_a_test_file(name: str) -> None:
    module = name.replace("-", "_")
    assert any((SOURCE / "cli" / f"{spelled}.py").exists() for spelled in (module, f"{module}_")), "no file in cli/"
    assert (TESTS / "cli" / f"test_{module}.py").exists(), "no test file in tests/cli/"


@each_deed
def test_every_command_says_what_it_is_for_and_what_each_option_does(name: str) -> None:
    command = DEEDS[name]
    assert command.help
    assert command.get_short_help_str(200).rstrip().endswith(".")
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    assert [option.opts for option in options if not option.hidden and not option.help] == []


@each_deed
def test_every_command_speaks_json_and_takes_an_archive(name: str) -> None:
    spelled = {word for parameter in DEEDS[name].params for word in parameter.opts}
    assert "--json" in spelled
    assert "--archive" in spelled or name in WITHOUT_ARCHIVE


WITHOUT_ARCHIVE = {"init", "explain", "fingerprint", "compare"}  # it is made, talked of, or not needed


@needs_commands
def test_the_commands_that_errors_advise_exist() -> None:
    advised = {word for kind in errors.error_kinds() for word in NAMED.findall(kind.next_step + kind.holds)}
    assert advised <= COMMANDS.keys()


@needs_commands
def test_the_commands_that_pages_mention_exist() -> None:
    pages = [path for path in project_files() if path.suffix == ".md"]
    unknown = [
        f"{shown(path)}: holdfast {word}" for path in pages for word in command_words(path) if word not in COMMANDS
    ]
    assert unknown == []


def command_words(page: Path) -> list[str]:
    """The word after `holdfast` wherever a page shows code: between backticks, or on a line of a block."""
    text = page.read_text("utf-8")
    spans = re.findall(r"`(holdfast [^`\n]+)`", text)
    lines = re.findall(r"^(?:\$ |    |)(holdfast [a-z][^\n]*)$", text, flags=re.MULTILINE)
    return [match[1] for code in spans + lines if (match := re.match(r"holdfast ([a-z][a-z-]*)", code))]


@needs_commands
def test_help_answers_without_loading_what_only_deeds_need() -> None:
    script = "import sys; sys.argv = ['holdfast', '--help']\nfrom holdfast.cli.main import main\n"
    script += "import atexit; atexit.register(lambda: print(sorted(HEAVY & sys.modules.keys())))\n"
    script += "HEAVY = {'av', 'numpy', 'PIL', 'sqlalchemy', 'edtf', 'snowballstemmer', 'Stemmer', 'pysubs2'}\nmain()\n"
    run = subprocess.run(
        [sys.executable, "-c", script], env=os.environ, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.stdout.splitlines()[-1] == "[]", run.stderr
