"""Reports: what somebody wants done about a work, and what was done."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from holdfast.actions.describe import describe
from holdfast.show import site
from holdfast.show.desk.closing import closed
from holdfast.show.desk.sight import Sight
from holdfast.show.inbox_models import Report

LONGEST = {"text": 4000, "contact": 300}
LONGEST_ANSWER = 500


@dataclass(frozen=True)
class Answered:
    """What became of a report: the version of the work if it was closed, "" if it stayed as it is."""

    work: str
    version: str = ""


def waiting(sight: Sight) -> list[Report]:
    """The reports that nobody has answered, on works that are seen, the oldest first."""
    found = list(Report.objects.filter(is_open=True))
    seen = sight.titles({one.work for one in found})
    return [one for one in found if one.work in seen]


def answer(number: int, sight: Sight, *, level: str, reason: str, by: str) -> Answered | None:
    """Answer a report; with a `level`, the work is closed to it first, and the reason stands in its journal.

    None, and nothing changed, if the report does not wait there.

    Raises:
        BadValue: the level would open it.
        Busy, StorageFailure: the work could not be changed; the report waits on.
    """
    report = Report.objects.filter(id=number, is_open=True).first()
    if report is None or not sight.titles({report.work}):
        return None
    version = ""
    if level:
        archive = site.archive().on_behalf_of(by)
        why = f"after a report: {reason[:LONGEST_ANSWER]}"
        version = describe(archive, report.work, lambda record: closed(record, level), why=why).version
    with transaction.atomic():
        report.is_open, report.text, report.contact = False, "", ""
        report.answer, report.decided_by, report.decided_at = reason[:LONGEST_ANSWER], by, timezone.now()
        report.save()
    return Answered(report.work, version)
