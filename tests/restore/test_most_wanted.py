"""What would help most comes first: little missing before much, something left before nothing, then who misses it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from holdfast.model.time import Span
from holdfast.restore.most_wanted import Kind, WantedWork, most_wanted


def work(asset: str, duration: int | None = 3000, covered: int = 0, **facts: Any) -> WantedWork:
    facts = {"covered_by_sound": Fraction(covered), "listed": True} | facts
    length = None if duration is None else Fraction(duration)
    return WantedWork(asset, asset.title(), length, Fraction(covered), **facts)


def order(*works: WantedWork) -> list[str]:
    return [each.work.asset for each in most_wanted(works)]


def test_the_kinds_come_in_the_order_in_which_a_find_helps() -> None:
    works = [
        work("nothing"),
        work("known", has_fingerprint=True),
        work("sound", covered_by_sound=Fraction(900)),
        work("parts", covered=900),
        work("minutes", covered=2900),
        work("whole", covered=3000),
    ]
    assert order(*works) == ["minutes", "parts", "sound", "known", "nothing"]


def test_no_count_of_visits_lifts_a_work_above_an_earlier_kind() -> None:
    assert order(work("nothing", watched=10**9, cited=10**6), work("parts", covered=9)) == ["parts", "nothing"]


def test_within_a_kind_the_one_that_is_missed_most_comes_first() -> None:
    assert order(work("b", covered=2900, watched=10), work("a", covered=2900, watched=9000)) == ["a", "b"]
    assert order(work("seen", watched=40), work("cited", cited=1)) == ["cited", "seen"]


def test_of_works_that_are_missed_alike_the_one_that_lacks_least_comes_first() -> None:
    assert order(work("b", covered=1000), work("a", covered=900), work("c", None, 10)) == ["b", "a", "c"]


def test_the_order_is_the_same_whatever_order_works_are_given_in() -> None:
    works = [work(name, covered=100 * n % 700) for n, name in enumerate("gacbfde")]
    assert order(*works) == order(*works[::-1])


@pytest.mark.parametrize(
    ("covered", "heard", "kind"),
    [
        (3000, 3000, Kind.WHOLE),
        (3000, 0, Kind.WHOLE),  # it may have been silent
        (3000, 2900, Kind.FEW_MINUTES),
        (2700, 2700, Kind.FEW_MINUTES),
        (2600, 2600, Kind.PARTS),
        (0, 1, Kind.ONLY_SOUND),
    ],
)
def test_the_kind_follows_from_what_is_missing(covered: int, heard: int, kind: Kind) -> None:
    assert work("x", covered=covered, covered_by_sound=Fraction(heard)).kind is kind


def test_a_work_of_unknown_length_lacks_its_gaps() -> None:
    gaps = (Span(Fraction(10), Fraction(40)),)
    assert work("x", None, 500, gaps=gaps).kind is Kind.FEW_MINUTES
    assert work("x", None, 500).kind is Kind.PARTS


def test_reasons_are_sentences_that_name_what_counts() -> None:
    (wanted,) = most_wanted([work("x", covered=2900, watched=7, cited=1)])
    assert wanted.reasons == ("Only 1:40 of 50:00 is missing.", "It was watched 7 times.", "It is cited once.")
    (wanted,) = most_wanted([work("x", None, has_thumbnail=True, listed=False)])
    assert wanted.reasons == (
        "Nothing is left.",
        "A find would be recognised where it shows the picture that survives.",
        "No listing names it.",
    )


def test_hostile_counts_below_zero_count_as_none() -> None:
    assert work("x", watched=-5, cited=-9).call == 0
