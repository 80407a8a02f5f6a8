"""Auditing: reading everything back and comparing it with its digests, object by object.

The objects are shared out over threads (hashing lets go of the interpreter). An object that looks damaged is looked at
a second time under its lock, after recovery: a deed that was just publishing a version is not damage.
"""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace

from holdfast.errors import HoldfastError
from holdfast.formats.canonical import printable
from holdfast.formats.journal import AuditFinding, ObjectAudit
from holdfast.formats.record import RECORD_FILE, parse_record
from holdfast.model.fixity import FixityResult
from holdfast.model.ids import ObjectId
from holdfast.model.time import now
from holdfast.ocfl.codes import MISPLACED, UNREADABLE
from holdfast.ocfl.root import StorageRoot
from holdfast.ocfl.validate import ObjectReport, validate_object

OnBytes = Callable[[int], None]
WRONG_BYTES = "E092"  # of the OCFL specification: a file of the manifest is missing, or has other bytes


def audit_object(root: StorageRoot, key: str, on_bytes: OnBytes | None = None) -> ObjectAudit:
    """What a fixity check of every byte of the object at `key` finds. What cannot be looked at was not checked."""
    try:
        report = validate_object(root.backend, key, on_bytes=on_bytes)
    except HoldfastError as error:
        return _not_checked(key, error)
    if report.is_valid or not report.object_id:
        return _in_its_place(root, key, _as_audit(key, report, _verdict(report)))
    try:
        with root.locked(report.object_id):
            _recover(root, key)
            report = validate_object(root.backend, key)
    except HoldfastError:
        # Somebody is still at work there: what was seen of a half published version is no damage, and no health.
        return _as_audit(key, report, FixityResult.NOT_CHECKED)
    return _in_its_place(root, key, _less_what_is_lost(root, key, report, _as_audit(key, report, _verdict(report))))


def _less_what_is_lost(root: StorageRoot, key: str, report: ObjectReport, audit: ObjectAudit) -> ObjectAudit:
    """Masters that were declared lost are no news: they are told apart (`extra`), so that new damage stands out."""
    inventory = report.inventory
    if inventory is None or ObjectId(inventory.object_id).kind != "asset":
        return audit
    try:
        record = parse_record(root.read_at(key, inventory, RECORD_FILE))
    except HoldfastError:
        return audit
    if not record.masters_are_gone:
        return audit
    masters = [str(master.digest) for master in record.masters]
    places = {printable(f"{key}/{place}") for digest in masters for place in inventory.manifest.get(digest, ())}
    lost = tuple(found.path for found in audit.findings if found.code == WRONG_BYTES and found.path in places)
    rest = tuple(found for found in audit.findings if found.path not in lost)
    result = audit.result if rest or not lost else FixityResult.PASSED
    return replace(audit, result=result, findings=rest, extra={**audit.extra, **({"lost": list(lost)} if lost else {})})


def _in_its_place(root: StorageRoot, key: str, audit: ObjectAudit) -> ObjectAudit:
    """Sound bytes in the place of another object are a failure all the same: whoever asks for that one gets these."""
    if not root.is_ours or audit.object == printable(key) or root.key_of(audit.object) == key:
        return audit
    finding = AuditFinding(MISPLACED, printable(key), f"{audit.object} belongs at {root.key_of(audit.object)}")
    return replace(audit, result=FixityResult.FAILED, findings=(*audit.findings, finding))


def _recover(root: StorageRoot, key: str) -> None:
    """Roll it forward if it was left between two steps. On a disk that refuses, the object is judged as it stands."""
    with contextlib.suppress(HoldfastError):
        root.recover_at(key)


def _not_checked(key: str, error: HoldfastError) -> ObjectAudit:
    finding = AuditFinding(UNREADABLE, printable(key), str(error))
    return ObjectAudit(object=printable(key), result=FixityResult.NOT_CHECKED, at=now(), findings=(finding,))


def _as_audit(key: str, report: ObjectReport, result: FixityResult) -> ObjectAudit:
    inventory = report.inventory
    return ObjectAudit(
        object=printable(report.object_id or key),  # it may be anybody's: the journal holds Unicode alone
        result=result,
        at=now(),
        version=str(inventory.head) if inventory else "",
        files=report.files_checked,
        bytes_read=report.read_bytes,
        findings=tuple(
            AuditFinding(f.code, printable(f"{key}/{f.path}".rstrip("/")), f.message) for f in report.errors
        ),
    )


def _verdict(report: ObjectReport) -> FixityResult:
    """What could not be read was not checked; anything else that is wrong is a failure."""
    codes = {finding.code for finding in report.errors}
    if not codes:
        return FixityResult.PASSED
    return FixityResult.NOT_CHECKED if codes == {UNREADABLE} else FixityResult.FAILED


def audit_all(
    root: StorageRoot, keys: Sequence[str], *, workers: int, on_bytes: OnBytes | None = None
) -> Iterator[ObjectAudit]:
    """The audits of the objects at `keys`, each as soon as it is done.

    Args:
        root: the storage root.
        keys: where the objects lie.
        workers: how many are read at once.
        on_bytes: told of every piece read, from the threads that read.
    """
    waiting = iter(keys)
    pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="audit")
    running: set[Future[ObjectAudit]] = set()
    try:
        while True:
            while len(running) < 2 * workers and (key := next(waiting, None)) is not None:
                running.add(pool.submit(audit_object, root, key, on_bytes))
            if not running:
                return
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def sampled(keys: Sequence[str], sample: str, chance: random.Random | None = None) -> list[str]:
    """So many of `keys`, by chance: `100` of them or `5%`, at least one if there are any.

    Raises:
        ValueError: `sample` is neither a whole number nor a percentage.
    """
    text = sample.strip()
    if text.endswith("%"):
        share = float(text[:-1])
        if not 0 < share <= 100:
            raise ValueError(f"{sample} is not a percentage above 0")
        count = max(1, round(len(keys) * share / 100))
    else:
        count = int(text)
        if count < 1:
            raise ValueError(f"{sample} is not a number of objects")
    return (chance or random.SystemRandom()).sample(list(keys), min(count, len(keys)))
