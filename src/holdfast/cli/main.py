"""The command `holdfast`: finds the file of the command that was asked for, and turns errors into exit codes.

Exit codes: 0 done; 1 done, and something needs attention (an audit found damage, a file could not be kept);
2 the request cannot be carried out; 3 not found; 4 in use; 5 the storage failed; 6 damaged; 70 a fault in Holdfast;
130 interrupted.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

import holdfast
from holdfast.cli.speak import USAGE_EXIT, Speaker, hush, wants_json
from holdfast.errors import HoldfastError

# In the order of their use; each stands in the file of its name (`-` written as `_`).
COMMANDS = {
    "init": "Make an archive.",
    "add": "Keep files and folders.",
    "ls": "List the assets.",
    "show": "Show everything that is known of an asset.",
    "search": "Search titles, descriptions and what was said.",
    "get": "Export kept files, verified.",
    "describe": "Edit what is said of an asset.",
    "audit": "Check every byte against its digest.",
    "fingerprint": "Write down what films look and sound like.",
    "identify": "Tell which works films show, and which seconds of them.",
    "compare": "Tell which seconds of one film are in another.",
    "lost": "Register works that are lost, and declare them so.",
    "found": "Keep copies that turned up, and decide what they show.",
    "restore": "Put lost works together again from found copies.",
    "coverage": "Show which minute comes from which copy, and what is missing.",
    "wanted": "List what would help most to be found.",
    "piece": "Keep posts, exhibitions and programmes.",
    "comment": "List the comments on a work, and withdraw one.",
    "serve": "Show the archive as a site.",
    "desk": "Give the site's accounts their roles.",
    "index": "See, check or renew the index of fingerprints.",
    "work": "Make access copies and fingerprints that wait to be made.",
    "doctor": "Look for what could lose data, with remedies.",
    "rebuild": "Make the catalogue anew from the disk alone.",
    "verify-offline": "Write a script that checks the archive without Holdfast.",
    "explain": "Explain an error code.",
}
FAULT_EXIT = 70
INTERRUPTED_EXIT = 130
FAULT = {
    "error": "fault",
    "what": "This is a fault in Holdfast; please report these lines.",
    "holds": "What was reported as kept is kept.",
    "next": "Run the command again; holdfast doctor and holdfast audit tell how the archive stands.",
}
INTERRUPTED = {
    "error": "interrupted",
    "what": "The command was stopped.",
    "holds": "What was reported as done is done, and nothing is half done.",
    "next": "Run the same command again to go on.",
}


class Commands(click.Group):
    """Loads a command's module only when it is called, so that `--help` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """All of them, in the order of their use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command from the module of its name."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"holdfast.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list in `--help`, from the table above: no command is loaded for it."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, and with the nearest command named after a typing error."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            if not near:
                raise
            raise click.UsageError(f"{error.message} Did you mean: holdfast {near[0]}?", ctx) from None


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with: holdfast init DIR. Every command has --help and --json.",
)
@click.version_option(holdfast.__version__, "--version", prog_name="holdfast")
def program() -> None:
    """A video archive that no single custodian can lose.

    The archive is the one named with --archive DIR after the command, else $HOLDFAST_ARCHIVE, else the one that the
    current folder lies in.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the program; ends the process with its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    code = run(given, Speaker(as_json=wants_json(given)))
    try:
        sys.stdout.flush()
    except BrokenPipeError:  # `holdfast ls | head`: the reader has seen enough
        hush(sys.stdout)
    sys.exit(code)


def run(given: list[str], speaker: Speaker) -> int:
    """Carry out a command line; every error is told by `speaker`. Gives the exit code."""
    try:
        result: Any = program.main(given, prog_name="holdfast", standalone_mode=False)
    except HoldfastError as error:
        speaker.error(error)
        return error.exit_code
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        speaker.usage(error)
        return USAGE_EXIT
    except (KeyboardInterrupt, click.Abort):
        if sys.stderr.isatty():
            speaker.say("", err=True)  # the terminal has written ^C
        speaker.trouble(INTERRUPTED)
        return INTERRUPTED_EXIT
    except Exception:  # noqa: BLE001  # a fault of ours: say so, with all that its report needs
        import traceback

        speaker.trouble(FAULT | {"what": f"{FAULT['what']}\n{traceback.format_exc().rstrip()}"})
        return FAULT_EXIT
    return result if isinstance(result, int) else 0
