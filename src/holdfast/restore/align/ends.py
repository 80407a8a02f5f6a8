"""Where a segment begins and ends, more exactly than pictures were sampled.

What was sampled tells an end to an eighth of a second or worse. But the end of a segment leaves a mark: a cut in the
copy that the work does not have at that moment; or it is the copy's own beginning or end, or the work's.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from holdfast.model.fingerprint import Times

REACH_US = 800_000
_SAME_CUT_US = 90_000


def foreign_cuts(copy_cuts: Times, work_cuts: Times, rate: float, offset_us: float) -> Times:
    """The cuts of the copy (times, ascending) that the work does not have where the line says."""
    if not len(copy_cuts) or not len(work_cuts):
        return copy_cuts
    there = copy_cuts * rate + offset_us
    after = np.searchsorted(work_cuts, there)
    left = np.abs(work_cuts[np.clip(after - 1, 0, len(work_cuts) - 1)] - there)
    right = np.abs(work_cuts[np.clip(after, 0, len(work_cuts) - 1)] - there)
    foreign: NDArray[np.int64] = copy_cuts[np.minimum(left, right) > _SAME_CUT_US]
    return foreign


def snapped(edge_us: int, marks: Times, low_us: int, high_us: int, reach_us: int = REACH_US) -> int:
    """The mark nearest to `edge_us` and not further than `reach_us`; else the edge itself.

    `low_us` and `high_us` are the first and last moments of the copy that the line can explain at all (where the copy
    or the work begins and ends): they count as marks, and nothing lies beyond them.
    """
    near = np.concatenate([marks[(marks > low_us) & (marks < high_us)], [low_us, high_us]])
    best = int(near[np.argmin(np.abs(near - edge_us))])
    return best if abs(best - edge_us) <= reach_us else int(np.clip(edge_us, low_us, high_us))


def limits(copy_us: int, work_us: int, rate: float, offset_us: float) -> tuple[int, int]:
    """The first and last moments of the copy of which the line says that they show the work."""
    first = max(0, round(-offset_us / rate))
    last = min(copy_us, round((work_us - offset_us) / rate))
    return first, max(first, last)
