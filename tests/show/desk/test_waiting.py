"""The number of what waits: for curators, and of works that each may see."""

from __future__ import annotations

import pytest
from django.utils import timezone

from holdfast.show.models import CommentDraft, Contribution, Report
from tests.show.stage import Stage, client, signed_in

WAITING = {"curator": 3, "custodian": 4, "admin": 3, "member": 0, "": 0}


def fill(stage: Stage) -> None:
    """A contribution, a report on the public work, and comments on that and on the sealed one; and what was decided."""
    public, sealed, day = stage.ids["public"], stage.ids["sealed"], timezone.now().date()
    Contribution.objects.create(receipt="a" * 64, came_on=day)
    Contribution.objects.create(receipt="b" * 64, came_on=day, state="refused")
    Report.objects.create(work=public, grievance="other", came_on=day)
    Report.objects.create(work=public, grievance="other", came_on=day, is_open=False)
    for work in (public, sealed):
        CommentDraft.objects.create(work=work, text="x", language="en", name="N")
    CommentDraft.objects.create(work=public, text="x", language="en", name="N", state="refused")


@pytest.mark.parametrize("role", WAITING)
def test_what_waits_is_counted_for_those_who_decide_it_and_only_on_works_they_see(own_stage: Stage, role: str) -> None:
    browser, mark = signed_in(role) if role else client(), '<span class="count">{}</span></a>'
    assert '<span class="count">' not in browser.get("/about").content.decode()
    fill(own_stage)
    page = browser.get("/about").content.decode()
    number = WAITING[role]
    assert (mark.format(number) in page) is bool(number)
    if number:
        assert f">Inbox ({number})</a>" in browser.get("/desk").content.decode()
    else:
        assert '<span class="count">' not in page
