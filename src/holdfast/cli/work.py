"""`holdfast work`: make access copies and fingerprints that wait to be made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from holdfast.cli.meter import Meter
from holdfast.cli.opening import opened
from holdfast.cli.speak import Speaker, archive_option, counted, json_option, visible

if TYPE_CHECKING:
    from holdfast.actions.work import Worked

WORDS = {"done": "made"}


@click.command("work")
@click.option("--jobs", "workers", type=click.IntRange(1, 256), help="How many are made at once.")
@click.option("--retry", is_flag=True, help="Also try again what has failed before.")
@archive_option
@json_option
def command(workers: int | None, archive_folder: Path | None, *, retry: bool, as_json: bool) -> int:
    """Make posters, storyboards and renditions for watching, and the fingerprints of films that have none.

    Copies lie in cache/, may always be deleted, and are made again by this command; fingerprints are kept with their
    films. Safe to interrupt: what was being made is taken up again. A film that cannot be decoded is named, left in
    peace by later runs, and tried again with --retry.

    Exit code 0: all that was due is made. 1: something could not be made in this run, or waits for another try.
    """
    from holdfast.actions.work import work

    speaker = Speaker(as_json=as_json)
    with opened(archive_folder) as archive, Meter(speaker, on_done=lambda one: _tell(speaker, one)) as meter:
        report = work(archive, workers=workers, retry=retry, watch=meter)
    words = [counted(report.done, "1 access copy made", "{n} access copies made")]
    words += [f"{report.fingerprinted:,} fingerprinted"] if report.fingerprinted else []
    words += [f"{report.failed:,} could not be made"] if report.failed else []
    words += [counted(report.waiting, "1 waits for another try", "{n} wait for another try")] if report.waiting else []
    speaker.say(", ".join(words))
    if report.waiting:
        speaker.say("Later: holdfast work")
    elif report.given_up:
        one, many = (
            "1 was given up. Once more: holdfast work --retry",
            "{n} were given up. Once more: holdfast work --retry",
        )
        speaker.say(counted(report.given_up, one, many))
    return 1 if report.failed or report.waiting else 0


def _tell(speaker: Speaker, one: Worked) -> None:
    record = {"asset": one.asset, "file": one.file, "made": one.made, "outcome": one.outcome}
    speaker.record(record | {"error": one.error or None})
    of = " (fingerprint)" if one.made == "fingerprint" else ""
    speaker.say(f"{WORDS.get(one.outcome, one.outcome):6}  {one.asset}  {visible(one.file)}{of}")
    if one.error:
        speaker.say(f"        {visible(one.error)}")
