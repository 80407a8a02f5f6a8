"""Dates as people and sites write them, as EDTF: `3 мая 2012 г.` is `2012-05-03`, `1970s` is `197X`.

What can be meant in two ways is written as both: `03/05/2012` is `[2012-03-05,2012-05-03]`, one of them. What a site
counts back from the day of a capture (`2 years ago`) becomes the stretch in which it must lie. A moment becomes its
day as written, in whatever zone: listings are read by people, who remember days.

Source: EDTF level 2 for `[a,b]` and `[a..b]` (one of a set), level 1 for `~` and `X`; RFC 5322, 3.3; RFC 3339.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta

from holdfast.model.edtf import is_edtf

_LONGEST_TEXT = 120
_MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "january jan januar januar. jän januari январь января янв",
            "february feb februar febr февраль февраля фев февр",
            "march mar märz mär mrz март марта мар",
            "april apr апрель апреля апр",
            "may mai май мая",
            "june jun juni июнь июня июн",
            "july jul juli июль июля июл",
            "august aug август августа авг",
            "september sep sept сентябрь сентября сен сент",
            "october oct oktober okt октябрь октября окт",
            "november nov ноябрь ноября ноя нояб",
            "december dec dezember dez декабрь декабря дек",
        ),
        start=1,
    )
    for word in words.split()
}
_YEAR = r"(?P<y>1[89][0-9]{2}|20[0-9]{2})"
_NAME = rf"(?P<m>{'|'.join(sorted(map(re.escape, _MONTHS), key=len, reverse=True))})\.?"
_END = r"(?![0-9])"
_START = r"(?<![0-9])"
_FORMS = tuple(
    re.compile(_START + form + _END)
    for form in (
        rf"{_YEAR}-(?P<m>[0-9]{{1,2}})-(?P<d>[0-9]{{1,2}})",
        rf"{_YEAR}[/.](?P<m>[0-9]{{1,2}})[/.](?P<d>[0-9]{{1,2}})",
        rf"{_YEAR}(?P<m>[0-9]{{2}})(?P<d>[0-9]{{2}})",
        rf"{_YEAR}\s*[年년]\s*(?P<m>[0-9]{{1,2}})\s*[月월](?:\s*(?P<d>[0-9]{{1,2}})\s*[日일号號])?",
        rf"(?P<d>[0-9]{{1,2}})(?:\.|st|nd|rd|th)?[\s-]+{_NAME}[,\s-]+{_YEAR}",
        rf"{_NAME}\s+(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}",
        rf"(?P<d>[0-9]{{1,2}})\s?\.\s?(?P<m>[0-9]{{1,2}})\s?\.\s?{_YEAR}",
        rf"(?P<d>[0-9]{{1,2}})-(?P<m>[0-9]{{1,2}})-{_YEAR}",
        rf"{_NAME}\s+{_YEAR}",
        rf"{_YEAR}-(?P<m>[0-9]{{2}})",
        rf"{_YEAR}\s*[年년]",
    )
)
_EITHER_ORDER = re.compile(_START + rf"([0-9]{{1,2}})/([0-9]{{1,2}})/{_YEAR}" + _END)
_DECADE = re.compile(r"(1[89][0-9]|20[0-9])0(?:s|'s|er|er jahre|-?е|-?е годы|-?х|年代|년대)")
_ABOUT = re.compile(rf"(?:circa|ca\.?|c\.|about|um|etwa|около|ок\.|примерно|约|約|약|~)\s*{_YEAR}(?:\s*г\.?)?")
_ONLY_YEAR = re.compile(rf"{_YEAR}(?:\s*(?:г\.|г|год|年|년))?")
_EPOCH = re.compile(r"([0-9]{9,10})(?:\.[0-9]+|[0-9]{3})?")
_AGO_UNITS = (
    (365, "years year jahren jahr года год лет г. 年 년"),
    (30, "months month mo monaten monat месяца месяцев месяц мес. 个月 個月 か月 개월 달"),
    (7, "weeks week wk wochen woche недели недель неделю нед. 周 週間 週 주"),
    (1, "days day tagen tag дня дней день дн. 天 日 일"),
)
_AGO_DAYS = {word: days for days, words in _AGO_UNITS for word in words.split()}
_AGO_WORD = "|".join(sorted(map(re.escape, _AGO_DAYS), key=len, reverse=True))
_AGO = re.compile(rf"(?:vor\s+)?(?P<n>[0-9]{{1,3}}|an?|einem?|einer)\s*(?P<unit>{_AGO_WORD})\s*(?:ago|назад|前|전|$)")


def listed_date(value: object, captured_at: datetime | None = None) -> str:
    """The day, month or year that a listing tells, as EDTF; "" if it tells none that can have been.

    Args:
        value: a text, or seconds since 1970.
        captured_at: when the listing was captured, for `2 years ago`.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = repr(value)
    if not isinstance(value, str) or not value or len(value) > _LONGEST_TEXT:
        return ""
    text = unicodedata.normalize("NFKC", value).strip().casefold()
    return _certain(value.strip(), text) or _uncertain(text) or _counted_back(text, captured_at)


def _certain(written: str, text: str) -> str:
    if "T" not in written and is_edtf(written):
        return written
    for form in _FORMS:
        if match := form.search(text):
            known = match.groupdict()
            month = known.get("m") or ""
            return _edtf(known["y"], _MONTHS.get(month) or int(month or 0), int(known.get("d") or 0))
    if match := _EITHER_ORDER.search(text):
        orders = {_edtf(match["y"], int(match[m]), int(match[3 - m])) for m in (1, 2)} - {""}
        return f"[{','.join(sorted(orders))}]" if len(orders) > 1 else "".join(orders)
    if _ONLY_YEAR.fullmatch(text):
        return text[:4]
    return _epoch(text)


def _edtf(year: str, month: int, day: int) -> str:
    text = year + (f"-{month:02d}" if month else "") + (f"-{day:02d}" if day else "")
    return text if is_edtf(text) else ""


def _epoch(text: str) -> str:
    match = _EPOCH.fullmatch(text)
    return datetime.fromtimestamp(int(match[1]), UTC).date().isoformat() if match else ""


def _uncertain(text: str) -> str:
    if match := _DECADE.fullmatch(text):
        return f"{match[1]}X"
    if match := _ABOUT.fullmatch(text):
        return f"{match['y']}~"
    return ""


def _counted_back(text: str, captured_at: datetime | None) -> str:
    match = _AGO.search(text) if captured_at else None
    if match is None or captured_at is None:
        return ""
    count = int(match["n"]) if match["n"].isdigit() else 1
    days = _AGO_DAYS[match["unit"]]
    # Sites count full units: "2 years" is anything from two to just under three. A day more on either side, for zones.
    first = captured_at.date() - timedelta(days=(count + 1) * days + 2)
    last = captured_at.date() - timedelta(days=count * days - 1)
    return f"[{_shortened(first, days)}..{_shortened(last, days)}]"


def _shortened(day: date, unit_days: int) -> str:
    return day.isoformat()[: 10 if unit_days < 30 else 7]
