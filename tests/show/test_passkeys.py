"""Passkeys are called so on every page, and one that is added signs in alone by default."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.template.loader import render_to_string

from holdfast.show.models import Account
from tests.show.stage import PASSWORD, Stage, client, signed_in


@pytest.fixture
def browser(own_stage: Stage) -> Any:
    """A curator's browser that typed the password a moment ago."""
    browser = signed_in("curator", "Ada")
    assert browser.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return browser


def made(name: str, *, is_alone: bool) -> Authenticator:
    """A passkey of Ada's, as the browser told that it is."""
    told = {"name": name, "credential": {"clientExtensionResults": {"credProps": {"rk": is_alone}}}}
    return Authenticator.objects.create(
        user=Account.objects.get(username="Ada"), type=Authenticator.Type.WEBAUTHN, data=told
    )


def test_a_new_passkey_is_to_sign_in_alone_unless_the_box_is_emptied(browser: Any) -> None:
    page = browser.get("/account/2fa/webauthn/add/").content.decode()
    box = page[page.index('name="passwordless"') :].split(">")[0]
    assert "checked" in box
    assert "Sign in with it alone (your device asks for your finger, face or PIN)" in page
    assert 'value="Passkey 1"' in page
    assert "Passwordless" not in page


def test_the_list_tells_which_passkey_signs_in_alone(browser: Any) -> None:
    made("Telephone", is_alone=True)
    second = made("Stick", is_alone=False)
    telephone, stick = browser.get("/account/2fa/webauthn/").content.decode().split("<bdi>Stick</bdi>")
    assert "You sign in with it alone." in telephone
    assert "It is asked for after the password." in stick
    assert "Remove this passkey?" in browser.get(f"/account/2fa/webauthn/keys/{second.pk}/remove/").content.decode()
    assert 'value="Stick"' in browser.get(f"/account/2fa/webauthn/keys/{second.pk}/edit/").content.decode()


def test_the_second_step_and_the_page_of_codes_say_what_is_meant(browser: Any) -> None:
    ada = Account.objects.get(username="Ada")
    TOTP.activate(ada, generate_totp_secret())
    code = RecoveryCodes.activate(ada).get_unused_codes()[0]
    page = browser.get("/account/2fa/recovery-codes/").content.decode()
    assert "Write these down or print them now. Each lets you in once when your passkey is gone." in page
    assert f"<code>{code}</code>" in page
    other = client()
    step = other.post("/account/login/", {"login": "Ada", "password": PASSWORD}, follow=True)
    page = step.content.decode()
    assert "A code from your app, or one of your recovery codes." in page
    assert "Sign in with a passkey" not in page  # Ada has none
    assert other.post("/account/2fa/authenticate/", {"code": code}).status_code == 302
    assert other.get("/desk").status_code == 200


def test_that_no_passkey_was_used_stands_ready_on_the_page_and_comes_with_a_script_of_its_own(stage: Stage) -> None:
    page = client().get("/account/login/").content.decode()
    failed = page[page.index('id="passkey_failed"') :].split("</p>")[0]
    assert " hidden>" in failed
    assert "No passkey of this site was used. Sign in with your name and password." in failed
    script = page[: page.index("show/passkey.js")].rpartition('"')[2] + "show/passkey.js"
    answer = client().get(script)
    assert b"passkey_failed" in b"".join(answer.streaming_content)
    answer.close()


def test_nothing_that_is_said_of_a_passkey_calls_it_a_security_key(browser: Any) -> None:
    said = [render_to_string(f"mfa/messages/webauthn_{done}.txt").strip() for done in ("added", "removed")]
    assert said == ["Passkey added.", "Passkey removed."]
    made("Telephone", is_alone=True)
    again = signed_in("curator", "Ada")
    for path in ("/account/reauthenticate/", "/account/2fa/reauthenticate/"):
        page = again.get(path, follow=True).content.decode()
        assert ("Sign in with a passkey" in page, "ecurity key" in page) == (True, False), path
