"""What a film looked and sounded like, small enough to keep for ever: a perceptual summary of one instantiation.

It stands in the object of its asset, so that a work is known again even when every byte of its films is gone. All
times are whole microseconds from the beginning of the film, in int64 arrays, ascending unless said otherwise. Needs the
extra [media] (NumPy): nothing that only keeps and audits imports this module.

    pictures    hashes of 256 bits, of the whole picture and of windows of it, a few a second
    frames      one byte for every frame: how much changed since the frame before; geometry does not matter to it
    cuts        the frames at which a new shot begins
    points      local features of chosen frames: found again wherever a part of the picture turns up
    sounds      pairs of spectral peaks (landmarks)
    stills      a few small pictures for people to look at
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

FINGERPRINT_FORMAT = "holdfast-fingerprint-2"
MICRO = 1_000_000
HOP_US = 8_000  # of the times of landmarks; `restore.landmarks` has the same, and a test holds them together
RECIPE = 2  # the way fingerprints are made now; raised when new ones of the same film know more than old ones

# How far times may reach: a film of a day may hold a single picture, a longer one must hold something in every second.
_ANY_FILM_S = 86_400
_EACH_FRAME_S = _EACH_SOUND_S = 1
_EACH_PICTURE_S = 10

Times = NDArray[np.int64]
Bits = NDArray[np.uint64]


class View(IntEnum):
    """Which part of the picture a hash was made of."""

    WHOLE = 0
    ACTIVE = 1  # without borders, where there are any; found for each stretch of seconds
    CENTER = 2  # the middle 80 % of the active picture, in width and height
    TALL = 3  # the middle 9:16 of the active picture
    FOUR_THREE = 4  # the middle 4:3 of a wider active picture
    WIDE = 5  # the middle 16:9 of an active picture that is narrower, or wider as those of the cinema are


@dataclass(frozen=True)
class PictureTrack:
    """Hashes of sampled pictures: `hashes` (n, 4) uint64 in the bit order of PDQ, `views` and `quality` (n,) uint8.

    `quality` is PDQ's, 0 to 100: below 50 a picture is nearly flat and says little. Several rows may share a time.
    """

    times: Times
    hashes: Bits
    views: NDArray[np.uint8]
    quality: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.times)

    @staticmethod
    def empty() -> PictureTrack:
        """Of no pictures."""
        return PictureTrack(_none(np.int64), np.empty((0, 4), np.uint64), _none(np.uint8), _none(np.uint8))


@dataclass(frozen=True, eq=False)  # one is only itself: so what was reckoned from it can be kept beside it
class FrameTrack:
    """Every frame: when it is shown, and `activity` (n,) uint8, how much changed since the frame before it.

    The change is the mean absolute difference of block means, in 32nds of a doubling (see
    `restore.fingerprint`): 0 is none at all. `cuts` (c,) int32 are the numbers of the first frames of shots, without
    frame 0.
    """

    times: Times
    activity: NDArray[np.uint8]
    cuts: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.times)

    @staticmethod
    def empty() -> FrameTrack:
        """Of no frames."""
        return FrameTrack(_none(np.int64), _none(np.uint8), _none(np.int32))


@dataclass(frozen=True)
class PointTrack:
    """Local features of chosen frames. Those of frame k are the rows [starts[k], starts[k + 1]).

    `places` (p, 2) uint16: x and y in 65,535ths of the width and height of the picture as it is shown. `sizes` (p,)
    uint8: 16 times the binary logarithm of the diameter, in pixels of a picture whose longer side has 480. `angles`
    (p,) uint8: 256ths of a turn. `bits` (p, 2) uint64: a descriptor of 128 bits.
    """

    times: Times
    starts: NDArray[np.int32]
    places: NDArray[np.uint16]
    sizes: NDArray[np.uint8]
    angles: NDArray[np.uint8]
    bits: Bits

    def __len__(self) -> int:
        return len(self.times)

    @staticmethod
    def empty() -> PointTrack:
        """Of no frames."""
        starts, places, bits = np.zeros(1, np.int32), np.empty((0, 2), np.uint16), np.empty((0, 2), np.uint64)
        return PointTrack(_none(np.int64), starts, places, _none(np.uint8), _none(np.uint8), bits)


@dataclass(frozen=True)
class SoundTrack:
    """Landmarks of the sound: `keys` (m,) uint32, `times` (m,) int32 in hops of `restore.landmarks.HOP_US`.

    In the order of their times. `heard` are the stretches (k, 2) int64 in microseconds that are neither silence nor
    hum.
    """

    keys: NDArray[np.uint32]
    times: NDArray[np.int32]
    heard: Times

    def __len__(self) -> int:
        return len(self.keys)

    @staticmethod
    def empty() -> SoundTrack:
        """Of no sound."""
        return SoundTrack(_none(np.uint32), _none(np.int32), np.empty((0, 2), np.int64))


@dataclass(frozen=True)
class Still:
    """A small picture for people: its time and its JPEG file."""

    time_us: int
    jpeg: bytes


@dataclass(frozen=True)
class Fingerprint:
    """The perceptual summary of one film.

    `digest` is that of the file it was made from, as `Digest.text`, or "". `size` is width and height as shown.
    `mode` is "full", or "keys" when only key frames were looked at. `warnings` tell what could not be decoded.
    """

    duration: Fraction
    size: tuple[int, int]
    mode: str = "full"
    digest: str = ""
    pictures: PictureTrack = field(default_factory=PictureTrack.empty)
    frames: FrameTrack = field(default_factory=FrameTrack.empty)
    points: PointTrack = field(default_factory=PointTrack.empty)
    sounds: SoundTrack = field(default_factory=SoundTrack.empty)
    stills: tuple[Still, ...] = ()
    warnings: tuple[str, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def recipe(self) -> int:
        """How it was made: `RECIPE` of its time; 1 if it does not say, 0 if what it says is no recipe."""
        said = self.extra.get("recipe", 1)
        return said if isinstance(said, int) and not isinstance(said, bool) and said > 0 else 0

    def reaches_beyond_reason(self) -> bool:
        """Whether a time in it, or its duration, is later than so few rows could ever tell of.

        Whoever compares films makes room for every second of them: a few numbers must not fill the memory.
        """
        bound_s = _ANY_FILM_S + _EACH_FRAME_S * len(self.frames) + _EACH_SOUND_S * len(self.sounds)
        bound_us = (bound_s + _EACH_PICTURE_S * (len(self.pictures) + len(self.points))) * MICRO
        tracks = (self.pictures.times, self.frames.times, self.points.times, self.sounds.heard[:, 1])
        latest_us = [int(times.max()) for times in tracks if len(times)]
        latest_us += [int(self.sounds.times.max()) * HOP_US] if len(self.sounds) else []
        latest_us += [still.time_us for still in self.stills]
        return self.duration * MICRO > bound_us or max(latest_us, default=0) > bound_us


def _none(kind: Any) -> Any:
    return np.empty(0, kind)
