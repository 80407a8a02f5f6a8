"""tus over HTTP: what a client asks and is told, and what is refused."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from holdfast.show import site
from holdfast.show.views import uploads
from tests.show.stage import Stage, client, signed_in

TUS = {"tus-resumable": "1.0.0"}
PIECE = "application/offset+octet-stream"


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    uploads.new_uploads.forget()
    yield
    uploads.new_uploads.forget()


def made(browser: Any, length: int, name: str = "film.mp4") -> Any:
    told = f"filename {base64.b64encode(name.encode()).decode()}"
    return browser.post("/upload", headers={**TUS, "upload-length": str(length), "upload-metadata": told})


def bring(browser: Any, place: str, data: bytes, at: int, **headers: str) -> Any:
    return browser.patch(place, data, content_type=PIECE, headers={**TUS, "upload-offset": str(at), **headers})


def test_a_file_is_made_asked_for_brought_in_pieces_and_removed(own_stage: Stage) -> None:
    browser = client()
    told = browser.options("/upload")
    assert told.headers["Tus-Extension"] == "creation,expiration,checksum,termination"
    answer = made(browser, 6)
    place = answer.headers["Location"]
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, "0")
    assert bring(browser, place, b"abc", 0).headers["Upload-Offset"] == "3"
    asked = browser.head(place, headers=TUS)
    assert (asked.headers["Upload-Offset"], asked.headers["Upload-Length"]) == ("3", "6")
    assert "no-store" in asked.headers["Cache-Control"]
    assert "Upload-Expires" in asked.headers
    assert bring(browser, place, b"abc", 0).status_code == 409
    assert bring(browser, place, b"def", 3).status_code == 204
    assert "Upload-Expires" not in browser.head(place, headers=TUS).headers
    assert browser.delete(place, headers=TUS).status_code == 204
    assert browser.head(place, headers=TUS).status_code == 404


def test_who_does_not_speak_tus_is_told_and_nothing_is_made(own_stage: Stage) -> None:
    browser = client()
    refused = browser.post("/upload", headers={"upload-length": "5"})
    assert (refused.status_code, refused.headers["Tus-Version"]) == (412, "1.0.0")
    place = made(browser, 5).headers["Location"]
    assert browser.patch(place, b"x", headers={**TUS, "upload-offset": "0"}).status_code == 415
    assert browser.get(place, headers=TUS).status_code == 405
    assert browser.put("/upload", headers=TUS).status_code == 405
    assert browser.post("/upload", headers=TUS).status_code == 400


def test_a_wrong_checksum_is_answered_as_tus_has_it(own_stage: Stage) -> None:
    browser = client()
    place = made(browser, 5).headers["Location"]
    wrong = {"upload-checksum": f"sha256 {base64.b64encode(bytes(32)).decode()}"}
    assert bring(browser, place, b"abc", 0, **wrong).status_code == 460
    assert browser.head(place, headers=TUS).headers["Upload-Offset"] == "0"


def test_an_archive_that_takes_nothing_from_strangers_still_takes_from_curators(own_stage: Stage) -> None:
    site.archive().settings = replace(site.archive().settings, open_contributions=False)
    assert made(client(), 5).status_code == 403
    assert made(signed_in("contributor"), 5).status_code == 403
    assert made(signed_in("curator"), 5).status_code == 201


def test_one_place_makes_so_many_uploads_and_no_more(own_stage: Stage) -> None:
    browser = client()
    answers = [made(browser, 5).status_code for _ in range(uploads.new_uploads.most + 1)]
    assert answers == [201] * uploads.new_uploads.most + [429]


def test_while_others_send_one_more_is_asked_to_wait(own_stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = client()
    place = made(browser, 5).headers["Location"]
    taken = [uploads._slots.acquire(blocking=False) for _ in range(uploads.SLOTS)]
    try:
        refused = bring(browser, place, b"abc", 0)
    finally:
        for _ in taken:
            uploads._slots.release()
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert bring(browser, place, b"abc", 0).status_code == 204


def test_what_is_on_its_way_is_served_at_no_address(own_stage: Stage) -> None:
    browser = client()
    place = made(browser, 6).headers["Location"]
    bring(browser, place, b"<html>", 0)
    number = place.rpartition("/")[2]
    for path in (
        place,
        f"/uploads/{number}/bytes",
        f"/static/uploads/{number}/bytes",
        f"/media/uploads/{number}/bytes",
    ):
        answer = browser.get(path)
        assert answer.status_code in (404, 412), path
        assert b"<html>" not in getattr(answer, "content", b"")
