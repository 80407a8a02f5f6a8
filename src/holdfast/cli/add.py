"""`holdfast add`: keep files and folders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from holdfast.cli.meter import Meter
from holdfast.cli.opening import opened
from holdfast.cli.speak import Speaker, archive_option, counted, json_option, size, visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from holdfast.actions.add import AddReport, AddResult
    from holdfast.actions.archive import Archive
    from holdfast.model.ids import AssetId


@click.command("add")
@click.argument("paths", metavar="PATH...", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option(
    "--access",
    type=click.Choice(["public", "members", "curators", "sealed"]),
    help="Who may see it; else what holdfast.toml says.",
)
@click.option("--now", is_flag=True, help="Make access copies at once, instead of leaving them to holdfast work.")
@click.option("--no-fingerprint", is_flag=True, help="Only keep; holdfast work fingerprints later what has none.")
@archive_option
@json_option
def command(
    paths: tuple[Path, ...],
    access: str | None,
    archive_folder: Path | None,
    *,
    now: bool,
    no_fingerprint: bool,
    as_json: bool,
) -> int:
    """Keep files and folders, bit for bit, and fingerprint what they show and sound.

    Folders are searched for films and sound. What lies beside a film under its name joins it: film.info.json (yt-dlp),
    film.ru.vtt, film.srt, film.jpg. A damaged film is kept all the same, with a warning. Running it again adds nothing
    twice; a kept file that has been damaged is mended from the one you add. A film that cannot be fingerprinted is kept
    all the same; holdfast identify does not know it then.

    Exit code 0: all is kept. 1: something was not kept, or with --now an access copy could not be made; it is named.
    5: the disk failed.
    """
    from holdfast.actions.add import add
    from holdfast.model.rights import AccessLevel

    speaker = Speaker(as_json=as_json)
    with opened(archive_folder) as archive:
        archive.refuse_own(paths)
        if now:
            _need_media()
        with Meter(speaker, on_done=lambda result: _tell(speaker, result)) as meter:
            level = AccessLevel(access) if access else None
            report = add(archive, paths, access=level, fingerprint=not no_fingerprint, watch=meter)
        _sum_up(speaker, report)
        is_complete = _access_copies(speaker, archive, report, now=now) and report.is_complete
    if any(result.error is not None and result.error.exit_code == 5 for result in report.results):
        return 5
    return 0 if is_complete else 1


def _need_media() -> None:
    """Before anything is kept, whether `--now` can be done at all. Raises ExtraMissing."""
    from holdfast.media.library import need_media

    need_media("Making access copies")


def _access_copies(speaker: Speaker, archive: Archive, report: AddReport, *, now: bool) -> bool:
    """Plan the access copies of what was added, or make them; False if one could not be made."""
    from holdfast.actions.access import plan_access
    from holdfast.actions.work import work

    assets = [result.asset for result in report.results if result.asset]
    if now:
        plan_access(archive, assets)
        with Meter(speaker) as meter:
            made = work(archive, watch=meter)
        failed = counted(made.failed, "; 1 could not be made: holdfast work", "; {n} could not be made: holdfast work")
        words = counted(made.done, "1 access copy made", "{n} access copies made")
        speaker.say(words + (failed if made.failed else ""))
        return not made.failed
    plan_and_tell(speaker, archive, assets)
    return True


def plan_and_tell(speaker: Speaker, archive: Archive, assets: Iterable[AssetId]) -> None:
    """Plan the access copies that these assets lack, and tell how many wait, if any do."""
    from holdfast.actions.access import plan_access

    if planned := plan_access(archive, assets):
        one, many = "1 access copy waits to be made: holdfast work", "{n} access copies wait to be made: holdfast work"
        speaker.say(counted(planned, one, many))


def as_record(result: AddResult) -> dict[str, Any]:
    """One file of `add --json`."""
    record: dict[str, Any] = {
        "asset": str(result.asset) if result.asset else None,
        "file": str(result.path),
        "digest": result.digest or None,
        "outcome": result.outcome.value,
        "kept_as": result.file or None,
        "size_bytes": result.size_bytes,
        "sidecars": list(result.sidecars),
        "warnings": list(result.warnings),
    }
    return record | (result.error.as_json() if result.error else {})


def _tell(speaker: Speaker, result: AddResult) -> None:
    speaker.record(as_record(result))
    extra = f" (+{len(result.sidecars)})" if result.sidecars else ""
    speaker.say(f"{result.outcome.value:12}  {result.asset or '-'!s:13}  {visible(result.path)}{extra}")
    for warning in result.warnings:
        speaker.say(f"              warning: {visible(warning)}")
    if result.error is not None:
        what, _, next_step = result.error.sentences()
        speaker.say(f"              {result.error.code}: {visible(what)}\n              {visible(next_step)}")


def _sum_up(speaker: Speaker, report: AddReport) -> None:
    from holdfast.actions.add import Outcome

    faults = [passed for passed in report.passed_over if passed.is_fault]
    quiet = [passed for passed in report.passed_over if not passed.is_fault]
    for passed in faults:
        nothing = {"asset": None, "file": str(passed.path), "digest": None}
        speaker.record(nothing | {"outcome": "passed over", "reason": passed.reason})
        speaker.say(f"{'passed over':12}  {'-':13}  {visible(passed.path)}\n              it {visible(passed.reason)}")
    for note in report.notes:
        speaker.note(note)
    if quiet:
        words = counted(len(quiet), "1 other file was passed over", "{n} other files were passed over, the first")
        speaker.say(f"{words}: {visible(quiet[0].path)} {quiet[0].reason}")
    counts = [f"{report.count(outcome):,} {outcome.value}" for outcome in Outcome if report.count(outcome)]
    counts += [f"{len(faults):,} passed over"] if faults else []
    kept = sum(result.size_bytes for result in report.results if result.outcome is Outcome.KEPT)
    warned = sum(bool(result.warnings) for result in report.results)
    words = ", ".join(counts) or "nothing to keep was found"
    speaker.say(f"{words}; {size(kept)} new" + (f"; {warned:,} with warnings" if warned else ""))
