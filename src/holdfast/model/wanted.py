"""What is still wanted: a work of which something is missing, and what would help."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from holdfast.model.edit import EditList
from holdfast.model.time import Span


@dataclass(frozen=True)
class Wanted:
    """A work that is looked for.

    `duration` is None where nobody knows it. `covered` are the seconds that have a picture, `gaps` the stretches that
    have none, `gaps_of_sound` those without a sound: both empty while nothing was found and no length is known.
    `reasons` are sentences on why it is wanted (cited, watched, only minutes missing). `date` is its date in EDTF,
    empty if unknown; `since` when it was first wanted. Whether a reader may know of it at all is for the caller to
    decide.
    """

    asset: str
    title: str
    duration: Fraction | None = None
    covered: Fraction = Fraction(0)
    gaps: tuple[Span, ...] = ()
    gaps_of_sound: tuple[Span, ...] = ()
    reasons: tuple[str, ...] = ()
    date: str = ""
    since: datetime | None = None

    @property
    def is_wholly_missing(self) -> bool:
        """Whether nothing of it was found: neither picture nor sound."""
        silent = sum((gap.duration for gap in self.gaps_of_sound), Fraction(0))
        unseen = sum((gap.duration for gap in self.gaps), Fraction(0))
        return not self.covered and silent >= (unseen if self.duration is None else self.duration)

    @property
    def missing(self) -> Fraction | None:
        """Seconds without a picture; None where nobody knows how long the work is."""
        return None if self.duration is None else self.duration - self.covered


def wanted_of(
    edits: EditList, reasons: tuple[str, ...] = (), date: str = "", since: datetime | None = None
) -> Wanted | None:
    """What is wanted of a work according to its edit list; None if nothing of it is missing."""
    if not edits.gaps and not edits.gaps_of_sound and edits.duration:
        return None
    length = edits.duration if edits.is_duration_known else None
    return Wanted(
        *(edits.asset, edits.title, length, edits.covered, edits.gaps, edits.gaps_of_sound, reasons, date, since)
    )
