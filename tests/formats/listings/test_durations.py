"""Durations in all the ways in which they are written, and how fine each was told."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.formats.listings.durations import LONGEST_S, duration_in, parse_duration
from holdfast.model.lost import ListedDuration
from holdfast.model.time import clock


@pytest.mark.parametrize(
    ("text", "seconds", "step"),
    [
        ("1:02:03", 3723, 1),
        ("62:03", 3723, 1),
        ("２:０３", 123, 1),
        ("2:03.5", Fraction(247, 2), Fraction(1, 10)),
        ("PT1H2M3S", 3723, 1),
        ("pt62m", 3720, 1),
        ("P1DT1S", 86401, 1),
        ("PT3.25S", Fraction(13, 4), Fraction(1, 100)),
        (3723, 3723, 1),
        (61.044, Fraction(15261, 250), Fraction(1, 1000)),
        (2054.0, 2054, 1),
        ("2054", 2054, 1),
        ("1 ч 2 мин", 3720, 60),
        ("1 час 2 минуты 3 секунды", 3723, 1),
        ("62 min", 3720, 60),
        ("ca. 62 Min.", 3720, 60),
        ("1 Stunde, 2 Minuten und 3 Sekunden", 3723, 1),
        ("1 hour, 2 minutes and 3 seconds", 3723, 1),
        ("1小时2分3秒", 3723, 1),
        ("1시간 2분", 3720, 60),
        ("12'34\"", 754, 1),
        ("5′12″", 312, 1),
    ],
)
def test_a_duration_is_read_exactly_with_how_fine_it_was_told(text: object, seconds: int, step: int) -> None:
    assert parse_duration(text) == ListedDuration(Fraction(seconds), Fraction(step))


@pytest.mark.parametrize(
    "text",
    [
        *("", "0", "0:00", 0, -5, True, None, float("nan"), float("inf"), "1:75", "1:60:00", "P1Y", "PT", "live"),
        *("3 min 2 min", "99999999", "1" * 5000, "2 s 1 min", "12:34 Uhr"),
    ],
)
def test_what_is_no_duration_is_none_and_never_an_error(text: object) -> None:
    assert parse_duration(text) is None


def test_a_bare_number_counts_what_its_column_says() -> None:
    assert parse_duration("62", unit_s=60) == ListedDuration(Fraction(3720), Fraction(60))
    assert parse_duration("1,5", unit_s=60) == ListedDuration(Fraction(90), Fraction(6))


@given(st.integers(min_value=1, max_value=LONGEST_S))
def test_a_clock_that_we_write_is_read_as_the_same_time(seconds: int) -> None:
    told = parse_duration(clock(Fraction(seconds)))
    assert told is not None
    assert told.seconds == seconds


@given(st.text(max_size=100))
def test_any_text_is_answered_without_an_error(text: str) -> None:
    parse_duration(text)


def test_a_clock_inside_a_title_is_found_only_if_it_is_the_only_one() -> None:
    assert duration_in("The Harvest (1:02:03)") == "1:02:03"
    assert duration_in("from 0:10 to 2:30") == ""
    assert duration_in("Luke 3.12:30, chapter") == ""


def test_durations_agree_within_two_seconds_or_the_minute_they_were_told_in() -> None:
    exact = ListedDuration(Fraction(3700))
    assert exact.agrees(ListedDuration(Fraction(3702)))
    assert not exact.agrees(ListedDuration(Fraction(3703)))
    assert exact.agrees(ListedDuration(Fraction(3720), Fraction(60)))
    assert not exact.agrees(ListedDuration(Fraction(7200), Fraction(3600)))
