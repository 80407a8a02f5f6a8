"""Django's settings: what follows from the archive's own."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from holdfast.config import Settings
from holdfast.show.settings import settings_for


def test_without_a_public_address_only_this_machine_may_ask() -> None:
    made = settings_for(Path("a"), Settings(), secret="s")
    assert made["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert not made["SESSION_COOKIE_SECURE"]


@pytest.mark.parametrize(("scheme", "is_secure"), [("https", True), ("http", False)])
def test_behind_tls_cookies_travel_by_tls_alone(scheme: str, is_secure: bool) -> None:
    made = settings_for(Path("a"), Settings(site_address=f"{scheme}://archive.example.org"), secret="s")
    assert "archive.example.org" in made["ALLOWED_HOSTS"]
    assert made["SESSION_COOKIE_SECURE"] is made["CSRF_COOKIE_SECURE"] is is_secure
    assert made["CSRF_TRUSTED_ORIGINS"] == [f"{scheme}://archive.example.org"]


def test_a_site_never_shows_its_faults_to_strangers() -> None:
    assert settings_for(Path("a"), Settings(), secret="s")["DEBUG"] is False


def test_a_viewer_who_is_asked_to_wait_is_not_told_of_in_the_log() -> None:
    told = settings_for(Path("a"), Settings(), secret="s")["LOGGING"]["filters"]["faults"]["callback"]
    assert [told(logging.makeLogRecord({"status_code": status})) for status in (503, 500)] == [False, True]
    assert told(logging.makeLogRecord({"msg": "something else"}))
