"""Ends of placements are borders of frames, and the line between copy and work stays."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from holdfast.model.edit import Placement
from holdfast.model.time import Span
from holdfast.restore.on_frames import on_frames

RATE = Fraction(30000, 1001)
MICRO = Fraction(1, 1_000_000)


def placed(start: Fraction, end: Fraction) -> Placement:
    return Placement(
        "ab" * 64, Span(Fraction(3), Fraction(3) + (end - start) / Fraction(26, 25)), Span(start, end), Fraction(26, 25)
    )


@given(st.integers(0, 3000), st.integers(1, 3000), st.integers(-9000, 9000), st.integers(-9000, 9000))
def test_ends_near_a_border_of_frames_come_to_lie_on_it(first: int, count: int, off: int, also: int) -> None:
    true = Span(first / RATE, (first + count) / RATE)
    given = placed(max(true.start + off * MICRO, Fraction(0)), true.end + also * MICRO)

    found = on_frames(given, RATE, Fraction(10_000))

    assert found is not None
    assert found.asset == true
    middle = (true.start + true.end) / 2
    assert found.copy_time(middle) == given.copy_time(middle)


def test_two_that_nearly_meet_meet() -> None:
    one, other = placed(Fraction(0), Fraction(2) - 9 * MICRO), placed(Fraction(2) + 7 * MICRO, Fraction(4))

    ends = [on_frames(each, Fraction(25), Fraction(4)) for each in (one, other)]

    assert [each and each.asset for each in ends] == [Span(Fraction(0), Fraction(2)), Span(Fraction(2), Fraction(4))]


def test_the_end_of_the_work_is_kept_and_less_than_a_frame_is_nothing() -> None:
    duration = Fraction(401, 100)

    found = on_frames(placed(Fraction(1), Fraction(4)), Fraction(25), duration)

    assert found is not None
    assert found.asset.end == duration
    assert on_frames(placed(Fraction(1), Fraction(101, 100)), Fraction(25), duration) is None
