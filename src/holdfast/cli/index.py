"""`holdfast index`: see, check or renew the index of fingerprints."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from holdfast.cli.meter import Meter
from holdfast.cli.opening import opened
from holdfast.cli.speak import Speaker, archive_option, counted, json_option, size, visible

if TYPE_CHECKING:
    from holdfast.actions.archive import Archive

SHOWN = 10  # films without a fingerprint, by name


@click.command("index")
@click.argument("deed", metavar="status|verify|rebuild", type=click.Choice(["status", "verify", "rebuild"]))
@archive_option
@json_option
def command(deed: str, archive_folder: Path | None, *, as_json: bool) -> int:
    """See, check or renew the index by which holdfast identify knows films again.

    status tells how many works and hours it knows, how large it is, and which films have no fingerprint yet. verify
    reads all fingerprints that are kept and compares it with them. rebuild makes it from those alone. It lies in
    cache/fingerprints, may be deleted at any time, and is brought up to date by holdfast identify itself.

    Exit code 0: done. 1: verify found a difference; every one is named.
    """
    speaker = Speaker(as_json=as_json)
    with opened(archive_folder) as archive, Meter(speaker) as meter:
        return {"status": _status, "verify": _verify, "rebuild": _rebuild}[deed](archive, speaker, meter)


def _status(archive: Archive, speaker: Speaker, meter: Meter) -> int:
    from holdfast.actions.index import status

    found = status(archive, meter)
    speaker.record(
        {
            "works": found.works,
            "hours": round(float(found.hours), 6),
            "size_bytes": found.size_bytes,
            "wanting": found.wanting,
            "stale": found.stale,
            "without": [{"asset": film.asset, "file": film.file} for film in found.without],
        }
    )
    works = counted(found.works, "1 work", "{n} works")
    speaker.say(f"{works}, {float(found.hours):.1f} hours, {size(found.size_bytes)}")
    if found.wanting or found.stale:
        words = counted(found.wanting + found.stale, "1 change", "{n} changes")
        speaker.say(f"{words} in the archive since; holdfast identify takes them up")
    if found.without:
        one, many = "1 film has no fingerprint: holdfast work", "{n} films have no fingerprint: holdfast work"
        speaker.say(counted(len(found.without), one, many))
        for film in found.without[:SHOWN]:
            speaker.say(f"  {film.asset}  {visible(film.file)}")
    return 0


def _verify(archive: Archive, speaker: Speaker, meter: Meter) -> int:
    from holdfast.actions.index import verify

    faults = verify(archive, meter)
    speaker.record(
        {"is_whole": not faults, "faults": [fault.what for fault in faults], "next": [fault.remedy for fault in faults]}
    )
    for fault in faults:
        speaker.say(visible(fault.what))
    for remedy in sorted({fault.remedy for fault in faults}):
        speaker.say(_REMEDIES[remedy])
    if not faults:
        speaker.say("The index says what the kept fingerprints say.")
    return 1 if faults else 0


_REMEDIES = {
    "holdfast index rebuild": "Make the index anew: holdfast index rebuild",
    "holdfast work": "Make those fingerprints anew: holdfast work",
    "holdfast work --retry": "Make those fingerprints anew, and read all that are kept: holdfast work --retry",
}


def _rebuild(archive: Archive, speaker: Speaker, meter: Meter) -> int:
    from holdfast.actions.index import rebuild

    works = rebuild(archive, meter)
    speaker.record({"works": works})
    speaker.say(counted(works, "1 work in the index", "{n} works in the index"))
    return 0
