"""`holdfast lost`: register works that are lost, and declare them so."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from holdfast.cli.meter import Meter
from holdfast.cli.opening import opened
from holdfast.cli.speak import Speaker, archive_option, counted, json_option, visible

if TYPE_CHECKING:
    from holdfast.actions.lost import Declared, Imported


@click.group("lost")
def command() -> None:
    """Register works that are lost, and declare works lost whose masters are gone.

    A lost work is a full citizen of the archive: its title, listings, captions, stills and fingerprints stay, and found
    copies are known by them.
    """


@command.command("declare")
@click.argument("assets", metavar="ASSET...", nargs=-1, required=True)
@click.option("--reason", default="", metavar="TEXT", help="What happened, in your words; it is kept.")
@archive_option
@json_option
def declare(assets: tuple[str, ...], reason: str, archive_folder: Path | None, *, as_json: bool) -> int:
    """Declare that the masters of each ASSET are gone. Nothing is removed.

    If the very bytes come back (holdfast found add), the work is held again by itself.
    """
    from holdfast.actions.lost import declare as declared

    speaker = Speaker(as_json=as_json)
    with opened(archive_folder) as archive, Meter(speaker, on_done=lambda one: _tell(speaker, one)) as meter:
        results = declared(archive, assets, reason, watch=meter)
    failed = sum(one.error is not None for one in results)
    words = counted(len(results) - failed, "1 work is lost", "{n} works are lost")
    speaker.say(f"{words}; what turns up of them: holdfast found add PATH... --from TEXT")
    return 1 if failed else 0


@command.command("import")
@click.argument("listings", metavar="LISTING...", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--map", "mapping", metavar="FIELD=COLUMN,...", default="", help="Which column of a table is what.")
@archive_option
@json_option
def import_(listings: tuple[Path, ...], mapping: str, archive_folder: Path | None, *, as_json: bool) -> int:
    """Register the works that each LISTING names: what was there, by title, date and length.

    A listing is what survives of a channel or a site: info.json and playlists of yt-dlp, a table (CSV, TSV), a feed
    (RSS, Atom), a saved web page, a web capture (WARC, WACZ). Listings that name the same work are put together, and a
    work that the archive knows is not registered again.

    Exit code 0: every listing was read. 1: one could not be read, or only in part; it is named.
    """
    from holdfast.actions.lost import import_listings
    from holdfast.formats.listings.columns import parse_mapping

    speaker = Speaker(as_json=as_json)
    with opened(archive_folder) as archive, Meter(speaker, on_done=lambda one: _imported(speaker, one)) as meter:
        report = import_listings(archive, listings, mapping=parse_mapping(mapping) if mapping else None, watch=meter)
    for skipped in report.skipped:
        speaker.note(f"{skipped.origin.file} {skipped.origin.place}: {skipped.reason}".strip())
    for error in report.errors:
        speaker.error(error)
    new = sum(work.is_new for work in report.works)
    speaker.say(f"{counted(len(report.works), '1 work', '{n} works')} named, {new:,} new")
    return 0 if report.is_complete else 1


def _imported(speaker: Speaker, one: Imported) -> None:
    from holdfast.model.time import clock

    speaker.record(one.as_record())
    length = "" if one.duration is None else f"  {clock(one.duration)}"
    known = "new " if one.is_new else "known"
    speaker.say(f"{known:5}  {one.asset or '-':13}  {visible(one.title)}{length}")
    if one.error is not None:
        speaker.error(one.error)


def _tell(speaker: Speaker, one: Declared) -> None:
    speaker.record(one.as_record())
    speaker.say(f"lost  {one.asset}  {visible(one.title)}" + ("" if one.is_new else "  (as before)"))
    for file in one.still_there:
        speaker.say(f"      {visible(file)} is still on the disk, whole; it is left there and not used")
        speaker.say("      if this was a mistake: holdfast found add the same file, from anywhere")
    for note in one.notes:
        speaker.say(f"      note: {visible(note)}")
    if one.error is not None:
        what, _, next_step = one.error.sentences()
        speaker.say(f"      {one.error.code}: {visible(what)}\n      {visible(next_step)}")
