"""The picture that stands for a film: chosen among candidates as they pass, the best one kept."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray
from PIL import Image

from holdfast.media.picture import Shown

_CANDIDATES = 60


class Poster:
    """Looks at up to about sixty pictures of a film and keeps the one that shows most.

    A film of unknown length is looked at every other second.
    """

    def __init__(self, duration: Fraction | None) -> None:
        self._duration = duration
        self._step = max(duration / _CANDIDATES, Fraction(1, 5)) if duration else Fraction(2)
        self._due = Fraction(0)
        self._score = -1.0
        self._frame: VideoFrame | None = None
        self.time = Fraction(0)

    def look(self, shown: Shown) -> None:
        """Considers a picture, if one is due."""
        if shown.start < self._due:
            return
        self._due = shown.start + self._step
        score = worth(luma(shown.frame)) * self._place(shown.start) * (0.1 if shown.frame.is_corrupt else 1.0)
        if score > self._score:
            self._score, self._frame, self.time = score, shown.frame, shown.start

    def save(self, path: Path) -> bool:
        """Writes the chosen picture as a JPEG. False, and no file, when there was none."""
        if self._frame is None:
            return False
        Image.fromarray(self._frame.to_ndarray(format="rgb24")).save(path, quality=88, optimize=True)
        return True

    def _place(self, time: Fraction) -> float:
        """The first and last twentieth hold leaders, logos and credits: they need to be clearly better to win."""
        if self._duration is None or self._duration / 20 <= time <= self._duration * 19 / 20:
            return 1.0
        return 0.7


def luma(frame: VideoFrame) -> NDArray[np.float32]:
    """The brightness of a yuv420p frame, halved in size: `(h, w) float32`, 16 black to 235 white."""
    plane = frame.planes[0]
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: frame.height, : frame.width]
    whole = rows[: frame.height // 2 * 2, : frame.width // 2 * 2].astype(np.float32)
    quarters = whole[::2, ::2] + whole[1::2, ::2] + whole[::2, 1::2] + whole[1::2, 1::2]
    return quarters * np.float32(0.25)


def worth(picture: NDArray[np.float32]) -> float:
    """How well a picture can stand for a film, 0 to 1: it has contrast, is sharp, and neither black nor burnt out.

    Contrast is the spread between the 5th and the 95th percentile. Sharpness is the mean of the absolute Laplacian,
    measured where it is strongest (best tenth of the blocks), so that a sharp face before a soft background counts.
    """
    low, high = np.percentile(picture, [5, 95])
    contrast = min((high - low) / 120, 1.0)
    dark, bright = float(np.mean(picture < 30)), float(np.mean(picture > 228))
    exposure = 1.0 - min(max(dark - 0.3, bright - 0.3, 0.0) / 0.7, 1.0)
    return float(contrast * exposure * (0.2 + 0.8 * _sharpness(picture)))


def _sharpness(picture: NDArray[np.float32]) -> float:
    if min(picture.shape) < 24:
        return 0.5
    edges = np.abs(
        4 * picture[1:-1, 1:-1] - picture[:-2, 1:-1] - picture[2:, 1:-1] - picture[1:-1, :-2] - picture[1:-1, 2:]
    )
    rows, columns = edges.shape[0] // 8, edges.shape[1] // 8
    blocks = edges[: rows * 8, : columns * 8].reshape(rows, 8, columns, 8).mean(axis=(1, 3))
    return min(float(np.percentile(blocks, 90)) / 40, 1.0)
