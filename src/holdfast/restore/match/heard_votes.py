"""Votes of landmarks: which works have a key that the copy has too, when, and how unlikely that is by chance.

The rules:
- a vote weighs as much as it is unlikely by chance: little when its key stands in many works, or often in this one;
- the index is asked once for all speeds of a stage: what is looked for at one speed is looked for at the next as well;
- the first second of a line already says so much that places where little weight lies together are left alone.

    for (pitch, tempo), votes in votes_at(peaks, speeds, index):
        for work, apart in candidates(votes):
            ...
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from holdfast.model.fingerprint import Fingerprint
from holdfast.restore.landmarks import HOP_US, Pairs, Peaks

Speed = tuple[float, float]  # (pitch, tempo): of the copy over those of the work

# Speeds of copies, those seen most often first: film of 24 frames a second shown at 25, and back.
USUAL: tuple[Speed, ...] = ((1.0, 1.0), (25 / 24, 25 / 24), (0.96, 0.96), (1.0, 25 / 24), (1.0, 0.96))
_GRID = tuple(1 + sign * percent / 100 for percent in range(1, 9) for sign in (-1, 1))
UNUSUAL: tuple[Speed, ...] = tuple(
    (pitch, tempo) for tempo in _GRID for pitch in (tempo, 1.0) if tempo not in {0.96, 1.04}
)
SPREAD = 5  # hops: votes of one line lie within so many on either side

_VOTED, _VOTED_UNUSUAL = 14.0, 20.0  # weight of votes at one place that makes a candidate
_CANDIDATES, _CANDIDATES_UNUSUAL = 120, 24
_LIKELY = 0.1  # share of the peaks of a true line that have a vote, at worst
_HEAVIEST = 7.0
_USUAL_LENGTH_US = 600_000_000  # of a work, while its own is not yet known
_WORK_BITS = 26  # offsets in hops, in one number with their work
_ZERO = 1 << (_WORK_BITS - 1)


class SoundHits(Protocol):
    """What `find_sounds` gives: see `holdfast.model.hits.SoundHits`."""

    @property
    def query(self) -> NDArray[np.int32]:
        """The number of the key that was asked."""

    @property
    def work(self) -> NDArray[np.int32]:
        """The work that has it."""

    @property
    def time(self) -> NDArray[np.int32]:
        """When, in hops."""


class SoundIndex(Protocol):
    """What is asked: the part of the index of fingerprints that sound needs."""

    def works(self) -> int:
        """How many works there are; they are numbered from 0."""

    def fingerprint(self, work: int) -> Fingerprint:
        """All that is kept of one work."""

    def find_sounds(self, keys: NDArray[np.uint32]) -> SoundHits:
        """All landmarks with one of these keys."""


@dataclass(frozen=True)
class Votes:
    """Votes for works: `apart` is the time of the work less that of the copy at the speed asked about, in hops.

    `anchor` is the number of the copy's peak, `chance` how likely chance gives such a vote, `weight` what it says.
    """

    work: NDArray[np.int64]
    apart: NDArray[np.int64]
    copy_us: NDArray[np.int64]
    anchor: NDArray[np.int32]
    weight: NDArray[np.float32]
    chance: NDArray[np.float32]

    def __getitem__(self, rows: Any) -> Votes:
        return Votes(*(getattr(self, name)[rows] for name in Votes.__dataclass_fields__))

    def __len__(self) -> int:
        return len(self.weight)

    def of(self, work: int) -> Votes:
        """Those for one work, of votes in the order of works."""
        first, last = np.searchsorted(self.work, (work, work + 1))
        return self[int(first) : int(last)]

    def work_us(self, tempo: float) -> NDArray[np.int64]:
        """Times of the work in microseconds, of votes at this tempo: (n,)."""
        return np.round(self.apart * float(HOP_US) + tempo * self.copy_us).astype(np.int64)


def is_usual(pitch: float, tempo: float) -> bool:
    """Whether copies of such a speed are seen often."""
    return any(abs(pitch - each[0]) + abs(tempo - each[1]) < 1e-4 for each in USUAL)


def votes_at(peaks: Peaks, speeds: Sequence[Speed], index: SoundIndex) -> Iterator[tuple[Speed, Votes]]:
    """For each speed at which the copy has pairs at all, its votes, in the order of works and offsets."""
    asked = []
    for pitch, tempo in speeds:
        # Unusual speeds are many, so fewer pairs are asked about at each: those that works are sure to keep.
        is_seldom = not is_usual(pitch, tempo)
        pairs = peaks.pairs(pitch, tempo, rank=3, fan=3, doubtful=0.1) if is_seldom else peaks.pairs(pitch, tempo)
        if len(pairs):
            asked.append(((pitch, tempo), pairs))
    if not asked:
        return
    keys = np.unique(np.concatenate([pairs.keys for _, pairs in asked]))
    hits = _Weighed.of(keys, index)
    for speed, pairs in asked:
        yield speed, _votes(pairs, speed[1], hits)


def close_votes(pairs: Pairs, tempo: float, work: int, index: SoundIndex, span: tuple[int, int], at: int) -> Votes:
    """The votes that the landmarks of one work in a span of hops give near one offset, `at` hops.

    Nothing else in that span is as near, so they weigh by how often their keys stand in it.
    """
    track = index.fingerprint(work).sounds
    # Of the type of the times, lest all of them are copied.
    first, last = np.searchsorted(track.times, np.array(span, np.int32))
    keys, hops = track.keys[first:last], track.times[first:last].astype(np.int64)
    order = np.argsort(keys, kind="stable")
    keys, hops = keys[order], hops[order]
    length_us = max(float((track.heard[:, 1] - track.heard[:, 0]).sum()), 5e6)
    share = min(1.0, max(hops.max() - hops.min(), 1) * HOP_US / length_us) if len(hops) else 1.0
    low, high = np.searchsorted(keys, pairs.keys), np.searchsorted(keys, pairs.keys, side="right")
    pair, row = _each(low, high - low)
    apart = hops[row] - np.round(pairs.times[pair] * (tempo / HOP_US)).astype(np.int64)
    near = np.abs(apart - at) <= 2 * SPREAD
    pair, apart = pair[near], apart[near]
    here = (high - low)[pair]
    chance = _chance(here, here * 0 + 1, max(index.works(), 10), length_us * share)
    return Votes(np.full(len(here), work), apart, pairs.times[pair], pairs.anchors[pair], _weight(chance), chance)


def candidates(votes: Votes, *, is_usual: bool = True) -> list[tuple[int, int]]:
    """Works and offsets (hops) where much weight lies together, the heaviest first.

    At an unusual speed more weight is asked for, and fewer places are told: there are many such speeds.
    """
    least, most = (_VOTED, _CANDIDATES) if is_usual else (_VOTED_UNUSUAL, _CANDIDATES_UNUSUAL)
    code = (votes.work << _WORK_BITS) + votes.apart + _ZERO
    sums = np.concatenate([[0.0], np.cumsum(votes.weight, dtype=np.float64)])
    last = np.searchsorted(code, code + 2 * SPREAD, side="right")
    weight = sums[last] - sums[:-1]
    rows = np.flatnonzero(weight >= least)
    rows = rows[np.argsort(-weight[rows])][: 20 * most]
    taken: list[int] = []
    near: set[int] = set()  # every place that lies too close to one taken
    for place in code[rows].tolist():
        if place not in near:
            taken.append(place)
            near.update(range(place - 2 * SPREAD, place + 2 * SPREAD + 1))
            if len(taken) == most:
                break
    return [(place >> _WORK_BITS, (place & ((1 << _WORK_BITS) - 1)) - _ZERO + SPREAD) for place in taken]


@dataclass(frozen=True)
class _Weighed:
    """The landmarks of all works with one of some keys, in the order of keys, and how likely each is by chance.

    Those of key number k are the `count[k]` rows from `first[k]`.
    """

    keys: NDArray[np.uint32]
    first: NDArray[np.int64]
    count: NDArray[np.int64]
    work: NDArray[np.int64]
    time: NDArray[np.int64]
    chance: NDArray[np.float32]
    weight: NDArray[np.float32]

    @staticmethod
    def of(keys: NDArray[np.uint32], index: SoundIndex) -> _Weighed:
        hits = index.find_sounds(keys)
        key, work, time = hits.query.astype(np.int64), hits.work.astype(np.int64), hits.time.astype(np.int64)
        count = np.bincount(key, minlength=len(keys))  # in all works
        code = key * index.works() + work
        if np.any(code[1:] < code[:-1]):
            order = np.argsort(code, kind="stable")
            key, work, time, code = key[order], work[order], time[order], code[order]
        news = np.flatnonzero(np.diff(code, prepend=-1))
        here = np.diff(news, append=len(code))  # in this work
        chance = _chance(np.repeat(here, here), count[key], index.works(), _USUAL_LENGTH_US)
        return _Weighed(keys, np.cumsum(count) - count, count, work, time, chance, _weight(chance))


def _votes(pairs: Pairs, tempo: float, hits: _Weighed) -> Votes:
    number = np.searchsorted(hits.keys, pairs.keys)
    pair, row = _each(hits.first[number], hits.count[number])
    loud = hits.weight[row] > 0  # the others say nothing
    pair, row = pair[loud], row[loud]
    apart = hits.time[row] - np.round(pairs.times * (tempo / HOP_US)).astype(np.int64)[pair]
    work = hits.work[row]
    order = np.argsort((work << _WORK_BITS) + apart + _ZERO)
    pair, row = pair[order], row[order]
    return Votes(work[order], apart[order], pairs.times[pair], pairs.anchors[pair], hits.weight[row], hits.chance[row])


def _each(first: NDArray[np.int64], count: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The rows of stretches that begin at `first` and are `count` long, and the number of the stretch of each."""
    number = np.repeat(np.arange(len(count)), count)
    return number, np.arange(len(number)) + np.repeat(first - np.cumsum(count) + count, count)


def _chance(here: NDArray[np.int64], often: NDArray[np.int64], works: int, length_us: float) -> NDArray[np.float32]:
    """How likely a work has a key within the spread by chance, when it has it `here` times, all works `often` times.

    The vote itself is taken out of what the work has, and what works have on average is put in.
    """
    expected = np.maximum(here - 1, 0) + often / works
    return np.minimum(expected * ((2 * SPREAD + 1) * HOP_US / length_us), 1.0).astype(np.float32)


def _weight(chance: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.clip(np.log(_LIKELY / np.maximum(chance, 1e-9)), 0, _HEAVIEST).astype(np.float32)
