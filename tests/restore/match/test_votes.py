"""Single hits become tracklets where they agree on an offset, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest

from holdfast.restore.match.votes import Ballot, tracklets


def ballot(rows: list[tuple[int, float, int, float, float]]) -> Ballot:
    """Rows of (frame, its seconds, work, seconds in the work, weight)."""
    frame, at, work, there, weight = (np.array(column) for column in zip(*rows, strict=True))
    micro = [(values * 1_000_000).astype(np.int64) for values in (at, there)]
    kind = np.zeros(len(rows), np.int32)
    return Ballot(frame.astype(np.int32), micro[0], work.astype(np.int32), kind, micro[1], weight.astype(np.float32))


def test_pictures_that_agree_on_an_offset_make_one_tracklet() -> None:
    found = tracklets(ballot([(n, n * 0.5, 3, 40 + n * 0.5, 1.0) for n in range(8)]), least=2.0, most=9)
    assert [one.work for one in found] == [3]
    assert abs(found[0].offset_us - 40_000_000) < 10_000
    assert found[0].frames == 8


def test_one_picture_that_is_alike_all_along_a_static_work_has_one_vote_for_each_offset() -> None:
    found = tracklets(ballot([(0, 1.0, 0, float(there), 1.0) for there in range(60)]), least=1.5, most=9)
    assert found == []


def test_parts_of_a_copy_that_jumps_about_are_found_in_their_own_windows() -> None:
    there = [100.0, 100.5, 101.0, 20.0, 20.5, 21.0]
    rows = [(n, 8 * (n // 3) + n % 3 * 0.5, 0, there[n], 1.0) for n in range(6)]
    offsets = sorted(one.offset_us // 1_000_000 for one in tracklets(ballot(rows), least=2.0, most=9))
    assert offsets == [12, 100]


def test_nothing_is_found_in_an_empty_ballot_or_below_the_least_score() -> None:
    rows = [(n, n * 0.5, 0, n * 0.5, 0.1) for n in range(4)]
    assert tracklets(ballot(rows), least=1.0, most=9) == []
    assert tracklets(ballot(rows).taken(np.empty(0, np.intp)), least=0.1, most=9) == []


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_votes_does_not_matter(seed: int) -> None:
    rows = [(n % 11, n % 11 * 0.5, n % 3, n % 11 * 0.5 + n % 3, 0.5 + n % 4) for n in range(40)]
    shuffled = [rows[n] for n in np.random.default_rng(seed).permutation(len(rows))]
    assert tracklets(ballot(shuffled), least=0.5, most=50) == tracklets(ballot(rows), least=0.5, most=50)
