"""`holdfast compare`: tell which seconds of one film are in another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from holdfast.cli.likeness import segment_lines, sureness
from holdfast.cli.meter import Meter
from holdfast.cli.speak import Speaker, json_option, visible

if TYPE_CHECKING:
    from holdfast.actions.compare import Compared


@click.command("compare")
@click.argument("a", metavar="A", type=click.Path(path_type=Path))
@click.argument("b", metavar="B", type=click.Path(path_type=Path))
@click.option("--html", metavar="FILE", type=click.Path(path_type=Path), help="Show both side by side, as a web page.")
@click.option("--png", metavar="FILE", type=click.Path(path_type=Path), help="The same as one picture.")
@click.option("--keys", is_flag=True, help="Look at key frames only: faster, and less exact.")
@json_option
def command(a: Path, b: Path, html: Path | None, png: Path | None, *, keys: bool, as_json: bool) -> int:
    """Tell which seconds of A (the copy) show or sound which seconds of B (the work). No archive is needed.

    Both may be films, sounds, pictures, fingerprints (.hffp) or lists of hashes (.vpdq). In JSON, "copy" are seconds of
    A and "asset" seconds of B. The page and the picture show both at the same moments, and a map of A's time against
    B's with a line for each stretch.

    Exit code 0: something of A is in B, or both are the same file. 1: nothing is, or only what a person must decide.
    """
    from holdfast.actions.compare import compare

    speaker = Speaker(as_json=as_json)
    with Meter(speaker) as meter:
        found = compare(a, b, mode="keys" if keys else "full", with_pictures=bool(html or png), watch=meter)
    written = _show(found, html, png)
    speaker.record(found.as_record() | {"written": [str(path) for path in written]})
    _say(speaker, found)
    for path in written:
        speaker.say(visible(path))
    return 0 if found.segments or found.is_same_file else 1


def _show(found: Compared, html: Path | None, png: Path | None) -> list[Path]:
    from holdfast.actions.writing import write

    if html is not None:
        from holdfast.formats.comparison import comparison_html

        write(html, comparison_html(found.comparison))
    if png is not None:
        from holdfast.media.comparison import comparison_png

        write(png, comparison_png(found.comparison))
    return [path for path in (html, png) if path is not None]


def _say(speaker: Speaker, found: Compared) -> None:
    from holdfast.model.time import clock

    told = found.comparison
    speaker.say(f"{visible(found.copy)}  {clock(told.copy.duration)}")
    work = f"{visible(found.work)}  {clock(told.work.duration)}"
    if found.is_same_file:
        speaker.say(f"is the same file as  {work}: every byte is equal")
    elif told.segments:
        speaker.say(f"shows  {work}  ({sureness(told.probability)})")
        for line in segment_lines(told.segments):
            speaker.say(line)
    if told.doubtful and not found.is_same_file:
        speaker.say(f"maybe  {work}")
        for line in segment_lines(told.doubtful):
            speaker.say(line)
    if not told.segments and not told.doubtful and not found.is_same_file:
        speaker.say(f"has nothing of  {work}")
    for note in (*told.notes, *found.warnings):
        speaker.say(f"  note: {visible(note)}")
