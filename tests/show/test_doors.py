"""Every address, role and method: who has no business there changes nothing, and no answer lacks its headers."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client, override_settings

from holdfast.actions.archive import UPLOADS
from holdfast.config import Settings
from holdfast.show.middleware import EMBEDDED_POLICY, POLICY
from holdfast.show.models import Account
from holdfast.show.settings import settings_for
from holdfast.show.views.inbox import QUARANTINE_POLICY
from tests.show import planting, sweep
from tests.show.planting import Named, Planted
from tests.show.senders import PIECE, TUS
from tests.show.stage import PASSWORD, Stage, client, signed_in

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
READING = {"GET", "POST"}
# Pages of packages, which treat other methods as they please: that nothing changes is asked of them too.
OF_OTHERS = ("account_", "mfa_", "usersessions_", "api:openapi-json", "api:api-root")
# Addresses that take other methods, by name, and which: uploads in pieces are so made.
TAKES: dict[str, set[str]] = {"upload": {"PATCH", "DELETE"}}
# Addresses that take a form without a token of ours, and why another site cannot use that.
TUS_ALONE = "it asks for a header of tus, which a browser sends to another site only where that allows it"
WITHOUT_TOKEN = {"uploads": TUS_ALONE, "upload": TUS_ALONE}
# Addresses at which a stranger changes something, and why that is meant.
FOR_STRANGERS = {
    "uploads": "whoever sends something in begins an upload of their own, whose id nobody else is told",
    "contribute": "whoever sends something in hands it over, and no account is asked for",
    "report": "whoever sees a work may say that it harms somebody",
    "account_signup": "strangers may make themselves an account, where the archive lets them",
}
REFUSED = {401, 403, 404, 405}
# What a form of any page of the desk could send; a page with other fields adds them.
FORM = {
    "text": "I was here.",
    "deed": "accept",
    "reason": "because",
    "role": "admin",
    "open": "yes",
    "kind": "access",
    "key": "x",
    "access": "public",
    "base": "v1",
    "expected": "v1",
    "title": "Mine now",
    "titles-rows": "1",
    "titles-0-text": "Mine now",
    "titles-0-language": "en",
    "items-rows": "1",
    "item-0-text-en": "Mine now",
    "level": "sealed",
    "grievance": "other",
    "consent": "yes",
    "as": "work",
}
SENT = {**TUS, "upload-length": "5", "upload-offset": "0"}
ELSEWHERE = ("https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", "https:elsewhere.example")


def is_closed(path: str, work: Named, planted: Planted, role: str) -> bool:
    """Whether somebody with this role has no business there: the desk, or a work that is hidden from them."""
    accounts = path.startswith("/desk/accounts") and role != "admin"
    desk = path.startswith("/desk") and role not in ("curator", "custodian", "admin")
    inbox = {f"/desk/{kind}/{work.number}" for kind in ("comment", "report")}
    names_it = any(name in path for name in (*work.ids, work.digest)) or path in inbox
    return accounts or desk or (names_it and work in planted.hidden_from(role))


@pytest.mark.slow
@pytest.mark.parametrize("role", sweep.ROLES)
def test_whoever_has_no_business_at_an_address_is_refused_and_changes_nothing(planted: Planted, role: str) -> None:
    signed_in("admin", "Head")  # so that there is an account to do something to
    browser, before, asked, wrong = sweep.browser_of(role), sweep.state(), 0, []
    for work, address in itertools.product(planted.works.values(), sweep.addresses()):
        for path, method in itertools.product(sweep.paths(address, work)[:3], METHODS):
            if not is_closed(path, work, planted, role):
                continue
            status = browser.generic(method, path, **_body(method)).status_code
            asked += 1
            if status not in REFUSED:
                wrong.append((method, path, status))
    assert wrong == []
    assert asked > (0 if role == "custodian" else 20)
    assert sweep.state() == before


@pytest.mark.slow
@pytest.mark.parametrize("role", ["", "admin"])
def test_no_address_takes_a_method_that_it_has_no_use_for(planted: Planted, role: str) -> None:
    browser, before, wrong = sweep.browser_of(role), sweep.state(), []
    for address in sweep.addresses():
        for path, method in itertools.product(sweep.paths(address, planted.works["public"])[:1], METHODS):
            if method in READING | TAKES.get(address.name, set()):
                continue
            status = browser.generic(method, path, headers=SENT).status_code
            if status not in REFUSED and (status >= 500 or not address.name.startswith(OF_OTHERS)):
                wrong.append((method, path, status))
    assert wrong == []
    assert sweep.state() == before


@pytest.mark.slow
def test_a_form_that_another_site_sends_changes_nothing_at_any_address(planted: Planted) -> None:
    signed_in("admin")
    strict, before, wrong = Client(enforce_csrf_checks=True, headers={"host": "localhost"}), sweep.state(), []
    strict.force_login(Account.objects.get(username="admin"))
    for address in sweep.addresses():
        for path in sweep.paths(address, planted.works["public"])[:1]:
            answer = strict.generic("POST", path, **_body("POST"))
            if answer.status_code not in REFUSED and address.name not in WITHOUT_TOKEN:
                wrong.append((path, answer.status_code))
    assert wrong == []
    assert sweep.state() == before


@pytest.mark.slow
@pytest.mark.parametrize("role", ["", "contributor"])
def test_a_stranger_changes_nothing_but_where_strangers_are_meant_to(planted: Planted, role: str) -> None:
    browser = sweep.browser_of(role)
    before, changed = sweep.state(), []
    for address in sweep.addresses():
        own = {"comment"} if role else set()  # what an account is for
        if address.name in FOR_STRANGERS.keys() | own or (role and address.name.startswith(OF_OTHERS)):
            continue
        for path, method in itertools.product(sweep.paths(address, planted.works["public"])[:2], METHODS):
            for place in (path, path.replace("0" * 40, planted.quarantine[0])):
                browser.generic(method, place, headers=SENT, **_body(method))
        if (after := sweep.state()) != before:
            changed, before = [*changed, address.name], after
    assert changed == []


@pytest.mark.slow
def test_nobody_touches_what_another_sends_or_handed_over(planted: Planted) -> None:
    folder, (whole, part) = planted.stage.folder / UPLOADS, planted.quarantine
    browsers = client(), signed_in("contributor"), signed_in("curator")
    before, owned = sweep.state(), [(folder / one / "bytes").read_bytes() for one in planted.quarantine]
    for browser in browsers:
        for guessed in ("0" * 40, "*", whole[:39], whole.upper(), f"..%2F{UPLOADS}%2F{whole}", f"{whole}%2Fbytes"):
            for method in ("PATCH", "DELETE", "HEAD"):
                answer = browser.generic(method, f"/upload/{guessed}", b"mine", PIECE, headers=SENT)
                assert answer.status_code == 404, (method, guessed)
        for method, offset in itertools.product(("PATCH", "DELETE"), ("0", str(len(owned[0])))):
            piece = {"data": b"mine!", "content_type": PIECE, "headers": {**SENT, "upload-offset": offset}}
            assert browser.generic(method, f"/upload/{whole}", **piece).status_code in (403, 409, 413)
        assert browser.generic("GET", "/upload", headers=SENT).status_code == 405  # nobody is told which there are
        assert browser.post("/contribute", {"consent": "yes", "upload": [whole]}).status_code in (409, 422)
        assert browser.post("/contribute", {"consent": "yes", "upload": [part]}).status_code == 422  # not all has come
    assert [(folder / one / "bytes").read_bytes() for one in planted.quarantine] == owned
    assert sweep.state() == before


def _body(method: str) -> dict[str, Any]:
    form = "&".join(f"{name}={value}" for name, value in FORM.items()).replace(" ", "+")
    return {"data": form, "content_type": "application/x-www-form-urlencoded"} if method != "GET" else {}


@pytest.mark.slow
@pytest.mark.parametrize("role", ["", "admin"])
def test_every_answer_of_every_address_has_the_headers_that_protect_who_reads_it(planted: Planted, role: str) -> None:
    browser = sweep.browser_of(role)
    wrong = [
        (path, fault)
        for address, work in itertools.product(sweep.addresses(), (planted.works["public"], planted.works["sealed"]))
        for path in sweep.paths(address, work)
        for fault in faults(browser.get(path), is_signed_in=bool(role))
    ]
    assert wrong == []


def faults(answer: Any, *, is_signed_in: bool) -> list[str]:
    """What is wrong with the headers of an answer."""
    headers, path = answer.headers, answer.request["PATH_INFO"]
    is_embedded = path.startswith("/embed/") and answer.status_code == 200
    is_quarantined = "/file/" in path and answer.status_code == 200
    policy = EMBEDDED_POLICY if is_embedded else QUARANTINE_POLICY if is_quarantined else POLICY
    expected = {
        "Content-Security-Policy": policy,
        "X-Frame-Options": None if is_embedded else "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    found = [f"{name}: {headers.get(name)}" for name, value in expected.items() if headers.get(name) != value]
    found += [f"no {name}" for name in ("Permissions-Policy", "Cache-Control") if name not in headers]
    cache = headers.get("Cache-Control", "")
    is_public = path.startswith(("/media/", "/still/", "/w/")) and "public" in cache  # public works are public for all
    if is_signed_in and not is_public and "private" not in cache and "no-store" not in cache:
        found.append(f"Cache-Control of somebody's own page: {cache}")
    for cookie in answer.cookies.values():
        if not cookie["httponly"] or cookie["samesite"] not in ("Lax", "Strict"):
            found.append(f"the cookie {cookie.key}")
    answer.close()
    return found


def test_behind_tls_every_cookie_travels_by_tls_alone_and_is_no_scripts_business(own_stage: Stage) -> None:
    signed_in("curator", "Ada")
    made = settings_for(Path("a"), Settings(site_address="https://archive.example.org"), secret="s")
    changed = {name: made[name] for name in made if name.startswith(("SESSION_", "CSRF_", "SECURE_", "ALLOWED_"))}
    with override_settings(**changed):
        browser = Client(headers={"host": "archive.example.org", "x-forwarded-proto": "https"})
        page = browser.get("/account/login/")
        entered = browser.post("/account/login/", {"login": "Ada", "password": PASSWORD})
        assert page.headers["Strict-Transport-Security"].startswith("max-age=")
        cookies = [*page.cookies.values(), *entered.cookies.values()]
        assert {cookie.key for cookie in cookies} >= {"csrftoken", "sessionid"}
        assert [c.key for c in cookies if not (c["secure"] and c["httponly"] and c["samesite"] == "Lax")] == []


def test_a_host_that_the_site_does_not_know_is_answered_nothing(stage: Stage) -> None:
    for host in ("elsewhere.example", "localhost.elsewhere.example", "localhost:80@elsewhere.example"):
        answer = client().get("/feed.rss", headers={"host": host})
        assert (answer.status_code, b"elsewhere" in answer.content) == (400, False), host
    forwarded = client().get("/feed.rss", headers={"x-forwarded-host": "elsewhere.example"})
    assert b"elsewhere" not in forwarded.content


@pytest.mark.slow
def test_no_address_leads_to_another_site_whatever_it_is_told_to_go_to_next(planted: Planted) -> None:
    led = []
    for address in sweep.addresses():
        path = sweep.paths(address, planting.nobody(planted.works["public"]))[0]
        for target in ELSEWHERE:
            browser, told = signed_in("contributor", "Mia"), dict.fromkeys(("next", "url", "return_to"), target)
            answers = (
                client().post(path, {"login": "Mia", "password": PASSWORD, **told}),
                browser.get(path, told),
                browser.post(path, told),
            )
            led += [(path, target) for answer in answers if _is_elsewhere(answer.headers.get("Location", ""))]
    assert led == []


def _is_elsewhere(location: str) -> bool:
    return urlsplit(location.replace("\\", "/")).netloc not in ("", "localhost") or location.startswith("https:")


def test_who_makes_many_accounts_at_once_is_asked_to_wait(own_stage: Stage) -> None:
    answers = []
    for number in range(30):
        form = {"username": f"mass{number}", "password1": PASSWORD, "password2": PASSWORD}
        answers.append(client().post("/account/signup/", form).status_code)
    assert answers[0] == 302
    assert answers[-1] == 429
    assert Account.objects.filter(username__startswith="mass").count() <= 20
