"""`holdfast init`: make an archive."""

from __future__ import annotations

from pathlib import Path

import click

from holdfast.cli.speak import Speaker, counted, json_option, typed, visible


@click.command("init")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--name", default="", help="The archive's name, for people.")
@click.option(
    "--custodian",
    default="",
    help="The name under which deeds are recorded. It may become public; it is never taken from the machine.",
)
@click.option(
    "--access",
    type=click.Choice(["public", "members", "curators", "sealed"]),
    default="curators",
    show_default=True,
    help="Who may see what is added, until somebody decides otherwise.",
)
@json_option
def command(folder: Path, name: str, custodian: str, access: str, *, as_json: bool) -> int:
    """Make an archive in DIR, which must be new or empty.

    A folder that holds an OCFL storage root in ocfl/ and nothing else (a disk from another custodian, an archive whose
    settings were lost) is taken into use as it is.
    """
    from holdfast.actions.init import init
    from holdfast.config import Settings
    from holdfast.model.rights import AccessLevel

    speaker = Speaker(as_json=as_json)
    settings = Settings(name=name, custodian=custodian or Settings.custodian, access=AccessLevel(access))
    made = init(folder, settings)
    made.archive.close()
    speaker.record({"archive": str(made.archive.folder), "adopted": made.adopted_objects})
    speaker.say(f"Made an archive in {visible(made.archive.folder)}")
    if made.adopted_objects:
        there = counted(made.adopted_objects, "1 object that was", "{n} objects that were")
        speaker.say(f"It holds {there} there already. Next: holdfast audit --archive {typed(folder)}")
    else:
        speaker.say(f"Next: holdfast add PATH... --archive {typed(folder)}")
    return 0
