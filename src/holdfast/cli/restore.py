"""`holdfast restore`: put lost works together again from found copies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from holdfast.cli.meter import Meter
from holdfast.cli.opening import opened
from holdfast.cli.speak import Speaker, archive_option, counted, json_option, visible

if TYPE_CHECKING:
    from holdfast.actions.restore import Restored


@click.command("restore")
@click.argument("assets", metavar="[ASSET...]", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every work that is lost, or held only in part.")
@click.option("--plan", "only_plan", is_flag=True, help="Only tell what would be made of what; build nothing.")
@click.option("--no-consensus", is_flag=True, help="Only choose between copies; never combine them.")
@click.option("--report", type=click.Path(path_type=Path), metavar="DIR", help="Write a page for people about each.")
@archive_option
@json_option
def command(
    assets: tuple[str, ...],
    archive_folder: Path | None,
    report: Path | None,
    *,
    everything: bool,
    only_plan: bool,
    no_consensus: bool,
    as_json: bool,
) -> int:
    """Put each lost ASSET together again from the found copies that show it.

    For every stretch the best copy is chosen, picture and sound by themselves; where several show the same, they are
    combined if that is nearer to the work. What nobody has stays a gap and is said to be one. The reconstruction is
    kept with its edit list, and replaced by a better one when more turns up.

    Exit code 0: done, whatever was found. 1: a work could not be restored for an error; it is named.
    """
    from holdfast.actions.restore import restore
    from holdfast.cli.add import plan_and_tell
    from holdfast.model.ids import AssetId

    speaker = Speaker(as_json=as_json)
    if not assets and not everything:
        raise click.UsageError("Name an ASSET, or --all.")
    with opened(archive_folder) as archive:
        with Meter(speaker, on_done=lambda one: _tell(speaker, one, only_plan)) as meter:
            done = restore(archive, assets, only_plan=only_plan, consensus=not no_consensus, watch=meter)
        if report is not None:
            from holdfast.actions.report import write_reports

            for page in write_reports(archive, done, report):
                speaker.say(f"report: {visible(page)}")
        states = [one.state for one in done]
        words = [f"{states.count(state):,} {state}" for state in dict.fromkeys(states)]
        speaker.say(("planned only: " if only_plan and words else "") + ", ".join(words) or "nothing is lost")
        if not only_plan:
            plan_and_tell(speaker, archive, [AssetId(one.asset) for one in done if one.made is not None])
    return 1 if "failed" in states else 0


def _tell(speaker: Speaker, one: Restored, only_plan: bool) -> None:
    from holdfast.formats.coverage_bar import coverage_bar
    from holdfast.model.time import clock

    speaker.record(one.as_record())
    would = "would be " if only_plan and one.state.endswith("restored") else ""
    before = " (as before)" if one.made and one.before == one.edits and not one.is_new else ""
    speaker.say(f"{visible(one.title)}  {one.asset}: {would}{one.state}{before}")
    if one.edits is not None and one.edits.duration:
        length, gaps = one.edits.duration, len(one.edits.gaps)
        words = counted(gaps, "1 gap", "{n} gaps") if gaps else "no gap"
        speaker.say(f"  {clock(one.edits.covered)} of {clock(length)} seen, {words}")
        for text in coverage_bar(one.edits, 60).splitlines():
            speaker.say(f"  {text}")
    for note in one.notes:
        speaker.say(f"  note: {visible(note)}")
    if one.error is not None:
        what, _, next_step = one.error.sentences()
        speaker.say(f"  {one.error.code}: {visible(what)}\n  {visible(next_step)}")
