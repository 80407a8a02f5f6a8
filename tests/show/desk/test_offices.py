"""Roles: nobody raises themselves, and the last administrator stays."""

from __future__ import annotations

from holdfast.show.desk.offices import Refusal, refusal
from holdfast.show.models import Account
from holdfast.show.reader import Role
from tests.show.stage import Stage, signed_in


def test_nobody_gives_themselves_a_role_however_many_administrators_there_are() -> None:
    for role in Role:
        why = refusal(is_own=True, now=Role.ADMIN, wanted=role, stays_open=True, other_admins=3)
        assert why is (None if role is Role.ADMIN else Refusal.OWN)


def test_the_last_administrator_can_neither_be_lowered_nor_closed() -> None:
    lowered = refusal(is_own=False, now=Role.ADMIN, wanted=Role.CURATOR, stays_open=True, other_admins=0)
    closed = refusal(is_own=True, now=Role.ADMIN, wanted=Role.ADMIN, stays_open=False, other_admins=0)
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
    assert give("Ada", "custodian", open="yes") == "admin True"
    assert give("Bob", "curator", open="yes") == "curator True"
    assert give("Ada", "curator", open="yes") == "admin True"
    assert give("Ada", "admin") == "admin True"
    assert browser.post(f"/desk/accounts/{number['Mia']}", {"role": "emperor", "open": "yes"}).status_code == 404
