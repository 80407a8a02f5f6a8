"""Accounts: who may sign up, guessing is slowed down, no address is kept, passkeys work in a browser."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings

from holdfast.show import site
from holdfast.show.accounts import NO_ADDRESS
from holdfast.show.models import Account
from tests.show.stage import PASSWORD, Stage, client, served, signed_in

SIGN_UP = {"username": "Ada", "password1": PASSWORD, "password2": PASSWORD}
BROWSER = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


def test_whoever_signs_up_is_a_contributor_who_sees_no_more_than_before(own_stage: Stage) -> None:
    browser = client()
    assert browser.post("/account/signup/", {**SIGN_UP, "role": "admin", "is_superuser": "1"}).status_code == 302
    account = Account.objects.get(username="Ada")
    assert (account.role, account.is_superuser, account.is_staff) == ("contributor", False, False)
    assert browser.get("/desk").status_code == 404


def test_who_signs_in_or_up_to_write_a_comment_comes_back_to_the_work(own_stage: Stage) -> None:
    work = f"/w/{own_stage.ids['public']}"
    browser = client()
    asked = re.search(r'href="(/account/login/\?next=[^"]+)"', browser.get(work).content.decode())
    assert asked is not None
    sign_in = browser.get(asked[1]).content.decode()
    sign_up = re.search(r'href="(/account/signup/\?next=[^"]+)"', sign_in)
    assert sign_up is not None
    back = re.search(r'name="next" value="([^"]+)"', browser.get(sign_up[1]).content.decode())
    assert (back is not None, f'value="{work}#comments"' in sign_in) == (True, True)
    assert browser.post("/account/signup/", {**SIGN_UP, "next": back[1]})["Location"] == f"{work}#comments"  # type: ignore[index]


def test_a_name_with_a_space_is_refused_in_words_that_say_what_is_wrong(own_stage: Stage) -> None:
    answer = client().post("/account/signup/", {**SIGN_UP, "username": "Ada Byron"})
    assert "without spaces" in answer.content.decode()
    assert not Account.objects.filter(username="Ada Byron").exists()


def test_where_sign_up_is_closed_nobody_makes_an_account(own_stage: Stage) -> None:
    archive = site.archive()
    archive.settings = replace(archive.settings, open_sign_up=False)
    assert client().post("/account/signup/", SIGN_UP).status_code == 200
    assert not Account.objects.filter(username="Ada").exists()


def test_after_many_wrong_passwords_the_right_one_is_refused_for_a_while(own_stage: Stage) -> None:
    signed_in("curator", "Ada")
    browser = client()
    for guess in range(12):
        browser.post("/account/login/", {"login": "Ada", "password": f"guess {guess}"})
    browser.post("/account/login/", {"login": "Ada", "password": PASSWORD})
    assert browser.get("/desk").status_code == 404


def test_a_household_counts_as_one_place_and_a_wrong_number_of_proxies_lets_people_sign_in(
    own_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in("curator", "Ada")
    for guess in range(40):  # of many names: it is the place that is counted
        came = {"REMOTE_ADDR": f"2001:db8::{guess:x}"}
        answer = client().post("/account/login/", {"login": f"name {guess}", "password": "a guess"}, **came)
    assert answer.status_code == 429
    monkeypatch.setattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 2, raising=False)
    sent = {"login": "Ada", "password": PASSWORD}
    assert client().post("/account/login/", sent, headers={"x-forwarded-for": "192.0.2.1"}).status_code == 302


def test_sessions_are_listed_and_keep_no_address(own_stage: Stage) -> None:
    from allauth.usersessions.models import UserSession

    signed_in("curator", "Ada")
    browser = client()
    browser.post("/account/login/", {"login": "Ada", "password": PASSWORD}, headers={"user-agent": "Firefox 153"})
    page = browser.get("/account/sessions/").content.decode()
    assert "Firefox 153" in page
    assert {session.ip for session in UserSession.objects.all()} == {NO_ADDRESS}


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("chromium") is None, reason="there is no chromium here")
def test_a_passkey_is_added_and_signs_in_without_a_password(own_stage: Stage) -> None:
    sync = pytest.importorskip("playwright.sync_api")
    signed_in("curator", "Ada")
    with served(own_stage.folder) as address, sync.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=BROWSER)
        page = chromium.new_page()
        devices, key = with_authenticator(page)
        here = address.replace("127.0.0.1", "localhost")
        page.goto(f"{here}/account/login/")
        page.fill("[name=login]", "Ada")
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(f"{here}/")
        page.goto(f"{here}/account/2fa/webauthn/add/")
        page.fill("[name=password]", PASSWORD)  # who adds a key says once more who they are
        page.press("[name=password]", "Enter")
        page.wait_for_url("**/webauthn/add/")
        page.fill("[name=name]", "Key")
        page.click("#mfa_webauthn_add")
        page.wait_for_url("**/recovery-codes/**")
        assert "Passkey added." in page.content()
        assert "Write these down or print them now." in page.content()
        page.goto(f"{here}/account/2fa/webauthn/reauthenticate/")
        page.click("#mfa_webauthn_reauthenticate")
        page.wait_for_url(f"{here}/")
        page.context.clear_cookies()
        page.goto(f"{here}/account/login/")
        page.click("#passkey_login")
        page.wait_for_url(f"{here}/")
        assert page.goto(f"{here}/desk").status == 200
        devices.send("WebAuthn.clearCredentials", {"authenticatorId": key})
        page.context.clear_cookies()
        page.goto(f"{here}/account/login/")
        assert not page.is_visible("#passkey_failed")
        page.click("#passkey_login")
        page.wait_for_selector("#passkey_failed", state="visible")
        page.fill("[name=login]", "Ada")
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url("**/2fa/authenticate/")
        page.click("#mfa_webauthn_authenticate")
        page.wait_for_selector("#passkey_failed", state="visible")
        chromium.close()


def with_authenticator(page: Any) -> tuple[Any, str]:
    """Give the page's browser a key that says yes; how to talk to it, and its id."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return devices, devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
