"""`holdfast get`: export kept files, verified."""

from __future__ import annotations

from pathlib import Path

import click

from holdfast.cli.opening import opened
from holdfast.cli.speak import Meter, Speaker, archive_option, json_option, size, visible


@click.command("get")
@click.argument("asset", metavar="ASSET")
@click.argument("files", metavar="[FILE]...", nargs=-1)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="A folder, or the name for a single file.")
@click.option("--all", "everything", is_flag=True, help="Everything in the object: masters, record, captions, events.")
@click.option("--version", metavar="vN", help="As it was in this version; else the newest.")
@click.option("--force", is_flag=True, help="Replace files that are there.")
@archive_option
@json_option
def command(
    asset: str,
    files: tuple[str, ...],
    output: Path | None,
    version: str | None,
    archive_folder: Path | None,
    *,
    everything: bool,
    force: bool,
    as_json: bool,
) -> int:
    """Export the masters of ASSET, or the FILEs named, into the current folder.

    Bytes are verified while they are copied, and a file appears only when all of it was found right. Damaged bytes are
    refused (exit code 6) and nothing is left behind.
    """
    from holdfast.actions.get import get

    speaker = Speaker(as_json=as_json)
    with opened(archive_folder) as archive, Meter(speaker) as meter:
        exported = get(
            archive, asset, files, output=output, everything=everything, version=version, force=force, watch=meter
        )
    for one in exported:
        speaker.record(
            {
                "asset": one.asset,
                "file": one.file,
                "digest": one.digest,
                "path": str(one.path),
                "size_bytes": one.size_bytes,
            }
        )
        speaker.say(f"{visible(one.path)}  {size(one.size_bytes)}, sha512 {one.digest[:12]}... verified")
    return 0
