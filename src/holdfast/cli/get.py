"""`holdfast get`: export kept files, verified."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from holdfast.cli.meter import Meter
from holdfast.cli.opening import opened
from holdfast.cli.speak import Speaker, archive_option, json_option, size, visible

if TYPE_CHECKING:
    from holdfast.actions.get import Exported


@click.command("get")
@click.argument("asset", metavar="ASSET")
@click.argument("files", metavar="[FILE]...", nargs=-1)
@click.option("-o", "--output", metavar="PATH", help="A folder (made, if PATH ends in /), or a file name.")
@click.option("--all", "everything", is_flag=True, help="Everything in the object: masters, record, captions, events.")
@click.option("--version", metavar="vN", help="As it was in this version; else the newest.")
@click.option("--reconstruction", is_flag=True, help="What was restored of it.")
@click.option("--edit-list", is_flag=True, help="What that was made of: as -o FILE.otio, FILE.edl or FILE.csv.")
@click.option("--force", is_flag=True, help="Replace files that are there.")
@archive_option
@json_option
def command(
    asset: str,
    files: tuple[str, ...],
    output: str | None,
    version: str | None,
    archive_folder: Path | None,
    *,
    everything: bool,
    reconstruction: bool,
    edit_list: bool,
    force: bool,
    as_json: bool,
) -> int:
    """Export the masters of ASSET, or the FILEs named, into the current folder.

    Of a work whose masters are lost, its reconstruction.

    Bytes are verified while they are copied, and a file appears only when all of it was found right. Damaged bytes are
    refused (exit code 6) and nothing is left behind.
    """
    from holdfast.actions.get import get, get_edit_list, get_reconstruction
    from holdfast.errors import BadValue

    if output == "-":
        raise BadValue(name="--output", found="-", expected="a file: what is verified to its end cannot be a stream")
    if everything and files:
        raise click.UsageError("Either --all or FILEs can be asked for, not both.")
    if (reconstruction or edit_list) and (everything or files or version):
        raise click.UsageError("--reconstruction and --edit-list are asked for by themselves.")
    speaker = Speaker(as_json=as_json)
    if edit_list:
        if not output:
            raise click.UsageError("Name the file: -o FILE.otio, FILE.edl or FILE.csv.")
        with opened(archive_folder) as archive:
            _tell(speaker, get_edit_list(archive, asset, Path(output), force=force))
        return 0
    if reconstruction:
        with opened(archive_folder) as archive, Meter(speaker, on_done=lambda one: _tell(speaker, one)) as meter:
            target = Path(output) if output else None
            get_reconstruction(archive, asset, output=target, force=force, watch=meter)
        return 0
    with opened(archive_folder) as archive, Meter(speaker, on_done=lambda one: _tell(speaker, one)) as meter:
        get(
            archive,
            asset,
            files,
            output=Path(output) if output else None,
            into_folder=bool(output) and str(output).endswith(os.sep),
            everything=everything,
            version=version,
            force=force,
            watch=meter,
        )
    return 0


def _tell(speaker: Speaker, one: Exported) -> None:
    speaker.record(
        {
            "asset": one.asset,
            "file": one.file,
            "digest": one.digest,
            "path": str(one.path),
            "size_bytes": one.size_bytes,
        }
    )
    made = "; a reconstruction, for its masters are lost" if one.file.startswith("reconstructions/") else ""
    speaker.say(f"{visible(one.path)}  {size(one.size_bytes)}, sha512 {one.digest[:12]}... verified{made}")
