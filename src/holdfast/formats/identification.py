"""What was recognised, as JSON: the one shape that `identify`, `compare` and the Python interface give.

Times are seconds as decimal numbers, exact to the microsecond; boxes are shares of width and height, from left to
right and from top to bottom.

    {"asset": "k7m2x9qd4htbr", "title": "Harvest 1974", "file": "masters/harvest.mp4", "probability": 0.998,
     "segments": [{"copy": [0.0, 534.2], "asset": [190.0, 724.2], "rate": 1.0, "mirrored": true, "seen": true,
                   "heard": true, "probability": 0.998, "geometry": {"rotation": 0, "matrix": [...],
                   "shown": [0.0, 0.0, 1.0, 1.0], "box": [0.0, 0.12, 1.0, 0.88]}, "views": ["whole"], "doubt": ""}]}
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from holdfast.model.match import Match, Segment
from holdfast.model.time import Span, seconds


def number(value: Fraction) -> float:
    """Seconds as a number of JSON, exact to the microsecond."""
    return float(seconds(value))


def match_record(match: Match, **said: Any) -> dict[str, Any]:
    """A match, with what else is `said` of its work in front."""
    segments = [segment_record(segment) for segment in match.segments]
    return {**said, "probability": min(round(match.probability, 6), 0.999999), "segments": segments}


def segment_record(segment: Segment) -> dict[str, Any]:
    """One segment."""
    return {
        "copy": _span(segment.copy),
        "asset": _span(segment.asset),
        "rate": round(float(segment.rate), 9),
        "mirrored": segment.mirrored,
        "seen": segment.seen,
        "heard": segment.heard,
        "probability": min(round(segment.probability, 6), 0.999999),
        "geometry": _geometry(segment),
        "views": list(segment.views),
        "doubt": segment.doubt,
    }


def _span(span: Span) -> list[float]:
    return [number(span.start), number(span.end)]


def _geometry(segment: Segment) -> dict[str, Any] | None:
    """None where nothing is known: a segment that was only heard has no picture."""
    if segment.geometry is None and not segment.rotation:
        return None
    found = segment.geometry
    known: dict[str, Any] = {"rotation": segment.rotation}
    if found is not None:
        known["matrix"] = [round(float(value), 6) for value in found.matrix]
        known["shown"] = [round(float(value), 4) for value in found.shown]
        known["box"] = [round(float(value), 4) for value in found.box]
    return known
