"""Who may see what: the ladder of roles, and pages that keep to it."""

from __future__ import annotations

import pytest

from holdfast.show.reader import LEVELS, Role
from tests.show.stage import WORDS, Stage, client, signed_in

SEEN = {
    "": ["public"],
    Role.CONTRIBUTOR: ["public"],
    Role.MEMBER: ["public", "members"],
    Role.CURATOR: ["public", "members", "curators"],
    Role.CUSTODIAN: ["public", "members", "curators", "sealed"],
    Role.ADMIN: ["public", "members", "curators"],
}
each_role = pytest.mark.parametrize("role", SEEN, ids=lambda role: role or "stranger")


def test_every_role_has_its_levels_and_strangers_have_one() -> None:
    assert LEVELS.keys() == {None, *Role}
    assert LEVELS[None] == LEVELS[Role.CONTRIBUTOR] == ("public",)


@each_role
def test_a_work_is_shown_to_whom_its_level_admits_and_is_unknown_to_others(stage: Stage, role: str) -> None:
    browser = signed_in(role) if role else client()
    answers = {level: browser.get(f"/w/{asset}").status_code for level, asset in stage.ids.items()}
    assert answers == {level: 200 if level in SEEN[role] else 404 for level in WORDS}


@each_role
def test_the_first_page_and_the_search_name_only_what_may_be_seen(stage: Stage, role: str) -> None:
    browser = signed_in(role) if role else client()
    home = browser.get("/").content.decode()
    assert [level for level, word in WORDS.items() if word in home] == SEEN[role]
    found = [
        level
        for level, word in WORDS.items()
        if stage.ids[level] in browser.get("/search", {"q": word}).content.decode()
    ]
    assert found == SEEN[role]


def test_what_may_not_be_seen_is_answered_as_what_does_not_exist(stage: Stage) -> None:
    closed = client().get(f"/w/{stage.ids['sealed']}")
    unknown = client().get("/w/zzzzzzzzzzzzz")
    assert closed.status_code == unknown.status_code == 404
    assert closed.content.replace(stage.ids["sealed"].encode(), b"zzzzzzzzzzzzz") == unknown.content


def test_an_account_with_a_role_that_nobody_knows_sees_what_strangers_see(stage: Stage) -> None:
    browser = signed_in("emperor")
    assert browser.get(f"/w/{stage.ids['members']}").status_code == 404
