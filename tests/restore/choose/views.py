"""Pictures with much to see, what befalls copies of them, and the looks that would be had of these."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from holdfast.restore.choose.looks import Look, corners_of
from holdfast.restore.choose.own import OwnFigures

SIZE = (320, 240)
Picture = NDArray[np.uint8]


def scenery(seed: int = 3, size: tuple[int, int] = SIZE) -> Picture:
    """A picture (h, w, 3) with edges, calm places and detail of every size, as photographs have it."""
    rng = np.random.default_rng(seed)
    picture = np.zeros((size[1], size[0], 3), np.float32)
    for octave in range(2, 8):
        cells = rng.normal(0, 1, (2**octave, 2**octave, 3)).astype(np.float32)
        picture += cv2.resize(cells, size, interpolation=cv2.INTER_CUBIC) * 60 / octave**1.5
    where = cv2.resize(rng.random((5, 5)).astype(np.float32), size)[..., None]
    fine = rng.normal(0, 18, picture.shape).astype(np.float32)
    picture += cv2.GaussianBlur(fine, (0, 0), 0.8) * 3 * (where > 0.5)
    for _ in range(12):
        x, y = (int(rng.integers(0, side)) for side in size)
        cv2.rectangle(picture, (x, y), (x + 40, y + 30), rng.uniform(-80, 80, 3).tolist(), 2)
    return np.clip(picture + 120, 0, 255).astype(np.uint8)


def blurred(picture: Picture, lines: int) -> Picture:
    """As it comes back from a copy of so many lines."""
    size = (picture.shape[1], picture.shape[0])
    small = cv2.resize(picture, (size[0] * lines // size[1], lines), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_CUBIC), np.uint8)


def noisy(picture: Picture, deviation: float, seed: int = 1) -> Picture:
    grain = np.random.default_rng(seed).normal(0, deviation, picture.shape)
    return np.clip(picture + grain, 0, 255).astype(np.uint8)


def lettered(picture: Picture, text: str = "TV 4") -> Picture:
    made = picture.copy()
    cv2.putText(made, text, (10, 60), cv2.FONT_HERSHEY_SIMPLEX, 2, (255, 255, 255), 6)
    return made


def look(
    picture: Picture,
    after: Picture | None = None,
    *,
    shown: NDArray[np.bool_] | None = None,
    rate: float = 25.0,
    blocking: float = 0.0,
    starts: tuple[float, float] = (0.0, 0.04),
    moment: int = 0,
) -> Look:
    """What would be kept of it, as `Looks` makes it."""
    size = (picture.shape[1], picture.shape[0])
    mask = np.ones(picture.shape[:2], bool) if shown is None else shown
    luma, red, blue = cv2.split(cv2.cvtColor(picture, cv2.COLOR_RGB2YCrCb))
    lumas = [luma, luma if after is None else cv2.cvtColor(after, cv2.COLOR_RGB2GRAY)]
    small, half = (256, 192), (128, 96)
    places = corners_of(moment, size, 64)
    return Look(
        moment=moment,
        small=np.stack([cv2.resize(each, small, interpolation=cv2.INTER_AREA) for each in lumas]),
        colors=np.stack([cv2.resize(each, half, interpolation=cv2.INTER_AREA) for each in (red, blue)], -1).astype(
            np.int16
        )
        - 128,
        shown=cv2.resize(mask.astype(np.uint8), small, interpolation=cv2.INTER_AREA) > 0,
        patches=np.stack([[each[y : y + 64, x : x + 64] for x, y in places] for each in lumas]),
        is_whole=np.array([mask[y : y + 64, x : x + 64].all() for x, y in places]),
        starts=starts,
        number=0,
        own=OwnFigures(blocking, 0.0, 0.0, rate, float(size[1])),
    )
