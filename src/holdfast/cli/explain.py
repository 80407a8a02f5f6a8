"""`holdfast explain`: explain an error code."""

from __future__ import annotations

import click

from holdfast.cli.speak import Speaker, json_option
from holdfast.errors import UnknownCode, error_kinds


@click.command("explain")
@click.argument("code", required=False)
@json_option
def command(code: str | None, *, as_json: bool) -> int:
    """Explain an error code such as HF-D002, or list all codes."""
    speaker = Speaker(as_json=as_json)
    kinds = [kind for kind in error_kinds() if code is None or kind.code == code.upper()]
    if not kinds:
        raise UnknownCode(asked=code)
    for kind in kinds:
        story = (kind.__doc__ or "").strip()
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
        if code is None:
            speaker.say(f"{kind.code}  {story}")
        else:
            speaker.say(f"{kind.code} (exit code {kind.exit_code}): {story}\n\n  {kind.what}")
            speaker.say(f"  {kind.holds}\n  {kind.next_step}")
    return 0
