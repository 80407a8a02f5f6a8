"""Made-up fingerprints for tests: small, valid in every part, the same for the same seed."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from holdfast.model.fingerprint import Fingerprint, FrameTrack, PictureTrack, PointTrack, SoundTrack, Still


def a_print(
    seed: int = 0, *, pictures: int = 12, frames: int = 50, looks: int = 3, points: int = 20, sounds: int = 30
) -> Fingerprint:
    """A film of two seconds a picture; `looks` frames with points, `points` of them in all."""
    r = np.random.default_rng(seed)
    words = 2**64
    starts = np.sort(np.append([0], r.integers(0, points + 1, max(0, looks - 1)))).astype(np.int32)
    starts = np.append(starts, points).astype(np.int32) if looks else np.zeros(1, np.int32)
    points = points if looks else 0
    cuts = np.unique(r.integers(1, frames, 3)).astype(np.int32) if frames > 3 else np.empty(0, np.int32)
    return Fingerprint(
        duration=Fraction(2 * pictures) + Fraction(1, 3),
        size=(640, 360),
        digest=f"{seed:0128x}",
        pictures=PictureTrack(
            np.sort(r.integers(0, 2_000_000 * pictures + 1, pictures)),
            r.integers(0, words, (pictures, 4), dtype=np.uint64),
            r.integers(0, 6, pictures).astype(np.uint8),
            r.integers(0, 101, pictures).astype(np.uint8),
        ),
        frames=FrameTrack(np.arange(frames) * 40_000, r.integers(0, 256, frames).astype(np.uint8), cuts),
        points=PointTrack(
            np.arange(looks) * 4_000_000,
            starts,
            r.integers(0, 65536, (points, 2)).astype(np.uint16),
            r.integers(0, 256, points).astype(np.uint8),
            r.integers(0, 256, points).astype(np.uint8),
            r.integers(0, words, (points, 2), dtype=np.uint64),
        ),
        sounds=SoundTrack(
            r.integers(0, 40, sounds).astype(np.uint32),
            np.sort(r.integers(0, 1000, sounds)).astype(np.int32),
            np.array([[0, 1_500_000]], np.int64),
        ),
        stills=(Still(100, b"\xff\xd8jpeg" + bytes([seed % 256])), Still(900, b"")),
        warnings=("packet 7 is broken",),
    )


def same(left: Fingerprint, right: Fingerprint) -> bool:
    """Whether two fingerprints say the same in every part, with the same types."""
    plain = ("duration", "size", "mode", "digest", "stills", "warnings")
    tracks = ("pictures", "frames", "points", "sounds")
    return all(getattr(left, name) == getattr(right, name) for name in plain) and all(
        np.array_equal(mine, theirs) and mine.dtype == theirs.dtype
        for track in tracks
        for mine, theirs in zip(vars(getattr(left, track)).values(), vars(getattr(right, track)).values(), strict=True)
    )
