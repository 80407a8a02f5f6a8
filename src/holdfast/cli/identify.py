"""`holdfast identify`: tell which works films show, and which seconds of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from holdfast.cli.likeness import segment_lines, sureness
from holdfast.cli.meter import Meter
from holdfast.cli.opening import opened
from holdfast.cli.speak import Speaker, archive_option, counted, json_option, visible

if TYPE_CHECKING:
    from holdfast.actions.identify import Identified, Recognized


@click.command("identify")
@click.argument("files", metavar="FILE...", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--keys", is_flag=True, help="Look at key frames only: a first sweep over a large heap.")
@archive_option
@json_option
def command(files: tuple[Path, ...], archive_folder: Path | None, *, keys: bool, as_json: bool) -> int:
    """Tell which works of the archive each FILE shows or sounds, and which seconds of them.

    FILE is a film or a sound, a picture (a thumbnail that survived), a fingerprint (.hffp), a list of hashes (.vpdq),
    or a folder of films. It is known again in another shape: cut, cropped, mirrored, filmed from a screen, inside
    another film, at another speed, or by its sound alone. What is doubtful is said to be so and never claimed.

    Exit code 0: every file was looked at, whatever it shows. 1: some could not be read; they are named.
    """
    from holdfast.actions.identify import identify

    speaker = Speaker(as_json=as_json)
    with opened(archive_folder) as archive, Meter(speaker, on_done=lambda one: _tell(speaker, one)) as meter:
        found = identify(archive, files, mode="keys" if keys else "full", watch=meter)
    failed = sum(one.error is not None for one in found)
    known = sum(bool(one.matches) for one in found)
    if len(found) > 1 or failed:
        words = counted(len(found), "1 file", "{n} files")
        speaker.say(f"{words}: {known:,} known" + (f", {failed:,} could not be read" if failed else ""))
    return 1 if failed else 0


def _tell(speaker: Speaker, one: Identified) -> None:
    from holdfast.model.time import clock

    speaker.record(one.as_record())
    length = "" if one.duration is None else f"  {clock(one.duration)}"
    speaker.say(f"{visible(one.path)}{length}")
    if one.error is not None:
        what, _, next_step = one.error.sentences()
        speaker.say(f"  {one.error.code}: {visible(what)}\n  {visible(next_step)}")
        return
    for word, group in (("shows", one.matches), ("maybe", one.doubtful)):
        for recognized in group:
            for line in _lines(word, recognized):
                speaker.say(line)
    if not one.matches and not one.doubtful:
        speaker.say("  nothing that the archive knows")
    for note in one.notes:
        speaker.say(f"  note: {visible(note)}")


def _lines(word: str, one: Recognized) -> list[str]:
    head = f"  {word}  {one.asset}  {visible(one.title)}  ({sureness(one.probability)})"
    return [head, *(f"  {line}" for line in segment_lines(one.match.segments))]
