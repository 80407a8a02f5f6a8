"""What was recognised: which seconds of a copy show which seconds of an asset, and what speaks for it.

A match without alignment proves nothing, so there is none here: every match consists of segments, each a linear map
from a stretch of the copy to a stretch of the asset, with the evidence and a calibrated probability.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from holdfast.model.time import Span

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Geometry:
    """How the work's picture lies in the copy's picture.

    `matrix` are the nine numbers, row by row, of the homography that takes a place in the work's picture to the place
    in the copy's, both in shares of width and height (0 to 1), after `mirrored` and `rotation` of the segment have
    been undone in the copy. `shown` is the part (left, top, right, bottom) of the work's picture that the copy shows,
    `box` the part of the copy's picture that it fills.
    """

    matrix: tuple[float, ...]
    shown: Box = (0.0, 0.0, 1.0, 1.0)
    box: Box = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True)
class Segment:
    """One stretch of the copy that shows one stretch of the work, at `rate` seconds of the work a second of the copy.

    `seen` and `heard` say whether picture and sound spoke for it; `views` which ones. `rotation` is clockwise degrees
    by which the copy's picture was turned, after `mirrored` (left and right exchanged). `doubt` is empty, or says why a
    person should look.
    """

    copy: Span
    asset: Span
    rate: Fraction
    seen: bool
    heard: bool
    probability: float
    mirrored: bool = False
    rotation: int = 0
    geometry: Geometry | None = None
    views: tuple[str, ...] = ()
    doubt: str = ""


@dataclass(frozen=True)
class Match:
    """All segments of one work, in the order of the copy. `work` is its number in the index that was asked.

    `score` is what speaks for it altogether, a log likelihood ratio: `probability` is made of it, and it still tells
    the sure from the surer.
    """

    work: int
    probability: float
    segments: tuple[Segment, ...]
    score: float = 0.0

    @property
    def covered(self) -> Fraction:
        """Seconds of the copy that it explains."""
        return sum((segment.copy.duration for segment in self.segments), Fraction(0))


@dataclass(frozen=True)
class Identification:
    """What a copy shows: claims in `matches`, and in `doubtful` what only a person should decide. Best first.

    `touched` are the numbers of all works for which anything spoke, also what turned out to be common to many or to be
    chance: the answer would have been the same without the others.
    """

    matches: tuple[Match, ...] = ()
    doubtful: tuple[Match, ...] = ()
    notes: tuple[str, ...] = field(default=())
    touched: tuple[int, ...] = ()
