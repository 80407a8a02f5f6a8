"""The edit list: which source gives which stretch of an asset, why, and what no source gives.

    Placement   a stretch of a copy lies on a stretch of the asset: what recognition or a person established
    Take        what is used of a placement for one stretch: of its picture, or of its sound
    Edit        one stretch of asset time, with the takes of its picture and those of its sound; none is a gap
    EditList    all edits in order: they cover the whole of the asset, and no moment twice

Media time is exact everywhere. A copy is named by the digest of its bytes, so an edit list means the same wherever
the files lie.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from holdfast.model.match import Geometry
from holdfast.model.time import Span


@dataclass(frozen=True)
class Placement:
    """A stretch of a copy that shows, or lets hear, a stretch of the asset.

    Its times are `asset.start + rate * (t - copy.start)`. `source` is the sha512 digest of the copy's file. `mirrored`,
    `rotation` and `geometry` are as in `model.match.Segment`: how the work's picture lies in the copy's; a geometry of
    None is the whole picture. `pitch` is the copy's pitch divided by the work's: that is the rate itself when it was
    played faster or slower, and 1 when its pitch was kept. None: nobody knows.
    """

    source: str
    copy: Span
    asset: Span
    rate: Fraction = Fraction(1)
    seen: bool = True
    heard: bool = True
    mirrored: bool = False
    rotation: int = 0
    geometry: Geometry | None = None
    pitch: Fraction | None = None
    probability: float = 1.0

    def copy_time(self, asset_time: Fraction) -> Fraction:
        """The moment of the copy that shows this moment of the asset (also beyond its ends)."""
        return self.copy.start + (asset_time - self.asset.start) / self.rate

    def asset_time(self, copy_time: Fraction) -> Fraction:
        """The moment of the asset that is shown at this moment of the copy (also beyond its ends)."""
        return self.asset.start + (copy_time - self.copy.start) * self.rate

    def within(self, span: Span) -> Placement | None:
        """The part of it that lies in this stretch of the asset; None if there is none."""
        start, end = max(self.asset.start, span.start), min(self.asset.end, span.end)
        if start >= end:
            return None
        copy = Span(self.copy_time(start), self.copy_time(end))
        facts = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return Placement(**facts | {"copy": copy, "asset": Span(start, end)})


@dataclass(frozen=True)
class Take:
    """What is used of one placement. `reason` is a sentence for people; `quality` 0 to 1, what was measured of it."""

    placement: Placement
    reason: str = ""
    quality: float | None = None

    @property
    def source(self) -> str:
        """The digest of the copy's file."""
        return self.placement.source


@dataclass(frozen=True)
class Edit:
    """One stretch of asset time.

    The first of `picture` (and of `sound`) is the take that was chosen; others that follow it are combined with it
    (consensus). Empty: a gap. `confidence` is the probability that what is shown is right, 0 to 1.
    """

    asset: Span
    picture: tuple[Take, ...] = ()
    sound: tuple[Take, ...] = ()
    confidence: float = 1.0


@dataclass(frozen=True)
class EditList:
    """The whole of a reconstruction, from 0 to `duration`.

    `size` is width and height of its picture in square pixels (0 by 0 without a picture), `frame_rate` its frames a
    second. `is_duration_known` tells whether anybody knew how long the asset was: else it is what was found of it.
    `notes` say what remains uncertain. `sources` gives each digest the name under which the file came.
    """

    asset: str
    title: str
    duration: Fraction
    is_duration_known: bool
    size: tuple[int, int]
    frame_rate: Fraction
    edits: tuple[Edit, ...]
    sources: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        at = Fraction(0)
        for edit in self.edits:
            if edit.asset.start != at:
                raise ValueError(f"an edit begins at {edit.asset.start} where the one before it ends at {at}")
            at = edit.asset.end
        if at != self.duration:
            raise ValueError(f"the edits end at {at}, the asset at {self.duration}")

    @property
    def gaps(self) -> tuple[Span, ...]:
        """The stretches without a picture."""
        return joined([edit.asset for edit in self.edits if not edit.picture])

    @property
    def gaps_of_sound(self) -> tuple[Span, ...]:
        """The stretches without a sound."""
        return joined([edit.asset for edit in self.edits if not edit.sound])

    @property
    def covered(self) -> Fraction:
        """Seconds of the asset that have a picture."""
        return self.duration - sum((gap.duration for gap in self.gaps), Fraction(0))

    @property
    def covered_by_sound(self) -> Fraction:
        """Seconds of the asset that have a sound."""
        return self.duration - sum((gap.duration for gap in self.gaps_of_sound), Fraction(0))


def joined(spans: list[Span]) -> tuple[Span, ...]:
    """The union of stretches: in order, those that touch or overlap as one; empty ones are left out."""
    found: list[Span] = []
    for span in sorted(span for span in spans if span.duration):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)


def without(whole: Span, spans: list[Span]) -> tuple[Span, ...]:
    """What is left of `whole` where none of `spans` is."""
    left, at = [], whole.start
    for span in joined(spans):
        if span.end <= whole.start or span.start >= whole.end:
            continue
        if span.start > at:
            left.append(Span(at, span.start))
        at = max(at, span.end)
    if at < whole.end:
        left.append(Span(at, whole.end))
    return tuple(left)
