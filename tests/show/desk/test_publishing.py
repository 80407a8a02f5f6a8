"""Accepted comments leave the desk for the archive, whatever interrupts them, and are shown as their work is."""

from __future__ import annotations

import pytest

from holdfast.actions import comments
from holdfast.catalog.comments import VisibleComment
from holdfast.errors import DiskFull
from holdfast.show import site
from holdfast.show.desk.publishing import publish_accepted
from holdfast.show.models import CommentDraft
from tests.show.stage import Stage, client, signed_in


def kept(work: str) -> list[VisibleComment]:
    return comments.comments_on(site.archive(), work)


def test_what_was_accepted_before_the_archive_kept_comments_is_published_once(own_stage: Stage) -> None:
    work = own_stage.ids["public"]
    old = CommentDraft.objects.create(
        work=work,
        text="I was there.",
        language="en",
        name="Mia",
        state="accepted",
        decided_by="Ada",
        moment="0:03-0:05",
    )
    assert publish_accepted() == publish_accepted() == 0
    (found,) = kept(work)
    assert (found.text, found.name, found.start_us, found.end_us) == ("I was there.", "Mia", 3_000_000, 5_000_000)
    old.refresh_from_db()
    assert (old.state, old.text, old.name, old.published_as) == ("published", "", "", found.id)
    page = client().get(f"/w/{work}").content.decode()
    assert "I was there." in page
    assert "?t=0:03-0:05" in page


def test_a_stop_between_keeping_and_noting_publishes_nothing_twice(own_stage: Stage) -> None:
    work = own_stage.ids["public"]
    draft = CommentDraft.objects.create(work=work, text="once", language="en", name="", state="accepted")
    publish_accepted()
    CommentDraft.objects.filter(pk=draft.pk).update(state="accepted", text="once")  # as if the note had been lost
    assert publish_accepted() == 0
    assert [one.text for one in kept(work)] == ["once"]


def test_a_disk_that_refuses_costs_no_comment_and_the_curator_is_told(
    own_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise DiskFull(place="here", name="it")

    work = own_stage.ids["public"]
    draft = CommentDraft.objects.create(work=work, text="patience", language="en", name="N")
    with monkeypatch.context() as broken:
        broken.setattr(comments, "publish", full)
        answer = signed_in("curator").post(f"/desk/comment/{draft.pk}", {"deed": "accept"}, follow=True)
    assert "it is tried again" in answer.content.decode()
    assert kept(work) == []
    assert publish_accepted() == 0
    assert [one.text for one in kept(work)] == ["patience"]


def test_one_that_can_never_be_kept_does_not_hold_up_the_others(own_stage: Stage) -> None:
    for work in ("zzzzzzzzzzzzz", own_stage.ids["public"]):
        CommentDraft.objects.create(work=work, text="said", language="en", name="", state="accepted")
    assert publish_accepted() == 1
    assert [one.text for one in kept(own_stage.ids["public"])] == ["said"]


def test_a_comment_on_a_closed_work_is_nowhere_for_strangers(own_stage: Stage) -> None:
    for level, work in own_stage.ids.items():
        CommentDraft.objects.create(work=work, text=f"secret of {level}", language="en", name="", state="accepted")
    publish_accepted()
    pages = "".join(client().get(f"/w/{work}").content.decode() for work in own_stage.ids.values())
    assert "secret of public" in pages
    assert [level for level in own_stage.ids if f"secret of {level}" in pages] == ["public"]
    assert "secret of sealed" in signed_in("custodian").get(f"/w/{own_stage.ids['sealed']}").content.decode()


def test_a_curator_withdraws_a_comment_with_a_reason_and_its_words_are_gone(own_stage: Stage) -> None:
    work, curator = own_stage.ids["public"], signed_in("curator", "Ada")
    CommentDraft.objects.create(work=work, text="regretted words", language="en", name="Mia", state="accepted")
    publish_accepted()
    (comment,) = kept(work)
    assert "regretted words" in curator.get(f"/desk/w/{work}/comments").content.decode()
    curator.post(f"/desk/comment/{comment.id}/withdraw", {"reason": " "})
    assert "regretted words" in client().get(f"/w/{work}").content.decode()
    curator.post(f"/desk/comment/{comment.id}/withdraw", {"reason": "her own wish"})
    page = client().get(f"/w/{work}").content.decode()
    assert "It was withdrawn on" in page
    assert [word for word in ("regretted", "Mia", "her own wish") if word in page] == []
    held = comments.read(site.archive(), comment.id)
    assert held.withdrawn is not None
    assert held.withdrawn.by == "Ada"


@pytest.mark.parametrize("role", [None, "contributor", "member"])
def test_nobody_but_curators_withdraws_and_they_only_where_they_see_the_work(
    own_stage: Stage, role: str | None
) -> None:
    CommentDraft.objects.create(work=own_stage.ids["sealed"], text="sealed", language="en", name="", state="accepted")
    publish_accepted()
    (comment,) = kept(own_stage.ids["sealed"])
    for browser in (signed_in(role) if role else client(), signed_in("curator")):
        assert browser.post(f"/desk/comment/{comment.id}/withdraw", {"reason": "x"}).status_code == 404
        assert browser.get(f"/desk/w/{own_stage.ids['sealed']}/comments").status_code == 404
    assert comments.read(site.archive(), comment.id).text == "sealed"


def test_hostile_and_foreign_text_is_shown_as_it_was_written(own_stage: Stage) -> None:
    work = own_stage.ids["public"]
    text = "<script>alert(1)</script> شكرا \u202eabc 한국어 <img src=x onerror=y>"
    CommentDraft.objects.create(work=work, text=text, language="ar", name="<b>N", state="accepted")
    publish_accepted()
    page = client().get(f"/w/{work}").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; شكرا" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page
