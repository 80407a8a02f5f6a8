"""Limits: so often and no more from one place, and nothing by which the place could be told."""

from __future__ import annotations

import pytest
from django.test import RequestFactory, override_settings

from holdfast.show import limits
from holdfast.show.limits import Limit, household, place_of


class Clock:
    """A clock that stands still until it is moved."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_one_place_is_refused_after_so_many_times_and_another_is_not() -> None:
    clock = Clock()
    limit = Limit(2, 60, clock)
    assert [limit.allows("a") for _ in range(3)] == [True, True, False]
    assert limit.allows("b")
    clock.now += 60
    assert limit.allows("a")


def test_being_refused_does_not_prolong_the_refusal() -> None:
    clock = Clock()
    limit = Limit(1, 60, clock)
    assert limit.allows("a")
    for _ in range(6):
        clock.now += 10
        last = limit.allows("a")
    assert last


def test_counts_hold_no_address_and_change_their_names_every_day() -> None:
    clock = Clock()
    limit = Limit(5, 1_000_000, clock)
    limit.allows("203.0.113.7")
    first = set(limit._seen)
    assert "203.0.113.7" not in repr(vars(limit))
    clock.now += limits.DAY_S + 1
    limit.allows("203.0.113.7")
    assert len(limit._seen) == 1
    assert not first & set(limit._seen)


def test_many_places_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_COUNTED", 10)
    limit = Limit(1, 60)
    for number in range(50):
        limit.allows(str(number))
    assert len(limit._seen) == 10


def test_neighbours_of_one_household_count_together() -> None:
    assert household("2001:db8::1") == household("2001:db8::ffff") != household("2001:db8:0:1::1")
    assert household("::ffff:203.0.113.7") == household("203.0.113.7")
    assert household("somewhere") == "somewhere"


def test_behind_proxies_the_place_is_what_ours_wrote_and_never_what_a_stranger_wrote() -> None:
    request = RequestFactory().get("/", headers={"x-forwarded-for": "6.6.6.6, 203.0.113.7"}, REMOTE_ADDR="127.0.0.1")
    assert place_of(request) == "127.0.0.1"
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1):
        assert place_of(request) == "203.0.113.7"
        past = RequestFactory().get("/", REMOTE_ADDR="198.51.100.9")
        assert place_of(past) == "198.51.100.9"
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=3):
        assert place_of(request) == "127.0.0.1"
