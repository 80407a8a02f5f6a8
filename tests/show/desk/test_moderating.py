"""Comments: they wait for a curator, are shown when accepted, and are neither too many nor too long."""

from __future__ import annotations

from typing import Any

from django.template import RequestContext, Template
from django.test import RequestFactory
from sqlalchemy import event

from holdfast.show import site
from holdfast.show.desk import moderating
from holdfast.show.desk.moderating import MOST_AT_ONCE
from holdfast.show.desk.sight import Sight
from holdfast.show.models import CommentDraft
from holdfast.show.reader import Reader
from tests.show.stage import Stage, signed_in


def shown(work: str) -> str:
    """The comments of a work's page."""
    template = Template("{% load comments %}{% comments_of work %}")
    return template.render(RequestContext(RequestFactory().get("/", headers={"host": "localhost"}), {"work": work}))


def test_a_comment_is_shown_when_a_curator_has_accepted_it_and_not_before(own_stage: Stage) -> None:
    work, writer, curator = own_stage.ids["public"], signed_in("contributor", "Mia"), signed_in("curator")
    sent = {"text": "I held <b>the lamp</b>.", "moment": "0:03", "name": "Mia M."}
    assert writer.post(f"/w/{work}/comment", sent).status_code == 302
    comment = CommentDraft.objects.get()
    assert (comment.name, comment.moment, comment.language) == ("Mia M.", "0:03", "en")
    assert "the lamp" not in shown(work)
    assert "I held &lt;b&gt;" in curator.get("/desk/inbox").content.decode()
    assert curator.post(f"/desk/comment/{comment.id}", {"deed": "accept"}).status_code == 302
    assert "I held &lt;b&gt;the lamp" in shown(work)
    assert curator.post(f"/desk/comment/{comment.id}", {"deed": "refuse", "reason": "x"}).status_code == 404


def test_a_refusal_needs_a_reason_and_hides_nothing_until_it_has_one(own_stage: Stage) -> None:
    work, curator = own_stage.ids["public"], signed_in("curator", "Ada")
    comment = CommentDraft.objects.create(work=work, text="spam", language="en", name="N")
    curator.post(f"/desk/comment/{comment.id}", {"deed": "refuse", "reason": "  "})
    comment.refresh_from_db()
    assert comment.state == "waiting"
    curator.post(f"/desk/comment/{comment.id}", {"deed": "refuse", "reason": "advertising"})
    comment.refresh_from_db()
    assert (comment.state, comment.reason, comment.decided_by) == ("refused", "advertising", "Ada")
    assert "spam" not in shown(work)


def test_whoever_writes_too_fast_waits_and_keeps_what_they_typed(own_stage: Stage) -> None:
    path, writer = f"/w/{own_stage.ids['public']}/comment", signed_in("contributor", "Mia")
    for n in range(MOST_AT_ONCE):
        assert writer.post(path, {"text": f"comment {n}"}).status_code == 302
    refused = writer.post(path, {"text": "one more"})
    assert refused.status_code == 429
    assert "one more" in refused.content.decode()
    assert CommentDraft.objects.count() == MOST_AT_ONCE


def test_an_empty_or_endless_comment_is_refused_and_odd_characters_are_made_writable(own_stage: Stage) -> None:
    path, writer = f"/w/{own_stage.ids['public']}/comment", signed_in("contributor", "Mia")
    assert writer.post(path, {"text": " \n"}).status_code == writer.post(path, {"text": "x" * 4001}).status_code == 422
    assert writer.post(path, {"text": "a\0b", "moment": ""}).status_code == 302
    comment = CommentDraft.objects.get()
    assert "\0" not in comment.text
    assert comment.moment == ""


def test_of_the_works_only_those_with_waiting_comments_are_asked_for(own_stage: Stage) -> None:
    for level in ("public", "sealed"):
        CommentDraft.objects.create(work=own_stage.ids[level], text=level, language="en", name="N")
    asked: list[tuple[str, Any]] = []
    engine = site.archive().catalog.engine

    def note(_c: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        sight = Sight(Reader(("public", "members"), ("en",)))
        assert [one.text for one in moderating.waiting(sight)] == ["public"]
        assert moderating.waiting(sight)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    rows = [parameters for _, parameters in asked if own_stage.ids["sealed"] in parameters]
    assert len(rows) == 1  # which of the two are seen, once for both times
    assert own_stage.ids["members"] not in repr(asked)
