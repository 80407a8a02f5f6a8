"""`holdfast comment`: the comments that the archive keeps, and withdrawing one."""

from __future__ import annotations

from pathlib import Path

import click

from holdfast.cli.opening import opened
from holdfast.cli.speak import Speaker, archive_option, json_option, visible


@click.group("comment")
def command() -> None:
    """List the comments on a work, and withdraw one.

    Comments come in at the site and enter the archive when a curator accepts them. One that is withdrawn is shown
    nowhere; the version before still has it, for an archive keeps what was published.
    """


@command.command("ls")
@click.argument("asset", metavar="ASSET")
@archive_option
@json_option
def ls(asset: str, archive_folder: Path | None, *, as_json: bool) -> int:
    """List the comments on an asset in the order in which they were written."""
    from fractions import Fraction

    from holdfast.actions.comments import comments_on
    from holdfast.model.time import clock

    speaker = Speaker(as_json=as_json)
    with opened(archive_folder) as archive:
        found = comments_on(archive, asset)
    for one in found:
        starts = [Fraction(at, 1_000_000) for at in (one.start_us, one.end_us) if at is not None]
        speaker.record(
            {
                "id": one.id,
                "asset": one.asset,
                "moment": "-".join(clock(at) for at in starts),
                "name": one.name,
                "language": one.language,
                "text": one.text,
                "written_at": one.written_at,
                "withdrawn_at": one.withdrawn_at or None,
            }
        )
        if one.withdrawn_at:
            speaker.say(f"{one.id}  withdrawn {one.withdrawn_at[:10]}")
            continue
        at = f"  at {clock(starts[0])}" if starts else ""
        speaker.say(f"{one.id}  {one.written_at[:10]}  {visible(one.name) or '-'}{at}\n  {visible(one.text)}")
    if not found:
        speaker.say("Nobody has commented on it yet.")
    return 0


@command.command("withdraw")
@click.argument("comment", metavar="COMMENT")
@click.option("--reason", required=True, metavar="TEXT", help="Why; it is kept with the withdrawal and not shown.")
@archive_option
@json_option
def withdraw(comment: str, reason: str, archive_folder: Path | None, *, as_json: bool) -> int:
    """Show a comment no longer. Its text and name stay in the version before, which only the store has."""
    from holdfast.actions import comments

    speaker = Speaker(as_json=as_json)
    with opened(archive_folder) as archive:
        archive.up_to_date_catalog()
        gone = comments.withdraw(archive, comment, reason=reason)
    assert gone.withdrawn is not None
    speaker.record({"id": gone.id, "asset": str(gone.asset), "withdrawn_at": gone.withdrawn.at})
    speaker.say(f"{gone.id}  withdrawn; holdfast comment ls {gone.asset} shows what is left")
    return 0
