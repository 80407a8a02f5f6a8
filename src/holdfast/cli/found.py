"""`holdfast found`: keep copies that turned up, see what they show, decide what is doubtful."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from holdfast.cli.likeness import segment_lines, sureness
from holdfast.cli.meter import Meter
from holdfast.cli.opening import opened
from holdfast.cli.speak import Speaker, archive_option, counted, json_option, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from holdfast.actions.check_found import Checked
    from holdfast.actions.found import Found, FoundLine, Hinted, Known
    from holdfast.model.found import Decision, FoundRecord


@click.group("found")
def command() -> None:
    """Keep copies that turned up elsewhere, see what they show, decide what is doubtful.

    A found copy shows some of a lost work: cut, cropped, filmed from a screen. It is kept bit for bit at once, because
    it may vanish again, and it is never shown to the public by itself.
    """


@command.command("add")
@click.argument("paths", metavar="PATH...", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--from", "source", metavar="TEXT", default="", help="Where they come from, in your words.")
@archive_option
@json_option
def add(paths: tuple[Path, ...], source: str, archive_folder: Path | None, *, as_json: bool) -> int:
    """Keep found copies and tell which works they show.

    All are kept before the first is looked at. A file whose bytes a lost work had goes back to its place, and the work
    is held again. Running it again keeps nothing twice.

    Exit code 0: all are kept. 1: something was not kept; it is named. 5: the disk failed.
    """
    from holdfast.actions.found import add_found

    speaker = Speaker(as_json=as_json)
    with opened(archive_folder) as archive:
        archive.refuse_own(paths)
        with Meter(speaker, on_done=lambda one: _tell(speaker, one)) as meter:
            report = add_found(archive, paths, source, watch=meter)
    for passed in report.passed_over:
        if passed.is_fault:
            speaker.record({"file": str(passed.path), "digest": None, "kept": False, "reason": passed.reason})
            speaker.say(f"passed over  {visible(passed.path)}: it {visible(passed.reason)}")
    kept = sum(one.is_kept for one in report.results)
    known = sum(bool(one.matches or one.asset) for one in report.results)
    waiting = sum(bool(one.doubtful or one.hints) for one in report.results)
    words = f"{counted(kept, '1 copy is kept', '{n} copies are kept')}, {known:,} known"
    speaker.say(words + (f", {waiting:,} to be decided: holdfast found ls --doubtful" if waiting else ""))
    if any(one.error is not None and one.error.exit_code == 5 for one in report.results):
        return 5
    return 0 if report.is_complete else 1


@command.command("check")
@click.argument("files", metavar="FILE...", type=click.Path(path_type=Path), nargs=-1, required=True)
@archive_option
@json_option
def check(files: tuple[Path, ...], archive_folder: Path | None, *, as_json: bool) -> int:
    """Tell what each FILE shows and which gaps it fills, without keeping it.

    Exit code 0: every file was looked at. 1: some could not be read; they are named.
    """
    from holdfast.actions.check_found import check_found

    speaker = Speaker(as_json=as_json)
    with opened(archive_folder) as archive, Meter(speaker, on_done=lambda one: _offer(speaker, one)) as meter:
        found = check_found(archive, files, watch=meter)
    return 1 if any(one.error for one in found) else 0


@command.command("ls")
@click.option("--doubtful", is_flag=True, help="Only those that wait for a decision.")
@archive_option
@json_option
def ls(archive_folder: Path | None, *, doubtful: bool, as_json: bool) -> int:
    """List the found copies, and what each shows."""
    from holdfast.actions.found import ls_found

    speaker = Speaker(as_json=as_json)
    with opened(archive_folder) as archive, Meter(speaker) as meter:
        lines = ls_found(archive, doubtful=doubtful, watch=meter)
    for line in lines:
        speaker.record(line.as_record())
        _list(speaker, line)
    if not lines:
        speaker.say("nothing waits for a decision" if doubtful else "no found copies yet: holdfast found add PATH...")
    return 0


@command.command("accept")
@click.argument("digest", metavar="DIGEST")
@click.option("--asset", required=True, metavar="ASSET", help="The work that it shows.")
@click.option("--shift-frames", type=int, default=0, metavar="N", help="It lies N frames later than was recognised.")
@click.option("--reason", default="", metavar="TEXT", help="Why, in your words; it is kept with the decision.")
@archive_option
@json_option
def accept(
    digest: str, asset: str, shift_frames: int, reason: str, archive_folder: Path | None, *, as_json: bool
) -> int:
    """Decide that the found copy with this DIGEST shows a work. The first characters of a digest are enough."""
    from holdfast.actions.found import decide
    from holdfast.model.found import Verdict

    with opened(archive_folder) as archive:
        decided = decide(archive, digest, Verdict.ACCEPTED, asset, shift_frames=shift_frames, reason=reason)
    return _decided(Speaker(as_json=as_json), *decided)


@command.command("refuse")
@click.argument("digest", metavar="DIGEST")
@click.option("--asset", metavar="ASSET", help="The work that it does not show; else it shows none of any.")
@click.option("--reason", default="", metavar="TEXT", help="Why, in your words; it is kept with the decision.")
@archive_option
@json_option
def refuse(digest: str, asset: str | None, reason: str, archive_folder: Path | None, *, as_json: bool) -> int:
    """Decide that the found copy with this DIGEST does not show a work. It stays kept."""
    from holdfast.actions.found import decide
    from holdfast.model.found import Verdict

    with opened(archive_folder) as archive:
        decided = decide(archive, digest, Verdict.REFUSED, asset, reason=reason)
    return _decided(Speaker(as_json=as_json), *decided)


def _decided(speaker: Speaker, record: FoundRecord, decision: Decision) -> int:
    from holdfast.formats.plain import to_plain

    of = str(decision.asset) if decision.asset else "any work"
    speaker.record({"digest": str(record.digest), "name": record.name, "decision": to_plain(decision)})
    speaker.say(f"{record.digest.short}  {visible(record.name)}: {decision.verdict.value} as a copy of {of}")
    return 0


def _offer(speaker: Speaker, one: Checked) -> None:
    from holdfast.model.time import clock

    speaker.record(one.as_record())
    speaker.say(visible(one.path))
    if one.error is not None:
        what, _, next_step = one.error.sentences()
        speaker.say(f"  {one.error.code}: {visible(what)}\n  {visible(next_step)}")
        return
    for word, group in (("shows", one.matches), ("maybe", one.doubtful)):
        for offer in group:
            match = offer.known.match
            speaker.say(f"  {word}  {offer.known.asset}  {visible(offer.title)}  ({sureness(match.probability)})")
            for text in segment_lines(match.segments):
                speaker.say(f"  {text}")
            if offer.fill is None:
                speaker.say("         it is held: nothing is missing of it")
                continue
            sound = "" if offer.fill.pictures else f", and {clock(offer.fill.seconds_of_sound)} of its sound"
            speaker.say(f"         fills {clock(offer.fill.seconds)} of its gaps{sound}")
            if offer.fill.also:
                length = sum((span.duration for span in offer.fill.also), Fraction(0))
                speaker.say(f"         shows {clock(length)} that there is already, and may be better: restore tells")
    if not one.matches and not one.doubtful:
        speaker.say("  nothing that the archive knows")


def _tell(speaker: Speaker, one: Found) -> None:
    speaker.record(one.as_record())
    speaker.say(f"{one.outcome:12}  {one.digest[:12] or '-':12}  {visible(one.path)}")
    if one.asset:
        speaker.say(f"  these are the bytes of {one.asset}")
    _shows(speaker, one.matches, one.doubtful, one.hints)
    for note in one.notes:
        speaker.say(f"  note: {visible(note)}")
    if one.error is not None:
        what, _, next_step = one.error.sentences()
        speaker.say(f"  {one.error.code}: {visible(what)}\n  {visible(next_step)}")


def _list(speaker: Speaker, line: FoundLine) -> None:
    from holdfast.model.time import clock

    length = "" if line.copy.duration_us is None else f"  {clock(_seconds(line.copy.duration_us))}"
    source = f"  from {visible(line.copy.source)}" if line.copy.source else ""
    speaker.say(f"{line.copy.digest[:12]}  {visible(line.copy.name)}{length}{source}")
    _shows(speaker, line.matches, line.doubtful, line.hints)


def _seconds(micros: int) -> Fraction:
    return Fraction(micros, 1_000_000)


def _shows(speaker: Speaker, matches: Sequence[Known], doubtful: Sequence[Known], hints: Sequence[Hinted]) -> None:
    for word, group in (("shows", matches), ("maybe", doubtful)):
        for one in group:
            verdict = f", {one.verdict}" if one.verdict else ""
            sure = sureness(one.known.match.probability)
            speaker.say(f"  {word}  {one.known.asset}  {visible(one.title)}  ({sure}{verdict})")
            for text in segment_lines(one.known.match.segments):
                speaker.say(f"  {text}")
    for hint in hints:
        speaker.say(f"  perhaps  {hint.asset}  {visible(hint.title)}: {visible('; '.join(hint.reasons))}")
