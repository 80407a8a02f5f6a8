"""The journal of audits: one file a run, one line an object, first line the run itself.

    {"format":"holdfast-audit-1","run":"...","at":"...","scope":"all","custodian":"..."}
    {"object":"holdfast:asset:...","version":"v2","result":"passed","files":9,"bytes":123456}
    {"object":"...","result":"failed","findings":[{"code":"E092","path":"...","message":"..."}], ...}

The files lie in journal objects by month, `holdfast:journal:2026-11`, never in the object that was checked: looking at
a thing must not make it grow.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from holdfast.errors import BadRecord
from holdfast.formats.canonical import canonical_line, parse_json
from holdfast.formats.plain import from_plain, schema_of, to_plain
from holdfast.model.fixity import FixityResult
from holdfast.model.time import civil

AUDIT_FORMAT = "holdfast-audit-1"
AUDITS = "audits"


@dataclass(frozen=True)
class AuditFinding:
    """One thing that is not as it was: a code of the OCFL specification or of ours, where, and in words."""

    code: str
    path: str
    message: str
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ObjectAudit:
    """What the audit of one object found. `bytes_read` counts what was really read and hashed."""

    object: str
    result: FixityResult
    at: datetime
    version: str = ""
    files: int = 0
    bytes_read: int = 0
    findings: tuple[AuditFinding, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class AuditRun:
    """The first line of a run: which, when begun, over what, on whose behalf."""

    run: str
    at: datetime
    scope: str
    custodian: str
    format: str = AUDIT_FORMAT
    extra: dict[str, Any] = field(default_factory=dict)


def journal_object(moment: datetime, part: int = 1) -> str:
    """The id of the journal object for a month of UTC. A month of very many runs goes on in parts 2, 3, ..."""
    return f"holdfast:journal:{civil(moment)[:7]}" + (f".{part}" if part > 1 else "")


def audit_bytes(run: AuditRun, results: Iterable[ObjectAudit]) -> bytes:
    """The file of one run."""
    return line_of(run) + b"".join(line_of(result) for result in results)


def line_of(value: AuditRun | ObjectAudit) -> bytes:
    """One line of it."""
    return canonical_line(to_plain(value))


def parse_audit(data: bytes, name: str, *, may_be_cut: bool = False) -> tuple[AuditRun, tuple[ObjectAudit, ...]]:
    """The run and its results.

    Args:
        data: the bytes of the file.
        name: what errors call it.
        may_be_cut: its writer may have been killed: a last line that has no end is left out.

    Raises:
        BadRecord: a line does not fit, or the format is unknown.
    """
    lines = data.split(b"\n")
    if may_be_cut:
        lines[-1] = b""  # empty already if the last line was ended
    numbered = [(f"{name}:{number}", line) for number, line in enumerate(lines, start=1) if line.strip()]
    if not numbered:
        raise BadRecord(name=name, reason="it is empty")
    run = _parse_run(*numbered[0])
    results = (from_plain(ObjectAudit, parse_json(line, place), place) for place, line in numbered[1:])
    return run, tuple(cast(ObjectAudit, result) for result in results)


def _parse_run(place: str, line: bytes) -> AuditRun:
    plain = parse_json(line, place)
    found = plain.get("format") if isinstance(plain, dict) else None
    if found != AUDIT_FORMAT:
        raise BadRecord(name=place, reason=f"its format is {found!r}, this program knows {AUDIT_FORMAT!r}")
    return cast(AuditRun, from_plain(AuditRun, plain, place))


def audit_schema() -> dict[str, Any]:
    """The published JSON Schema of a line about one object."""
    return schema_of(ObjectAudit, "Holdfast audit journal, format holdfast-audit-1: one line about one object")
