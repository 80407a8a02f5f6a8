"""What is one work and what is not: doubt says no."""

from __future__ import annotations

from fractions import Fraction

import pytest

from holdfast.model.asset import DatedFact
from holdfast.model.lost import ListedDuration, SourceId
from holdfast.restore.wanted.sameness import Signs, dates_agree, film_keys, same_film, same_page, title_key


def signs(
    title: str = "harvest", seconds: int | None = 2054, date: str = "", kind: str = "uploaded", **more: set
) -> Signs:  # type: ignore[type-arg]
    return Signs(
        titles={title} if title else set(),
        durations=[ListedDuration(Fraction(seconds))] if seconds else [],
        dates=[DatedFact(date, kind)] if date else [],
        **more,
    )


def test_spellings_of_a_title_have_one_key() -> None:
    assert title_key("«Ёлка — 1974!»") == title_key("ЕЛКА 1974") == "елка 1974"
    assert title_key("ｃａｆé") == title_key("Cafe\u0301")
    assert title_key("Part 1") != title_key("Part 2")
    assert title_key("!!!") == ""


def test_one_title_and_durations_within_two_seconds_are_one_film() -> None:
    assert same_film(signs(), signs(seconds=2056))
    assert not same_film(signs(), signs(seconds=2057))


def test_a_title_alone_is_never_enough() -> None:
    assert not same_film(signs(seconds=None), signs(seconds=None))
    assert not same_film(signs(), signs(seconds=None))


def test_one_length_of_two_titles_is_two_films() -> None:
    assert not same_film(signs("harvest"), signs("mill"))


def test_the_news_of_two_days_are_two_works_however_alike() -> None:
    assert not same_film(signs("news", 1800, "2019-05-03"), signs("news", 1800, "2019-05-04"))
    assert not same_film(signs("news", 1800, "2019-05-03", "published"), signs("news", 1800, "2019-05-04", "uploaded"))


def test_a_film_of_1974_may_have_been_uploaded_in_2019() -> None:
    assert same_film(signs(date="1974", kind="published"), signs(date="2019-08-31", kind="uploaded"))


def test_two_ids_in_one_listing_are_two_works_and_in_two_channels_may_be_one() -> None:
    first, second = SourceId("youtube", "a" * 11), SourceId("youtube", "b" * 11)
    here = signs(listed_by={("Архив", first)})
    assert not same_film(here, signs(listed_by={("Архив", second)}))
    assert same_film(here, signs(listed_by={("Зеркало", second)}))


def test_one_address_is_one_page_unless_title_or_length_contradict() -> None:
    page = {"films.example/7"}
    assert same_page(signs(addresses=page), signs("", None, addresses=page))
    assert not same_page(signs(addresses=page), signs("mill", addresses=page))
    assert not same_page(signs(addresses=page), signs(seconds=3000, addresses=page))


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [("2019", "2019-05-03", True), ("2019~", "2020", True), ("2018", "2019", False), ("197X", "1974", True)],
)
def test_dates_of_one_kind_agree_when_they_can_be_one_day(one: str, other: str, agree: bool) -> None:
    assert dates_agree([DatedFact(one)], [DatedFact(other)]) is agree


@pytest.mark.parametrize("mine", ["", "1974", "2019-05-03", "2019-05~"])
@pytest.mark.parametrize("theirs", ["", "1974", "2019-05-03", "2019-05~"])
@pytest.mark.parametrize("seconds", [2039, 2041, 2054, 2056])
def test_whatever_may_be_one_film_is_looked_for_where_the_other_is_filed(mine: str, theirs: str, seconds: int) -> None:
    one, other = signs(seconds=2040, date=mine), signs(seconds=seconds, date=theirs)
    if same_film(one, other):
        assert film_keys(one)[1] & film_keys(other)[0]
        assert film_keys(other)[1] & film_keys(one)[0]


def test_news_of_other_days_are_not_even_compared() -> None:
    assert not film_keys(signs(date="2019-05-03"))[1] & film_keys(signs(date="2019-05-04"))[0]
