"""`holdfast serve`: the archive as a site."""

from __future__ import annotations

from pathlib import Path

import click

from holdfast.cli.opening import opened
from holdfast.cli.speak import Speaker, archive_option, json_option


@click.command("serve")
@click.argument("folder", metavar="[ARCHIVE]", required=False, type=click.Path(path_type=Path))
@click.option("--address", default="127.0.0.1", show_default=True, help="The address of this machine to listen at.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port.")
@click.option("--host", "hosts", multiple=True, help="A further name under which browsers may ask for the site.")
@archive_option
@json_option
def command(
    folder: Path | None,
    address: str,
    port: int,
    hosts: tuple[str, ...],
    archive_folder: Path | None,
    *,
    as_json: bool,
) -> int:
    """Show the archive as a site, with a desk for its curators, until Ctrl-C.

    One process, on the archive's folder; what it needs beside is made at the first start (desk.db, desk.secret). By
    default only this machine can reach it. To show it to the world, put a web server with TLS before it and write its
    address into holdfast.toml: docs/howto/show-it-to-the-world.md.
    """
    from holdfast.show import serving

    speaker = Speaker(as_json=as_json)
    with opened(folder or archive_folder) as archive:
        place, public = archive.folder, archive.settings.site_address
    serving.check_place(address, port)
    first = serving.prepare(place, hosts=hosts)
    here = serving.origin_here(address, port)
    link = f"{public.rstrip('/') or here}{first}" if first else None

    def ready() -> None:
        speaker.record({"address": f"{here}/", "public": public or None, "first": link})
        speaker.say(f"The archive is shown at {here}/ (Ctrl-C ends it)")
        if link:
            speaker.say(f"Nobody can open the desk yet. The first curator makes an account here, once: {link}")

    serving.serve(address, port, on_ready=ready)
    return 0
