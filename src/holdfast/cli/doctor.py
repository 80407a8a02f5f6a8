"""`holdfast doctor`: look for what could lose data, with remedies."""

from __future__ import annotations

from pathlib import Path

import click

from holdfast.cli.opening import opened
from holdfast.cli.speak import Speaker, archive_option, json_option, visible

MARKS = {"fine": "ok     ", "notice": "notice ", "problem": "PROBLEM"}


@click.command("doctor")
@archive_option
@json_option
def command(archive_folder: Path | None, *, as_json: bool) -> int:
    """Look at the disk, the file system, the clock, locks, leftovers, the catalogue and the age of audits.

    Exit code 0: nothing but notices. 1: a problem; each comes with its remedy.
    """
    from holdfast.actions.doctor import Level, doctor

    speaker = Speaker(as_json=as_json)
    with opened(archive_folder) as archive:
        findings = doctor(archive)
    for finding in findings:
        speaker.record(
            {"check": finding.check, "level": finding.level.value, "what": finding.what, "remedy": finding.remedy}
        )
        speaker.say(f"{MARKS[finding.level.value]}  {finding.check}: {visible(finding.what)}")
        if finding.remedy:
            speaker.say(f"           {visible(finding.remedy)}")
    return 1 if any(finding.level is Level.PROBLEM for finding in findings) else 0
