"""`holdfast fingerprint`: write down what films look and sound like."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from holdfast.cli.meter import Meter
from holdfast.cli.speak import Speaker, counted, json_option, size, visible

if TYPE_CHECKING:
    from holdfast.actions.fingerprint import Written


@click.command("fingerprint")
@click.argument("files", metavar="FILE...", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option(
    "-o", "--output", "folder", metavar="DIR", type=click.Path(path_type=Path), help="Write into this folder."
)
@click.option("--keys", is_flag=True, help="Look at key frames only: several times faster, and it knows less.")
@click.option("--vpdq", is_flag=True, help="Write published PDQ hashes, one a second, as text (.vpdq) for others.")
@click.option("--force", is_flag=True, help="Replace files that are there.")
@json_option
def command(files: tuple[Path, ...], folder: Path | None, *, keys: bool, vpdq: bool, force: bool, as_json: bool) -> int:
    """Write down what each FILE looks and sounds like: film.mp4.hffp beside film.mp4.

    A fingerprint takes one or two megabytes an hour, and shows nothing but a few small stills. Whoever has it can find
    copies of the film (holdfast identify, holdfast compare) without having the film. A folder stands for all films in
    it. No archive is needed; holdfast add fingerprints what it keeps by itself.

    Exit code 0: all are written. 1: some are not; they are named.
    """
    from holdfast.actions.fingerprint import fingerprint

    speaker = Speaker(as_json=as_json)
    mode = "keys" if keys else "full"
    with Meter(speaker, on_done=lambda one: _tell(speaker, one)) as meter:
        written = fingerprint(files, folder=folder, mode=mode, vpdq=vpdq, force=force, watch=meter)
    done = sum(one.error is None for one in written)
    failed = len(written) - done
    words = counted(done, "1 fingerprint written", "{n} fingerprints written")
    speaker.say(words + (f", {failed:,} failed" if failed else ""))
    return 1 if failed else 0


def _tell(speaker: Speaker, one: Written) -> None:
    from holdfast.formats.identification import number
    from holdfast.model.time import clock

    record = {
        "file": str(one.path),
        "fingerprint": str(one.output) if one.output else None,
        "duration": number(one.duration) if one.output else None,
        "digest": one.digest or None,
        "size_bytes": one.size_bytes,
        "warnings": list(one.warnings),
    }
    speaker.record(record | (one.error.as_json() if one.error else {}))
    if one.error is not None:
        what, _, next_step = one.error.sentences()
        speaker.say(f"{visible(one.path)}\n    {one.error.code}: {visible(what)}\n    {visible(next_step)}")
        return
    speaker.say(f"{visible(one.output)}  {clock(one.duration)}, {size(one.size_bytes)}")
    for warning in one.warnings:
        speaker.say(f"    warning: {visible(warning)}")
