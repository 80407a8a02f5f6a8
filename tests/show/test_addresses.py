"""Moments in addresses: whatever stands there, and what is written."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.show.addresses import Moment, read_moment, written


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("75", Moment(Fraction(75))),
        ("12:34", Moment(Fraction(754))),
        ("1:02:03.5", Moment(Fraction(7447, 2))),
        ("12:34-13:10", Moment(Fraction(754), Fraction(790))),
        ("13:10-12:34", Moment(Fraction(790))),
        ("12:34-", None),
        ("", None),
        ("-5", None),
        ("noon", None),
    ],
)
def test_a_moment_is_read_as_people_write_it(text: str, moment: Moment | None) -> None:
    assert read_moment(text) == moment


@given(st.text())
def test_whatever_stands_in_an_address_is_a_moment_or_none(text: str) -> None:
    assert read_moment(text) is None or isinstance(read_moment(text), Moment)


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_written_stretch_is_read_as_the_same(start: int, length: int) -> None:
    moment = Moment(Fraction(start), Fraction(start + length))
    assert read_moment(written(moment)) == moment
