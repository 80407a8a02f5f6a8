"""Ends go to the marks that ends leave, and nowhere beyond what a line can explain."""

from __future__ import annotations

import numpy as np

from holdfast.restore.align.ends import foreign_cuts, limits, snapped

NO_MARKS = np.empty(0, np.int64)


def test_a_cut_that_the_work_has_too_is_no_end() -> None:
    copy_cuts, work_cuts = np.array([2_000_000, 5_000_000]), np.array([12_040_000])
    assert foreign_cuts(copy_cuts, work_cuts, 1.0, 10_000_000).tolist() == [5_000_000]


def test_an_end_near_a_mark_is_set_to_it() -> None:
    assert snapped(4_900_000, np.array([5_000_000, 9_000_000]), 0, 20_000_000) == 5_000_000


def test_an_end_far_from_all_marks_stays_where_it_is() -> None:
    assert snapped(4_000_000, np.array([9_000_000]), 0, 20_000_000) == 4_000_000


def test_an_end_near_the_beginning_of_the_copy_is_the_beginning() -> None:
    assert snapped(300_000, NO_MARKS, 0, 20_000_000) == 0


def test_a_line_explains_no_more_than_the_copy_and_the_work_have() -> None:
    assert limits(60_000_000, 100_000_000, 1.0, -5_000_000) == (5_000_000, 60_000_000)
    assert limits(60_000_000, 30_000_000, 2.0, 0) == (0, 15_000_000)
