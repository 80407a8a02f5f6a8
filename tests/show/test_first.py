"""The link for the first curator: it works once, and only while nobody can open the desk."""

from __future__ import annotations

import pytest

from holdfast.show.first import first_path
from holdfast.show.models import Account, FirstLink
from tests.show.stage import PASSWORD, Stage, client, signed_in

FORM = {"username": "Ada", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def unstaffed(own_stage: Stage) -> Stage:
    """A site at which nobody has an account."""
    Account.objects.all().delete()
    return own_stage


def test_the_link_makes_an_administrator_who_is_signed_in_and_tells_later_that_it_was_used(unstaffed: Stage) -> None:
    path = first_path()
    assert path is not None
    browser = client()
    assert browser.get(path).status_code == 200
    assert browser.post(path, FORM).status_code == 302
    account = Account.objects.get(username="Ada")
    assert (account.role, account.is_superuser, account.check_password(PASSWORD)) == ("admin", False, True)
    assert browser.get("/desk").status_code == 200
    assert first_path() is None
    again = client().post(path, {**FORM, "username": "Eve"})
    assert (client().get(path).status_code, again.status_code) == (410, 410)
    assert "This link was used." in again.content.decode()
    assert client().get(f"{path}x").status_code == 404
    assert list(Account.objects.values_list("username", flat=True)) == ["Ada"]


def test_only_the_digest_of_the_link_is_kept_and_a_new_start_ends_the_old_link(unstaffed: Stage) -> None:
    old = first_path()
    new = first_path()
    assert old is not None
    assert new is not None
    kept = FirstLink.objects.get().digest
    assert kept not in new
    assert new.rpartition("/")[2] not in kept
    assert client().get(old).status_code == 404
    assert client().get(new).status_code == 200


def test_the_link_ends_as_soon_as_somebody_can_open_the_desk(unstaffed: Stage) -> None:
    path = first_path()
    signed_in("curator")
    assert client().get(path).status_code == client().post(path, FORM).status_code == 404
    assert first_path() is None


def test_a_password_that_is_weak_makes_no_account_and_leaves_the_link_open(unstaffed: Stage) -> None:
    path = first_path()
    weak = client().post(path, {"username": "Ada Byron", "password1": "password", "password2": "password"})
    page = weak.content.decode()
    assert weak.status_code == 422
    assert page.count("Letters and digits, without spaces; also @ . + - and _") == len(("the help", "the error"))
    assert ("id_password1_error" in page, "id_password2_error" in page) == (True, False)
    assert not Account.objects.exists()
    assert client().post(path, FORM).status_code == 302
