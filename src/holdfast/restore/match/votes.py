"""From single pictures that are alike to short stretches that may belong together: a vote over time offsets.

Every hit (a picture of the copy is near to a picture of a work) votes for the offset between the two, within windows
of eight seconds. In so short a window no change of speed up to 8 % matters, and a copy that jumps about in the work has
each of its parts in a window of its own. What gets enough votes is a `Tracklet`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from holdfast.restore.match.likeness import Floats

WINDOW_US, HOP_US = 8_000_000, 4_000_000
BIN_US, SHIFT_US = 1_000_000, 500_000


@dataclass(frozen=True)
class Ballot:
    """Votes as arrays of equal length: the copy's `frame` (its row), when that is, for which moment of which work.

    `kind` numbers the viewing, `weight` is what the vote is worth.
    """

    frame: NDArray[np.int32]
    time_us: NDArray[np.int64]
    work: NDArray[np.int32]
    kind: NDArray[np.int32]
    work_time_us: NDArray[np.int64]
    weight: Floats

    def taken(self, rows: NDArray[np.intp]) -> Ballot:
        """Only these rows."""
        return Ballot(
            self.frame[rows],
            self.time_us[rows],
            self.work[rows],
            self.kind[rows],
            self.work_time_us[rows],
            self.weight[rows],
        )

    @staticmethod
    def joined(*ballots: Ballot) -> Ballot:
        """All of their votes."""
        names = ("frame", "time_us", "work", "kind", "work_time_us", "weight")
        return Ballot(*(np.concatenate([getattr(ballot, name) for ballot in ballots]) for name in names))


@dataclass(frozen=True)
class Tracklet:
    """A short stretch of the copy, around `time_us`, whose pictures agree on an offset into a work."""

    work: int
    kind: int
    time_us: int
    offset_us: int
    score: float
    frames: int


def tracklets(ballot: Ballot, *, least: float, most: int) -> list[Tracklet]:
    """The tracklets with a score of at least `least`, the best first, at most `most`.

    A frame of the copy has one vote in each bin, its best. Bins and windows overlap by half, so that nothing falls
    between two; of overlapping winners the best one stays.
    """
    if not len(ballot.frame):
        return []
    offset = ballot.work_time_us - ballot.time_us
    base = int(offset.min()) - BIN_US
    pieces = []
    for window in range(2):
        for shift in range(2):
            number = (ballot.time_us + window * HOP_US) // WINDOW_US
            bin_ = (offset - base + shift * SHIFT_US) // BIN_US
            pieces.append((number * 2 + window, bin_ * 2 + shift))
    windows, bins = (np.concatenate([piece[part] for piece in pieces]) for part in range(2))
    places = np.tile(np.arange(len(offset)), 4)
    keys = np.stack([ballot.work[places], ballot.kind[places], windows, bins], axis=1).astype(np.int64)
    _, group = np.unique(keys, axis=0, return_inverse=True)
    return _chosen(ballot, offset, places, group.ravel(), least, most)


def _chosen(
    ballot: Ballot,
    offset: NDArray[np.int64],
    places: NDArray[np.intp],
    group: NDArray[np.intp],
    least: float,
    most: int,
) -> list[Tracklet]:
    weight = ballot.weight[places]
    order = np.lexsort((-weight, ballot.frame[places], group))
    group, places, weight = group[order], places[order], weight[order]
    frame = ballot.frame[places]
    is_best = np.ones(len(group), bool)
    is_best[1:] = (group[1:] != group[:-1]) | (frame[1:] != frame[:-1])
    group, places, weight = group[is_best], places[is_best], weight[is_best]
    count = int(group.max()) + 1
    score = np.bincount(group, weight, count)
    frames = np.bincount(group, minlength=count)
    mean = {
        "time": np.bincount(group, weight * ballot.time_us[places], count) / np.maximum(score, 1e-9),
        "offset": np.bincount(group, weight * offset[places], count) / np.maximum(score, 1e-9),
    }
    first = np.searchsorted(group, np.arange(count))
    found: list[Tracklet] = []
    taken: dict[tuple[int, int], list[Tracklet]] = {}
    for number in np.argsort(-score, kind="stable"):
        if score[number] < least or len(found) >= most:
            break
        row = places[first[number]]
        made = Tracklet(
            int(ballot.work[row]),
            int(ballot.kind[row]),
            int(mean["time"][number]),
            int(mean["offset"][number]),
            float(score[number]),
            int(frames[number]),
        )
        rivals = taken.setdefault((made.work, made.kind), [])
        if not any(
            abs(made.time_us - other.time_us) < HOP_US and abs(made.offset_us - other.offset_us) < BIN_US
            for other in rivals
        ):
            rivals.append(made)
            found.append(made)
    return found
