"""Two films side by side: what of the one is in the other, and how both look at the same moments."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from holdfast.model.match import Segment


@dataclass(frozen=True)
class Side:
    """One of the two: its name, its length in seconds, and width and height as shown (0, 0 where there is none)."""

    name: str
    duration: Fraction
    size: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Pair:
    """Two pictures that should show the same: their times in seconds, and JPEG files, empty where there is none."""

    copy_time: Fraction
    work_time: Fraction
    copy_jpeg: bytes
    work_jpeg: bytes


@dataclass(frozen=True)
class Comparison:
    """`segments` are claims, `doubtful` is for a person to decide. `pairs` belong to both, in the order of the copy."""

    copy: Side
    work: Side
    probability: float
    segments: tuple[Segment, ...]
    doubtful: tuple[Segment, ...] = ()
    pairs: tuple[Pair, ...] = ()
    notes: tuple[str, ...] = ()


def moments(segments: tuple[Segment, ...], most: int) -> list[tuple[Fraction, Fraction]]:
    """Moments of the copy and of the work that show whether `segments` are right: at most about `most` in all.

    Each segment has its middle; the longer ones also moments near their ends, where a wrong rate would tell.
    """
    if not segments:
        return []
    shares = (Fraction(1, 10), Fraction(1, 2), Fraction(9, 10)) if len(segments) * 3 <= most else (Fraction(1, 2),)
    step = max(1, -(-len(segments) // most))
    return [
        (
            segment.copy.start + segment.copy.duration * share,
            segment.asset.start + segment.asset.duration * share,
        )
        for segment in segments[::step]
        for share in shares
    ]
