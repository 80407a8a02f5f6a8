"""A work whose pictures move, and what coders and stations do to them, for the tests of consensus."""

from __future__ import annotations

import cv2
import numpy as np

SIZE = (320, 180)
FULL = np.full((180, 320), 255, np.uint8)
Pixels = np.ndarray
WORDS = ("and then the river", "nobody had seen it", "twelve March, evening")


def moment(number: int) -> Pixels:
    """The work at a moment: a textured scene that drifts by 3 pixels a frame, and changes every ten."""
    rng = np.random.default_rng(number // 10)
    coarse = cv2.resize(
        rng.integers(40, 215, (12, 24, 3)).astype(np.float32), (640, 180), interpolation=cv2.INTER_CUBIC
    )
    fine = cv2.GaussianBlur(rng.normal(0, 1, (180, 640, 1)).astype(np.float32), (0, 0), 1.2)[..., None] * 40
    left = 3 * (number % 10)
    return np.asarray(np.clip(coarse + fine, 0, 255)[:, left : left + 320], np.uint8)


def coded(picture: Pixels, quality: int) -> Pixels:
    data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def with_logo(picture: Pixels, left: int, top: int) -> Pixels:
    marked = picture.copy()
    cv2.rectangle(marked, (left, top), (left + 60, top + 24), (200, 30, 40), -1)
    cv2.putText(marked, "TV", (left + 8, top + 20), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (255, 255, 255), 2)
    return marked


def lettered(picture: Pixels, number: int, every: int = 12) -> Pixels:
    """A line of letters below, which is another every so many moments."""
    made = picture.copy()
    text = WORDS[number // every % len(WORDS)]
    for ink, width in ((0, 4), (255, 1)):
        cv2.putText(made, text, (60, 165), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (ink, ink, ink), width)
    return made


def psnr(one: Pixels, other: Pixels) -> float:
    return float(10 * np.log10(255**2 / np.mean((one.astype(float) - other.astype(float)) ** 2)))
