"""`holdfast wanted`: what would help most to be found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from holdfast.cli.meter import Meter
from holdfast.cli.opening import opened
from holdfast.cli.speak import Speaker, archive_option, counted, json_option, visible

if TYPE_CHECKING:
    from holdfast.model.wanted import Wanted

NOWHERE = "about:blank"


@click.command("wanted")
@click.option("--rss", type=click.Path(path_type=Path), metavar="FILE", help="Write the list as a feed.")
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="Write it as a fragment of a page.")
@click.option("--site", metavar="ADDRESS", default="", help="Of the site where works have pages; for links in both.")
@archive_option
@json_option
def command(rss: Path | None, html: Path | None, site: str, archive_folder: Path | None, *, as_json: bool) -> int:
    """List the works and gaps that are wanted, those first of which a find would help most.

    First come works of which minutes are missing, then parts, then those of which only the sound is left, then those
    that would be known again if they turned up. The list may name works that not everybody may know of: look at it
    before you publish it.
    """
    from holdfast.actions.wanted import wanted
    from holdfast.actions.writing import write
    from holdfast.formats.wanted import wanted_html, wanted_record, wanted_rss

    speaker = Speaker(as_json=as_json)
    with opened(archive_folder) as archive, Meter(speaker) as meter:
        works = wanted(archive, watch=meter)
        name = archive.settings.name or archive.settings.custodian
    for work in works:
        speaker.record(wanted_record(work))
        _tell(speaker, work)
    address = site.rstrip("/")

    def page_of(work: Wanted) -> str:
        return f"{address or NOWHERE}/w/{work.asset}" if address else f"{NOWHERE}#{work.asset}"

    if rss is not None:
        write(rss, wanted_rss(works, name, address or NOWHERE, page_of))
        speaker.say(f"written: {visible(rss)}")
    if html is not None:
        write(html, wanted_html(works, page_of if address else None).encode("utf-8", "replace"))
        speaker.say(f"written: {visible(html)}")
    speaker.say(counted(len(works), "1 work is wanted", "{n} works are wanted") if works else "nothing is wanted")
    return 0


def _tell(speaker: Speaker, work: Wanted) -> None:
    from holdfast.formats.wanted import wanted_sentence

    speaker.say(f"{work.asset}  {visible(work.title)}: {wanted_sentence(work)}")
    for reason in work.reasons:
        speaker.say(f"               {visible(reason)}")
