"""Reports: anybody who sees a work may send one, and a curator answers it by closing the work at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from holdfast.actions.describe import describe, record_of
from holdfast.formats.record import EVENTS_FILE, parse_events
from holdfast.model.rights import AccessLevel
from holdfast.show import site
from holdfast.show.models import Account, Report
from holdfast.show.views.report import reports
from tests.show import senders
from tests.show.stage import Stage, client, signed_in

SENT = {"grievance": "risk", "text": "that is my <b>brother</b>", "moment": "0:03", "contact": "by pigeon"}


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    senders.forget_limits()
    yield
    senders.forget_limits()


def test_a_report_closes_a_work_at_once_and_the_reason_stands_in_its_journal(own_stage: Stage) -> None:
    work, curator = own_stage.ids["public"], signed_in("curator", "Ada")
    assert f"/w/{work}/report" in client().get(f"/w/{work}").content.decode()
    assert "It has come" in client().post(f"/w/{work}/report", SENT).content.decode()
    page = curator.get("/desk/inbox").content.decode()
    assert "that is my &lt;b&gt;brother" in page
    assert f"/w/{work}?t=0:03" in page
    number = Report.objects.get().pk
    curator.post(f"/desk/report/{number}", {"deed": "accept", "level": "sealed", "reason": "a person at risk"})
    assert client().get(f"/w/{work}").status_code == 404
    assert curator.get(f"/w/{work}").status_code == 404
    assert signed_in("custodian").get(f"/w/{work}").status_code == 200
    record, inventory = record_of(site.archive(), work)
    events = parse_events(site.archive().root.read(str(record.id.object_id), EVENTS_FILE, inventory))
    assert events[-1].detail == "changed access: after a report: a person at risk"
    report = Report.objects.get()
    assert (report.is_open, report.text, report.contact, report.decided_by) == (False, "", "", "Ada")


def test_a_report_that_is_left_changes_nothing_but_is_answered(own_stage: Stage) -> None:
    work, curator = own_stage.ids["public"], signed_in("curator")
    client().post(f"/w/{work}/report", SENT)
    number = Report.objects.get().pk
    assert curator.post(f"/desk/report/{number}", {"deed": "refuse", "reason": ""}).status_code == 302
    assert Report.objects.get().is_open
    curator.post(f"/desk/report/{number}", {"deed": "refuse", "reason": "it is an actor", "level": "sealed"})
    assert not Report.objects.get().is_open
    assert client().get(f"/w/{work}").status_code == 200
    assert curator.post(f"/desk/report/{number}", {"deed": "refuse", "reason": "again"}).status_code == 404


def test_by_answering_a_report_nobody_opens_a_work(own_stage: Stage) -> None:
    work, curator = own_stage.ids["curators"], signed_in("curator")
    curator.post(f"/w/{work}/report", SENT)
    number = Report.objects.get().pk
    for level in ("public", "members", "anything"):
        curator.post(f"/desk/report/{number}", {"deed": "accept", "level": level, "reason": "x"})
    assert Report.objects.get().is_open
    assert client().get(f"/w/{work}").status_code == 404


def test_what_is_not_seen_is_not_reported_nor_are_its_reports_shown(own_stage: Stage) -> None:
    sealed = own_stage.ids["sealed"]
    assert client().get(f"/w/{sealed}/report").status_code == client().post(f"/w/{sealed}/report").status_code == 404
    signed_in("custodian").post(f"/w/{sealed}/report", {"grievance": "wrong", "text": "words of a custodian"})
    number = Report.objects.get().pk
    curator = signed_in("curator")
    assert "words of a custodian" not in curator.get("/desk/inbox").content.decode()
    assert curator.post(f"/desk/report/{number}", {"deed": "refuse", "reason": "x"}).status_code == 404
    assert "words of a custodian" in signed_in("custodian").get("/desk/inbox").content.decode()


def test_a_report_says_what_it_is_about_and_words_unless_somebody_is_at_risk(own_stage: Stage) -> None:
    path = f"/w/{own_stage.ids['public']}/report"
    assert client().post(path, {"text": "x"}).status_code == 422
    assert client().post(path, {"grievance": "rights"}).status_code == 422
    assert client().post(path, {"grievance": "rights", "text": "x" * 4001}).status_code == 422
    assert client().post(path, {"grievance": "risk"}).status_code == 200
    assert Report.objects.count() == 1


def test_one_place_reports_so_often_and_keeps_what_it_wrote(own_stage: Stage) -> None:
    path = f"/w/{own_stage.ids['public']}/report"
    answers = [client().post(path, SENT).status_code for _ in range(reports.most)]
    last = client().post(path, SENT)
    assert answers == [200] * reports.most
    assert (last.status_code, "by pigeon" in last.content.decode()) == (429, True)


def test_why_a_work_was_closed_and_by_whom_is_told_to_curators_alone_when_it_is_open_again(own_stage: Stage) -> None:
    work, curator = own_stage.ids["public"], signed_in("curator", "Nadezhda")
    why = "Weidenmann is in danger"
    archive = site.archive().on_behalf_of("Nadezhda")
    for level, reason in ((AccessLevel.CURATORS, f"after a report: {why}"), (AccessLevel.PUBLIC, "it is blurred now")):
        describe(archive, work, lambda record, level=level: replace(record, access=level), why=reason)  # type: ignore[misc]
    page = curator.get(f"/w/{work}").content.decode()
    assert why in page
    assert "Nadezhda" in page
    for browser in (client(), signed_in("member")):
        page = browser.get(f"/w/{work}").content.decode()
        assert "metadata modification: success" in page
        assert why not in page
        assert "Nadezhda" not in page


def test_who_closes_a_work_beyond_their_own_sight_is_told_so_beside_the_choice(own_stage: Stage) -> None:
    work, curator = own_stage.ids["public"], signed_in("curator")
    client().post(f"/w/{work}/report", SENT)
    Account.objects.filter(role="custodian").delete()
    for path in ("/desk/inbox", f"/desk/w/{work}"):
        page = curator.get(path).content.decode()
        assert "Custodians alone will see it then, and you will not." in page
        assert "This archive has no custodian yet: holdfast desk role NAME custodian." in page
    custodian = signed_in("custodian")
    for path in ("/desk/inbox", f"/desk/w/{work}"):
        assert "Custodians alone" not in custodian.get(path).content.decode()
        page = curator.get(path).content.decode()
        assert ("Custodians alone" in page, "no custodian yet" in page) == (True, False)


@pytest.mark.parametrize("moment", ["1:99", "noon", "0:05-0:02"])
def test_a_time_that_is_none_is_asked_for_again_and_what_was_typed_stays(own_stage: Stage, moment: str) -> None:
    path = f"/w/{own_stage.ids['public']}"
    answer = client().post(f"{path}/report", {**SENT, "moment": moment})
    page = answer.content.decode()
    assert (answer.status_code, "A time looks like 12:34." in page) == (422, True)
    assert f'value="{moment}"' in page
    assert "by pigeon" in page
    comment = {"text": "Look there.", "moment": moment, "name": "A. L."}
    again = signed_in("contributor").post(f"{path}/comment", comment)
    assert (again.status_code, "A time looks like 12:34." in again.content.decode()) == (422, True)
    kept = (f'value="{moment}"', "Look there.", 'value="A. L."')
    assert [text for text in kept if text not in again.content.decode()] == []
    assert not Report.objects.exists()
