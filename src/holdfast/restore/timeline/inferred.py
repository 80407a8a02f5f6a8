"""The time line of a work of which nothing survives but copies: they are laid out against each other.

    1  the speeds of all copies are measured against each other, and all copies brought to one clock   speeds, grouping
    2  segments become ties; chance matches are dropped                                                ties
    3  copies are cut wherever one leaves another; what shows the same is one passage                  pieces
    4  passages are put in order, and a majority of the copies says which belong to the work           order, judging
    5  what copies leave open the listing decides, if it says how long the work was                    laying
    6  everything is laid out by least squares, and speeds are rounded to those that are known         solving, laying

What was decided without being known is in `doubts`. The line begins with the earliest that was found: what came before
it nobody can know, unless a still says where in the work it lies.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from holdfast.model.edit import Placement
from holdfast.model.time import Span, clock
from holdfast.restore.timeline.grouping import grouped
from holdfast.restore.timeline.laying import LISTED_S, Laid, laid
from holdfast.restore.timeline.line import Alignment, Copy, StillHit, TimeLine

AGREED = Fraction(2)  # seconds: stills whose places differ by less agree (a listing names whole seconds)


def inferred(
    copies: Sequence[Copy],
    alignments: Sequence[Alignment],
    *,
    listed: Fraction | None = None,
    cuts: Mapping[str, Sequence[Fraction]] | None = None,
    stills: Sequence[StillHit] = (),
) -> TimeLine:
    """The time line of a work that is known by found copies only.

    Args:
        copies: the found copies that may show it.
        alignments: what any two of them share; each pair in either direction, or in both.
        listed: how long the work was, in seconds, if a listing says so.
        cuts: digest of a copy to the seconds of its cuts: an edit lies at a cut, so borders become exact.
        stills: surviving stills that were known again in copies.

    Where copies do not all hang together, the line is that of the group which a person (anchors), stills, and at last
    its length speak for; another group is on it only where stills say where. Times are exact to the microsecond.
    """
    ground = grouped(copies, alignments, cuts or {})
    lines = [laid(ground, group, listed) for group in ground.groups]
    if not lines:
        return TimeLine(listed or Fraction(0), listed is not None, ())
    anchors = {copy.digest for copy in copies if copy.is_anchor}

    def speaks_for(line: Laid) -> tuple[int, int, bool, Fraction]:
        digests = {ground.copies[n].digest for n in line.copies}
        hits = sum(1 for still in stills if still.digest in digests)
        return len(digests & anchors), hits, len(digests) > 1, line.length

    lines.sort(key=speaks_for, reverse=True)
    main, others = lines[0], lines[1:]
    doubts = list(main.doubts)
    origin = _origin(main, stills, doubts)
    placements = list(_moved(main, origin or Fraction(0)))
    left_out = []
    for line in others:
        digests = sorted(ground.copies[n].digest for n in line.copies)
        place = None if origin is None else _origin(line, stills, doubts)
        if place is not None:
            placements += _moved(line, place)
            doubts += line.doubts
            doubts.append(f"{_names(digests)} share nothing with the others; stills say where they lie.")
            continue
        left_out += digests
        if len(digests) > 1 or anchors & set(digests):
            said = ", and a person said that they show this work" if anchors & set(digests) else ""
            doubts.append(
                f"{_names(digests)} ({clock(line.length)} together) share nothing with the others{said}: "
                "where they lie is not known."
            )
    placements.sort(key=lambda each: (each.source, each.copy))
    end = max((each.asset.end for each in placements), default=Fraction(0))
    duration, is_known = _duration(end, listed, origin, doubts)
    return TimeLine(duration, is_known, tuple(placements), tuple(sorted(left_out)), tuple(doubts))


def _duration(
    end: Fraction, listed: Fraction | None, origin: Fraction | None, doubts: list[str]
) -> tuple[Fraction, bool]:
    """How long the line is, and whether anybody knew."""
    if listed is None:
        doubts.append("How long the work was is not known: the line is what was found of it.")
        return end, False
    slack = Fraction(LISTED_S).limit_denominator(1000) + listed / 2000
    if end > listed + slack:
        doubts.append(
            f"{clock(end)} were found, and the listing says {clock(listed)}: something on the line is not of it."
        )
        return end, False
    if end >= listed - slack:
        return end, True
    if origin is None:
        doubts.append(
            f"{clock(listed - end)} of {clock(listed)} no copy shows. Whether they are missing at the beginning "
            "or at the end is not known: the line begins with what was found."
        )
        for name, ratio in (("25/24", Fraction(25, 24)), ("24/25", Fraction(24, 25))):
            if abs(end * ratio - listed) <= slack:
                doubts.append(
                    f"At {name} of its length it would be as long as listed: all copies may run at a wrong speed."
                )
    return listed, True


def _origin(line: Laid, stills: Sequence[StillHit], doubts: list[str]) -> Fraction | None:
    """Where in the work the line begins, as the stills have it that say where they lie; None if none does."""
    said = [
        still.work_time - each.asset_time(still.at)
        for still in stills
        if still.work_time is not None
        for each in line.placements
        if each.source == still.digest and each.copy.start <= still.at < each.copy.end
    ]
    if not said:
        return None
    middle = statistics.median_low(said)
    if sum(abs(each - middle) <= AGREED for each in said) * 2 <= len(said) and len(said) > 1:
        doubts.append("The stills contradict each other about where in the work they lie.")
        return None
    return max(middle, Fraction(0))


def _moved(line: Laid, by: Fraction) -> list[Placement]:
    return [replace(each, asset=Span(each.asset.start + by, each.asset.end + by)) for each in line.placements]


def _names(digests: Sequence[str]) -> str:
    return ", ".join(digest[:12] for digest in digests)
