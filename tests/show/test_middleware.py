"""What holds for every answer: its headers, and errors of ours told as pages."""

from __future__ import annotations

import pytest

from holdfast.errors import DamagedObject, HoldfastError, Locked, UnknownAsset
from holdfast.show.views import home
from tests.show.stage import Stage, client


@pytest.mark.parametrize("path", ["/", "/ru/search", "/w/nothing", "/account/login/", "/no/such/page"])
def test_every_answer_forbids_what_comes_from_elsewhere(stage: Stage, path: str) -> None:
    headers = client().get(path).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'")
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UnknownAsset(asset="x", hint=""), 404),
        (Locked(name="the catalogue", holder="another command"), 503),
        (DamagedObject(object_id="holdfast:asset:x", reason="secret reason"), 500),
    ],
)
def test_an_error_of_ours_becomes_a_page_that_keeps_its_details(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, error: HoldfastError, status: int
) -> None:
    def fails(*_given: object, **_named: object) -> None:
        raise error

    monkeypatch.setattr(home.visible, "counts", fails)
    answer = client().get("/")
    assert answer.status_code == status
    assert b"secret reason" not in answer.content
    assert b"<h1>" in answer.content
