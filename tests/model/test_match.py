"""A match is the sum of what its segments explain."""

from __future__ import annotations

from fractions import Fraction

import pytest

from holdfast.model.match import Geometry, Identification, Match, Segment
from holdfast.model.time import Span


def _segment(start: int, end: int) -> Segment:
    copy = Span(Fraction(start), Fraction(end))
    return Segment(copy, copy, Fraction(1), seen=True, heard=False, probability=0.99)


def test_a_match_covers_the_seconds_of_all_its_segments() -> None:
    assert Match(3, 0.9, (_segment(0, 10), _segment(20, 25))).covered == 15
    assert Match(3, 0.9, ()).covered == 0


def test_a_segment_is_upright_whole_and_without_doubt_unless_said() -> None:
    segment = _segment(0, 1)
    assert (segment.mirrored, segment.rotation, segment.geometry, segment.doubt) == (False, 0, None, "")


def test_a_geometry_shows_all_of_the_picture_unless_said() -> None:
    geometry = Geometry((1, 0, 0, 0, 1, 0, 0, 0, 1))
    assert geometry.shown == geometry.box == (0.0, 0.0, 1.0, 1.0)


def test_nothing_recognised_is_an_identification_without_matches() -> None:
    assert Identification().matches == Identification().doubtful == ()


def test_a_segment_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        _segment(2, 1)
