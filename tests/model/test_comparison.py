from __future__ import annotations

from fractions import Fraction

from holdfast.model.comparison import moments
from holdfast.model.match import Segment
from holdfast.model.time import Span


def segment(start: int, end: int, at: int) -> Segment:
    ours, theirs = Span(Fraction(start), Fraction(end)), Span(Fraction(at), Fraction(at + end - start))
    return Segment(ours, theirs, Fraction(1), seen=True, heard=True, probability=0.9)


def test_a_segment_is_shown_at_its_middle_and_near_both_ends() -> None:
    assert moments((segment(10, 20, 100),), 9) == [
        (Fraction(11), Fraction(101)),
        (Fraction(15), Fraction(105)),
        (Fraction(19), Fraction(109)),
    ]


def test_of_very_many_segments_not_every_one_is_shown() -> None:
    many = tuple(segment(n, n + 1, 2 * n) for n in range(100))
    assert len(moments(many, 18)) <= 18
    assert moments((), 18) == []
