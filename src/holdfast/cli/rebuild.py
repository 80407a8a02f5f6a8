"""`holdfast rebuild`: make the catalogue anew from the disk alone."""

from __future__ import annotations

from pathlib import Path

import click

from holdfast.cli.meter import Meter
from holdfast.cli.opening import opened
from holdfast.cli.speak import Speaker, archive_option, counted, json_option, size, visible


@click.command("rebuild")
@archive_option
@json_option
def command(archive_folder: Path | None, *, as_json: bool) -> int:
    """Make the catalogue anew from what lies in ocfl/. Nothing there is touched; searches go on meanwhile.

    Exit code 0: every object was understood. 1: some were not; they are named.
    """
    from holdfast.actions.rebuild import rebuild

    speaker = Speaker(as_json=as_json)
    with opened(archive_folder) as archive, Meter(speaker) as meter:
        rebuilt = rebuild(archive, watch=meter)
    totals = rebuilt.totals
    speaker.record(
        {
            "assets": totals.assets,
            "objects": totals.objects,
            "size_bytes": totals.size_bytes,
            "faults": [{"object": object_id, "fault": fault} for object_id, fault in rebuilt.faults],
        }
    )
    for object_id, fault in rebuilt.faults:
        speaker.say(f"not understood: {visible(object_id)}: {visible(fault)}")
    assets = counted(totals.assets, "1 asset", "{n} assets")
    objects = counted(totals.objects, "1 object", "{n} objects")
    speaker.say(f"{assets} in {objects}, {size(totals.size_bytes)}")
    return 1 if rebuilt.faults else 0
