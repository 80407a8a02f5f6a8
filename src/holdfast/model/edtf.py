"""Dates with their uncertainty: EDTF (ISO 8601-2), `1974`, `1974-05~`, `197X`, `1974-05-01/..`.

Levels 0 to 2 are understood. Beyond the form, what is said must be possible: no 30th of February, no interval that
ends before it begins. The check is our own because it stands between people and the record: it answers at once for
any text, however long or hostile, and needs no grammar to be built first.

    level 0   1974   1974-05   1974-05-01   1974-05-01T14:30:00Z   1974-05/1974-06
    level 1   1974?   1974-05~   1974-05-01%   197X   1974-XX   1974-21 (spring)   -0044   Y17000   1974/..   /1974
    level 2   ?1974-05   197X-05-1X   1974-25   [1974,1976..1978]   {..1974}   1950S2   Y-17E7

Source: the EDTF specification of the Library of Congress (2019), which ISO 8601-2 took up.
"""

from __future__ import annotations

import re
from calendar import monthrange

from holdfast.errors import BadValue

LONGEST = 200  # a list of forty years still fits; what is longer was not written as a date

# Seasons, quarters and the like take the place of a month: 21 to 24 in level 1, to 41 in level 2.
_MONTHS = [f"{number:02d}" for number in (*range(1, 13), *range(21, 42))]
_CALENDAR_MONTHS = _MONTHS[:12]
_DATE = re.compile(
    r"[?~%]?(?P<year>-?[0-9X]{4})[?~%]?"
    r"(?:-[?~%]?(?P<month>[0-9X]{2})[?~%]?"
    r"(?:-[?~%]?(?P<day>[0-9X]{2})[?~%]?)?)?"
)
_MOMENT = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    r"(?:Z|[+-](?:0[0-9]|1[0-4])(?::[0-5][0-9])?)?"
)
_YEAR_OF_OTHER_FORM = re.compile(
    r"-?[0-9]{4}S[1-9][0-9]{0,3}[?~%]?"  # 1950S2: two digits are significant
    r"|Y-?[1-9][0-9]{4,30}(?:S[1-9][0-9]{0,3})?[?~%]?"  # Y17000: more than four digits
    r"|Y-?[1-9][0-9]{0,30}E[1-9][0-9]{0,3}(?:S[1-9][0-9]{0,3})?[?~%]?"  # Y-17E7
)
_SET = re.compile(r"\[[^\[\]{}]+\]|\{[^\[\]{}]+\}")
_Ends = tuple[int, ...]


def is_edtf(text: str) -> bool:
    """Whether `text` is a date that EDTF knows (levels 0 to 2) and that can have been."""
    if len(text) > LONGEST:
        return False
    if _SET.fullmatch(text):
        return _is_set(text[1:-1].split(","))
    if "/" in text:
        return _is_interval(*text.split("/", 1))
    return _is_date(text) or _is_moment(text) or _YEAR_OF_OTHER_FORM.fullmatch(text) is not None


def check_edtf(text: str) -> str:
    """`text` itself. Raises BadValue if it is no EDTF."""
    if not is_edtf(text):
        expected = "a date like 1974, 1974-05-01, 1974-05~ (about), 197X, or 1974-05/1974-06"
        raise BadValue(name="the date", found=text[:LONGEST], expected=expected)
    return text


def _is_date(text: str) -> bool:
    match = _DATE.fullmatch(text)
    if match is None or match["year"] == "-0000":
        return False
    month, day = match["month"], match["day"]
    if month is None:
        return True
    if day is None:
        return bool(_fitting(month, _MONTHS))
    return any(_fitting(day, _days(match["year"], known)) for known in _fitting(month, _CALENDAR_MONTHS))


def _fitting(pattern: str, numbers: list[str]) -> list[str]:
    """Those of `numbers` that `pattern`, in which X stands for any digit, may mean."""
    return [n for n in numbers if all(p in ("X", c) for p, c in zip(pattern, n, strict=True))]


def _days(year: str, month: str) -> list[str]:
    # 2000 lends its length to a year that is not fully known: in some of those years February has 29 days.
    # Years before 1 count on in the same calendar; 400 years have the same days again.
    known = 2000 if "X" in year else int(year) % 400 + 2000
    return [f"{number:02d}" for number in range(1, monthrange(known, int(month))[1] + 1)]


def _is_moment(text: str) -> bool:
    match = _MOMENT.fullmatch(text)
    return match is not None and _is_date(match["date"])


def _is_interval(start: str, end: str) -> bool:
    dates = [side for side in (start, end) if side not in ("", "..")]  # the others are unknown or open
    if not dates or not all(map(_is_date, dates)):
        return False
    return len(dates) < 2 or _in_order(start, end)


def _in_order(start: str, end: str) -> bool:
    """Whether the later one is not before the earlier one, as far as both are known: `1974/1974-05` is in order."""
    first, last = _ends(start), _ends(end)
    shared = min(len(first), len(last))
    return first[:shared] <= last[:shared]


def _ends(date: str) -> _Ends:
    """Year, month and day up to the first that is not fully known, or is a season."""
    match = _DATE.fullmatch(date)
    assert match is not None
    known: list[int] = []
    for part in match.groups():
        if part is None or "X" in part or (known and int(part) > 31) or (len(known) == 1 and int(part) > 12):
            break
        known.append(int(part))
    return tuple(known)


def _is_set(items: list[str]) -> bool:
    return all(_is_item(item, is_first=n == 0, is_last=n == len(items) - 1) for n, item in enumerate(items))


def _is_item(item: str, *, is_first: bool, is_last: bool) -> bool:
    """One date of a set, or a row of them: `1976..1978`; `..1974` only as the first, `1974..` only as the last."""
    start, dots, end = item.partition("..")
    if not dots:
        return _is_date(item) or _YEAR_OF_OTHER_FORM.fullmatch(item) is not None
    if not start:
        return is_first and _is_date(end)
    if not end:
        return is_last and _is_date(start)
    return _is_date(start) and _is_date(end) and _in_order(start, end)
