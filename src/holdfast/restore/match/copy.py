"""A copy as it is asked about: its moments, the ways to look at it, and how much each of its pictures may say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from holdfast.model.fingerprint import Times
from holdfast.restore.fingerprint import pdq
from holdfast.restore.fingerprint.look import Look
from holdfast.restore.fingerprint.pdq import undoing
from holdfast.restore.match.asking import FingerprintIndex
from holdfast.restore.match.likeness import Floats, novelty, rarity, richness, says, weights
from holdfast.restore.match.viewing import Turned, Viewing
from holdfast.restore.match.votes import Ballot

TICK_US = 125_000  # of the moments of a copy without pictures
PICTURE_RADIUS = 80
_ASKED_EVERY_US = 1_000_000
_ASKED_AT_ONCE, _MOST_HITS = 240, 4000


@dataclass(frozen=True)
class Copy:
    """What is asked about. `times` (n,) are its sampled moments; `viewings` look at all of it, one for each turn."""

    look: Look
    times: Times
    viewings: tuple[Viewing, ...]

    @classmethod
    def of(cls, look: Look) -> Copy:
        """The copy that was looked at."""
        if not len(look.times):
            duration = round(look.fingerprint.duration * 1_000_000)
            return cls(look, np.arange(0, max(duration, 1), TICK_US, dtype=np.int64), ())
        weight = weights(look.active[:, 0], look.quality, look.times)
        viewings = []
        for number in range(look.whole.shape[1]):
            ways = [look.whole[:, number]]
            if (look.boxes != np.array([0, 0, 1, 1], np.float32)).any():
                ways.append(look.active[:, number])
            viewings.append(Viewing(Turned(*undoing(number)), look.times, np.stack(ways), weight))
        return cls(look, look.times, tuple(viewings))

    @property
    def duration(self) -> Fraction:
        """Its length in seconds."""
        return self.look.fingerprint.duration

    @property
    def step_us(self) -> int:
        """How far its sampled moments usually lie apart; 0 for a still."""
        return int(np.median(np.diff(self.times))) if len(self.times) > 1 else 0

    def asked_rows(self) -> NDArray[np.intp]:
        """The sampled moments whose pictures are worth a question: what is new, and once a second at least."""
        rows: list[int] = []
        last_us, last = -_ASKED_EVERY_US, None
        for row in np.flatnonzero(richness(self.look.quality) > 0.1):
            hashes, time = self.look.active[row, 0], int(self.times[row])
            is_new = last is None or float(np.bitwise_count(hashes ^ last).sum()) > 16
            if time - last_us >= _ASKED_EVERY_US or (is_new and time - last_us >= 240_000):
                rows.append(int(row))
                last_us, last = time, hashes
        return np.array(rows, np.intp)


def picture_votes(copy: Copy, index: FingerprintIndex, turns: tuple[int, ...]) -> Iterator[Ballot]:
    """The votes of the copy's pictures, looked at in these of its viewings (their numbers are the votes' kinds).

    Some minutes of the copy at a time, so that a copy of many hours takes no more memory than a short one.
    """
    rows = copy.asked_rows()
    new = novelty(copy.look.active[rows, 0]) * richness(copy.look.quality[rows])
    for first in range(0, len(rows) if copy.viewings else 0, _ASKED_AT_ONCE):
        part = slice(first, first + _ASKED_AT_ONCE)
        yield _votes(copy, index, turns, rows[part], new[part])


def _votes(copy: Copy, index: FingerprintIndex, turns: tuple[int, ...], rows: NDArray[np.intp], new: Floats) -> Ballot:
    hashes, at, kinds = [], [], []
    for turn in turns:
        ways = copy.viewings[turn].hashes[:, rows]
        for number, way in enumerate(ways):
            worth = np.ones(len(rows), bool) if not number else pdq.distance(way, ways[0]) > 6
            hashes.append(way[worth])
            at.append(np.flatnonzero(worth))
            kinds.append(np.full(int(worth.sum()), turn))
    asked, kind = np.concatenate(at), np.concatenate(kinds)
    hits = index.find_pictures(np.concatenate(hashes), PICTURE_RADIUS, _MOST_HITS)
    frame = asked[hits.query]
    weight = says(hits.distance) * new[frame] * _rarity(frame, hits.work) * richness(hits.quality)
    ballot = Ballot(
        rows[frame].astype(np.int32),
        copy.times[rows[frame]],
        hits.work,
        kind[hits.query].astype(np.int32),
        hits.time_us,
        weight.astype(np.float32),
    )
    return ballot.taken(np.flatnonzero(weight > 0.02))


def _rarity(frame: NDArray[np.intp], work: NDArray[np.int32]) -> Floats:
    """For each hit what is left of its word when the frame was also found in other works."""
    pairs = np.unique(np.stack([frame, work], axis=1), axis=0) if len(frame) else np.empty((0, 2), np.int64)
    works = np.bincount(pairs[:, 0], minlength=int(frame.max(initial=0)) + 1)
    return rarity(np.maximum(works[frame] - 1, 0))


def only_within(viewing: Viewing, span_us: tuple[int, int]) -> Viewing:
    """The same viewing, silent outside of `span_us`."""
    inside = (viewing.times >= span_us[0]) & (viewing.times <= span_us[1])
    return replace(viewing, weight=np.where(inside, viewing.weight, 0).astype(np.float32))
