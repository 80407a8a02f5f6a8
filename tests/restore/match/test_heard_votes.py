"""Votes of landmarks: rare keys weigh more, all speeds share one question, heavy places become candidates."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from holdfast.model.fingerprint import Fingerprint, SoundTrack
from holdfast.model.hits import SoundHits
from holdfast.restore.landmarks import HOP_US, Peaks
from holdfast.restore.match.heard_votes import (
    SPREAD,
    UNUSUAL,
    USUAL,
    Votes,
    candidates,
    close_votes,
    is_usual,
    votes_at,
)


class Works:
    """Landmarks of some works, all of which are gone through; counts the questions."""

    def __init__(self, *tracks: SoundTrack) -> None:
        self._tracks = tracks
        self.questions = 0

    def works(self) -> int:
        return len(self._tracks)

    def fingerprint(self, work: int) -> Fingerprint:
        return Fingerprint(Fraction(600), (64, 36), sounds=self._tracks[work])

    def find_sounds(self, keys: np.ndarray) -> SoundHits:
        self.questions += 1
        rows = [
            (query, work, int(time))
            for query, key in enumerate(keys)
            for work, track in enumerate(self._tracks)
            for time in track.times[track.keys == key]
        ]
        return SoundHits(*np.array(rows, np.int32).reshape(-1, 3).T)


def tune(seconds: int = 12) -> Peaks:
    rng = np.random.default_rng(4)
    times = np.sort(rng.integers(0, seconds * 1_000_000, 10 * seconds))
    count = len(times)
    return Peaks(
        times,
        rng.uniform(200, 3_700, count).astype(np.float32),
        np.full(count, 20, np.float32),
        np.zeros(count, np.uint8),
    )


def work_with(peaks: Peaks, late_us: int, *, repeated: int = 1) -> SoundTrack:
    pairs = peaks.pairs(doubtful=0)
    times = np.concatenate([pairs.times + late_us + 20_000_000 * number for number in range(repeated)])
    hops = np.round(times / HOP_US).astype(np.int32)
    order = np.argsort(hops, kind="stable")
    heard = np.array([[0, 600_000_000]], np.int64)
    return SoundTrack(np.tile(pairs.keys, repeated)[order], hops[order], heard)


def test_the_heaviest_place_is_where_the_tune_stands_in_its_work():
    peaks = tune()
    index = Works(SoundTrack.empty(), work_with(peaks, 40_000_000))
    (_, votes), *_ = votes_at(peaks, USUAL[:1], index)
    work, apart = candidates(votes)[0]
    assert (work, abs(apart - 5_000) <= SPREAD) == (1, True)
    assert (np.diff(votes.work) >= 0).all()


def test_all_speeds_of_a_stage_are_asked_about_in_one_question():
    peaks = tune()
    index = Works(work_with(peaks, 0))
    told = dict(votes_at(peaks, UNUSUAL, index))
    assert index.questions == 1
    assert set(told) == set(UNUSUAL)


def test_a_vote_weighs_less_when_its_work_has_the_key_often():
    peaks = tune()
    once, often = (next(votes_at(peaks, USUAL[:1], Works(work_with(peaks, 0, repeated=count))))[1] for count in (1, 12))
    assert np.median(once.weight) > np.median(often.weight) + 1


def test_silence_gives_no_votes_and_no_question():
    index = Works(work_with(tune(), 0))
    assert list(votes_at(Peaks.empty(), USUAL, index)) == []
    assert index.questions == 0


def test_fewer_places_are_told_at_unusual_speeds():
    count = 300
    work = np.arange(count, dtype=np.int64).repeat(3)
    same = np.zeros(3 * count, np.int64)
    weight = np.full(3 * count, 7.0, np.float32)
    votes = Votes(work, same, same, same.astype(np.int32), weight, weight)
    assert len(candidates(votes, is_usual=False)) < len(candidates(votes)) < count
    assert not candidates(votes[::2], is_usual=False)


def test_a_place_is_told_once_though_its_votes_are_spread():
    apart = np.arange(-3, 4, dtype=np.int64)
    same = np.zeros(7, np.int64)
    weight = np.full(7, 5.0, np.float32)
    votes = Votes(same, apart, same, same.astype(np.int32), weight, weight)
    assert len(candidates(votes)) == 1


def test_close_votes_lie_near_the_line_and_in_the_span_alone():
    peaks = tune()
    index = Works(work_with(peaks, 40_000_000, repeated=3))
    votes = close_votes(peaks.pairs(), 1.0, 0, index, (4_900, 5_750), 5_000)
    assert len(votes) > 20
    assert (np.abs(votes.apart - 5_000) <= 10).all()
    assert votes.work_us(1.0).max() <= 46_000_000
    assert not len(close_votes(peaks.pairs(), 1.0, 0, index, (0, 100), 5_000))


def test_speeds_of_film_are_usual_and_steps_of_a_percent_are_not():
    assert is_usual(1.0, 25 / 24)
    assert not is_usual(1.0, 1.03)
    assert not any(is_usual(*speed) for speed in UNUSUAL)
