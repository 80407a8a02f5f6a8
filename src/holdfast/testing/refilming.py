"""What a telephone that films a screen, a cassette and an old chip do to a picture. See `alterations` for the rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from holdfast.testing.alterations import Alteration, Matrix, Pixels, Size, size_of

_UNIT = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)


@dataclass(frozen=True)
class Noise(Alteration):
    """Grain of a deviation in steps of 255, another one in every frame."""

    strength: float
    seed: int = 0

    def _changed(self, picture: Pixels, number: int) -> Pixels:
        return noisy(picture, self.strength, (self.seed, number))


def noisy(picture: Pixels, strength: float, seed: tuple[int, ...]) -> Pixels:
    """The picture under grain, the same in all its colours."""
    rng = np.random.default_rng(seed)
    # A row of grain, cut anew for each line, cannot be told from fresh grain and is made in a tenth of the time.
    height, width = picture.shape[:2]
    row = np.clip(rng.normal(0, strength, width + 4096), -127, 127).astype(np.int16)
    starts = rng.integers(0, 4096, (height, 1))
    plate = row[starts + np.arange(width)]
    return cast("Pixels", np.clip(picture.astype(np.int16) + plate[..., None], 0, 255).astype(np.uint8))


@dataclass(frozen=True)
class Filmed(Alteration):
    """A screen in a dark room filmed by a hand-held telephone.

    `corners` are where the four corners of the screen lie in the telephone's picture (shares; they may lie outside),
    clockwise from the upper left. `shake` is how far they wander (shares), `blur` a deviation in pixels of 480 lines,
    `glare` the light of a lamp on the glass (0 to 1), `flicker` the depth of the beat between screen and shutter,
    `beat` its cycles a frame.
    """

    size: Size
    corners: tuple[tuple[float, float], ...]
    seed: int
    shake: float = 0.004
    blur: float = 1.2
    glare: float = 0.3
    flicker: float = 0.06
    beat: float = 0.13
    noise: float = 4.0
    _fixed: dict[str, NDArray[np.float32]] = field(default_factory=dict, repr=False)

    def _resized(self, _size: Size) -> Size:
        return self.size

    def _moved(self, _size: Size) -> Matrix:
        return _homography(_UNIT, np.array(self.corners, np.float32))

    def _changed(self, picture: Pixels, number: int) -> Pixels:
        width, height = self.size
        wide, high = size_of(picture)
        places = (np.array(self.corners) + self._wander(number)) * self.size
        matrix = _homography(_UNIT * np.array([wide, high], np.float32), places.astype(np.float32))
        canvas = np.full((height, width, 3), (14, 12, 11), np.uint8)
        rim = (places - places.mean(axis=0)) * 1.05 + places.mean(axis=0)
        cv2.fillConvexPoly(canvas, rim.round().astype(np.int32), (34, 34, 36))
        cv2.warpPerspective(picture, matrix, self.size, canvas, cv2.INTER_LINEAR, cv2.BORDER_TRANSPARENT)
        soft = cv2.GaussianBlur(canvas, (0, 0), max(0.3, self.blur * height / 480))
        down = np.arange(height, dtype=np.float32)[:, None] / height
        bands = 1 + self.flicker * np.sin(2 * np.pi * (1.5 * down + self.beat * number))
        lit = soft * (bands[..., None] * self._gain()) + self._lamp()
        return noisy(np.clip(lit, 0, 255).astype(np.uint8), self.noise, (self.seed, number))

    def _wander(self, number: int) -> NDArray[np.float64]:
        rng = np.random.default_rng((self.seed, 77))
        phases, speeds = rng.uniform(0, 6.28, (2, 3)), rng.uniform(0.02, 0.3, (2, 3))
        return cast("NDArray[np.float64]", self.shake * np.sin(phases + speeds * number).mean(axis=1))

    def _lamp(self) -> NDArray[np.float32]:
        if "lamp" not in self._fixed:
            rng = np.random.default_rng((self.seed, 78))
            across, down = np.meshgrid(*(np.linspace(0, 1, side) for side in self.size))
            x, y, wide, high = rng.uniform([0.1, 0.1, 0.06, 0.06], [0.9, 0.9, 0.25, 0.3])
            spot = np.exp(-(((across - x) / wide) ** 2) - ((down - y) / high) ** 2)
            veil = 0.15 * (across if rng.random() < 0.5 else 1 - across)
            self._fixed["lamp"] = (255 * self.glare * (spot + veil))[..., None].astype(np.float32)
        return self._fixed["lamp"]

    def _gain(self) -> NDArray[np.float32]:
        """White balance, exposure, and a lens that is darker at its edges."""
        if "gain" not in self._fixed:
            rng = np.random.default_rng((self.seed, 79))
            across, down = np.meshgrid(*(np.linspace(-1, 1, side) for side in self.size))
            edge = 1 - 0.25 * (across**2 + down**2) / 2
            tint = rng.uniform(0.82, 1.12, 3)
            self._fixed["gain"] = (edge[..., None] * tint * rng.uniform(0.75, 1.1)).astype(np.float32)
        return self._fixed["gain"]


@dataclass(frozen=True)
class Taped(Alteration):
    """From a video cassette: smeared colours, soft edges, wandering lines, snow, torn lines at the bottom."""

    seed: int
    smear: int = 12
    jitter: float = 1.0
    snow: float = 7.0

    def _changed(self, picture: Pixels, number: int) -> Pixels:
        rng = np.random.default_rng((self.seed, number))
        height, width = picture.shape[:2]
        luma, red, blue = cv2.split(cv2.cvtColor(picture, cv2.COLOR_RGB2YCrCb))
        soft = cv2.GaussianBlur(luma, (0, 0), 1.6, sigmaY=0.4)
        ringing = cv2.addWeighted(soft, 1.8, cv2.GaussianBlur(soft, (0, 0), 2.2, sigmaY=0.1), -0.8, 0)
        colors = [np.roll(cv2.blur(each, (2 * self.smear + 1, 3)), self.smear // 2, axis=1) for each in (red, blue)]
        whole = cv2.cvtColor(cv2.merge([ringing, *colors]), cv2.COLOR_YCrCb2RGB)
        shift = cv2.blur(rng.normal(0, self.jitter, (height, 1)), (1, 3)).astype(np.float32)
        torn = max(2, height // 40)
        shift[-torn:] += np.linspace(0, width * 0.08, torn, dtype=np.float32)[:, None] * rng.uniform(0.6, 1.4)
        across = np.arange(width, dtype=np.float32)[None] + shift
        down = np.broadcast_to(np.arange(height, dtype=np.float32)[:, None], across.shape)
        moved = cv2.remap(whole, across, np.ascontiguousarray(down), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        return noisy(cast("Pixels", moved), self.snow, (self.seed, number, 1))


def _homography(start: NDArray[np.float32], end: NDArray[np.float32]) -> Matrix:
    return np.asarray(cv2.getPerspectiveTransform(start, end), np.float64)
