"""A film at the simulator's hands: its picture at any moment, its sound as one array, square pixels, upright as coded.

    reel = Reel(path, lines=360)
    reel.picture(Fraction(3, 2))      # (h, w, 3) uint8 RGB: the picture that is shown at 1.5 s
    sound_of(path)                    # (2, n) float32 at 48 kHz; sample n is heard at n / 48000 s

A reel is read forward; asked for an earlier moment it begins again, so ask in the order of time.
Times are those of `holdfast.media.decode.Master`. Needs the extra [media].
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from holdfast.media.decode import Master, Picture, Sound
from holdfast.media.sound import RATE, SoundChain

Pixels = NDArray[np.uint8]
Samples = NDArray[np.float32]


class Reel:
    """The pictures of one film, at most `lines` high, its sides even numbers."""

    def __init__(self, path: Path, lines: int = 480) -> None:
        self.path = path
        self.duration, self.size, self.rate = _measured(path, lines)
        self._frames: Iterator[Picture] = iter(())
        self._now: Picture | None = None
        self._next: Picture | None = None
        self._pixels: Pixels | None = None

    def picture(self, at: Fraction) -> Pixels:
        """What is shown at this second: before the first picture the first, after the last the last.

        Raises:
            ValueError: the film has no picture that can be decoded.
        """
        if self._now is None or at < self._now.time:
            self._frames = self._decoded()
            self._now, self._next, self._pixels = next(self._frames, None), next(self._frames, None), None
        if self._now is None:
            raise ValueError(f"{self.path.name} has no picture that can be decoded")
        while self._next is not None and self._next.time <= at:
            self._now, self._next, self._pixels = self._next, next(self._frames, None), None
        if self._pixels is None:  # only now: what is passed over on the way is never converted
            # Bilinear is FFmpeg's quickest that still averages what it makes smaller.
            frame = self._now.frame.reformat(*self.size, "rgb24", interpolation="BILINEAR")
            self._pixels = frame.to_ndarray().astype(np.uint8, copy=False)
        return self._pixels

    def _decoded(self) -> Iterator[Picture]:
        with Master(self.path, sounds=False) as master:
            yield from (moment for moment in master.moments() if isinstance(moment, Picture))


def _measured(path: Path, lines: int) -> tuple[Fraction, tuple[int, int], Fraction]:
    """Length in seconds (of what can be decoded), size as shown, pictures a second."""
    end = Fraction(0)
    with Master(path) as master:
        if master.video is None:
            return master.duration or end, (0, 0), Fraction(25)
        height = min(lines, master.video.height)
        width = float(height * master.video.width * master.pixel_aspect / master.video.height)
        rate = master.frame_rate
        for moment in master.moments():
            if isinstance(moment, Picture):
                end = max(end, moment.time + moment.length)
    return end, (max(2, round(width / 2) * 2), max(2, height // 2 * 2)), rate


def sound_of(path: Path) -> Samples:
    """All its sound, (2, n) float32 at 48 kHz; n is 0 when it has none."""
    chain = SoundChain()
    pieces: list[Samples] = [np.zeros((2, 0), np.float32)]
    with Master(path, pictures=False) as master:
        for moment in master.moments():
            if isinstance(moment, Sound):
                pieces += [heard.samples for heard in chain.push(moment)]
    pieces += [heard.samples for heard in chain.drain()]
    return np.concatenate(pieces, axis=1)


def stretch(samples: Samples, start: Fraction, end: Fraction) -> Samples:
    """The sound of [start, end) seconds, silence where there is none."""
    first, count = round(start * RATE), round(end * RATE) - round(start * RATE)
    out = np.zeros((2, count), np.float32)
    part = samples[:, max(first, 0) : max(first + count, 0)]
    out[:, max(-first, 0) : max(-first, 0) + part.shape[1]] = part
    return out


def is_audible(samples: Samples) -> bool:
    """Whether there is more than silence: a tenth of a second of at least -46 dB below full scale in every five."""
    if samples.shape[1] < RATE // 10:
        return False
    whole = samples.shape[1] // (RATE // 10) * (RATE // 10)
    power = (samples[:, :whole].astype(np.float64) ** 2).mean(axis=0).reshape(-1, RATE // 10).mean(axis=1)
    return bool((power > 10**-4.6).mean() > 0.02)
