"""`holdfast verify-offline`: write a script that checks the archive without Holdfast."""

from __future__ import annotations

from pathlib import Path

import click

from holdfast.cli.opening import opened
from holdfast.cli.speak import Speaker, archive_option, json_option, typed, visible


@click.command("verify-offline")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where to; else into the archive's folder.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@archive_option
@json_option
def command(output: Path | None, archive_folder: Path | None, *, force: bool, as_json: bool) -> int:
    """Write a small shell script with which anybody checks the whole archive.

    It needs sha512sum (or shasum) and the tools that every Unix has; neither Holdfast nor Python. It lies in the
    archive's folder unless another place is named, and travels with a copy of it.
    """
    from holdfast.actions.verify_offline import verify_offline

    speaker = Speaker(as_json=as_json)
    with opened(archive_folder) as archive:
        script = verify_offline(archive, output, force=force)
        folder = archive.folder
    speaker.record({"script": str(script)})
    speaker.say(f"Wrote {visible(script)}")
    speaker.say(f"Run it on any machine that sees the archive: sh {typed(script)} {typed(folder)}")
    return 0
