"""`holdfast ls`: list the assets."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import click

from holdfast.cli.opening import opened
from holdfast.cli.speak import Meter, Speaker, archive_option, json_option, size, visible


@click.command("ls")
@click.option("--status", type=click.Choice(["held", "held in part", "lost"]), help="Only assets of this status.")
@click.option("--tag", help="Only assets with exactly this tag.")
@click.option("--collection", help="Only assets of exactly this collection.")
@click.option("--lang", "language", help="Titles in this language where there are any.")
@archive_option
@json_option
def command(
    status: str | None,
    tag: str | None,
    collection: str | None,
    language: str | None,
    archive_folder: Path | None,
    *,
    as_json: bool,
) -> int:
    """List the assets in the order in which they came."""
    from holdfast.actions.ls import ls
    from holdfast.model.time import clock, seconds

    speaker = Speaker(as_json=as_json)
    with opened(archive_folder) as archive, Meter(speaker) as meter:
        lines = ls(
            archive,
            status=status,
            tag=tag,
            collection=collection,
            languages=(language,) if language else (),
            watch=meter,
        )
    for line in lines:
        duration = Fraction(line.duration_us, 1_000_000) if line.duration_us is not None else None
        speaker.record(
            {
                "asset": line.asset,
                "title": line.title,
                "status": line.status,
                "access": line.access,
                "files": list(line.files),
                "duration": seconds(duration) if duration is not None else None,
                "size_bytes": line.size_bytes,
                "tags": list(line.tags),
                "warnings": line.warnings,
                "created_at": line.created_at,
            }
        )
        mark = "!" if line.warnings else " "
        length = clock(duration) if duration is not None else "-"
        speaker.say(
            f"{line.asset}  {line.status:8} {mark} {length:>8}  {size(line.size_bytes):>10}  {visible(line.title)}"
        )
    if lines:
        total = sum(line.size_bytes for line in lines)
        speaker.say(f"{len(lines)} assets, {size(total)}")
    else:
        speaker.say("No assets. Add some: holdfast add PATH...")
    return 0
