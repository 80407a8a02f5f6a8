"""`holdfast audit`: check every byte against its digest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from holdfast.cli.opening import opened
from holdfast.cli.speak import Meter, Speaker, archive_option, json_option, size, visible

if TYPE_CHECKING:
    from holdfast.actions.audit import AuditReport
    from holdfast.formats.journal import ObjectAudit


@click.command("audit")
@click.argument("assets", metavar="[ASSET]...", nargs=-1)
@click.option("--sample", metavar="N|P%", help="Only so many objects, or this share of them, by chance.")
@click.option("--since", metavar="DATE", help="Only objects that were added or changed since: 2026-11-01.")
@click.option("--unchecked", metavar="DAYS", help="Only objects without a passed check for so long: 90d.")
@click.option("--jobs", "workers", type=click.IntRange(1, 256), help="How many files are read at once.")
@click.option("--fresh", is_flag=True, help="Begin anew, even if an earlier run was stopped.")
@archive_option
@json_option
def command(
    assets: tuple[str, ...],
    sample: str | None,
    since: str | None,
    unchecked: str | None,
    workers: int | None,
    archive_folder: Path | None,
    *,
    fresh: bool,
    as_json: bool,
) -> int:
    """Read everything back and compare it with its digests: the whole archive, or the ASSETs named.

    The result goes into the journal object of the month, never into what was checked. A run that was stopped is taken
    up where it was by the same command.

    Exit code 0: all is as it was kept. 1: something is not; every finding is named.
    """
    from holdfast.actions.audit import Scope, audit

    speaker = Speaker(as_json=as_json)
    scope = Scope(assets, sample, _moment(since), _span(unchecked))
    with opened(archive_folder) as archive, Meter(speaker, on_done=lambda result: _tell(speaker, result)) as meter:
        report = audit(archive, scope, workers=workers, fresh=fresh, watch=meter)
    _sum_up(speaker, report)
    return 0 if report.is_clean else 1


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text} is not a date like 2026-11-01", param_hint="--since") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _span(text: str | None) -> timedelta | None:
    if text is None:
        return None
    try:
        return timedelta(days=int(text.removesuffix("d")))
    except (ValueError, OverflowError):
        raise click.BadParameter(f"{text} is not a number of days like 90d", param_hint="--unchecked") from None


def _tell(speaker: Speaker, result: ObjectAudit) -> None:
    from holdfast.formats.plain import to_plain

    kind, _, name = result.object.removeprefix("holdfast:").partition(":")
    record: dict[str, Any] = {"asset": name if kind == "asset" else None, **to_plain(result)}
    speaker.record(record)
    if result.findings:
        speaker.say(f"{result.result.value.upper():12} {visible(result.object)}")
        for finding in result.findings:
            speaker.say(f"    {finding.code}  {visible(finding.path)}\n          {visible(finding.message)}")


def _sum_up(speaker: Speaker, report: AuditReport) -> None:
    from holdfast.model.fixity import FixityResult

    for finding in report.root_findings:
        speaker.say(f"{finding.code}  {visible(finding.path)}: {visible(finding.message)}")
    for key in report.missing:
        speaker.say(f"MISSING      {visible(key)}: the catalogue knows it, the disk does not have it")
    counts = {result.value: report.count(result) for result in FixityResult}
    speaker.record(
        {
            "run": report.run.run,
            "scope": report.run.scope,
            "objects": len(report.results),
            **{name.replace(" ", "_"): count for name, count in counts.items()},
            "bytes_read": report.bytes_read,
            "missing": list(report.missing),
            "root_findings": [{"code": f.code, "path": f.path, "message": f.message} for f in report.root_findings],
            "is_clean": report.is_clean,
        }
    )
    words = ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "nothing to check"
    speaker.say(f"{len(report.results)} objects, {size(report.bytes_read)}: {words}")
    if counts[FixityResult.FAILED.value]:
        speaker.say("A damaged file is mended by adding the same file again from elsewhere: holdfast add PATH")
    if report.missing:
        speaker.say("Bring missing objects back from another custodian; then: holdfast rebuild")
