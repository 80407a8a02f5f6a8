"""The record of a found copy (`holdfast-found-1`), and what it was recognised as (a file of the cache).

The record stands in the store and is written as every record, see `formats.plain`. A sighting is derived: it is made
again when it cannot be read, or when another index was asked.
"""

from __future__ import annotations

from typing import Any, cast

from holdfast.errors import BadRecord
from holdfast.formats.canonical import canonical_json, parse_json
from holdfast.formats.plain import from_plain, schema_of, to_plain
from holdfast.model.found import FOUND_FORMAT, FoundRecord, KnownAs, Sighting
from holdfast.model.match import Geometry, Match, Segment
from holdfast.model.time import Span, parse_ratio, ratio

SIGHTING_FORMAT = "holdfast-sighting-1"


def found_bytes(record: FoundRecord) -> bytes:
    """The bytes of `record.json` of a found copy."""
    return canonical_json(to_plain(record))


def parse_found(data: bytes, name: str = "record.json") -> FoundRecord:
    """The record in `data`. Raises BadRecord with the place that does not fit."""
    plain = parse_json(data, name)
    found = plain.get("format") if isinstance(plain, dict) else None
    if found != FOUND_FORMAT:
        raise BadRecord(name=name, reason=f"its format is {found!r}, this program knows {FOUND_FORMAT!r}")
    return cast(FoundRecord, from_plain(FoundRecord, plain, name))


def found_schema() -> dict[str, Any]:
    """The published JSON Schema of the record of a found copy."""
    schema = schema_of(FoundRecord, "Holdfast record of a found copy, format holdfast-found-1")
    schema["$defs"]["FoundRecord"]["properties"]["format"] = {"const": FOUND_FORMAT}
    return schema


def sighting_bytes(sighting: Sighting) -> bytes:
    """A sighting as a file of the cache; times exact."""
    return canonical_json(
        {
            "format": SIGHTING_FORMAT,
            "asked": sighting.asked,
            "duration": ratio(sighting.duration),
            "matches": [_known(one) for one in sighting.matches],
            "doubtful": [_known(one) for one in sighting.doubtful],
            "notes": list(sighting.notes),
        }
    )


def parse_sighting(data: bytes, name: str) -> Sighting:
    """The sighting in `data`. Raises BadRecord for anything else, whatever is wrong with it."""
    plain = parse_json(data, name)
    try:
        return Sighting(
            {SIGHTING_FORMAT: str(plain["asked"])}[plain["format"]],
            parse_ratio(plain["duration"]),
            tuple(_known_in(one) for one in plain["matches"]),
            tuple(_known_in(one) for one in plain["doubtful"]),
            tuple(str(note) for note in plain["notes"]),
        )
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise BadRecord(name=name, reason=f"it is no sighting ({error})") from error


def segment_plain(segment: Segment) -> dict[str, Any]:
    """A segment as JSON that can be read back exactly."""
    found = segment.geometry
    return {
        "copy": _ends(segment.copy),
        "asset": _ends(segment.asset),
        "rate": ratio(segment.rate),
        "seen": segment.seen,
        "heard": segment.heard,
        "probability": segment.probability,
        "mirrored": segment.mirrored,
        "rotation": segment.rotation,
        "geometry": [list(found.matrix), list(found.shown), list(found.box)] if found else None,
        "views": list(segment.views),
        "doubt": segment.doubt,
    }


def segment_in(plain: Any) -> Segment:
    """The segment that `segment_plain` wrote. Raises KeyError, TypeError, ValueError for anything else."""
    return Segment(
        copy=_span(plain["copy"]),
        asset=_span(plain["asset"]),
        rate=parse_ratio(plain["rate"]),
        seen=bool(plain["seen"]),
        heard=bool(plain["heard"]),
        probability=float(plain["probability"]),
        mirrored=bool(plain["mirrored"]),
        rotation=int(plain["rotation"]),
        geometry=_geometry(plain["geometry"]),
        views=tuple(str(view) for view in plain["views"]),
        doubt=str(plain["doubt"]),
    )


def _known(one: KnownAs) -> dict[str, Any]:
    segments = [segment_plain(segment) for segment in one.match.segments]
    said = {"probability": one.match.probability, "score": one.match.score, "segments": segments}
    return {"asset": one.asset, "file": one.file, **said}


def _known_in(plain: Any) -> KnownAs:
    segments = tuple(segment_in(segment) for segment in plain["segments"])
    match = Match(-1, float(plain["probability"]), segments, float(plain["score"]))
    return KnownAs(str(plain["asset"]), str(plain["file"]), match)


def _ends(span: Span) -> list[str]:
    return [ratio(span.start), ratio(span.end)]


def _span(plain: Any) -> Span:
    return Span(parse_ratio(plain[0]), parse_ratio(plain[1]))


def _geometry(plain: Any) -> Geometry | None:
    if plain is None:
        return None
    matrix, shown, box = (tuple(float(value) for value in numbers) for numbers in plain)
    if (len(matrix), len(shown), len(box)) != (9, 4, 4):
        raise ValueError("a geometry has 9, 4 and 4 numbers")
    return Geometry(matrix, (shown[0], shown[1], shown[2], shown[3]), (box[0], box[1], box[2], box[3]))
