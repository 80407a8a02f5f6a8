"""Audit the archive, or part of it, and write the result into the journal of the month.

A run notes every result in `cache/` as it goes. Stopped or killed, it is taken up where it was by the next run of the
same scope: what had passed is not read again, what had not is looked at once more. Only a finished run enters the
journal, as one file in one version of the journal's object. Two runs of one scope at once are refused.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select

from holdfast.actions.archive import Archive
from holdfast.actions.watch import UNWATCHED, Watch
from holdfast.catalog import lists, schema
from holdfast.catalog.rows import sidecar_digest
from holdfast.errors import BadRecord, BadValue, Damaged
from holdfast.formats.journal import AUDITS, AuditRun, ObjectAudit, audit_bytes, journal_object, line_of, parse_audit
from holdfast.keep.audit import audit_all, sampled
from holdfast.model.fixity import FixityResult
from holdfast.model.ids import AssetId, new_asset_id
from holdfast.model.time import civil, now
from holdfast.ocfl.codes import Finding
from holdfast.ocfl.validate import inspect_root

RUNS = "audits"  # below cache/: the notes of unfinished runs, one file a scope
OLDEST_TAKEN_UP = timedelta(days=2)
LOCK_WAIT_S = 1.0  # the doctor takes every lock for an instant; nobody else holds this one for less than a run
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
        UnknownAsset, AmbiguousAsset: an asset was named that is not here.
        Locked: the same audit is running already.
        StorageFailure: the journal could not be written; the results noted so far stay.
    """
    archive.up_to_date_catalog(watch)
    scope = replace(scope, assets=tuple(sorted({str(archive.find(typed)) for typed in scope.assets})))
    with archive.backend.lock(f"audit of {scope}", wait_s=LOCK_WAIT_S):
        return _run(archive, scope, workers or os.cpu_count() or 1, fresh=fresh, watch=watch)


def _run(archive: Archive, scope: Scope, workers: int, *, fresh: bool, watch: Watch) -> AuditReport:
    run, earlier = _begun(archive, scope, fresh=fresh)
    if earlier:
        watch.note(f"the audit begun {civil(run.at)} is taken up; it had passed {len(earlier)} objects")
    waiting, missing = _keys(archive, scope, {result.object for result in earlier})
    watch.begin("Auditing", items=len(waiting))
    results = list(earlier)
    with _Notes(archive, scope, watch) as notes:
        notes.write(audit_bytes(run, earlier))
        for result in audit_all(archive.root, waiting, workers=workers, on_bytes=watch.advance):
            notes.write(line_of(_noted(archive, result)))
            results.append(result)
            watch.done(result)
    root_findings = inspect_root(archive.backend, archive.root.prefix) if scope == Scope() else ()
    results.sort(key=lambda result: result.object)
    report = AuditReport(run, tuple(results), root_findings, missing, len(earlier))
    _write_journal(archive, replace(run, extra={}), [replace(result, extra={}) for result in results])
    with contextlib.suppress(OSError):
        _notes_file(archive, scope).unlink()
    return report


class _Notes:
    """What a run has found so far, on disk. Only a convenience: where it cannot be written, the run goes on."""

    def __init__(self, archive: Archive, scope: Scope, watch: Watch) -> None:
        self._path = _notes_file(archive, scope)
        self._watch = watch
        self._file: BinaryIO | None = None

    def __enter__(self) -> _Notes:
        with self._forgiven():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("wb")
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            with self._forgiven():
                self._file.close()

    def write(self, data: bytes) -> None:
        """Note it, for whoever takes the run up after a kill."""
        if self._file is not None:
            with self._forgiven():
                self._file.write(data)
                self._file.flush()

    @contextlib.contextmanager
    def _forgiven(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self._file = None
            self._watch.note(f"what is found cannot be noted ({error.strerror}): if it is stopped, it begins anew")


def _begun(archive: Archive, scope: Scope, *, fresh: bool) -> tuple[AuditRun, tuple[ObjectAudit, ...]]:
    """The run to take up and what had passed in it, or a new one."""
    path = _notes_file(archive, scope)
    moment = now()
    new = AuditRun(str(new_asset_id()), moment, str(scope), archive.settings.custodian, extra=_disk_of(archive))
    if fresh:
        return new, ()
    try:
        run, results = parse_audit(path.read_bytes(), path.name, may_be_cut=True)
    except (OSError, BadRecord):
        return new, ()
    if run.extra != new.extra:
        return new, ()  # noted of another disk or folder: a copy of this archive was not looked at yet
    if run.scope != str(scope) or not moment - OLDEST_TAKEN_UP <= run.at <= moment:
        return new, ()
    return run, tuple(result for result in results if _still_stands(archive, result))


def _disk_of(archive: Archive) -> dict[str, str]:
    """What tells this storage root from any copy of it, for the notes alone."""
    found = (archive.folder / archive.root.prefix).stat()
    return {"disk": f"{found.st_dev}:{found.st_ino}"}


def _still_stands(archive: Archive, result: ObjectAudit) -> bool:
    """Whether what had passed is still the same version of the same object."""
    key = archive.root.key_of(result.object)
    is_same = result.extra.get("inventory") == sidecar_digest(archive.backend, key) != ""
    return is_same and result.result is FixityResult.PASSED


def _noted(archive: Archive, result: ObjectAudit) -> ObjectAudit:
    """The result with what `_still_stands` asks for."""
    key = archive.root.key_of(result.object)
    return replace(result, extra={"inventory": sidecar_digest(archive.backend, key)})


def _notes_file(archive: Archive, scope: Scope) -> Path:
    return archive.cache / RUNS / f"{hashlib.sha256(str(scope).encode()).hexdigest()[:16]}.jsonl"


def _keys(archive: Archive, scope: Scope, passed: set[str]) -> tuple[list[str], tuple[str, ...]]:
    """The keys that are still to be audited, and those of objects that should be on the disk and are not.

    The disk itself says what there is: a list may be wrong, and that is the point. What is missing is known from the
    catalogue, and, where that was made anew since, from the journals of earlier audits.
    """
    root = archive.root
    with archive.catalog.engine.connect() as connection:
        named = lists.object_ids(connection)
        if scope.assets:
            keys = [root.key_of(str(AssetId(asset).object_id)) for asset in scope.assets]
        elif scope.changed_since or scope.unchecked_for:
            keys = lists.object_keys(
                connection,
                changed_since=civil(scope.changed_since) if scope.changed_since else None,
                unchecked_since=civil(now() - scope.unchecked_for) if scope.unchecked_for else None,
            )
        else:
            keys = list(root.walk())
        names = connection.execute(select(schema.checks.c.object)).scalars()
        # What could not tell its id was noted by its place: that place is no id to compute another place from.
        checked = {name if name.startswith(f"{root.prefix}/") else root.key_of(name) for name in names}
    missing = (named.keys() | checked) - set(keys) if scope == Scope() else set()
    waiting = [key for key in keys if named.get(key, key) not in passed]
    if scope.sample:
        chosen = _sample(keys, scope)
        waiting = _sample(waiting, replace(scope, sample="100%"))[: max(0, len(chosen) - len(passed))]
    return waiting, tuple(sorted(missing))


def _sample(keys: Sequence[str], scope: Scope) -> list[str]:
    if not scope.sample:
        return list(keys)
    try:
        return sampled(keys, scope.sample)
    except ValueError:
        raise BadValue(name="--sample", found=scope.sample, expected="a number like 100 or a share like 5%") from None


def _write_journal(archive: Archive, run: AuditRun, results: Sequence[ObjectAudit]) -> None:
    """The run as a file in the journal of its month; a journal object that is itself damaged is left behind."""
    root = archive.root
    for object_id in _journals(run.at):
        try:
            if root.holds(object_id) and root.inventory(object_id).head.number >= MOST_RUNS_IN_PART:
                continue
            changing = archive.catalog.changing(object_id)
            with changing, root.intake("audit") as intake, root.writing(object_id, intake) as draft:
                # Numbered as they come: of two runs within one second the later one counts.
                file = f"{AUDITS}/{run.at:%Y%m%dT%H%M%SZ}-{len(draft.files):04d}-{run.run}.jsonl"
                draft.put_bytes(file, audit_bytes(run, results))
                draft.commit(f"Audit: {run.scope}", run.custodian)
        except Damaged:
            continue
        return


def _journals(moment: datetime) -> Iterator[str]:
    return (journal_object(moment, part) for part in itertools.count(1))
