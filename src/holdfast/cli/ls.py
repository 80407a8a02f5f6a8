"""`holdfast ls`: list the assets."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from holdfast.cli.meter import Meter
from holdfast.cli.opening import opened
from holdfast.cli.speak import Speaker, archive_option, counted, json_option, size, visible

if TYPE_CHECKING:
    from holdfast.catalog.lists import AssetLine


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
    """List the assets in the order in which they came.

    A line has the id, the status, a ! if something about the file was noticed (holdfast show tells what), the length,
    the size and the title.
    """
    from holdfast.actions.ls import ls

    speaker = Speaker(as_json=as_json)
    languages = (language,) if language else ()
    with opened(archive_folder) as archive, Meter(speaker) as meter:
        lines = ls(archive, status=status, tag=tag, collection=collection, languages=languages, watch=meter)
    widest = max((len(line.status) for line in lines), default=0)
    for line in lines:
        speaker.record(line.as_record())
        speaker.say(_as_text(line, widest))
    if lines:
        total = size(sum(line.size_bytes for line in lines))
        speaker.say(f"{counted(len(lines), '1 asset', '{n} assets')}, {total}")
    elif status or tag or collection:
        speaker.say("No asset is like that.")
    else:
        speaker.say("There are no assets yet. Add some: holdfast add PATH...")
    return 0


def _as_text(line: AssetLine, widest: int) -> str:
    from holdfast.model.time import clock

    mark = "!" if line.warnings else " "
    length = clock(Fraction(line.duration_us, 1_000_000)) if line.duration_us is not None else "-"
    title = visible(line.title)
    return f"{line.asset}  {line.status:{widest}} {mark} {length:>8}  {size(line.size_bytes):>10}  {title}"
