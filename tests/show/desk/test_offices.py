"""Roles: nobody raises themselves, nobody on the web makes a custodian, and the last administrator stays."""

from __future__ import annotations

import pytest

from holdfast.errors import BadValue, UnknownAccount
from holdfast.show import tokens
from holdfast.show.desk.offices import Refusal, may_give_link, refusal
from holdfast.show.granting import account_named, give_role, password_path
from holdfast.show.models import Account
from holdfast.show.reader import Role
from tests.show.stage import PASSWORD, Stage, client, signed_in


def why(now: Role, wanted: Role, **other: int | bool) -> Refusal | None:
    """The refusal to an administrator who minds somebody else's account, unless something `other` is said."""
    said = {"is_own": False, "is_open": True, "stays_open": True, "other_admins": 3, **other}
    return refusal(now=now, wanted=wanted, **said)  # type: ignore[arg-type]


def test_nobody_gives_themselves_a_role_however_many_administrators_there_are() -> None:
    for role in set(Role) - {Role.CUSTODIAN}:
        assert why(Role.ADMIN, role, is_own=True) is (None if role is Role.ADMIN else Refusal.OWN)


def test_no_administrator_makes_a_custodian_or_unmakes_one() -> None:
    for role in set(Role) - {Role.CUSTODIAN}:
        for is_open in (True, False):
            assert why(role, Role.CUSTODIAN, is_open=is_open) is Refusal.SEALS
            assert why(Role.CUSTODIAN, role, is_open=is_open, stays_open=False) is Refusal.SEALS
    assert why(Role.CUSTODIAN, Role.CUSTODIAN, stays_open=False) is None  # its account may have been stolen
    assert [role for role in Role if not may_give_link(to=role)] == [Role.CUSTODIAN]


def test_the_last_administrator_can_neither_be_lowered_nor_closed() -> None:
    lowered = why(Role.ADMIN, Role.CURATOR, other_admins=0)
    closed = why(Role.ADMIN, Role.ADMIN, is_own=True, stays_open=False, other_admins=0)
    assert lowered is closed is Refusal.LAST


def test_an_administrator_lowers_another_one_and_raises_others_on_the_page(own_stage: Stage) -> None:
    browser = signed_in("admin", "Ada")
    signed_in("admin", "Bob")
    signed_in("member", "Mia")
    number = {account.username: account.id for account in Account.objects.all()}

    def give(name: str, role: str, **more: str) -> str:
        assert browser.post(f"/desk/accounts/{number[name]}", {"role": role, **more}).status_code == 302
        account = Account.objects.get(username=name)
        return f"{account.role} {account.is_active}"

    assert give("Mia", "curator", open="yes") == "curator True"
    assert give("Mia", "custodian", open="yes") == "curator True"
    assert give("Ada", "custodian", open="yes") == "admin True"
    assert give("Bob", "curator", open="yes") == "curator True"
    assert give("Ada", "curator", open="yes") == "admin True"
    assert give("Ada", "admin") == "admin True"
    assert browser.post(f"/desk/accounts/{number['Mia']}", {"role": "emperor", "open": "yes"}).status_code == 404


def test_a_second_account_of_an_administrator_opens_no_seal_by_any_way_of_the_desk(own_stage: Stage) -> None:
    admin, second, custodian = signed_in("admin"), signed_in("curator", "Second"), signed_in("custodian", "Cleo")
    number = {account.username: account.id for account in Account.objects.all()}
    sealed = f"/w/{own_stage.ids['sealed']}"
    assert (
        'value="custodian"' not in admin.get("/desk/accounts").content.decode().split("Second")[1].split("</form>")[0]
    )
    admin.post(f"/desk/accounts/{number['Second']}", {"role": "custodian", "open": "yes"})
    assert second.get(sealed).status_code == 404
    assert admin.post(f"/desk/accounts/{number['Cleo']}/link").status_code == 404
    assert custodian.get(sealed).status_code == 200
    assert admin.post(f"/desk/accounts/{number['Cleo']}", {"role": "curator", "open": "yes"}).status_code == 302
    assert custodian.get(sealed).status_code == 200


def test_who_holds_the_office_lays_it_down_and_nobody_else_does(own_stage: Stage) -> None:
    custodian = signed_in("custodian", "Cleo")
    assert signed_in("curator").post("/desk/custody/lay-down").status_code == 404
    assert custodian.post("/desk/custody/lay-down").status_code == 302
    assert Account.objects.get(username="Cleo").role == "curator"


def test_the_command_gives_every_role_and_keeps_the_last_administrator(own_stage: Stage) -> None:
    Account.objects.all().delete()
    signed_in("curator", "Cleo")
    signed_in("admin", "Ada")
    given = give_role("Cleo", Role.CUSTODIAN)
    assert (given.before, Account.objects.get(username="Cleo").role) == ("curator", "custodian")
    with pytest.raises(BadValue):
        give_role("Ada", Role.MEMBER)
    with pytest.raises(UnknownAccount):
        give_role("cleo", Role.MEMBER)


def test_a_link_from_an_administrator_chooses_a_new_password_once(own_stage: Stage) -> None:
    signed_in("member", "Mia")
    number = Account.objects.get(username="Mia").pk
    page = signed_in("admin").post(f"/desk/accounts/{number}/link").content.decode()
    path = page.split('value="http://localhost')[1].split('"')[0]
    forgetful, new = client(), "a lighthouse in the fog"
    form = forgetful.get(path, follow=True).redirect_chain[-1][0]
    assert forgetful.post(form, {"password1": new, "password2": new}).status_code == 302
    account = Account.objects.get(username="Mia")
    assert account.check_password(new)
    assert not account.check_password(PASSWORD)
    assert "password1" not in client().get(path, follow=True).content.decode()


def test_no_link_and_no_token_from_before_opens_the_seals_of_a_new_custodian(own_stage: Stage) -> None:
    signed_in("curator", "Mia")
    mia = Account.objects.get(username="Mia")
    secret = tokens.make(mia, "harvest", 30)
    page = signed_in("admin").post(f"/desk/accounts/{mia.pk}/link").content.decode()
    path = page.split('value="http://localhost')[1].split('"')[0]
    give_role("Mia", Role.CUSTODIAN)
    assert "password1" not in client().get(path, follow=True).content.decode()
    sealed = f"/api/works/{own_stage.ids['sealed']}"
    assert client().get(sealed, headers={"authorization": f"Bearer {secret}"}).status_code == 401
    assert "password1" in client().get(password_path(account_named("Mia")), follow=True).content.decode()


def test_a_closed_account_that_is_opened_again_has_none_of_its_tokens(own_stage: Stage) -> None:
    signed_in("curator", "Mia")
    mia, admin = Account.objects.get(username="Mia"), signed_in("admin")
    told = {"authorization": f"Bearer {tokens.make(mia, 'harvest', 30)}"}
    assert client().get("/api/inbox", headers=told).status_code == 200
    for is_open in ("", "yes"):
        admin.post(f"/desk/accounts/{mia.pk}", {"role": "curator", "open": is_open})
        assert client().get("/api/inbox", headers=told).status_code == 401
    assert Account.objects.get(username="Mia").is_active


def test_no_page_promises_a_mail_that_nobody_sends(own_stage: Stage) -> None:
    page = client().get("/account/login/").content.decode()
    assert "password/reset" not in page
    assert "asks an administrator for a link" in page
    assert client().get("/account/password/reset/").status_code == 404
    assert client().post("/account/password/reset/", {"email": "mia@example.org"}).status_code == 404
    assert signed_in("member").get("/account/email/").status_code == 404
