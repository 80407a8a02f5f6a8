"""A take and its placement as JSON: which stretch of which copy, how it lies, and why it was taken.

    {"source": "0f1e...", "copy": ["190", "2845/13"], "asset": ["0", "30"], "rate": "26/25", "seen": true,
     "heard": true, "mirrored": false, "rotation": 0, "geometry": null, "pitch": "26/25", "probability": 0.998,
     "quality": 0.71, "reason": "twice the detail of copy B"}

Times and rates are exact, as strings; probabilities and geometry are numbers that come back as they were.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from holdfast.formats.canonical import printable
from holdfast.model.edit import Placement, Take
from holdfast.model.fixity import Digest
from holdfast.model.match import Geometry
from holdfast.model.time import Span, parse_ratio, ratio


def take_record(take: Take) -> dict[str, Any]:
    """One take.

    Raises:
        ValueError: its source is not named by a sha512 digest.
    """
    placed = take.placement
    return {
        "source": Digest(placed.source).text,
        "copy": exact_span(placed.copy),
        "asset": exact_span(placed.asset),
        "rate": ratio(placed.rate),
        "seen": placed.seen,
        "heard": placed.heard,
        "mirrored": placed.mirrored,
        "rotation": placed.rotation,
        "geometry": _geometry_record(placed.geometry),
        "pitch": None if placed.pitch is None else ratio(placed.pitch),
        "probability": placed.probability,
        "quality": take.quality,
        "reason": printable(take.reason),
    }


def parse_take(record: Any) -> Take:
    """The take that `take_record` wrote; fields that are not known are passed over.

    Raises:
        ValueError: it does not have that form.
    """
    record = expect(record, dict, "a take")
    rate = exact(record.get("rate"), "rate")
    if rate <= 0:
        raise ValueError(f"the rate of a take is {rate}")
    pitch, quality = record.get("pitch"), record.get("quality")
    placed = Placement(
        source=Digest(expect(record.get("source"), str, "source")).text,
        copy=parse_span(record.get("copy"), "copy"),
        asset=parse_span(record.get("asset"), "asset"),
        rate=rate,
        seen=expect(record.get("seen"), bool, "seen"),
        heard=expect(record.get("heard"), bool, "heard"),
        mirrored=expect(record.get("mirrored"), bool, "mirrored"),
        rotation=expect(record.get("rotation"), int, "rotation"),
        geometry=_parse_geometry(record.get("geometry")),
        pitch=None if pitch is None else exact(pitch, "pitch"),
        probability=expect(record.get("probability"), float, "probability"),
    )
    reason = expect(record.get("reason"), str, "reason")
    return Take(placed, reason, None if quality is None else expect(quality, float, "quality"))


def exact_span(span: Span) -> list[str]:
    """A stretch as two exact numbers."""
    return [ratio(span.start), ratio(span.end)]


def parse_span(value: Any, what: str) -> Span:
    """The stretch that `exact_span` wrote. Raises ValueError if it is none; `what` is what it is called there."""
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError(f"{what} is {str(value)[:40]}, expected a start and an end")
    return Span(exact(value[0], what), exact(value[1], what))


def exact(value: Any, what: str) -> Fraction:
    """The exact number in a string. Raises ValueError if it is none; `what` is what it is called there."""
    return parse_ratio(expect(value, str, what))


def expect(value: Any, kind: type, what: str) -> Any:
    """`value`, if it is of this kind of JSON; a whole number is a float too, and given as one.

    Raises:
        ValueError: it is not. `what` is what it is called there.
    """
    if kind is float and type(value) is int:
        return float(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ValueError(f"{what} is {str(value)[:40]}")
    return value


def _geometry_record(geometry: Geometry | None) -> dict[str, list[float]] | None:
    if geometry is None:
        return None
    return {"matrix": list(geometry.matrix), "shown": list(geometry.shown), "box": list(geometry.box)}


def _parse_geometry(record: Any) -> Geometry | None:
    if record is None:
        return None
    record = expect(record, dict, "geometry")
    matrix, shown, box = (_numbers(record.get(key), key) for key in ("matrix", "shown", "box"))
    if (len(matrix), len(shown), len(box)) != (9, 4, 4):
        raise ValueError("geometry has not the nine and twice four numbers that it should have")
    return Geometry(matrix, (shown[0], shown[1], shown[2], shown[3]), (box[0], box[1], box[2], box[3]))


def _numbers(value: Any, what: str) -> tuple[float, ...]:
    return tuple(expect(number, float, what) for number in expect(value, list, what))
