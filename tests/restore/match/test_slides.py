"""Slides that look alike, cut into another order: what is heard says where each part belongs, not what is seen."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

import numpy as np
import pytest

from holdfast.catalog.fingerprints.shelf import Shelf
from holdfast.model.fingerprint import Fingerprint
from holdfast.restore.landmarks import RATE, Landmarker
from holdfast.restore.match.recognize import identify
from holdfast.testing.films import film_plan
from tests.restore.match.reels import Reel, look_at, stretch

SECONDS = 60
PARTS = ((44, 14), (2, 12), (18, 13))


class Talk(Reel):
    """A film that goes to and fro between two slides: what it shows now it has shown many times."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed, SECONDS)
        random = np.random.default_rng(seed)
        self._slides = random.integers(0, 2, (2, 256), np.uint8)
        self._slides[1, 60:] = self._slides[0, 60:]

    def hash_at(self, second: float, noise: float = 0.0, random: np.random.Generator | None = None) -> np.ndarray:
        bits = self._slides[int(second) % 2].copy()
        if random is not None:
            bits ^= random.random(256) < noise
        return np.packbits(bits, bitorder="little").view(np.uint64)


@lru_cache
def voice(seed: int) -> np.ndarray:
    stereo = film_plan(seed, SECONDS, (64, 36)).samples(Fraction(0), Fraction(SECONDS))
    return stereo.mean(axis=0).reshape(-1, 6).mean(axis=1).astype(np.float32)


def heard(samples: np.ndarray) -> Landmarker:
    made = Landmarker()
    made.push(samples, 0)
    return made


@lru_cache
def talk(seed: int) -> Fingerprint:
    return replace(Talk(seed).fingerprint(), sounds=heard(voice(seed)).finish())


@pytest.mark.slow
def test_parts_of_a_talk_lie_where_they_are_heard_though_all_its_slides_look_alike() -> None:
    shelf = Shelf.of([("talk", talk(1)), ("other", talk(2))])
    moments = [moment for start, length in PARTS for moment in stretch(Talk(1), start, length)]
    spoken = np.concatenate([voice(1)[start * RATE : (start + length) * RATE] for start, length in PARTS])
    found = identify(replace(look_at(moments, noise=0.02), peaks=heard(spoken).peaks()), shelf)
    match = next(one for one in found.matches if shelf.names()[one.work] == "talk")
    at = 0
    for start, length in PARTS:
        middle = Fraction(2 * at + length, 2)
        (segment,) = [one for one in match.segments if one.copy.start <= middle < one.copy.end]
        there = segment.asset.start + segment.rate * (middle - segment.copy.start)
        assert abs(float(there) - (start + length / 2)) < 0.1
        assert segment.heard
        at += length
