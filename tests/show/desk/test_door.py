"""Every address of the desk, asked by every role: who may come in, and that it does not exist for anybody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from holdfast.actions.describe import record_of
from holdfast.show import site
from holdfast.show.models import Account, CommentDraft, Contribution, Report
from tests.show.stage import Stage, client, signed_in

ROLES = ("", "contributor", "member", "curator", "custodian", "admin")
SEES = {  # the levels of works that the desk opens for each role
    "curator": {"public", "members", "curators"},
    "custodian": {"public", "members", "curators", "sealed"},
    "admin": {"public", "members", "curators"},
}
SEEN_ON_PAGES = {**SEES, "": {"public"}, "contributor": {"public"}, "member": {"public", "members"}}


def browser_of(role: str) -> Any:
    return signed_in(role) if role else client()


@pytest.mark.parametrize("role", ROLES)
def test_the_rooms_of_the_desk_are_open_to_whom_they_are_for(stage: Stage, role: str) -> None:
    browser = browser_of(role)
    rooms = ("/desk", "/desk/inbox", "/desk/jobs", "/desk/tokens", "/desk/accounts", "/de/desk")
    answers = {room: browser.get(room).status_code for room in rooms}
    expected = dict.fromkeys(rooms, 200 if role in SEES else 404)
    expected["/desk/accounts"] = 200 if role == "admin" else 404
    assert answers == expected


@pytest.mark.parametrize("role", ROLES)
def test_the_desk_opens_a_work_only_to_curators_who_may_see_it(stage: Stage, role: str) -> None:
    browser = browser_of(role)
    for level, asset in stage.ids.items():
        allowed = level in SEES.get(role, set())
        for page in ("", "/history"):
            assert browser.get(f"/desk/w/{asset}{page}").status_code == (200 if allowed else 404), (level, page)
        shown = 200 if allowed and level == "public" else 404  # a stranger is told that anything else is not here
        assert browser.get(f"/desk/w/{asset}/stranger").status_code == shown
        head = str(record_of(site.archive(), asset)[1].head)
        posted = browser.post(f"/desk/w/{asset}", {"base": head, "expected": head})
        assert posted.status_code == (302 if allowed else 404)


@pytest.mark.parametrize("role", ROLES)
def test_deeds_on_comments_jobs_and_accounts_are_refused_to_whom_they_are_not_for(own_stage: Stage, role: str) -> None:
    target = Account.objects.create(username="Target")
    sealed = CommentDraft.objects.create(work=own_stage.ids["sealed"], text="x", language="en", name="N")
    browser = browser_of(role)
    decided = browser.post(f"/desk/comment/{sealed.id}", {"deed": "accept"}).status_code
    assert decided == (302 if role == "custodian" else 404)
    assert browser.post("/desk/jobs", {"kind": "access", "key": "none"}).status_code == 404
    changed = browser.post(f"/desk/accounts/{target.id}", {"role": "curator", "open": "yes"}).status_code
    target.refresh_from_db()
    assert (changed, target.role) == ((302, "curator") if role == "admin" else (404, "contributor"))


@pytest.mark.parametrize("role", ROLES)
def test_a_comment_is_taken_from_accounts_on_works_that_they_see(own_stage: Stage, role: str) -> None:
    browser = browser_of(role)
    answers = {
        level: browser.post(f"/w/{asset}/comment", {"text": "I was there."}).status_code
        for level, asset in own_stage.ids.items()
    }
    seen = SEEN_ON_PAGES[role] if role else set()
    assert answers == {level: 302 if level in seen else 404 for level in own_stage.ids}
    assert CommentDraft.objects.count() == len(seen)


@pytest.mark.parametrize("role", ROLES)
def test_what_waits_is_decided_by_curators_alone_and_reports_by_those_who_see_the_work(
    own_stage: Stage, role: str
) -> None:
    day, browser = timezone.now().date(), browser_of(role)
    for level, asset in own_stage.ids.items():
        report = Report.objects.create(work=asset, grievance="wrong", text="x", came_on=day)
        allowed = level in SEES.get(role, set())
        answer = browser.post(f"/desk/report/{report.pk}", {"deed": "refuse", "reason": "r"})
        assert answer.status_code == (302 if allowed else 404), level
        asked = browser.get(f"/w/{asset}/report").status_code
        assert asked == (200 if level in SEEN_ON_PAGES[role] else 404)
    sent = Contribution.objects.create(receipt="0" * 64, came_on=day)
    path = f"/desk/contribution/{sent.pk}"
    assert browser.get(f"{path}/file/1").status_code == 404  # it has none; the door is tried with one elsewhere
    assert browser.post(path, {"deed": "refuse", "reason": "r"}).status_code == (302 if role in SEES else 404)
    assert browser.post("/desk/custody/lay-down").status_code == (302 if role == "custodian" else 404)


def test_a_form_that_another_site_sends_is_refused(own_stage: Stage) -> None:
    signed_in("admin")
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    strict.force_login(Account.objects.get(username="admin"))
    public = own_stage.ids["public"]
    paths = (f"/desk/w/{public}", "/desk/jobs", "/desk/comment/1", "/desk/accounts/1", f"/w/{public}/comment")
    paths = (*paths, "/desk/accounts/1/link", "/desk/custody/lay-down", "/desk/contribution/1", "/desk/report/1")
    paths = (*paths, "/desk/tokens", "/desk/tokens/1", "/contribute", f"/w/{public}/report")
    assert {path: strict.post(path, {}).status_code for path in paths} == dict.fromkeys(paths, 403)


def test_an_account_that_was_closed_is_outside_at_once(own_stage: Stage) -> None:
    browser = signed_in("curator")
    Account.objects.filter(username="curator").update(is_active=False)
    assert browser.get("/desk").status_code == 404
