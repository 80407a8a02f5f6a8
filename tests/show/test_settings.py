"""Django's settings: what follows from the archive's own."""

from __future__ import annotations

import logging
import sqlite3
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


def test_what_somebody_was_told_has_come_survives_the_power_and_what_is_deleted_is_overwritten() -> None:
    begun = settings_for(Path("a"), Settings(), secret="s")["DATABASES"]["default"]["OPTIONS"]["init_command"]
    with sqlite3.connect(":memory:") as connection:
        connection.executescript(begun)
        found = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "secure_delete")]
    connection.close()
    assert found == [2, 1]  # FULL


def test_a_site_never_shows_its_faults_to_strangers() -> None:
    assert settings_for(Path("a"), Settings(), secret="s")["DEBUG"] is False


def test_a_viewer_who_is_asked_to_wait_is_not_told_of_in_the_log() -> None:
    told = settings_for(Path("a"), Settings(), secret="s")["LOGGING"]["filters"]["faults"]["callback"]
    assert [told(logging.makeLogRecord({"status_code": status})) for status in (503, 500)] == [False, True]
    assert told(logging.makeLogRecord({"msg": "something else"}))
