"""Sending in without an account: what is asked, kept and decided, and that hostile files stay where they are."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from holdfast.actions import contributed
from holdfast.actions.archive import UPLOADS
from holdfast.actions.describe import record_of
from holdfast.actions.found import ls_found
from holdfast.show import site, working
from holdfast.show.desk import contributing
from holdfast.show.models import ContributedFile, Contribution
from holdfast.show.uploads.shelf import LASTS_S
from holdfast.show.views import contribute
from holdfast.show.views.uploads import shelf
from tests.show import senders
from tests.show.senders import HTML, SVG, film, hand_over, send, work_through, zip_bomb
from tests.show.stage import Stage, client, signed_in

WORDS = {"title": "Рыбаки", "source": "from my grandmother's attic", "language": "ru", "contact": "me@example.org"}


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    senders.forget_limits()
    yield
    senders.forget_limits()


def left(stage: Stage) -> list[str]:
    """What lies on the shelf."""
    return sorted(path.name for path in (stage.folder / UPLOADS).iterdir()) if (stage.folder / UPLOADS).exists() else []


def everything(stage: Stage) -> bytes:
    """All that desk.db and what lies beside it hold, wiped pages too."""
    return b"".join(path.read_bytes() for path in stage.folder.glob("desk.db*"))


def test_the_page_says_what_is_stored_before_it_asks_for_anything(stage: Stage) -> None:
    page = client().get("/contribute").content.decode()
    assert page.index("What is stored") < page.index("If somebody is in danger") < page.index('type="file"')
    assert "no account" in page.lower()


@pytest.mark.slow
def test_a_film_is_accepted_as_a_new_work_that_begins_closed_and_says_where_it_is_from(
    own_stage: Stage, tmp_path: Path
) -> None:
    stranger, curator = client(), signed_in("curator", "Ada")
    upload = send(stranger, film(tmp_path), "../рыбаки 1978.mp4")
    code = hand_over(stranger, upload, **WORDS, answers=own_stage.ids["public"])
    assert "waits for a curator" in stranger.get(f"/contribute/{code}").content.decode()
    work_through()
    page = curator.get("/desk/inbox").content.decode()
    assert "Рыбаки" in page
    assert "h264 320x180" in page
    number = Contribution.objects.get().pk
    assert curator.post(f"/desk/contribution/{number}", {"deed": "accept", "as": "work"}).status_code == 302
    work_through()
    assert "accepted and kept" in stranger.get(f"/contribute/{code.upper()}").content.decode()
    asset = ContributedFile.objects.get().asset
    record, inventory = record_of(site.archive(), asset)
    assert (record.access, record.titles[0].text, record.titles[0].language) == ("curators", "Рыбаки", "ru")
    said = record.descriptions[-1].text
    assert "my grandmother's attic" in said
    # Neither what its sender called it, nor a work that may be closed one day, for everybody may read this one day.
    assert "1978" not in repr(record)
    assert own_stage.ids["public"] not in repr(record)
    assert inventory.versions[inventory.head].user_name == "Ada"
    assert "example.org" not in repr(record)
    assert left(own_stage) == []
    assert stranger.get(f"/w/{asset}").status_code == 404
    assert curator.get(f"/w/{asset}").status_code == 200
    kept = Contribution.objects.get()
    assert (kept.title, kept.source, kept.contact) == ("", "", "")


def test_what_answers_a_work_is_offered_as_a_found_copy_and_else_as_a_new_work(own_stage: Stage) -> None:
    for number, answers in enumerate(("", own_stage.ids["public"])):
        sent = Contribution.objects.create(receipt=str(number) * 64, came_on=date(2026, 11, 25), answers=answers)
        ContributedFile.objects.create(contribution=sent, upload=f"none-{number}", size_bytes=1)
    new, found = signed_in("curator").get("/desk/inbox").content.decode().split('name="as"')[1:]
    assert '<option value="found">' in new
    assert '<option value="found" selected>' in found


@pytest.mark.slow
def test_a_film_that_answers_a_work_is_kept_as_a_found_copy_with_its_provenance(
    own_stage: Stage, tmp_path: Path
) -> None:
    stranger, curator, wanted = client(), signed_in("curator"), own_stage.ids["public"]
    assert "Leuchtturm" in stranger.get(f"/contribute?for={wanted}").content.decode()
    hand_over(stranger, send(stranger, film(tmp_path)), **WORDS, answers=wanted)
    number = Contribution.objects.get().pk
    curator.post(f"/desk/contribution/{number}", {"deed": "accept", "as": "found"})
    work_through()
    curator.get("/desk/inbox")
    digest = ContributedFile.objects.get().digest
    line = next(one for one in ls_found(site.archive()) if one.copy.digest == digest)
    assert f"under the name film.mp4, as an answer to {wanted}" in line.record.provenance[0].source
    assert line.copy.name == "contribution.mp4"


@pytest.mark.slow
def test_a_refusal_deletes_the_file_and_the_words_and_tells_the_reason_by_the_receipt(own_stage: Stage) -> None:
    stranger, curator = client(), signed_in("curator")
    code = hand_over(stranger, send(stranger, HTML), **WORDS)
    work_through()
    number = Contribution.objects.get().pk
    assert curator.post(f"/desk/contribution/{number}", {"deed": "refuse", "reason": " "}).status_code == 302
    assert len(left(own_stage)) == 1
    curator.post(f"/desk/contribution/{number}", {"deed": "refuse", "reason": "this is a web page"})
    assert left(own_stage) == []
    page = stranger.get(f"/contribute/{code}").content.decode()
    assert "this is a web page" in page
    assert "deleted" in page
    assert not ContributedFile.objects.exists()
    assert b"grandmother" not in everything(own_stage)  # not even in pages of the file that are free again
    assert curator.post(f"/desk/contribution/{number}", {"deed": "accept"}).status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize("data", [HTML, SVG, zip_bomb(), b"GIF89a" + HTML, b"\0\0\0\x18ftypmp42" + HTML, bytes(100)])
def test_what_is_no_film_is_told_and_not_kept_even_if_somebody_accepts_it(own_stage: Stage, data: bytes) -> None:
    stranger, curator = client(), signed_in("curator")
    hand_over(stranger, send(stranger, data, "film.mp4"))
    work_through()
    assert "This is no film and no sound" in curator.get("/desk/inbox").content.decode()
    one = Contribution.objects.get()
    curator.post(f"/desk/contribution/{one.pk}", {"deed": "accept", "as": "work"})
    work_through()
    page = curator.get("/desk/inbox").content.decode()
    one.refresh_from_db()
    assert (one.state, "no film and no sound" in one.told) == ("waiting", True)
    assert "no film and no sound" in page


def test_a_quarantined_file_leaves_as_bytes_to_be_saved_and_for_curators_alone(own_stage: Stage) -> None:
    stranger = client()
    hand_over(stranger, send(stranger, HTML, 'x"><script>.html'))
    path = f"/desk/contribution/{Contribution.objects.get().pk}/file/{ContributedFile.objects.get().pk}"
    for role in ("", "contributor", "member"):
        assert (signed_in(role) if role else stranger).get(path).status_code == 404
    curator = signed_in("curator")
    for _ in range(contribute.MOST_FILES):  # the one slot is given back every time
        answer = curator.get(path)
        assert (answer.status_code, b"".join(answer.streaming_content)) == (200, HTML)
        answer.close()
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="contribution-')
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "<script>.html" not in curator.get("/desk/inbox").content.decode()


def test_without_consent_or_files_nothing_is_taken_and_what_was_typed_stays(own_stage: Stage) -> None:
    browser = client()
    upload = send(browser, HTML)
    for form in ({"upload": upload, **WORDS}, {"consent": "yes", **WORDS}, {"consent": "yes", "upload": "a" * 40}):
        answer = browser.post("/contribute", form)
        assert answer.status_code == 422
        assert ("grandmother" in answer.content.decode()) is ("source" in form)
    assert not Contribution.objects.exists()
    assert f'value="{upload}"' in browser.post("/contribute", {"upload": upload}).content.decode()


def test_of_files_handed_over_together_none_is_claimed_if_one_is_not_to_be_had(own_stage: Stage) -> None:
    browser = client()
    first, taken = send(browser, HTML), send(browser, HTML)
    hand_over(browser, taken)
    assert browser.post("/contribute", {"consent": "yes", "upload": [first, taken]}).status_code == 409
    hand_over(browser, first)


def test_what_a_stopped_server_had_claimed_for_nothing_can_be_handed_over_again(own_stage: Stage) -> None:
    browser = client()
    handed, stopped = send(browser, HTML), send(browser, HTML)
    hand_over(browser, handed)
    shelf().claim(stopped)
    assert contributing.let_go(shelf()) == 1
    hand_over(browser, stopped)
    assert contributing.let_go(shelf()) == 0


@pytest.mark.parametrize("state", ["refused", "kept"])
def test_what_was_decided_on_goes_also_if_the_server_was_stopped_right_after(
    own_stage: Stage, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    hand_over(client(), send(client(), HTML), **WORDS)
    one = Contribution.objects.get()
    if state == "kept":
        kept = {"kept": [{"outcome": "kept", "told": "t", "asset": "a"}]}
        monkeypatch.setattr(contributed, "keep_job", lambda *_: kept)
        assert contributing.accept(one.pk, as_found=False, by="Ada")
        work_through()
    decided = contributing.settle if state == "kept" else partial(contributing.refuse, one.pk, reason="x", by="Ada")
    with monkeypatch.context() as stopped:
        stopped.setattr(contributed, "forget_files", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            decided()
    one.refresh_from_db()
    assert one.state == state
    assert len(left(own_stage)) == 1
    assert contributing.let_go(shelf()) == 0
    assert left(own_stage) == []
    assert b"grandmother" not in everything(own_stage)


def test_a_file_is_looked_at_also_if_the_server_was_stopped_before_it_was_put_into_the_queue(own_stage: Stage) -> None:
    upload = send(client(), HTML)
    hand_over(client(), upload)
    site.archive().queue.forget(contributed.LOOK, upload)
    contributing.settle()
    assert site.archive().queue.get(contributed.LOOK, upload) is not None


def test_an_upload_that_nobody_came_back_for_is_removed_though_nobody_sends_another(own_stage: Stage) -> None:
    upload = send(client(), HTML)
    old = time.time() - LASTS_S - 60
    os.utime(own_stage.folder / UPLOADS / upload / "bytes", (old, old))
    working.tidy()
    assert left(own_stage) == []


def test_a_file_that_could_not_be_kept_stays_and_can_be_accepted_again(
    own_stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger, curator = client(), signed_in("curator")
    hand_over(stranger, *(send(stranger, data) for data in (b"first", b"second")), title="Two")
    one = Contribution.objects.get()
    outcomes = iter([{"outcome": "kept", "told": "t", "asset": "a"}, {"outcome": "failed", "told": "the disk is full"}])
    monkeypatch.setattr("holdfast.actions.contributed._kept", lambda *_: next(outcomes))
    curator.post(f"/desk/contribution/{one.pk}", {"deed": "accept", "as": "work"})
    work_through()
    assert "the disk is full" in curator.get("/desk/inbox").content.decode()
    one.refresh_from_db()
    assert (one.state, one.title, len(left(own_stage))) == ("waiting", "Two", 2)


def test_one_upload_is_handed_over_once_and_only_when_it_is_whole(own_stage: Stage) -> None:
    browser = client()
    made = browser.post("/upload", headers={**senders.TUS, "upload-length": "10"}).headers["Location"]
    part = made.rpartition("/")[2]
    assert browser.post("/contribute", {"consent": "yes", "upload": part}).status_code == 422
    whole = send(browser, HTML)
    hand_over(browser, whole)
    assert browser.post("/contribute", {"consent": "yes", "upload": whole}).status_code == 409
    assert Contribution.objects.count() == 1
    assert browser.delete(f"/upload/{whole}", headers=senders.TUS).status_code == 403


def test_a_form_without_scripts_brings_its_files_itself(own_stage: Stage) -> None:
    files = [SimpleUploadedFile(f"../{n}.mp4", HTML * n, content_type="video/mp4") for n in (1, 2)]
    answer = client().post("/contribute", {"consent": "yes", "file": files})
    assert answer.status_code == 302
    assert [(one.name, one.size_bytes) for one in ContributedFile.objects.all()] == [
        ("1.mp4", len(HTML)),
        ("2.mp4", 2 * len(HTML)),
    ]
    sizes = sorted(path.stat().st_size for path in (own_stage.folder / UPLOADS).glob("*/bytes"))
    assert sizes == [len(HTML), 2 * len(HTML)]


def test_a_form_that_is_too_large_is_refused_before_it_is_read(
    own_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contribute, "MOST_BYTES", 1000)
    answer = client().post("/contribute", {"consent": "yes", "file": SimpleUploadedFile("a.mp4", bytes(2000))})
    assert answer.status_code == 413
    assert left(own_stage) == []


def test_a_form_whose_file_does_not_fit_leaves_nothing_behind(own_stage: Stage) -> None:
    archive = site.archive()
    archive.settings = replace(archive.settings, largest_upload_bytes=1000)
    files = [SimpleUploadedFile("a.mp4", bytes(10)), SimpleUploadedFile("b.mp4", bytes(5000))]
    answer = client().post("/contribute", {"consent": "yes", "file": files})
    assert (answer.status_code, left(own_stage)) == (413, [])


def test_an_empty_file_is_no_file_and_an_empty_upload_is_refused(own_stage: Stage) -> None:
    answer = client().post("/contribute", {"consent": "yes", "file": SimpleUploadedFile("a.mp4", b"")})
    assert (answer.status_code, left(own_stage)) == (422, [])


def test_a_form_of_another_site_is_refused_and_its_files_are_gone_with_it(own_stage: Stage) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    answer = strict.post("/contribute", {"consent": "yes", "file": SimpleUploadedFile("a.mp4", HTML)})
    assert answer.status_code == 403
    assert not Contribution.objects.exists()
    assert left(own_stage) == []


def test_neither_address_nor_browser_nor_hour_of_a_sender_is_kept_anywhere(own_stage: Stage) -> None:
    browser: Any = Client(headers={"host": "localhost", "user-agent": "Planted-Agent/77"}, REMOTE_ADDR="203.0.113.77")
    hand_over(browser, send(browser, HTML, "holiday.html"), **WORDS)
    browser.post(f"/w/{own_stage.ids['public']}/report", {"grievance": "risk", "text": "that is me"})
    held = everything(own_stage)
    assert b"grandmother" in held  # what is looked for would be found
    for planted in (b"203.0.113", b"Planted-Agent"):
        assert planted not in held
    assert all(type(one.came_on).__name__ == "date" for one in Contribution.objects.all())


def test_codes_are_not_guessed_and_asking_too_often_is_refused(own_stage: Stage) -> None:
    browser = client()
    answers = [browser.get(f"/contribute/{'b' * 20}").status_code for _ in range(contribute.askings.most + 1)]
    assert answers == [404] * contribute.askings.most + [429]


def test_one_place_hands_over_so_much_and_no_more_and_keeps_its_files(own_stage: Stage) -> None:
    browser = client()
    for _ in range(contribute.contributions.most):
        hand_over(browser, send(browser, HTML))
    upload = send(browser, HTML)
    refused = browser.post("/contribute", {"consent": "yes", "upload": upload})
    assert refused.status_code == 429
    assert upload in refused.content.decode()


def test_an_archive_that_takes_nothing_has_no_page_for_it(own_stage: Stage) -> None:
    site.archive().settings = replace(site.archive().settings, open_contributions=False)
    assert client().get("/contribute").status_code == client().post("/contribute").status_code == 404
    assert "/contribute" not in client().get("/").content.decode()
    assert signed_in("curator").get("/contribute").status_code == 200


def test_a_work_that_the_sender_does_not_see_is_not_named_by_what_it_may_help(own_stage: Stage) -> None:
    sealed = own_stage.ids["sealed"]
    page = client().get(f"/contribute?for={sealed}").content.decode()
    assert "Quarzsand" not in page
    assert f"/w/{sealed}" not in page
    assert f'name="answers" value="{sealed}"' not in page
    upload = send(client(), HTML)
    answer = client().post("/contribute", {"consent": "yes", "upload": upload, "answers": sealed})
    assert answer.status_code == 422
