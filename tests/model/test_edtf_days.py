"""Which days an uncertain date may mean, and whether two can mean the same."""

from __future__ import annotations

from datetime import date

import pytest

from holdfast.model.edtf_days import EVER, may_agree, possible_days


@pytest.mark.parametrize(
    ("edtf", "first", "last"),
    [
        ("1974", "1974-01-01", "1974-12-31"),
        ("1974-02", "1974-02-01", "1974-02-28"),
        ("1974-05-01", "1974-05-01", "1974-05-01"),
        ("1974-05-01T10:00:00Z", "1974-05-01", "1974-05-01"),
        ("197X", "1970-01-01", "1979-12-31"),
        ("1974-02-2X", "1974-02-20", "1974-02-28"),
        ("1974-1X", "1974-10-01", "1974-12-31"),
        ("[2012-03-05,2012-05-03]", "2012-03-05", "2012-05-03"),
        ("[2012-06..2013-06]", "2012-06-01", "2013-06-30"),
        ("{1974,1976..1978}", "1974-01-01", "1978-12-31"),
        ("1974/1975-03", "1974-01-01", "1975-03-31"),
        ("1974~", "1972-01-01", "1976-12-31"),
        ("1974-05~", "1974-03-01", "1974-07-31"),
        ("1974-05-10?", "1974-05-07", "1974-05-13"),
    ],
)
def test_a_date_means_every_day_that_it_allows(edtf: str, first: str, last: str) -> None:
    assert possible_days(edtf) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("edtf", ["", "soon", "-0044", "Y17000", "1974-21", "XXXX", "1950S2"])
def test_what_is_not_counted_in_days_may_be_ever(edtf: str) -> None:
    assert possible_days(edtf) == EVER


def test_open_ends_reach_as_far_as_days_do() -> None:
    assert possible_days("1974/..") == (date(1974, 1, 1), date.max)
    assert possible_days("[..1974]") == (date.min, date(1974, 12, 31))


def test_two_dates_agree_when_one_day_can_be_both() -> None:
    assert may_agree("1974", "1974-05-01")
    assert may_agree("2019-08-31", "2019-09-01")
    assert not may_agree("2019-08-31", "2019-09-01", days=0)
    assert not may_agree("1974", "1976")
    assert may_agree("XXXX", "1974")
