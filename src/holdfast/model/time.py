"""Two kinds of time that must never be mixed.

*Media time* is a position in a film: an exact `Fraction` of seconds, never a float, because a frame at 30000/1001
per second has no finite decimal and errors add up over ten hours. *Civil time* is when something happened in the
world: an aware `datetime` in UTC.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

# Bounded, so that no text takes long to become a number.
_CLOCK = re.compile(r"(?:(?:([0-9]{1,6}):)?([0-9]{1,6}):)?([0-9]{1,9}(?:[.,][0-9]{1,9})?)")
_RATIO = re.compile(r"[+-]?[0-9]{1,1000}(?:\.[0-9]{1,1000}|/[0-9]{1,1000})?")
_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)


def now() -> datetime:
    """This moment, aware and in UTC, to the second (OCFL and PREMIS dates need no more)."""
    return datetime.now(UTC).replace(microsecond=0)


def civil(moment: datetime) -> str:
    """A civil moment as RFC 3339 in UTC: `2026-11-23T14:22:56Z`."""
    if moment.tzinfo is None:
        raise ValueError("a civil moment must know its zone")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def parse_civil(text: str) -> datetime:
    """The aware moment that `civil` wrote.

    Raises:
        ValueError: it is no RFC 3339 with a zone, or no such moment exists. A leap second (`23:59:60`) is refused:
            the clock that our moments are counted by has none.
    """
    if not _RFC_3339.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is not a moment like 2026-11-23T14:22:56Z")
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{text!r} lies outside the years 1 to 9999") from None


@dataclass(frozen=True, order=True)
class Span:
    """A half-open stretch [start, end) of media time, in exact seconds."""

    start: Fraction
    end: Fraction

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a span cannot end ({self.end}) before it starts ({self.start})")

    @property
    def duration(self) -> Fraction:
        """Its length in seconds."""
        return self.end - self.start


def seconds(value: Fraction) -> str:
    """Seconds as a decimal, exact to the microsecond, without needless zeros: `12.345`."""
    micros = round(value * 1_000_000)
    sign = "-" if micros < 0 else ""
    whole, rest = divmod(abs(micros), 1_000_000)
    return f"{sign}{whole}" + (f".{rest:06d}".rstrip("0") if rest else "")


def clock(value: Fraction, *, millis: bool = False) -> str:
    """A position for people: `1:02:03`, `2:03`, or with milliseconds `00:02:03.456` (as WebVTT writes it)."""
    if value < 0:
        return "-" + clock(-value, millis=millis)
    if millis:
        total = round(value * 1000)
        whole, fraction = divmod(total, 1000)
        return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}.{fraction:03d}"
    whole = int(value)
    if whole >= 3600:
        return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    return f"{whole // 60}:{whole % 60:02d}"


def parse_clock(text: str) -> Fraction:
    """The position that a person typed: `754`, `12:34`, `75:30`, `1:02:03.5`.

    Raises:
        ValueError: anything else, as 60 seconds beside minutes, 60 minutes beside hours, or a sign.
    """
    match = _CLOCK.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text[:40]!r} is not a time like 12:34 or 1:02:03.5")
    hours, minutes, rest = match.groups()
    whole = Fraction(rest.replace(",", "."))
    if (minutes and whole >= 60) or (hours and int(minutes) >= 60):
        raise ValueError(f"{text!r} has 60 or more minutes or seconds in their place")
    return Fraction(int(hours or 0) * 3600 + int(minutes or 0) * 60) + whole


def ratio(value: Fraction) -> str:
    """An exact number as it stands in our JSON: `30000/1001`, or `25` when it is whole."""
    return str(value)


def parse_ratio(text: str) -> Fraction:
    """The number that `ratio` wrote; decimals are understood too.

    Raises:
        ValueError: anything else. Powers of ten are not understood: `1e999999999` would fill the memory.
    """
    if not _RATIO.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is not an exact number like 25, 12.5 or 30000/1001")
    try:
        return Fraction(text)
    except ZeroDivisionError as error:
        raise ValueError(f"{text!r} divides by zero") from error
