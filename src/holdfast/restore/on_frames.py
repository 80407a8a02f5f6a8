"""Placements laid on the frames of the work: where one copy ends and another begins, a frame ends and a frame begins.

Recognition finds ends to a fraction of a frame. Left so, two copies that meet would leave a hole of some microseconds,
or a cut within a frame that nobody could show.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from holdfast.model.edit import Placement
from holdfast.model.time import Span


def on_frames(placement: Placement, frame_rate: Fraction, duration: Fraction) -> Placement | None:
    """The placement with both ends at the nearest borders of frames; None if no frame is left of it.

    The line from copy to asset stays what it is. The end of the asset is a border, wherever it lies.
    """
    start = _border(placement.asset.start, frame_rate, duration)
    end = _border(placement.asset.end, frame_rate, duration)
    if start >= end:
        return None
    copy = Span(placement.copy_time(start), placement.copy_time(end))
    return replace(placement, asset=Span(start, end), copy=copy)


def _border(moment: Fraction, frame_rate: Fraction, duration: Fraction) -> Fraction:
    nearest = Fraction(round(moment * frame_rate)) / frame_rate
    return duration if abs(moment - duration) * frame_rate < 1 or nearest > duration else max(nearest, Fraction(0))
