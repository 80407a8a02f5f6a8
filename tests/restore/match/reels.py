"""Films that exist only as hashes: shots of a few seconds that drift bit by bit, and looks at copies of them."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from holdfast.model.fingerprint import Fingerprint, FrameTrack, PictureTrack, PointTrack
from holdfast.restore.fingerprint.look import Look
from holdfast.restore.fingerprint.pdq import VARIANTS
from holdfast.restore.landmarks import Peaks

MICRO = 1_000_000


class Reel:
    """A film of so many seconds: `hash_at` gives what its picture is at a moment, the same for the same seed."""

    def __init__(self, seed: int, seconds: int) -> None:
        random = np.random.default_rng(seed)
        self.seconds = seconds
        self.cuts = np.cumsum(random.uniform(1.5, 5.0, seconds))
        self.cuts = self.cuts[self.cuts < seconds]
        shots = len(self.cuts) + 1
        self._first = random.integers(0, 2, (shots, 256), np.uint8)
        self._order = np.stack([random.permutation(256) for _ in range(shots)])

    def hash_at(self, second: float, noise: float = 0.0, random: np.random.Generator | None = None) -> np.ndarray:
        shot = int(np.searchsorted(self.cuts, second, side="right"))
        start = self.cuts[shot - 1] if shot else 0.0
        bits = self._first[shot].copy()
        bits[self._order[shot, : min(int((second - start) * 9), 120)]] ^= 1
        if random is not None:
            bits ^= random.random(256) < noise
        return np.packbits(bits, bitorder="little").view(np.uint64)

    def fingerprint(self) -> Fingerprint:
        at = np.arange(0, self.seconds, 0.4)
        hashes = np.stack([self.hash_at(second) for second in at])
        times = (at * MICRO).astype(np.int64)
        quality = np.full(len(at), 90, np.uint8)
        pictures = PictureTrack(times, hashes, np.zeros(len(at), np.uint8), quality)
        return Fingerprint(Fraction(self.seconds), (640, 360), pictures=pictures)


def look_at(moments: list[tuple[Reel, float]], noise: float = 0.08, seed: int = 0, variant: int = 0) -> Look:
    """A look at a copy that shows these moments of reels, an eighth of a second each, with so many bits flipped.

    Its hashes stand at `variant`: the others are those of pictures that nobody has.
    """
    random = np.random.default_rng(seed)
    count = len(moments)
    whole = random.integers(0, 2**64, (count, VARIANTS, 4), np.uint64)
    for row, (reel, second) in enumerate(moments):
        whole[row, variant] = reel.hash_at(second, noise, random)
    if variant:  # pictures that nobody has stand still as long as those that somebody has
        for row, (reel, second) in enumerate(moments):
            whole[row, 0] = ~reel.hash_at(second)
    times = (np.arange(count) * MICRO // 8).astype(np.int64)
    fingerprint = Fingerprint(Fraction(count, 8), (640, 360), frames=FrameTrack.empty())
    return Look(
        fingerprint=fingerprint,
        times=times,
        thumbs=np.zeros((count, 128, 128), np.uint8),
        boxes=np.tile(np.array([0, 0, 1, 1], np.float32), (count, 1)),
        whole=whole,
        active=whole,
        quality=np.full(count, 90, np.uint8),
        points=PointTrack.empty(),
        mirrored=PointTrack.empty(),
        peaks=Peaks.empty(),
    )


def stretch(reel: Reel, start: float, seconds: float, rate: float = 1.0) -> list[tuple[Reel, float]]:
    """The moments of a copy that shows the reel from `start` on for `seconds` of its own."""
    return [(reel, start + step / 8 * rate) for step in range(int(seconds * 8))]
