from __future__ import annotations

from fractions import Fraction

from holdfast.cli.likeness import segment_lines, sentence, sureness
from holdfast.model.match import Segment
from holdfast.model.time import Span

SEGMENT = Segment(
    Span(Fraction(0), Fraction(534)),
    Span(Fraction(190), Fraction(724)),
    Fraction(1),
    seen=True,
    heard=True,
    probability=0.99,
    mirrored=True,
)


def test_a_segment_is_told_by_its_times_its_shape_and_its_evidence() -> None:
    assert sentence(SEGMENT) == "0:00 to 8:54 is 3:10 to 12:04, mirrored; seen and heard"
    assert list(segment_lines([SEGMENT])) == [f"       {sentence(SEGMENT)}"]


def test_no_probability_is_told_as_certainty() -> None:
    assert sureness(1.0) == "99.9 % sure"
    assert sureness(0.5) == "50.0 % sure"
