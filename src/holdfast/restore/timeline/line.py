"""What is known of found copies, and the time line that is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from holdfast.model.edit import Placement
from holdfast.model.match import Segment


@dataclass(frozen=True)
class Copy:
    """A found copy by the digest of its bytes. `is_anchor`: a person said that it is this work."""

    digest: str
    duration: Fraction
    is_anchor: bool = False


@dataclass(frozen=True)
class Alignment:
    """What the copies `a` and `b` (digests) share: `segment.copy` in the time of a, `segment.asset` in that of b."""

    a: str
    b: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class StillHit:
    """A surviving still (a thumbnail of a listing) was known again in a copy, at its second `at`.

    `work_time` is where in the work the listing says that it lies; None if it does not say.
    """

    digest: str
    at: Fraction
    work_time: Fraction | None = None


@dataclass(frozen=True)
class TimeLine:
    """Where what was found lies in the work, from 0 to `duration`.

    Attributes:
        duration: seconds of the work; of what was found of it, unless `is_duration_known`.
        is_duration_known: whether a fingerprint or a listing says how long the work was.
        placements: stretches of copies on stretches of the work, by copy and time. They may overlap, and one copy may
            show a stretch of the work twice.
        left_out: digests of copies that connect with nothing on the line, sorted.
        doubts: sentences for people: what was decided without being known.
    """

    duration: Fraction
    is_duration_known: bool
    placements: tuple[Placement, ...]
    left_out: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
