"""`holdfast audit`: check every byte against its digest."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from holdfast.cli.meter import Meter
from holdfast.cli.opening import opened
from holdfast.cli.speak import Speaker, archive_option, counted, json_option, size, visible
from holdfast.errors import BadValue

if TYPE_CHECKING:
    from holdfast.actions.audit import AuditReport
    from holdfast.formats.journal import AuditFinding, ObjectAudit
    from holdfast.ocfl.codes import Finding


@click.command("audit")
@click.argument("assets", metavar="[ASSET]...", nargs=-1)
@click.option("--sample", metavar="N|P%", help="Only so many objects, or this share of them, by chance.")
@click.option("--since", metavar="DATE", help="Only objects that were added or changed since then: 2026-11-01.")
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

    Exit code 0: all is as it was kept. 1: something is not; every finding is named, and holdfast explain tells what
    its code means.
    """
    from holdfast.actions.audit import Scope, audit

    if assets and (since or unchecked):
        raise click.UsageError("Either ASSETs or a choice by --since or --unchecked can be audited, not both.")
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
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        raise BadValue(name="--since", found=text, expected="a date like 2026-11-01") from None


def _span(text: str | None) -> timedelta | None:
    if text is None:
        return None
    if re.fullmatch(r"[0-9]{1,5}d?", text) is None:
        raise BadValue(name="--unchecked", found=text, expected="a number of days like 90d")
    return timedelta(days=int(text.removesuffix("d")))


def _tell(speaker: Speaker, result: ObjectAudit) -> None:
    from holdfast.formats.plain import to_plain

    kind, _, name = result.object.removeprefix("holdfast:").partition(":")
    record: dict[str, Any] = {"asset": name if kind == "asset" else None, **to_plain(result)}
    speaker.record(record)
    if result.findings:
        speaker.say(f"{result.result.value.upper()}  {visible(name if kind == 'asset' else result.object)}")
        for finding in result.findings:
            _tell_finding(speaker, finding)


def _tell_finding(speaker: Speaker, finding: Finding | AuditFinding) -> None:
    speaker.say(f"  {finding.code}  {visible(finding.path)}\n        {visible(finding.message)}")


def _sum_up(speaker: Speaker, report: AuditReport) -> None:
    from holdfast.model.fixity import FixityResult

    if report.root_findings:
        speaker.say("THE STORAGE ROOT ITSELF")
        for finding in report.root_findings:
            _tell_finding(speaker, finding)
    for key in report.missing:
        speaker.say(f"MISSING  {visible(key)}\n        it was there before, and the disk does not have it any more")
    counts = {result: report.count(result) for result in FixityResult}
    speaker.record(
        {
            "run": report.run.run,
            "scope": report.run.scope,
            "objects": len(report.results),
            **{result.value.replace(" ", "_"): count for result, count in counts.items()},
            "bytes_read": report.bytes_read,
            "missing": list(report.missing),
            "root_findings": [{"code": f.code, "path": f.path, "message": f.message} for f in report.root_findings],
            "is_clean": report.is_clean,
        }
    )
    words = [f"{count:,} {result.value}" for result, count in counts.items() if count]
    words += [f"{len(report.missing):,} missing"] if report.missing else []
    objects = counted(len(report.results), "1 object", "{n} objects")
    speaker.say(f"{objects}, {size(report.bytes_read)}: {', '.join(words) or 'nothing to check'}")
    lost = sum(len(result.extra.get("lost", ())) for result in report.results)
    if lost:
        one, many = (
            "1 master is gone, as was declared: holdfast wanted",
            "{n} masters are gone, as was declared: holdfast wanted",
        )
        speaker.say(counted(lost, one, many))
    if counts[FixityResult.FAILED]:
        speaker.say(
            "A film or sidecar is mended by adding it again: holdfast add PATH; a record with its folder from a replica"
        )
    if report.missing:
        speaker.say("Bring missing objects back from another copy of the archive; then: holdfast rebuild")
