"""Lines of sound: found in pieces, in any order, at any speed; never claimed of what many works share."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
import pytest

from holdfast.model.fingerprint import Fingerprint, SoundTrack
from holdfast.restore.landmarks import RATE, Landmarker, Peaks
from holdfast.restore.match.heard import SURE, evidence, heard_lines
from holdfast.testing.films import film_plan

WORKS = 4
SECONDS = 24


@dataclass(frozen=True)
class Hits:
    query: np.ndarray
    work: np.ndarray
    time: np.ndarray


class SmallIndex:
    """All landmarks of some works, in the order of their keys."""

    def __init__(self, tracks: list[SoundTrack]) -> None:
        self._prints = [Fingerprint(Fraction(SECONDS), (64, 36), sounds=track) for track in tracks]
        keys = np.concatenate([track.keys for track in tracks])
        works = np.repeat(np.arange(len(tracks), dtype=np.int32), [len(track) for track in tracks])
        order = np.argsort(keys, kind="stable")
        self._keys, self._works = keys[order], works[order]
        self._times = np.concatenate([track.times for track in tracks])[order]

    def works(self) -> int:
        return len(self._prints)

    def fingerprint(self, work: int) -> Fingerprint:
        return self._prints[work]

    def find_sounds(self, keys: np.ndarray) -> Hits:
        low, high = np.searchsorted(self._keys, keys), np.searchsorted(self._keys, keys, side="right")
        rows = np.concatenate([np.arange(*each) for each in zip(low, high, strict=True)]).astype(int)
        query = np.repeat(np.arange(len(keys), dtype=np.int32), high - low)
        return Hits(query, self._works[rows], self._times[rows])


@lru_cache
def sound(seed: int) -> np.ndarray:
    stereo = film_plan(seed, SECONDS, (64, 36)).samples(Fraction(0), Fraction(SECONDS))
    return stereo.mean(axis=0).reshape(-1, 6).mean(axis=1).astype(np.float32)


def landmarker(samples: np.ndarray) -> Landmarker:
    made = Landmarker()
    made.push(samples.astype(np.float32), 0)
    return made


@lru_cache
def index() -> SmallIndex:
    return SmallIndex([landmarker(sound(seed)).finish() for seed in range(WORKS)])


def peaks(samples: np.ndarray) -> Peaks:
    return landmarker(samples).peaks()


def cut(seed: int, start: float, end: float) -> np.ndarray:
    return sound(seed)[int(start * RATE) : int(end * RATE)]


def faster(samples: np.ndarray, speed: float) -> np.ndarray:
    return np.interp(np.arange(int(len(samples) / speed)) * speed, np.arange(len(samples)), samples)


def test_an_excerpt_is_found_at_its_place_in_its_work():
    best = heard_lines(peaks(cut(2, 9, 17)), index())[0]
    assert best.work == 2
    assert best.score > SURE
    assert abs(best.work_at(4_000_000) - 13_000_000) < 10_000
    assert best.rate == 1.0


@pytest.mark.slow
def test_a_copy_of_another_recording_gives_no_sure_line():
    for seed in (7, 8, 9):
        assert all(line.score < SURE for line in heard_lines(peaks(sound(seed)), index()))


def test_noise_as_loud_as_half_the_sound_leaves_the_line_sure():
    clean = cut(1, 4, 20)
    noise = np.random.default_rng(3).normal(0, float(clean.std()) / 2, len(clean))
    best = heard_lines(peaks(clean + noise), index())[0]
    assert (best.work, best.score > SURE) == (1, True)


@pytest.mark.parametrize("speed", [0.93, 25 / 24, 1.001, 1.07])
def test_a_copy_at_another_speed_is_found_with_its_speed_to_a_thousandth(speed: float):
    best = heard_lines(peaks(faster(sound(0), speed)), index())[0]
    assert best.work == 0
    assert abs(best.rate / speed - 1) < 0.001
    assert abs(best.pitch / speed - 1) < 0.001
    assert abs(best.work_at(10_000_000) - speed * 10_000_000) < 15_000


def test_pieces_of_several_works_in_another_order_are_found_each():
    copy = np.concatenate([cut(3, 14, 20), cut(0, 2, 8), cut(3, 4, 10)])
    sure = [line for line in heard_lines(peaks(copy), index()) if line.score > SURE]
    found = [(line.work, round(line.offset_us / 1e6)) for line in sorted(sure, key=lambda line: line.start_us)]
    assert found == [(3, 14), (0, -4), (3, -8)]


def test_a_piece_heard_twice_gives_two_lines():
    copy = np.concatenate([cut(1, 3, 10), cut(1, 3, 10)])
    sure = [line for line in heard_lines(peaks(copy), index()) if line.score > SURE]
    assert sorted(round(line.offset_us / 1e6) for line in sure) == [-4, 3]


def test_a_jingle_of_many_works_never_makes_a_line_sure_but_the_rest_does():
    jingle = cut(3, 8, 14)
    tracks = [landmarker(np.concatenate([jingle, sound(seed)])).finish() for seed in (0, 1, 2)]
    many = SmallIndex(tracks)
    alone = heard_lines(peaks(jingle), many)
    assert all(line.score < SURE and line.shared == 2 for line in alone)
    best = heard_lines(peaks(np.concatenate([jingle, cut(1, 0, 8)])), many)[0]
    assert (best.work, best.score > SURE) == (1, True)


def test_evidence_lies_where_the_line_is_and_nowhere_else():
    copy = np.concatenate([cut(0, 2, 10), sound(9)[: 8 * RATE]])
    best = heard_lines(peaks(copy), index())[0]
    speaks = evidence(best, np.arange(0, 16, dtype=np.int64) * 1_000_000)
    assert speaks.dtype == np.float32
    assert (speaks[1:8] > 0).mean() > 0.6
    assert not speaks[10:].any()


@pytest.mark.slow
def test_a_copy_longer_than_a_slice_gives_one_line_for_an_unbroken_stretch():
    long = np.concatenate([sound(seed) for seed in (0, 1, 2, 3, 4, 5, 6)])
    one = SmallIndex([landmarker(long).finish()])
    lines = heard_lines(peaks(long), one)
    assert len(lines) == 1
    assert lines[0].end_us - lines[0].start_us > 150_000_000
    assert abs(lines[0].offset_us) < 10_000


def test_only_the_speeds_asked_about_are_tried():
    assert not [
        line for line in heard_lines(peaks(faster(sound(0), 1.08)), index(), [(0.95, 0.95)]) if line.score > SURE
    ]


def test_silence_and_an_empty_index_give_no_lines():
    assert heard_lines(peaks(np.zeros(8 * RATE)), index()) == []
    assert heard_lines(Peaks.empty(), index()) == []
    assert heard_lines(peaks(cut(0, 2, 6)), SmallIndex([SoundTrack.empty()])) == []


def test_the_same_recording_held_three_times_shares_its_score_but_not_its_raw_score():
    thrice = SmallIndex([landmarker(sound(0)).finish() for _ in range(3)])
    best = heard_lines(peaks(cut(0, 4, 16)), thrice)[0]
    assert best.shared == 2
    assert best.score < SURE < best.raw


def test_a_line_at_an_unusual_speed_is_less_sure_than_the_same_at_its_own():
    copy = peaks(cut(2, 6, 16))
    times = np.round(copy.times / 1.06).astype(np.int64)
    moved = Peaks(times, copy.pitches * np.float32(1.06), copy.heights, copy.ranks)
    own, other = (heard_lines(each, index())[0] for each in (copy, moved))
    assert own.work == other.work == 2
    assert SURE < other.score < own.score


def test_a_short_piece_of_a_recording_held_many_times_is_told_though_each_gets_little():
    many = SmallIndex([landmarker(sound(0)).finish() for _ in range(9)])
    told = heard_lines(peaks(cut(0, 6, 10)), many)
    assert {line.work for line in told} == set(range(9))
    assert all(line.score < 15 < line.raw for line in told)
