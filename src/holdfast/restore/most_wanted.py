"""What would help most: the works that are wanted, in the order in which a find would help.

A find helps more the more people miss the work and the less of it is missing. Works come in kinds, and no count of
visits lifts a work above a kind before it:

    1  few minutes missing      a small find makes it whole: at most `FEW_S`, or a tenth of it
    2  parts missing            some of its picture is there
    3  only sound               it can be heard and not seen
    4  nothing left, but known  a find would be recognised: its fingerprint or a thumbnail of it survives
    5  nothing left             a find can only be told by its title and length
    6  whole                    nothing is wanted

Within a kind, by how much it is missed: `watched` and `cited`, a citation as much as `CITATION` views, each counted by
its logarithm so that what everybody watched does not hide all else. Then by the seconds that are missing, fewest first
(unknown last); then by title and id, so that the order is the same every day.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction

from holdfast.model.time import Span, clock
from holdfast.restore.coverage import total

FEW_S = Fraction(180)
SLIVER_S = Fraction(1, 2)  # less is where two copies meet, not what anybody could find
TENTH = Fraction(1, 10)
CITATION = 50  # views that a citation counts as: whoever cites a work needs it
DIGITS = 6  # so exactly are calls for works compared: a logarithm differs in its last digits from machine to machine


class Kind(IntEnum):
    """How much is left of a work; the lower, the more a find helps."""

    FEW_MINUTES = 1
    PARTS = 2
    ONLY_SOUND = 3
    KNOWN = 4
    NOTHING = 5
    WHOLE = 6


@dataclass(frozen=True)
class WantedWork:
    """A work that is not whole, as far as is known.

    Attributes:
        asset: its id.
        title: for people.
        duration: in seconds; None if nobody knows.
        covered: seconds with a picture.
        covered_by_sound: seconds with a sound.
        gaps: stretches without a picture, in order; of a work of which nothing is left it may be empty.
        watched: how often it was watched, as listings and our own counts have it.
        cited: how often somebody refers to it.
        has_fingerprint: a find would be recognised by its picture and sound.
        has_thumbnail: a find would be recognised where it shows that picture.
        listed: some listing names it, so that it is certain that it was.
    """

    asset: str
    title: str
    duration: Fraction | None = None
    covered: Fraction = Fraction(0)
    covered_by_sound: Fraction = Fraction(0)
    gaps: tuple[Span, ...] = ()
    watched: int = 0
    cited: int = 0
    has_fingerprint: bool = False
    has_thumbnail: bool = False
    listed: bool = False

    @property
    def missing(self) -> Fraction | None:
        """Seconds without a picture, or without a sound if those are more; None if nobody knows.

        A work without any sound misses none: it may have been silent.
        """
        if self.duration is None:
            return total(self.gaps) or None
        heard = self.covered_by_sound or self.duration
        return max(self.duration - min(self.covered, heard), Fraction(0))

    @property
    def kind(self) -> Kind:
        """How much is left of it."""
        missing = self.missing
        if self.covered <= 0:
            if self.covered_by_sound > 0:
                return Kind.ONLY_SOUND
            return Kind.KNOWN if self.has_fingerprint or self.has_thumbnail else Kind.NOTHING
        if missing is None:
            return Kind.PARTS
        if missing < SLIVER_S:
            return Kind.WHOLE
        whole = self.duration if self.duration is not None else self.covered + missing
        return Kind.FEW_MINUTES if missing <= max(FEW_S, whole * TENTH) and missing < self.covered else Kind.PARTS

    @property
    def call(self) -> float:
        """How much it is missed, 0 or more."""
        return round(math.log1p(max(self.watched, 0) + CITATION * max(self.cited, 0)), DIGITS)


@dataclass(frozen=True)
class Wanted:
    """A work in its place, and why it stands there: sentences for people."""

    work: WantedWork
    kind: Kind
    reasons: tuple[str, ...]


def most_wanted(works: Sequence[WantedWork]) -> tuple[Wanted, ...]:
    """The works in the order in which a find would help most, with reasons. Whole works are left out."""
    found = [Wanted(work, work.kind, _reasons(work)) for work in works if work.kind is not Kind.WHOLE]
    return tuple(sorted(found, key=_place))


def _place(wanted: Wanted) -> tuple[object, ...]:
    work = wanted.work
    missing = work.missing
    return (wanted.kind, -work.call, missing is None, missing or 0, not work.listed, work.title, work.asset)


def _reasons(work: WantedWork) -> tuple[str, ...]:
    said = [_what_is_left(work)]
    if work.watched > 0:
        said.append("It was watched once." if work.watched == 1 else f"It was watched {work.watched} times.")
    if work.cited > 0:
        said.append("It is cited once." if work.cited == 1 else f"It is cited {work.cited} times.")
    if work.kind in (Kind.KNOWN, Kind.NOTHING, Kind.ONLY_SOUND):
        if work.has_fingerprint:
            said.append("A find would be recognised by its fingerprint.")
        elif work.has_thumbnail:
            said.append("A find would be recognised where it shows the picture that survives.")
        else:
            said.append("A find can only be told by its title, date and length.")
    if not work.listed:
        said.append("No listing names it.")
    return tuple(said)


def _what_is_left(work: WantedWork) -> str:
    missing = work.missing
    gaps = f" in {len(work.gaps)} gaps" if len(work.gaps) > 1 else ""
    of = f" of {clock(work.duration)}" if work.duration is not None else ""
    match work.kind:
        case Kind.FEW_MINUTES if missing is not None:
            return f"Only {clock(missing)}{of} is missing{gaps}."
        case Kind.PARTS if missing is None:
            return f"{clock(work.covered)} was found; how long the work was is not known."
        case Kind.PARTS if missing is not None:
            return f"{clock(missing)}{of} is missing{gaps}."
        case Kind.ONLY_SOUND:
            return f"Only sound is left: {clock(work.covered_by_sound)}{of}."
        case _:
            return f"Nothing{of} is left."
