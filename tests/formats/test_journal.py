"""Audit journals: read back whole, cut off in the middle, or refused."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from holdfast.errors import BadRecord
from holdfast.formats.journal import (
    AuditFinding,
    AuditRun,
    ObjectAudit,
    audit_bytes,
    audit_schema,
    journal_object,
    line_of,
    parse_audit,
)
from holdfast.model.fixity import FixityResult
from tests.formats.values import AUDITS, RUNS
from tests.house.tree import ROOT

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
RUN = AuditRun("k7m2x9qd4htbr", NOON, "all", "Ada")
PASSED = ObjectAudit("holdfast:asset:k7m2x9qd4htbr", FixityResult.PASSED, NOON, "v2", 9, 123)
FAILED = ObjectAudit("Урожай", FixityResult.FAILED, NOON, findings=(AuditFinding("E092", "a/b", "収"),))
SCHEMA = Draft202012Validator(audit_schema())


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(RUNS, st.lists(AUDITS, max_size=3))
def test_a_run_comes_back_as_it_was_and_in_the_same_bytes(run: AuditRun, results: list[ObjectAudit]) -> None:
    data = audit_bytes(run, results)
    assert parse_audit(data, "x") == (run, tuple(results))
    assert audit_bytes(*parse_audit(data, "x")) == data
    for line in data.splitlines()[1:]:
        SCHEMA.validate(json.loads(line))


def test_wherever_a_writer_was_killed_all_whole_lines_are_there() -> None:
    whole = audit_bytes(RUN, [PASSED, FAILED])
    ends = [n + 1 for n, byte in enumerate(whole) if byte == 10]
    for cut in range(ends[0], len(whole) + 1):
        run, results = parse_audit(whole[:cut], "x", may_be_cut=True)
        assert run == RUN
        assert results == (PASSED, FAILED)[: sum(end <= cut for end in ends) - 1]


@pytest.mark.parametrize("cut", [0, 1, 50])
def test_notes_that_were_cut_in_their_first_line_are_none(cut: int) -> None:
    with pytest.raises(BadRecord, match="empty"):
        parse_audit(line_of(RUN)[:cut], "x", may_be_cut=True)


def test_a_journal_that_must_be_whole_is_not_read_when_it_is_cut() -> None:
    whole = audit_bytes(RUN, [PASSED, FAILED])
    with pytest.raises(BadRecord, match="x:3"):
        parse_audit(whole[:-2], "x")


@pytest.mark.parametrize("may_be_cut", [True, False])
def test_a_damaged_line_is_not_taken_for_a_cut_one(may_be_cut: bool) -> None:
    whole = audit_bytes(RUN, [PASSED, FAILED])
    damaged = whole.replace(b'"result":"failed"', b'"result":"perhaps"')
    with pytest.raises(BadRecord, match=r"x:3 .*result: 'perhaps' is none of passed, failed, not checked"):
        parse_audit(damaged, "x", may_be_cut=may_be_cut)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "it is empty"),
        (b"\n \n", "it is empty"),
        (line_of(PASSED), "its format is None"),
        (line_of(RUN).replace(b"audit-1", b"audit-2"), "its format is 'holdfast-audit-2'"),
        (b"[]\n", "its format is None"),
        (b'{"format": "holdfast-audit-1"}\n', "lacks run, at, scope, custodian"),
        (line_of(RUN) + line_of(RUN), "x:2 .*lacks object, result"),
    ],
)
def test_what_is_no_journal_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(BadRecord, match=message):
        parse_audit(data, "x")


def test_journals_are_by_month_of_utc_and_go_on_in_parts() -> None:
    early = datetime(2026, 12, 1, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    assert journal_object(NOON) == journal_object(early) == "holdfast:journal:2026-11"
    assert journal_object(NOON, 2) == "holdfast:journal:2026-11.2"


def test_the_example_in_the_documentation_is_what_we_write() -> None:
    text = (ROOT / "docs" / "formats" / "journal.md").read_text("utf-8")
    (example,) = re.findall(r"```jsonl\n(.*?)```", text, flags=re.DOTALL)
    assert audit_bytes(*parse_audit(example.encode(), "x")).decode() == example


@pytest.mark.parametrize("change", [{"result": "perhaps"}, {"object": 7}, {"files": "9"}, {"at": "today"}])
def test_the_schema_refuses_what_we_refuse(change: dict[str, Any]) -> None:
    document = json.loads(line_of(PASSED)) | change
    assert not SCHEMA.is_valid(document)
    with pytest.raises(BadRecord):
        parse_audit(line_of(RUN) + json.dumps(document).encode(), "x")
