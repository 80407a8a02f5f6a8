"""Auditing: reading everything back and comparing it with its digests, object by object.

The objects are shared out over threads (hashing lets go of the interpreter). An object that looks damaged is looked at
a second time under its lock, after recovery: a deed that was just publishing a version is not damage.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from holdfast.errors import HoldfastError
from holdfast.formats.journal import AuditFinding, ObjectAudit
from holdfast.model.fixity import FixityResult
from holdfast.model.time import now
from holdfast.ocfl.codes import UNREADABLE
from holdfast.ocfl.root import StorageRoot
from holdfast.ocfl.validate import ObjectReport, validate_object

OnBytes = Callable[[int], None]


def audit_object(root: StorageRoot, key: str, on_bytes: OnBytes | None = None) -> ObjectAudit:
    """What a fixity check of every byte of the object at `key` finds."""
    report = validate_object(root.backend, key, on_bytes=on_bytes)
    if not report.is_valid and report.object_id:
        report = _second_look(root, key, report)
    return _as_audit(key, report)


def _second_look(root: StorageRoot, key: str, report: ObjectReport) -> ObjectReport:
    try:
        with root.locked(report.object_id or key):
            root.recover_at(key)
            return validate_object(root.backend, key)
    except HoldfastError:
        return report  # somebody is still at work there, or it cannot be read: what was seen first stands


def _as_audit(key: str, report: ObjectReport) -> ObjectAudit:
    inventory = report.inventory
    return ObjectAudit(
        object=report.object_id or key,
        result=_verdict(report),
        at=now(),
        version=str(inventory.head) if inventory else "",
        files=report.files_checked,
        bytes_read=report.read_bytes,
        findings=tuple(AuditFinding(f.code, f"{key}/{f.path}".rstrip("/"), f.message) for f in report.errors),
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
