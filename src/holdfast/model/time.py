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

_CLOCK = re.compile(r"(?:(?:(\d+):)?([0-5]?\d):)?(\d+(?:\.\d+)?)")


def now() -> datetime:
    """This moment, aware and in UTC, to the second (OCFL and PREMIS dates need no more)."""
    return datetime.now(UTC).replace(microsecond=0)


def civil(moment: datetime) -> str:
    """A civil moment as RFC 3339 in UTC: `2026-11-23T14:22:56Z`."""
    if moment.tzinfo is None:
        raise ValueError("a civil moment must know its zone")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def parse_civil(text: str) -> datetime:
    """The aware moment that `civil` wrote. Raises ValueError on anything without a zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"no time zone in {text!r}")
    return moment.astimezone(UTC)


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
    if millis:
        total = round(value * 1000)
        whole, fraction = divmod(total, 1000)
        return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}.{fraction:03d}"
    whole = int(value)
    if whole >= 3600:
        return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    return f"{whole // 60}:{whole % 60:02d}"


def parse_clock(text: str) -> Fraction:
    """The position that a person typed: `754`, `12:34`, `1:02:03.5`. Raises ValueError on anything else."""
    match = _CLOCK.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text!r} is not a time like 12:34 or 1:02:03.5")
    hours, minutes, rest = match.groups()
    return Fraction(int(hours or 0) * 3600 + int(minutes or 0) * 60) + Fraction(rest)


def ratio(value: Fraction) -> str:
    """An exact number as it stands in our JSON: `30000/1001`, or `25` when it is whole."""
    return str(value)


def parse_ratio(text: str) -> Fraction:
    """The number that `ratio` wrote; decimals are understood too. Raises ValueError."""
    try:
        return Fraction(text)
    except ZeroDivisionError as error:
        raise ValueError(f"{text!r} divides by zero") from error
