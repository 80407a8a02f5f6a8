"""`holdfast work`: make access copies that wait to be made."""

from __future__ import annotations

from pathlib import Path

import click

from holdfast.cli.opening import opened
from holdfast.cli.speak import Meter, Speaker, archive_option, json_option, visible


@click.command("work")
@click.option("--jobs", "workers", type=click.IntRange(1, 256), help="How many are made at once.")
@click.option("--retry", is_flag=True, help="Also try again what has failed before.")
@archive_option
@json_option
def command(workers: int | None, archive_folder: Path | None, *, retry: bool, as_json: bool) -> int:
    """Make posters, storyboards and renditions for watching, until nothing waits.

    They lie in cache/, may always be deleted, and are made again by this command. Safe to interrupt: what was being
    made is taken up again.

    Exit code 0: all are made. 1: some could not be made; they are named.
    """
    from holdfast.actions.work import Worked, work

    speaker = Speaker(as_json=as_json)

    def tell(one: Worked) -> None:
        speaker.record({"asset": one.asset, "file": one.file, "outcome": one.outcome, "error": one.error or None})
        speaker.say(f"{one.outcome:6}  {one.asset}  {visible(one.file)}")
        if one.error:
            speaker.say(f"        {visible(one.error)}")

    with opened(archive_folder) as archive, Meter(speaker, on_done=tell) as meter:
        report = work(archive, workers=workers, retry=retry, watch=meter)
    later = f", {report.waiting} wait for a later try" if report.waiting else ""
    speaker.say(f"{report.done} made, {report.failed} tries failed{later}")
    return 1 if report.failed or report.waiting else 0
