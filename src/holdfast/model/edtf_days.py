"""Which days an uncertain date may mean: EDTF to the first and the last of them, for asking whether two dates agree.

    >>> possible_days("1974-05~")
    (datetime.date(1974, 3, 1), datetime.date(1974, 7, 31))

What "about" allows is our choice, not the standard's: three days about a day, two months about a month, two years
about a year. Dates before the year 1, long years and seasons are not narrowed down: they may mean anything.

Source: the EDTF specification (2019) for the forms.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

from holdfast.model.edtf import is_edtf

EVER = (date.min, date.max)
_DATE = re.compile(r"([0-9X]{4})(?:-([0-9X]{2}))?(?:-([0-9X]{2}))?(?:T.*)?")
_MARKS = re.compile(r"[?~%]")


@lru_cache(maxsize=65_536)
def possible_days(edtf: str) -> tuple[date, date]:
    """The first and the last day that `edtf` may mean; `EVER` if it tells nothing that can be counted in days."""
    if not is_edtf(edtf):
        return EVER
    if edtf[0] in "[{":
        parts = [_row(item) for item in edtf[1:-1].split(",")]
        return min(first for first, _ in parts), max(last for _, last in parts)
    start, is_interval, end = edtf.partition("/")
    return _between(start, end) if is_interval else _one(edtf)


def may_agree(one: str, other: str, days: int = 1) -> bool:
    """Whether two dates can mean the same day, or such that lie not further apart than `days` (zones differ)."""
    first, last = possible_days(one)
    other_first, other_last = possible_days(other)
    return not (_later(last, days) < other_first or _later(other_last, days) < first)


def _row(item: str) -> tuple[date, date]:
    start, is_row, end = item.partition("..")
    return _between(start, end) if is_row else _one(item)


def _between(start: str, end: str) -> tuple[date, date]:
    first = date.min if start in ("", "..") else _one(start)[0]
    last = date.max if end in ("", "..") else _one(end)[1]
    return (first, last) if first <= last else EVER


def _one(text: str) -> tuple[date, date]:
    match = _DATE.fullmatch(_MARKS.sub("", text))
    if match is None:
        return EVER
    year, month, day = match.groups()
    is_about = bool(_MARKS.search(text))
    try:
        first = date(_least(year, 1), _least(month, 1), _least(day, 1))
        last_year, last_month = _most(year), min(12, _most(month)) if month else 12
        last_of_month = monthrange(last_year, last_month)[1]
        last = date(last_year, last_month, min(last_of_month, _most(day)) if day else last_of_month)
    except ValueError:
        return EVER
    if not is_about:
        return first, last
    margin = 3 if day else 61 if month else 731
    return _later(first, -margin).replace(day=1) if not day else _later(first, -margin), _later(last, margin)


def _least(digits: str | None, lowest: int) -> int:
    return max(lowest, int(digits.replace("X", "0"))) if digits else lowest


def _most(digits: str) -> int:
    return int(digits.replace("X", "9"))


def _later(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min
