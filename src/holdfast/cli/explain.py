"""`holdfast explain`: explain an error code."""

from __future__ import annotations

import click

from holdfast.cli.speak import Speaker, json_option
from holdfast.errors import HoldfastError, UnknownCode, error_kinds


@click.command("explain")
@click.argument("code", required=False)
@json_option
def command(code: str | None, *, as_json: bool) -> int:
    """Explain an error code such as HF-D002 or a finding of an audit such as E092, or list all error codes."""
    speaker = Speaker(as_json=as_json)
    wanted = code.upper() if code else None
    kinds = [kind for kind in error_kinds() if wanted in (None, kind.code)]
    for kind in kinds:
        _tell(speaker, kind, in_full=code is not None)
    if not kinds and not _tell_finding(speaker, wanted or ""):
        raise UnknownCode(asked=code)
    return 0


def _tell(speaker: Speaker, kind: type[HoldfastError], *, in_full: bool) -> None:
    story = " ".join((kind.__doc__ or "").split())
    speaker.record(
        {
            "code": kind.code,
            "name": kind.__name__,
            "exit_code": kind.exit_code,
            "meaning": story,
            "what": kind.what,
            "holds": kind.holds,
            "next": kind.next_step,
        }
    )
    if in_full:
        what, holds, next_step = (_readable(text) for text in (kind.what, kind.holds, kind.next_step))
        speaker.say(f"{kind.code} (exit code {kind.exit_code}): {story}\n\n  {what}\n  {holds}\n  {next_step}")
    else:
        speaker.say(f"{kind.code}  {story}")


class _StandIns(dict[str, str]):
    """A word in capitals for each value that an error of its kind will have, as in the usage of a command."""

    def __missing__(self, name: str) -> str:
        return name.upper().replace("_", "-")


def _readable(template: str) -> str:
    """A sentence of an error, with stand-ins for what only happens: `FILE of OBJECT-ID is damaged`."""
    return template.replace("!r", "").format_map(_StandIns(hint=""))


def _tell_finding(speaker: Speaker, code: str) -> bool:
    """A code of the OCFL specification, as audits print it; False if it is none."""
    from holdfast.ocfl.codes import UNREADABLE, link, sentence

    try:
        meaning = sentence(code)
    except KeyError:
        return False
    speaker.record({"code": code, "name": None, "exit_code": None, "meaning": meaning, "link": link(code) or None})
    kind = {UNREADABLE[0]: "Holdfast", "W": "OCFL 1.1, should", "E": "OCFL 1.1, must"}[code[0]]
    speaker.say(f"{code} ({kind}): {meaning}" + (f"\n  {link(code)}" if link(code) else ""))
    return True
