"""The desk's deeds with a token: what the account may, and nothing that it may not; the same rules as at the desk."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from holdfast.actions.describe import record_of
from holdfast.jobs.queue import State
from holdfast.show import site, tokens
from holdfast.show.models import Account, CommentDraft, Contribution, Report, Token
from tests.show import senders
from tests.show.stage import Stage, client, signed_in

CURATING = ("curator", "custodian", "admin")


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    senders.forget_limits()
    tokens.wrong_tokens.forget()
    yield
    senders.forget_limits()
    tokens.wrong_tokens.forget()


class Program:
    """A program with a token of an account of this role."""

    def __init__(self, role: str) -> None:
        signed_in(role)
        self.secret = tokens.make(Account.objects.get(username=role), "test", 30)
        self._browser = client()

    def ask(self, path: str, **wish: Any) -> Any:
        """POST with a wish, GET without."""
        headers = {"authorization": f"Bearer {self.secret}"}
        if not wish:
            return self._browser.get(f"/api{path}", headers=headers)
        return self._browser.post(f"/api{path}", json.dumps(wish), content_type="application/json", headers=headers)


def test_a_description_is_changed_under_the_name_of_the_account_and_outrun_is_told(own_stage: Stage) -> None:
    program, work = Program("curator"), own_stage.ids["public"]
    head = str(record_of(site.archive(), work)[1].head)
    wish = {"fields": {"category": "news"}, "expected": head, "why": "sorted"}
    told = program.ask(f"/works/{work}/describe", **wish).json()
    assert told == {"asset": work, "version": "v2", "changed": ["category"]} or told["changed"] == ["category"]
    record, inventory = record_of(site.archive(), work)
    assert record.category == "news"
    assert inventory.versions[inventory.head].user_name == "curator"
    outrun = program.ask(f"/works/{work}/describe", **wish)
    assert (outrun.status_code, outrun.json()["error"]) == (409, "HF-B002")
    wrong = program.ask(f"/works/{work}/describe", fields={"id": "x"})
    assert (wrong.status_code, wrong.json()["error"]) == (422, "HF-A005")


def test_access_and_embargo_follow_the_rules_of_the_desk(own_stage: Stage) -> None:
    program, work = Program("curator"), own_stage.ids["curators"]
    assert program.ask(f"/works/{work}/access", level="public", why="free now").status_code == 200
    assert client().get(f"/w/{work}").status_code == 200
    assert program.ask(f"/works/{work}/embargo", until="2099-01-01", reason="exam").status_code == 200
    assert client().get(f"/w/{work}").status_code == 404
    assert program.ask(f"/works/{work}/embargo", until="").status_code == 200
    assert client().get(f"/w/{work}").status_code == 200
    assert program.ask(f"/works/{work}/embargo", until="soon").status_code == 422
    assert program.ask(f"/works/{work}/access", level="sealed").status_code == 200  # closing is always possible
    assert program.ask(f"/works/{work}/access", level="public").status_code == 404


@pytest.mark.parametrize("role", ["contributor", "member", *CURATING])
def test_every_deed_on_every_work_is_for_whom_the_desk_would_let(own_stage: Stage, role: str) -> None:
    program = Program(role)
    levels = ["public", "members", "curators"] + (["sealed"] if role == "custodian" else [])
    for level, work in own_stage.ids.items():
        expected = (200 if level in levels else 404) if role in CURATING else 401
        for path, wish in (
            (f"/works/{work}/describe", {"fields": {}}),
            (f"/works/{work}/access", {"level": level}),
            (f"/works/{work}/embargo", {"until": ""}),
        ):
            assert program.ask(path, **wish).status_code == expected, (path, level)
    for path in ("/jobs", "/inbox"):
        assert program.ask(path).status_code == (200 if role in CURATING else 401)


def test_without_a_token_a_signed_in_browser_does_no_deeds_at_the_api(own_stage: Stage) -> None:
    browser, work = signed_in("curator"), own_stage.ids["public"]
    answer = browser.post(f"/api/works/{work}/access", '{"level": "sealed"}', content_type="application/json")
    assert answer.status_code == 401
    assert browser.get("/api/inbox").status_code == 401
    assert client().get(f"/w/{work}").status_code == 200


def test_describing_is_no_way_round_the_levels(own_stage: Stage) -> None:
    program, work = Program("curator"), own_stage.ids["curators"]
    for fields in ({"access": "sealed"}, {"access": "public"}):
        assert program.ask(f"/works/{work}/describe", fields=fields).status_code == (
            200 if fields["access"] == "sealed" else 404
        )
    custodian = Program("custodian")
    assert custodian.ask(f"/works/{work}/describe", fields={"access": "public"}).status_code == 200


def test_a_token_reads_what_its_account_sees_and_ends_with_it(own_stage: Stage) -> None:
    program, members = Program("member"), own_stage.ids["members"]
    assert client().get(f"/api/works/{members}").status_code == 404
    assert program.ask(f"/works/{members}").status_code == 200
    Account.objects.filter(username="member").update(is_active=False)
    assert program.ask(f"/works/{members}").status_code == 401


def test_a_token_that_expired_or_was_revoked_or_is_none_is_told_so(own_stage: Stage) -> None:
    program = Program("curator")
    assert program.ask("/jobs").status_code == 200
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    refused = program.ask("/jobs")
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
    program.secret = "hf_" + "x" * 43
    answers = [program.ask("/jobs").status_code for _ in range(tokens.wrong_tokens.most)]
    assert answers[:2] == [401, 401]
    assert answers[-1] == 429


def test_a_token_is_made_at_the_desk_shown_once_and_kept_as_a_digest(own_stage: Stage) -> None:
    Token.objects.all().delete()
    browser = signed_in("curator")
    page = browser.post("/desk/tokens", {"name": "nightly <report>", "days": "30"}).content.decode()
    secret = page.split('id="secret" readonly value="')[1].split('"')[0]
    again = browser.get("/desk/tokens").content.decode()
    assert secret not in again
    assert "nightly &lt;report&gt;" in again
    token = Token.objects.get()
    assert secret not in repr(vars(token))
    assert client().get("/api/jobs", headers={"authorization": f"Bearer {secret}"}).status_code == 200
    other = signed_in("custodian")
    assert "nightly" not in other.get("/desk/tokens").content.decode()
    assert other.post(f"/desk/tokens/{token.pk}").status_code == 404
    assert browser.post(f"/desk/tokens/{token.pk}").status_code == 302
    assert client().get("/api/jobs", headers={"authorization": f"Bearer {secret}"}).status_code == 401
    for form in ({"name": " ", "days": "30"}, {"name": "x", "days": "9999"}):
        assert browser.post("/desk/tokens", form).status_code == 422


@pytest.mark.parametrize("role", ["", "contributor", "member"])
def test_who_does_not_work_at_the_desk_makes_no_tokens(own_stage: Stage, role: str) -> None:
    browser = signed_in(role) if role else client()
    assert browser.get("/desk/tokens").status_code == 404
    assert browser.post("/desk/tokens", {"name": "x", "days": "30"}).status_code == 404


def test_a_token_is_no_key_to_the_pages_of_the_site(own_stage: Stage) -> None:
    program = Program("custodian")
    headers = {"authorization": f"Bearer {program.secret}"}
    assert client().get("/desk", headers=headers).status_code == 404
    assert client().get(f"/w/{own_stage.ids['sealed']}", headers=headers).status_code == 404


def test_what_waits_is_listed_and_decided_as_in_the_inbox(own_stage: Stage) -> None:
    program, public, sealed = Program("curator"), own_stage.ids["public"], own_stage.ids["sealed"]
    for work in (public, sealed):
        CommentDraft.objects.create(work=work, text=f"on {work}", language="en", name="N")
        Report.objects.create(work=work, grievance="wrong", text=f"about {work}", came_on=timezone.now().date())
    senders.hand_over(client(), senders.send(client(), senders.HTML), title="A page")
    told = program.ask("/inbox").json()
    assert sealed not in json.dumps(told)
    comment, report, sent = told["comments"][0], told["reports"][0], told["contributions"][0]
    assert (comment["work"], report["work"], sent["title"]) == (public, public, "A page")
    hidden = CommentDraft.objects.get(work=sealed).pk
    assert program.ask(f"/inbox/comments/{hidden}", deed="accept").status_code == 404
    assert program.ask(f"/inbox/comments/{comment['number']}", deed="accept").status_code == 200
    assert program.ask(f"/inbox/contributions/{sent['number']}", deed="refuse").status_code == 422
    assert program.ask(f"/inbox/contributions/{sent['number']}", deed="refuse", reason="no film").status_code == 200
    assert Contribution.objects.get().state == "refused"
    assert program.ask(f"/inbox/reports/{report['number']}", deed="accept", reason="at risk").status_code == 200
    assert client().get(f"/w/{public}").status_code == 404
    assert program.ask("/inbox/secrets/1", deed="accept").status_code == 404
    assert program.ask(f"/inbox/comments/{hidden}", deed="eat").status_code == 422


def test_a_failed_job_is_listed_and_tried_again(own_stage: Stage) -> None:
    program, queue = Program("curator"), site.archive().queue
    for level in ("public", "sealed"):
        object_id = str(site.archive().find(own_stage.ids[level]).object_id)
        queue.put("access", level, {"object": object_id})
        job = queue.claim("w", 60, ["access"])
        assert job is not None
        queue.fail(job, {"what": "unreadable"}, retry=False)
    assert [one["key"] for one in program.ask("/jobs").json()["failed"]] == ["public"]
    assert program.ask("/jobs/again", kind="access", key="sealed").status_code == 404
    assert program.ask("/jobs/again", kind="access", key="public").json()["state"] == State.WAITING.value


def test_the_page_and_the_description_list_the_deeds(stage: Stage) -> None:
    page = client().get("/api/docs").content.decode()
    described = client().get("/api/openapi.json").json()
    for path in ("/api/works/{asset}/embargo", "/api/inbox/{kind}/{number}", "/api/jobs/again"):
        assert f"POST {path}" in page
        assert described["paths"][path]["post"]["security"] == [{"DeskToken": []}]
    assert "GET /api/works" in page


def test_a_comment_that_a_program_accepts_is_shown_at_once(own_stage: Stage) -> None:
    work = own_stage.ids["public"]
    comment = CommentDraft.objects.create(work=work, text="I held the lamp.", language="en", name="Mia")
    assert Program("curator").ask(f"/inbox/comments/{comment.pk}", deed="accept").status_code == 200
    assert "I held the lamp." in client().get(f"/w/{work}").content.decode()
