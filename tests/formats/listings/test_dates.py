"""Dates in all the ways in which they are written, as EDTF."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.formats.listings.dates import listed_date
from holdfast.model.edtf import is_edtf

CAPTURED = datetime(2015, 6, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("20190831", "2019-08-31"),
        ("2019-08-31T10:00:00+03:00", "2019-08-31"),
        ("2019-8-3", "2019-08-03"),
        ("Sat, 31 Aug 2019 10:00:00 GMT", "2019-08-31"),
        ("Premiered May 3, 2012", "2012-05-03"),
        ("3 мая 2012 г.", "2012-05-03"),
        ("Дата премьеры: 3 мая 2012 г.", "2012-05-03"),
        ("31. August 2019", "2019-08-31"),
        ("03.05.2012", "2012-05-03"),
        ("2012年5月3日", "2012-05-03"),
        ("2012년 5월", "2012-05"),
        ("03/05/2012", "[2012-03-05,2012-05-03]"),
        ("25/12/2012", "2012-12-25"),
        ("05/05/2012", "2012-05-05"),
        ("Aug 2019", "2019-08"),
        ("1974", "1974"),
        ("1974 г.", "1974"),
        ("1974-05~", "1974-05~"),
        ("ca. 1974", "1974~"),
        ("1970s", "197X"),
        ("1970-е", "197X"),
        (1567209600, "2019-08-31"),
        ("1567209600123", "2019-08-31"),
    ],
)
def test_a_date_is_read_as_far_as_it_is_told(text: object, edtf: str) -> None:
    assert listed_date(text) == edtf
    assert is_edtf(edtf)


@pytest.mark.parametrize("text", ["", "soon", "30.02.2011", "31/31/2012", "12", None, True, "x" * 500, "13 2012", 5])
def test_what_is_no_possible_date_is_empty(text: object) -> None:
    assert listed_date(text) == ""


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("2 years ago", "[2012-06..2013-06]"),
        ("2 года назад", "[2012-06..2013-06]"),
        ("vor 2 Jahren", "[2012-06..2013-06]"),
        ("2年前", "[2012-06..2013-06]"),
        ("2년 전", "[2012-06..2013-06]"),
        ("a year ago", "[2013-06..2014-06]"),
        ("3 days ago", "[2015-06-09..2015-06-13]"),
    ],
)
def test_what_counts_back_from_a_capture_becomes_the_stretch_it_must_lie_in(text: str, edtf: str) -> None:
    assert listed_date(text, CAPTURED) == edtf
    assert listed_date(text) == "", "without the day of the capture nobody knows"


@given(st.text(max_size=130))
def test_whatever_comes_out_is_a_date_that_can_be_kept(text: str) -> None:
    edtf = listed_date(text, CAPTURED)
    assert edtf == "" or is_edtf(edtf)
