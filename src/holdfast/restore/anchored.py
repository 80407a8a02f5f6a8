"""Asset time stays: a time line that was inferred anew is laid where the one before it lay.

Whoever cited a moment of a reconstruction must find the same picture there when a better one has taken its place. So
the sources that both have in common say how far the new line is shifted against the old one, and it is shifted back.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from statistics import median

from holdfast.model.edit import EditList, Placement
from holdfast.model.time import Span, clock
from holdfast.restore.timeline.line import TimeLine

_STILL = Fraction(1, 100)  # seconds: less is no shift but another rounding


def anchored(line: TimeLine, before: EditList) -> TimeLine:
    """The line with the time of the reconstruction `before`, where the two have sources in common.

    What was found meanwhile may lie before its beginning. No moment is earlier than 0: then the line is left as it is,
    and a doubt says by how much citations have moved.
    """
    shifts = [_shift(old, new) for old in _placements(before) for new in line.placements if _are_one(old, new)]
    if not shifts:
        return line
    by = median(shifts)
    first = min(one.asset.start for one in line.placements) - by
    if abs(by) < _STILL:
        return line
    if first < 0:
        moved = f"What was found lies before the old beginning: a moment cited so far is now {clock(by)} later."
        return replace(line, doubts=(*line.doubts, moved))
    moved_all = tuple(replace(one, asset=Span(one.asset.start - by, one.asset.end - by)) for one in line.placements)
    duration = max(line.duration if line.is_duration_known else Fraction(0), *(one.asset.end for one in moved_all))
    return replace(line, placements=moved_all, duration=duration)


def _placements(edits: EditList) -> list[Placement]:
    return [take.placement for edit in edits.edits for take in (*edit.picture, *edit.sound)]


def _are_one(old: Placement, new: Placement) -> bool:
    return old.source == new.source and min(old.copy.end, new.copy.end) > max(old.copy.start, new.copy.start)


def _shift(old: Placement, new: Placement) -> Fraction:
    middle = (max(old.copy.start, new.copy.start) + min(old.copy.end, new.copy.end)) / 2
    return new.asset_time(middle) - old.asset_time(middle)
