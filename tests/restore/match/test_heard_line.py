"""Lines through votes: straightened, ended where nothing agrees any more, cut and joined."""

from __future__ import annotations

import numpy as np

from holdfast.restore.landmarks import HOP_US
from holdfast.restore.match.heard_line import HeardLine, cut, joined, line_through
from holdfast.restore.match.heard_votes import Votes


def votes_along(rate: float, start_us: int, end_us: int, offset_us: int, asked: float = 1.0, first: int = 0) -> Votes:
    """Five votes a second, each of a peak of its own."""
    copy = np.arange(start_us, end_us, 200_000, dtype=np.int64)
    count = len(copy)
    apart = np.round((offset_us + (rate - asked) * copy) / HOP_US).astype(np.int64)
    anchors = (first + np.arange(count)).astype(np.int32)
    return Votes(
        np.full(count, 3), apart, copy, anchors, np.full(count, 4.0, np.float32), np.full(count, 1e-3, np.float32)
    )


def both(one: Votes, other: Votes) -> Votes:
    return Votes(*(np.concatenate([getattr(one, name), getattr(other, name)]) for name in Votes.__dataclass_fields__))


def straight(start_us: int, end_us: int, offset_us: int = 8_000_000) -> HeardLine:
    line = line_through(votes_along(1.0, start_us, end_us, offset_us), offset_us // HOP_US, 1.0, 1.0)
    assert line is not None
    return line


def test_a_line_asked_at_a_wrong_speed_is_straightened_to_its_own():
    votes = votes_along(1.026, 0, 20_000_000, 8_000_000, asked=1.03)
    line = line_through(votes, 1_000, 1.03, 1.03)
    assert line is not None
    assert line.work == 3
    assert abs(line.rate - 1.026) < 0.0005
    assert line.pitch == line.rate
    assert line.end_us - line.start_us > 19_000_000


def test_a_speed_almost_usual_is_told_as_the_usual_one():
    noisy = votes_along(1.0, 0, 4_000_000, 8_000_000)
    shaken = Votes(
        noisy.work,
        noisy.apart + np.resize([-1, 0, 1], len(noisy)),
        noisy.copy_us,
        noisy.anchor,
        noisy.weight,
        noisy.chance,
    )
    line = line_through(shaken, 1_000, 1.0, 1.0)
    assert line is not None
    assert line.rate == 1.0


def test_peaks_that_have_no_vote_for_long_end_the_line():
    early = votes_along(1.0, 0, 8_000_000, 8_000_000)
    late = votes_along(1.0, 40_000_000, 42_000_000, 8_000_000, first=600)
    line = line_through(both(early, late), 1_000, 1.0, 1.0)
    assert line is not None
    assert line.end_us < 8_000_000


def test_votes_of_one_peak_count_once():
    votes = votes_along(1.0, 0, 8_000_000, 8_000_000)
    alone, twice = line_through(votes, 1_000, 1.0, 1.0), line_through(both(votes, votes), 1_000, 1.0, 1.0)
    assert alone is not None
    assert twice is not None
    assert (alone.score, alone.support) == (twice.score, twice.support)


def test_a_few_votes_make_no_line():
    assert line_through(votes_along(1.0, 0, 300_000, 8_000_000), 1_000, 1.0, 1.0) is None


def test_a_cut_line_keeps_its_longest_free_piece():
    line = straight(0, 10_000_000)
    piece = cut(line, line.copy_us >= 4_000_000, 15.0)
    assert piece is not None
    assert (piece.start_us, piece.end_us) == (4_000_000, line.end_us)
    assert 0.5 < piece.score / line.score < 0.7
    assert cut(line, line.copy_us < 200_000, 15.0) is None


def test_two_lines_that_go_on_are_joined_and_their_overlap_counts_once():
    before, after = straight(0, 12_000_000), straight(6_000_000, 20_000_000)
    assert before.goes_on_in(after, 8_000_000)
    whole = joined(before, after)
    assert whole.support == 100
    assert (whole.start_us, whole.end_us) == (0, after.end_us)
    assert whole.score < before.score + after.score
    assert abs(whole.offset_us - 8_000_000) < 4_000


def test_lines_at_other_offsets_do_not_go_on_in_each_other():
    before, after = straight(0, 12_000_000), straight(6_000_000, 20_000_000, 9_000_000)
    assert not before.goes_on_in(after, 8_000_000)
