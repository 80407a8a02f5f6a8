"""Values as a database can hold them: whole numbers, text in UTF-8, moments that sort."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta
from fractions import Fraction

from holdfast.model.rights import AccessLevel, Embargo, effective_access
from holdfast.model.time import civil

_LARGEST_INTEGER = 2**63 - 1


def micros(value: Fraction | None) -> int | None:
    """Microseconds, to the nearest; in whole numbers, for a `Fraction` takes ten times as long."""
    if value is None:
        return None
    return bounded((2 * value.numerator * 1_000_000 + value.denominator) // (2 * value.denominator))


def bounded(number: int) -> int:
    """The number, or the one next to it that a database can hold."""
    return max(-_LARGEST_INTEGER, min(number, _LARGEST_INTEGER))


def moment(at: datetime) -> str:
    """To the second, so that texts sort as moments do; "" for one that UTC's calendar does not reach."""
    try:
        return civil(at.replace(microsecond=0))
    except OverflowError:
        return ""


def opening(access: AccessLevel, embargo: Embargo | None, at: datetime) -> str:
    """When a level changes by itself; "" if it does not, or only beyond UTC's calendar.

    To the second, and never before the moment itself: an opening may come late and must not come early.
    """
    if embargo is None or effective_access(access, embargo, at) is access:
        return ""
    until = embargo.until
    with contextlib.suppress(OverflowError):
        return moment(until + timedelta(seconds=1) if until.microsecond else until)
    return ""


def writable(text: str) -> str:
    """`text` as UTF-8 can hold it: the name of a folder need not be."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
