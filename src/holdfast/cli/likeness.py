"""How commands tell people what was recognised: which stretch is which, in what shape, and what spoke for it.

shows  k7m2x9qd4htbr  Harvest 1974  (99.8 % sure)
       0:00 to 8:54 is 3:10 to 12:04, mirrored; seen and heard
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holdfast.model.match import Segment

INDENT = 7


def segment_lines(segments: Sequence[Segment]) -> Iterator[str]:
    """A line for each segment, in the order of the copy."""
    for segment in segments:
        yield f"{'':{INDENT}}{sentence(segment)}"


def sentence(segment: Segment) -> str:
    """One segment in words."""
    from holdfast.formats.comparison import evidence, traits
    from holdfast.model.time import clock

    ours, theirs = (f"{clock(span.start)} to {clock(span.end)}" for span in (segment.copy, segment.asset))
    parts = [", ".join(filter(None, (f"{ours} is {theirs}", traits(segment)))), evidence(segment), segment.doubt]
    return "; ".join(filter(None, parts))


def sureness(probability: float) -> str:
    """A probability for people, never rounded up to certainty: `99.8 % sure`."""
    return f"{min(probability, 0.999):.1%}".replace("%", " %") + " sure"
