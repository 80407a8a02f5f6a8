"""From lines to what is told: probability grows with what was said, ends are exact, what goes on is one segment."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from holdfast.model.fingerprint import FrameTrack
from holdfast.restore.match.copy import Copy
from holdfast.restore.match.telling import CLAIMED, EVEN, SHOWN, Told, probability, simplified, tell
from holdfast.restore.match.viewing import Line
from holdfast.restore.match.weave import Stretch
from tests.restore.match.reels import MICRO, Reel, look_at, stretch

WORK = Reel(21, 90)
COPY = Copy.of(look_at(stretch(WORK, 30, 20)))  # 160 moments
UPRIGHT = COPY.viewings[0]


def line(offset_s: float = 30, rate: float = 1.0, **more: object) -> Line:
    return replace(Line(7, rate, offset_s * MICRO, UPRIGHT), **more)


def told(lines: list[Line], seen: np.ndarray, heard: np.ndarray | None = None, copy: Copy = COPY) -> Told | None:
    """What is told when so much is seen, and heard, along the lines."""
    nothing = np.zeros_like(seen)
    said = (seen.astype(np.float32), (nothing if heard is None else heard).astype(np.float32), nothing)
    return tell(copy, 7, WORK.fingerprint(), lines, said)


def along(total: float, first: int = 0, end: int = 160) -> np.ndarray:
    """One line for which the moments [first, end) say so much together, and the others something against it."""
    said = np.full((1, 160), -0.2)
    said[0, first:end] = total / (end - first)
    return said


def test_probability_is_half_midway_between_what_is_shown_and_what_is_claimed() -> None:
    assert probability((CLAIMED + SHOWN) / 2) == 0.5
    assert probability(SHOWN) < 0.25 < 0.75 < probability(CLAIMED) < probability(CLAIMED + 5)


@pytest.mark.parametrize(("total", "expected"), [(1.0, None), (5.0, False), (12.0, True)])
def test_little_is_dropped_something_is_doubtful_and_much_is_claimed(total: float, expected: bool | None) -> None:
    found = told([line()], along(total))
    assert (found.is_claim if found else None) is expected


def test_a_claim_that_is_doubted_is_as_likely_right_as_wrong_and_a_weak_match_no_likelier() -> None:
    for total, expected in ((40.0, EVEN), (5.0, 5.0)):
        found = told([line()], along(total))
        assert found is not None
        doubted = found.doubted("others hold it as well")
        assert not doubted.is_claim
        assert doubted.match.score == pytest.approx(expected)
        assert doubted.match.probability == probability(doubted.match.score) <= 0.5
        assert all(segment.doubt for segment in doubted.match.segments)


def test_a_match_names_its_work_and_the_moments_of_both() -> None:
    found = told([line()], along(12))
    assert found is not None
    (segment,) = found.match.segments
    assert found.match.work == 7
    assert (segment.copy.start, segment.copy.end) == (0, 20)
    assert (segment.asset.start, segment.asset.end) == (30, 50)
    assert found.match.probability == probability(found.match.score)


def test_what_was_only_heard_is_not_called_seen() -> None:
    found = told([replace(line(), viewing=None)], along(0), along(12))
    assert found is not None
    (segment,) = found.match.segments
    assert (segment.seen, segment.heard, segment.views) == (False, True, ())


def test_picture_and_sound_that_are_weak_alone_make_a_claim_together() -> None:
    assert (one := told([line()], along(6))) is not None
    assert (both := told([line()], along(6), along(6))) is not None
    assert (one.is_claim, both.is_claim) == (False, True)


def test_a_moment_of_the_work_that_is_shown_twice_speaks_once() -> None:
    apart = np.full((2, 160), -1.0)
    apart[0, :60] = apart[1, 80:140] = 7 / 60
    again, onward = (told([line(30), line(offset)], apart) for offset in (20, 40))
    assert again is not None
    assert onward is not None
    assert len(again.match.segments) == len(onward.match.segments) == 2
    assert onward.match.score == pytest.approx(14, abs=0.5)
    assert again.match.score == pytest.approx(7, abs=0.5)
    assert (again.is_claim, onward.is_claim) == (False, True)


def test_a_turned_and_mirrored_picture_is_told_so() -> None:
    turned = next(each for each in COPY.viewings if each.turned == (True, 90))
    found = told([line(viewing=turned)], along(12))
    assert found is not None
    assert [(each.mirrored, each.rotation) for each in found.match.segments] == [(True, 90)]


def test_two_lines_that_follow_each_other_are_two_segments_in_order() -> None:
    seen = np.concatenate([along(12, 80, 160), along(12, 0, 80)])
    found = told([line(10), line(50)], seen)
    assert found is not None
    starts = [(round(each.copy.start), round(each.asset.start)) for each in found.match.segments]
    assert starts == [(0, 50), (10, 20)]


def test_a_short_gap_on_one_line_does_not_part_a_segment() -> None:
    seen = along(24)
    seen[0, 66:94] = -0.7  # so much that it is left and taken up again
    found = told([line()], seen)
    assert found is not None
    assert len(found.match.segments) == 1


def test_an_end_is_set_to_the_cut_that_the_work_does_not_have() -> None:
    at = np.arange(0, 20 * MICRO, 40_000, dtype=np.int64)
    cut = FrameTrack(at, np.zeros(len(at), np.uint8), np.array([255], np.int32))  # at 10.2 s
    look = replace(COPY.look, fingerprint=replace(COPY.look.fingerprint, frames=cut))
    found = told([line()], along(12, 0, 80), copy=replace(COPY, look=look))
    assert found is not None
    assert [each.copy.end for each in found.match.segments] == [Fraction("10.2")]


def test_the_work_ends_where_it_ends_whatever_is_seen_after_that() -> None:
    found = told([line(75)], along(12))
    assert found is not None
    (segment,) = found.match.segments
    assert (segment.copy.end, segment.asset.end) == (15, 90)


def test_stretches_on_nearly_one_line_become_the_one_that_explains_more() -> None:
    lines = [line(30.0), line(30.3)]
    said = np.stack([np.full(160, 0.1), np.full(160, 0.08)]).astype(np.float32)
    found = [Stretch(0, 0, 80, 8.0), Stretch(1, 80, 160, 6.4)]
    (one,) = simplified(found, lines, COPY.times, said)
    assert (one.line, one.first, one.end) == (0, 0, 160)


def test_stretches_on_lines_that_are_seconds_apart_stay_two() -> None:
    said = np.full((2, 160), 0.1, np.float32)
    found = [Stretch(0, 0, 80, 8.0), Stretch(1, 80, 160, 8.0)]
    assert simplified(found, [line(30), line(33)], COPY.times, said) == found


def test_a_single_picture_that_is_found_elsewhere_is_no_edit() -> None:
    said = np.full((2, 160), 0.1, np.float32)
    said[1, 80:82] = 8.0
    found = [Stretch(0, 0, 80, 8.0), Stretch(1, 80, 82, 16.0), Stretch(0, 82, 160, 7.8)]
    (one,) = simplified(found, [line(30), line(66)], COPY.times, said)
    assert (one.line, one.first, one.end) == (0, 0, 160)
    said[0, 80:82] = -3.0  # but the line itself is contradicted there: something else is shown
    assert len(simplified(found, [line(30), line(66)], COPY.times, said)) == 3


def test_a_still_picture_is_told_with_the_moment_that_it_shows() -> None:
    still = Copy.of(look_at([(WORK, 40.0)]))
    found = told([Line(7, 1.0, 40 * MICRO, still.viewings[0])], np.array([[CLAIMED + 1]]), copy=still)
    assert found is not None
    (segment,) = found.match.segments
    assert found.is_claim
    assert segment.asset.start == 40
