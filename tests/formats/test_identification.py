"""The JSON of a match: decimal seconds exact to the microsecond, and null where nothing is known."""

from __future__ import annotations

import json
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from holdfast.formats.identification import match_record, number, segment_record
from holdfast.model.match import Geometry, Match, Segment
from holdfast.model.time import Span

IDENTITY = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
HEARD = Segment(
    Span(Fraction(1, 3), Fraction(10)), Span(Fraction(190), Fraction(200)), Fraction(25, 24), False, True, 0.97
)


@given(st.integers(0, 400 * 3600 * 10**6))
def test_a_time_of_microseconds_is_written_as_that_decimal_number(micros: int) -> None:
    written = json.dumps(number(Fraction(micros, 10**6)))
    assert Fraction(written) == Fraction(micros, 10**6)


def test_a_segment_that_was_only_heard_has_no_geometry() -> None:
    record = segment_record(HEARD)
    assert record["copy"] == [0.333333, 10.0]
    assert record["rate"] == 1.041666667
    assert (record["seen"], record["heard"], record["mirrored"], record["geometry"]) == (False, True, False, None)


def test_geometry_tells_turn_matrix_and_the_two_boxes() -> None:
    seen = Segment(
        *(HEARD.copy, HEARD.asset, Fraction(1), True, False, 0.9),
        mirrored=True,
        rotation=90,
        geometry=Geometry(IDENTITY, shown=(0.1, 0.0, 0.9, 1.0)),
    )
    found = segment_record(seen)["geometry"]
    assert found == {
        "rotation": 90,
        "matrix": list(IDENTITY),
        "shown": [0.1, 0.0, 0.9, 1.0],
        "box": [0.0, 0.0, 1.0, 1.0],
    }


def test_what_is_said_of_the_work_stands_before_its_segments() -> None:
    record = match_record(Match(0, 0.98, (HEARD,)), asset="k7m2x9qd4htbr", title="Harvest 1974")
    assert list(record) == ["asset", "title", "probability", "segments"]
    assert len(record["segments"]) == 1
