"""Closing a work further, and opening it again: the level with its reason, and embargoes. Pure changes of a record.

Whoever sees a work at the desk may close it as far as they like, also beyond what they see themselves: when somebody is
at risk, nobody has to wait for a custodian. Opening is another matter: a level that they do not see they do not give in
any other way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from holdfast.actions.describe import typed_moment
from holdfast.errors import BadValue
from holdfast.model.asset import AssetRecord
from holdfast.model.rights import AccessLevel, Embargo, stricter
from holdfast.model.time import civil

LONGEST_REASON = 500


def closed(record: AssetRecord, level: str) -> AssetRecord:
    """The record closed to `level`, which must be stricter than its own or the same. Raises BadValue."""
    if level not in list(AccessLevel) or stricter(record.access, AccessLevel(level)) != level:
        stricter_ones = [one.value for one in AccessLevel if stricter(record.access, one) is one]
        raise BadValue(name="the level", found=level, expected=", ".join(stricter_ones))
    return replace(record, access=AccessLevel(level))


def levelled(record: AssetRecord, level: str, levels: Sequence[str]) -> AssetRecord:
    """The record with another level, one of `levels` unless it closes it. Raises BadValue."""
    if level in levels:
        return replace(record, access=AccessLevel(level))
    return closed(record, level)


def embargoed(held: Embargo | None, until: str, level: str, reason: str, levels: Sequence[str]) -> Embargo | None:
    """The embargo that was typed over the one that is `held`; None if its end is empty.

    Args:
        held: the embargo of the record.
        until: its end as typed; a day alone is its first moment in UTC.
        level: up to whom it closes; one of `levels`, or the one that is held.
        reason: why, in somebody's words.
        levels: the levels that may be given; `sealed` always may, for it closes.

    Raises:
        BadValue: an end that is no moment, or a level that may not be given.
    """
    if not until.strip():
        return None
    allowed = {*levels, AccessLevel.SEALED.value, *([held.level.value] if held else [])} - {AccessLevel.PUBLIC.value}
    if level not in allowed:
        raise BadValue(name="the level of the embargo", found=level, expected=", ".join(sorted(allowed)))
    moment = held.until if held and until.strip() == as_typed(held.until) else typed_moment(until.strip())
    said = reason.strip()[:LONGEST_REASON]
    if held is not None:
        return replace(held, until=moment, level=AccessLevel(level), reason=said)
    return Embargo(moment, AccessLevel(level), said)


def as_typed(moment: datetime) -> str:
    """A moment as it stands in the form: the day alone where it is the first moment of one."""
    written = civil(moment)
    return written.removesuffix("T00:00:00Z")
