"""`holdfast coverage`: which minute comes from which copy, and what is missing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from holdfast.cli.meter import Meter
from holdfast.cli.opening import opened
from holdfast.cli.speak import Speaker, archive_option, counted, json_option, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from holdfast.actions.coverage import Covered


@click.command("coverage")
@click.argument("assets", metavar="[ASSET...]", nargs=-1)
@click.option("--collection", metavar="NAME", help="All works of a collection; without it and ASSET, all of them.")
@click.option("--svg", type=click.Path(path_type=Path), metavar="FILE", help="Write the bar of one ASSET as a picture.")
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="Write a page about one ASSET.")
@archive_option
@json_option
def command(
    assets: tuple[str, ...],
    collection: str | None,
    svg: Path | None,
    html: Path | None,
    archive_folder: Path | None,
    *,
    as_json: bool,
) -> int:
    """Show how much of each ASSET there is: which minute from which copy, and every gap.

    Of a reconstruction that was made, its edit list tells. Of a lost work that was not restored yet, it is found out
    which found copies would be used.
    """
    from holdfast.actions.coverage import coverage
    from holdfast.actions.writing import write
    from holdfast.formats.coverage_page import coverage_html
    from holdfast.formats.coverage_picture import coverage_svg

    speaker = Speaker(as_json=as_json)
    if (svg or html) and len(assets) != 1:
        raise click.UsageError("--svg and --html are about one ASSET.")
    with opened(archive_folder) as archive, Meter(speaker) as meter:
        found = coverage(archive, assets, collection=collection, watch=meter)
    for covered in found:
        _tell(speaker, covered)
    for path, data in ((svg, coverage_svg), (html, coverage_html)):
        if path is not None:
            write(path, data(found[0].edits))
            speaker.say(f"written: {visible(path)}")
    if len(found) > 1:
        _sum_up(speaker, found)
    return 0


def _tell(speaker: Speaker, one: Covered) -> None:
    from holdfast.formats.coverage_bar import coverage_bar
    from holdfast.model.time import clock

    edits = one.edits
    speaker.record(one.as_record())
    about = "" if edits.is_duration_known else ", as far as anybody knows"
    speaker.say(f"{visible(one.title)}  {one.asset}: {one.status}")
    speaker.say(f"  {clock(edits.covered)} of {clock(edits.duration)} seen{about}")
    for text in coverage_bar(edits, 60).splitlines() if edits.duration else ():
        speaker.say(f"  {text}")
    if one.came_since:
        words = ("1 copy has come since this was put together", "{n} copies have come since this was put together")
        speaker.say(f"  {counted(one.came_since, *words)}: holdfast restore {one.asset}")
    for note in one.notes:
        speaker.say(f"  note: {visible(note)}")


def _sum_up(speaker: Speaker, found: Sequence[Covered]) -> None:
    from fractions import Fraction

    from holdfast.model.time import clock

    seen = sum((one.edits.covered for one in found), Fraction(0))
    whole = sum((one.edits.duration for one in found), Fraction(0))
    share = f" ({float(seen / whole):.0%})" if whole else ""
    speaker.say(f"{len(found):,} works: {clock(seen)} of {clock(whole)}{share}")
