"""Audit the archive, or part of it, and write the result into the journal of the month.

A run notes every result in `cache/` as it goes. Stopped or killed, it is taken up where it was by the next run of the
same scope; only a finished run enters the journal, as one file in one version of the journal's object.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from holdfast.actions.archive import Archive
from holdfast.actions.watch import UNWATCHED, Watch
from holdfast.catalog import lists
from holdfast.errors import BadRecord, BadValue
from holdfast.formats.journal import AUDITS, AuditRun, ObjectAudit, audit_bytes, journal_object, line_of, parse_audit
from holdfast.keep.audit import audit_all, sampled
from holdfast.model.fixity import FixityResult
from holdfast.model.ids import new_asset_id
from holdfast.model.time import civil, now
from holdfast.ocfl.codes import Finding
from holdfast.ocfl.validate import inspect_root

RUN_FILE = "audit.jsonl"
MOST_RUNS_IN_PART = 100  # each version's inventory lists all runs before it: a part must not grow without end


@dataclass(frozen=True)
class Scope:
    """What to audit. All of it if nothing is named."""

    assets: tuple[str, ...] = ()
    sample: str | None = None
    changed_since: datetime | None = None
    unchecked_for: timedelta | None = None

    def __str__(self) -> str:
        words = [f"assets {' '.join(self.assets)}"] if self.assets else []
        words += [f"sample {self.sample}"] if self.sample else []
        words += [f"changed since {civil(self.changed_since)}"] if self.changed_since else []
        words += [f"unchecked for {self.unchecked_for.days} days"] if self.unchecked_for else []
        return ", ".join(words) or "all"


@dataclass(frozen=True)
class AuditReport:
    """What a run found. `resumed` counts results that an earlier, stopped run had noted."""

    run: AuditRun
    results: tuple[ObjectAudit, ...]
    root_findings: tuple[Finding, ...] = ()
    missing: tuple[str, ...] = field(default=())
    resumed: int = 0

    def count(self, result: FixityResult) -> int:
        """How many objects ended so."""
        return sum(r.result is result for r in self.results)

    @property
    def bytes_read(self) -> int:
        """How much was read and hashed."""
        return sum(r.bytes_read for r in self.results)

    @property
    def is_clean(self) -> bool:
        """Whether everything that was looked at is what it was."""
        return (
            not self.missing
            and not any(finding.is_error for finding in self.root_findings)
            and all(r.result is FixityResult.PASSED for r in self.results)
        )


def audit(
    archive: Archive, scope: Scope, *, workers: int | None = None, fresh: bool = False, watch: Watch = UNWATCHED
) -> AuditReport:
    """Check every byte of the objects in `scope`.

    Args:
        archive: the archive.
        scope: which objects.
        workers: how many are read at once; the number of processors if not given.
        fresh: forget an earlier run that was stopped, instead of taking it up.
        watch: told of objects and bytes.

    Raises:
        BadValue: the sample is no number.
        StorageFailure: the journal could not be written; the results noted so far stay.
    """
    catalog = archive.up_to_date_catalog(watch)
    run, earlier = _begun(archive, scope, fresh=fresh)
    if earlier:
        watch.note(f"taking up the audit begun {civil(run.at)}: {len(earlier)} objects are checked already")
    keys, missing = _keys(archive, scope)
    seen = {result.object for result in earlier}
    with catalog.engine.connect() as connection:
        named = lists.object_ids(connection)
    waiting = [key for key in keys if named.get(key, key) not in seen]
    watch.begin("Auditing", items=len(waiting), size_bytes=None)
    results = list(earlier)
    with _notes(archive).open("ab") as notes:
        if not earlier:
            notes.write(line_of(run))
        for result in audit_all(archive.root, waiting, workers=workers or os.cpu_count() or 1, on_bytes=watch.advance):
            notes.write(line_of(result))
            notes.flush()
            results.append(result)
            watch.done(result)
    root_findings = () if scope != Scope() else inspect_root(archive.backend, archive.root.prefix)
    results.sort(key=lambda result: result.object)
    _write_journal(archive, run, results)
    _notes(archive).unlink(missing_ok=True)
    return AuditReport(run, tuple(results), root_findings, missing, len(earlier))


def _begun(archive: Archive, scope: Scope, *, fresh: bool) -> tuple[AuditRun, tuple[ObjectAudit, ...]]:
    path = _notes(archive)
    path.parent.mkdir(exist_ok=True)
    if not fresh and path.exists():
        try:
            run, results = parse_audit(path.read_bytes(), path.name, may_be_cut=True)
        except BadRecord:
            pass  # notes are only a convenience; without them the run begins anew
        else:
            if run.scope == str(scope):
                path.write_bytes(audit_bytes(run, results))  # a last line that was cut short is written again
                return run, results
    path.unlink(missing_ok=True)
    return AuditRun(str(new_asset_id()), now(), str(scope), archive.settings.custodian), ()


def _notes(archive: Archive) -> Path:
    return archive.cache / RUN_FILE


def _keys(archive: Archive, scope: Scope) -> tuple[list[str], tuple[str, ...]]:
    """The keys to audit, and those that the catalogue knows and the disk no longer has."""
    with archive.catalog.engine.connect() as connection:
        if scope.assets:
            found = [archive.root.key_of(str(lists.find_asset(connection, a).object_id)) for a in scope.assets]
            return found, ()
        if scope.changed_since or scope.unchecked_for:
            keys: Sequence[str] = lists.object_keys(
                connection,
                changed_since=civil(scope.changed_since) if scope.changed_since else None,
                unchecked_since=civil(now() - scope.unchecked_for) if scope.unchecked_for else None,
            )
            return _sample(keys, scope), ()
        known = set(lists.object_keys(connection))
    on_disk = list(
        archive.root.walk()
    )  # the disk itself says what there is: a list may be wrong, and that is the point
    if scope.sample:
        return _sample(on_disk, scope), ()
    return on_disk, tuple(sorted(known - set(on_disk)))


def _sample(keys: Sequence[str], scope: Scope) -> list[str]:
    if not scope.sample:
        return list(keys)
    try:
        return sampled(keys, scope.sample)
    except ValueError:
        raise BadValue(name="--sample", found=scope.sample, expected="a number like 100 or a share like 5%") from None


def _write_journal(archive: Archive, run: AuditRun, results: Sequence[ObjectAudit]) -> None:
    object_id = _journal_for(archive, run.at)
    root, file = archive.root, f"{AUDITS}/{run.at:%Y%m%dT%H%M%SZ}-{run.run}.jsonl"
    with archive.catalog.changing(object_id), root.intake("audit") as intake, root.writing(object_id, intake) as draft:
        draft.put_bytes(file, audit_bytes(run, results))
        draft.commit(f"Audit: {run.scope}", run.custodian)


def _journal_for(archive: Archive, moment: datetime) -> str:
    part = 1
    while archive.root.holds(journal_object(moment, part)):
        if archive.root.inventory(journal_object(moment, part)).head.number < MOST_RUNS_IN_PART:
            break
        part += 1
    return journal_object(moment, part)
