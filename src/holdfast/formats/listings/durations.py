"""Durations as people and sites write them, exact, with how fine they were told.

    >>> parse_duration("1 ч 2 мин")
    ListedDuration(seconds=Fraction(3720, 1), step=Fraction(60, 1))

Understood are clocks (`1:02:03`, `62:03`, `2:03.5`), ISO 8601 (`PT1H2M3S`), seconds (`3723`, `3723.04`), and numbers
with units in English, Russian, German, Chinese and Korean. Zero means "not known" in every listing that has it.

Source: ISO 8601-1, 5.5.2.2 (durations; years and months are of no fixed length and are refused).
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

from holdfast.model.lost import ListedDuration

LONGEST_S = 30 * 24 * 3600  # a camera that ran for a month
_LONGEST_TEXT = 80
_NUMBER = r"[0-9]{1,9}(?:[.,][0-9]{1,9})?"
_BARE = re.compile(_NUMBER)
_CLOCK = re.compile(r"(?:([0-9]{1,3}):)?([0-9]{1,4}):([0-9]{2}(?:[.,][0-9]{1,9})?)")
_ISO = re.compile(rf"P(?:({_NUMBER})D)?(?:T(?:({_NUMBER})H)?(?:({_NUMBER})M)?(?:({_NUMBER})S)?)?", re.IGNORECASE)
_UNITS = {
    3600: "h hr hrs hour hours std stunde stunden ч час часа часов 小时 小時 時間 时 時 시간",
    60: "m min mins minute minutes minuten мин минута минуты минут м 分钟 分鐘 分 분 ' ′ ’",
    1: "s sec secs second seconds sek sekunde sekunden с сек секунда секунды секунд 秒钟 秒鐘 秒 초 \" ″ ” '' ′′",
}
_UNIT_S = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_PART = re.compile(
    rf"({_NUMBER})\s*({'|'.join(sorted(map(re.escape, _UNIT_S), key=len, reverse=True))})(?![^\W\d_])\.?"
)
_BETWEEN = re.compile(r"[\s,;·-]*(?:(?:and|und|и)\s+)?")
_ABOUT = re.compile(
    r"(?:about|approx\.?|circa|ca\.?|c\.|ungefähr|etwa|около|ок\.|примерно|~|≈|约|約|약)\s*", re.IGNORECASE
)
# Inside a longer text only a clock is taken: a number with a unit may be about anything.
_CLOCK_IN_TEXT = re.compile(r"(?<![\w:.,/-])(?:[0-9]{1,2}:)?[0-9]{1,3}:[0-9]{2}(?![\w:/]|[.,]\d)")


def parse_duration(value: object, unit_s: int = 1) -> ListedDuration | None:
    """The duration that `value`, a number or a text, tells; None if it tells none.

    Args:
        value: from a listing.
        unit_s: what a number without a unit counts, in seconds: 60 for a column "Duration (min)".
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        value = repr(value)
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
        return None
    text = unicodedata.normalize("NFKC", value.replace("″", '"')).strip().casefold()
    text = _ABOUT.sub("", text, count=1).strip()
    if _BARE.fullmatch(text):
        return _bare(text, unit_s)
    return _clock(text) or _iso(text) or _in_words(text)


def duration_in(text: str) -> str:
    """The clock that stands in a longer text, as in `The Harvest (1:02:03)`; "" if there is none, or several."""
    found = _CLOCK_IN_TEXT.findall(text[:10_000])
    return found[0] if len(found) == 1 else ""


def _bare(text: str, unit_s: int) -> ListedDuration | None:
    number = _exact(text)
    fineness = Fraction(1) if number.denominator == 1 else _step(text)
    return _told(number * unit_s, fineness * unit_s)


def _clock(text: str) -> ListedDuration | None:
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    hours, minutes, rest = match.groups()
    whole = _exact(rest)
    if whole >= 60 or (hours and int(minutes) >= 60):
        return None
    return _told(int(hours or 0) * 3600 + int(minutes) * 60 + whole, _step(rest))


def _iso(text: str) -> ListedDuration | None:
    match = _ISO.fullmatch(text)
    if match is None or not any(match.groups()):
        return None
    total = sum(
        (_exact(part) * unit for part, unit in zip(match.groups(), (86400, 3600, 60, 1), strict=True) if part),
        start=Fraction(0),
    )
    return _told(total, _step(match[4] or ""))


def _in_words(text: str) -> ListedDuration | None:
    total, step, at, before = Fraction(0), Fraction(1), 0, 1 << 30
    while at < len(text):
        part = _PART.match(text, at)
        if part is None or _UNIT_S[part[2]] >= before:  # each unit once, the larger first
            return None
        before = _UNIT_S[part[2]]
        total += _exact(part[1]) * before
        step = _step(part[1]) * before
        between = _BETWEEN.match(text, part.end())
        assert between is not None  # it may be empty
        at = between.end()
    return _told(total, step) if before < 1 << 30 else None


def _exact(text: str) -> Fraction:
    return Fraction(text.replace(",", "."))


def _step(text: str) -> Fraction:
    """How fine a number is written: `2.50` to hundredths; zeros behind the point are a machine's habit."""
    decimals = re.split("[.,]", text)[1:]
    return Fraction(1, 10 ** len(decimals[0])) if decimals and decimals[0].strip("0") else Fraction(1)


def _told(seconds: Fraction, step: Fraction) -> ListedDuration | None:
    return ListedDuration(seconds, step) if 0 < seconds <= LONGEST_S else None
