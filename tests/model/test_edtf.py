"""Uncertain dates: what the specification shows is understood, what cannot have been is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.errors import BadValue
from holdfast.model.edtf import check_edtf, is_edtf

LEVEL_0 = "1985-04-12 1985-04 1985 0000 1985-04-12T23:20:30 1985-04-12T23:20:30Z 1985-04-12T23:20:30+04:30 "
LEVEL_0 += "1985-04-12T23:20:30-04 1964/2008 2004-06/2006-08 2004-02-01/2005-02-08 2004-02-01/2005 2005/2006-02"
LEVEL_1 = "Y170000002 Y-170000002 2001-21 1984? 2004-06~ 2004-06-11% 201X 20XX 2004-XX 1985-04-XX 1985-XX-XX "
LEVEL_1 += "1985-04-12/.. 1985-04/.. 1985/.. ../1985-04-12 ../1985 1985-04-12/ 1985/ /1985-04-12 /1985 -1985 "
LEVEL_1 += "1984~/2004-06 1984/2004-06~ 1984?/2004% 2019-12-31? XXXX"
LEVEL_2 = "Y-17E7 1950S2 Y171010000S3 Y3388E2S3 2001-34 [1667,1668,1670..1672] [..1760-12-03] [1760-12..] "
LEVEL_2 += "[1760-01,1760-02,1760-12..] [1667,1760-12] [..1984] {1667,1668,1670..1672} {1960,1961-12} {..1984} "
LEVEL_2 += "2004-06-11% 2004-06~-11 2004?-06-11 ?2004-06-~11 2004-%06-11 156X-12-25 15XX-12-25 XXXX-12-XX 1XXX-XX "
LEVEL_2 += "1XXX-12 1984-1X 2004-06-~01/2004-06-~20 2004-06-XX/2004-07-03 19XX-02-29 [1974~,1975?]"

WRONG = "197 19744 74 1974-5 1974-00 1974-13 1974-20 1974-42 1974-05-00 1974-05-32 1974-04-31 1974-02-30 1975-02-29 "
WRONG += "1900-02-29 197X-02-30 1974-21-01 1974-2X-01 1974-XX-32 -0000 - / .. ../.. /.. 1974//1975 1974/1973 "
WRONG += "1974-06/1974-05 1974-05-02/1974-05-01 [1976..1974] [] {} [1974 1974] [1974} [1974,,1975] [1974..,1975] "
WRONG += "[1974,..1975] [[1974]] 1974?? 1974. 1974-05-01T 1974-05-01T24:00:00 1974-05-01T12:60:00 1974-05T12:00:00 "
WRONG += "1974-05-01T12:00:00/1975 1974-02-30T12:00:00Z Y1974 Y0170000 1950S0 1950S 19x4 may 05/1974 1.5.1974 "
WRONG += "1974-05-01Z unknown open １９７４ 1974–1975"


@pytest.mark.parametrize("text", f"{LEVEL_0} {LEVEL_1} {LEVEL_2}".split())
def test_every_form_of_the_three_levels_is_understood(text: str) -> None:
    assert is_edtf(text)
    assert check_edtf(text) == text


@pytest.mark.parametrize("text", ["", " ", " 1974", "1974 ", "1974\n", "1974 - 05", "c. 1974", *WRONG.split()])
def test_what_is_no_date_or_cannot_have_been_is_refused(text: str) -> None:
    assert not is_edtf(text)
    with pytest.raises(BadValue, match="a date like 1974"):
        check_edtf(text)


@pytest.mark.parametrize("text", ["1972-02-29", "2000-02-29", "0000-02-29", "-0004-02-29", "XXX1-02-29", "19XX-1X-31"])
def test_leap_days_and_partly_known_days_are_judged_by_what_is_possible(text: str) -> None:
    assert is_edtf(text)


@pytest.mark.parametrize(
    "text", ["1" * 100_000, "[" * 100_000, "{" + "1974," * 40_000 + "1974}", "1974/" * 20_000, "?" * 100_000]
)
def test_a_hostile_text_is_refused_for_its_length(text: str) -> None:
    assert not is_edtf(text)
    with pytest.raises(BadValue) as caught:
        check_edtf(text)
    assert len(str(caught.value)) < 500


@given(st.dates())
def test_every_day_of_the_calendar_is_a_date(day: object) -> None:
    assert is_edtf(str(day))


@given(st.text(alphabet="0123456789-/?~%X[]{}.,TYESZ: ", max_size=30))
def test_any_text_gets_an_answer(text: str) -> None:
    assert is_edtf(text) in (True, False)
