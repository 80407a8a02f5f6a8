"""Media time is exact and goes round; civil time knows its zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.model.time import Span, civil, clock, now, parse_civil, parse_clock, parse_ratio, ratio, seconds

TEN_HOURS = Fraction(36_000)


@given(st.fractions())
def test_a_ratio_comes_back_exactly(value: Fraction) -> None:
    assert parse_ratio(ratio(value)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("25", Fraction(25)), ("30000/1001", Fraction(30000, 1001)), ("-1/2", Fraction(-1, 2)), ("12.5", Fraction(25, 2))],
)
def test_a_ratio_is_read_as_it_is_written(text: str, value: Fraction) -> None:
    assert parse_ratio(text) == value


@pytest.mark.parametrize(
    "text",
    ["", " ", "1/0", "0/0", "1e3", "1e999999999", "nan", "inf", "1/2/3", "1 / 2", "1_000", "٢٥", "1/-2", "9" * 5000],
)
def test_what_is_no_exact_number_is_refused_at_once(text: str) -> None:
    with pytest.raises(ValueError, match=r"exact number|zero"):
        parse_ratio(text)


@given(st.fractions(min_value=-(10**9), max_value=10**9))
def test_seconds_are_exact_to_the_microsecond(value: Fraction) -> None:
    written = seconds(value)
    assert abs(Fraction(written) - value) <= Fraction(1, 2_000_000)
    assert seconds(Fraction(written)) == written


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(12), "12"),
        (Fraction(12345, 1000), "12.345"),
        (Fraction(-1, 2), "-0.5"),
        (Fraction(-1, 10**7), "0"),
        (Fraction(1001, 30000), "0.033367"),
        (Fraction(9_999_999, 10**7), "1"),
        (TEN_HOURS + Fraction(1, 10**6), "36000.000001"),
    ],
)
def test_seconds_have_no_needless_zeros(value: Fraction, text: str) -> None:
    assert seconds(value) == text


@pytest.mark.parametrize(
    ("value", "people", "captions"),
    [
        (Fraction(0), "0:00", "00:00:00.000"),
        (Fraction(123), "2:03", "00:02:03.000"),
        (Fraction(123456, 1000), "2:03", "00:02:03.456"),
        (Fraction(3599999, 1000), "59:59", "00:59:59.999"),
        (Fraction(35999999, 10000), "59:59", "01:00:00.000"),  # a clock does not strike early; milliseconds are rounded
        (Fraction(3723), "1:02:03", "01:02:03.000"),
        (TEN_HOURS, "10:00:00", "10:00:00.000"),
        (Fraction(360_000), "100:00:00", "100:00:00.000"),
        (Fraction(-5), "-0:05", "-00:00:05.000"),
        (Fraction(-3723), "-1:02:03", "-01:02:03.000"),
    ],
)
def test_a_clock_shows_what_people_and_captions_expect(value: Fraction, people: str, captions: str) -> None:
    assert clock(value) == people
    assert clock(value, millis=True) == captions


@given(st.integers(min_value=0, max_value=400_000_000))
def test_a_clock_that_was_written_is_read_back(millis: int) -> None:
    value = Fraction(millis, 1000)
    assert parse_clock(clock(value, millis=True)) == value
    assert parse_clock(clock(value)) == millis // 1000


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("754", Fraction(754)),
        ("12:34", Fraction(754)),
        (" 1:02:03.5 ", Fraction(7447, 2)),
        ("1:02:03,5", Fraction(7447, 2)),
        ("75:30", Fraction(4530)),
        ("7200.25", Fraction(28801, 4)),
        ("0:00", Fraction(0)),
    ],
)
def test_people_may_type_a_time_as_they_say_it(typed: str, value: Fraction) -> None:
    assert parse_clock(typed) == value


@pytest.mark.parametrize(
    "typed",
    ["", "soon", "1:99", "1:60:00", "1:2:3:4", "-5", "-0:05", "1:", ":30", "1.5:00", "1e3", "١٢", "9" * 100_000],
)
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"is not a time|60 or more"):
        parse_clock(typed)


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_civil_moment_comes_back(moment: datetime) -> None:
    assert parse_civil(civil(moment)) == moment
    assert civil(moment).endswith("Z")


def test_a_civil_moment_is_written_in_utc() -> None:
    berlin = timezone(timedelta(hours=1))
    assert civil(datetime(2026, 11, 23, 15, 22, 56, tzinfo=berlin)) == "2026-11-23T14:22:56Z"
    assert parse_civil("2026-11-23T15:22:56+01:00") == datetime(2026, 11, 23, 14, 22, 56, tzinfo=UTC)


def test_a_moment_without_a_zone_is_never_written() -> None:
    with pytest.raises(ValueError, match="zone"):
        civil(datetime(2026, 11, 23))  # noqa: DTZ001  # the very mistake


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-23",
        "2026-11-23T14:22:56",
        "2026-11-23 14:22:56Z",
        "20261123T142256Z",
        "2026-W47-1T14:22:56Z",
        "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-11-23T24:00:01Z",
        "2016-12-31T23:59:60Z",  # a leap second
        "2026-11-23T14:22:56+25:00",
        "0001-01-01T00:00:00+14:00",  # before the year 1 in UTC
        "9999-12-31T23:59:59-14:00",
        "２０２６-11-23T14:22:56Z",
        "2026-11-23T14:22:56." + "0" * 100_000 + "Z",
    ],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_civil(text)


def test_now_is_aware_and_whole() -> None:
    moment = now()
    assert moment.tzinfo is UTC
    assert moment.microsecond == 0


def test_a_span_knows_its_length_and_cannot_run_backwards() -> None:
    assert Span(Fraction(1, 3), Fraction(4, 3)).duration == 1
    assert Span(Fraction(1), Fraction(1)).duration == 0
    with pytest.raises(ValueError, match="cannot end"):
        Span(Fraction(2), Fraction(1))
