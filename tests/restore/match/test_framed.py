"""Rectangles whose edges stand still are found, to a pixel; and a film that is shown in one is known by it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import cv2
import numpy as np
import pytest

from holdfast.catalog.fingerprints.shelf import Shelf
from holdfast.model.fingerprint import Fingerprint, PictureTrack
from holdfast.restore.fingerprint import pdq
from holdfast.restore.match.framed import frames, matrix_of
from holdfast.restore.match.pointed import placed
from holdfast.restore.match.recognize import identify
from tests.restore.match.reels import look_at

BOX = (0.625, 0.5, 0.875, 0.75)


def film(seed: int, seconds: int) -> np.ndarray:
    """Pictures (8 a second, 128, 128) of soft blots that drift, others every two seconds."""
    pictures = []
    for step in range(8 * seconds):
        random = np.random.default_rng((seed, step // 16))
        total = np.zeros((128, 160), np.float32)
        for cells, weight in ((4, 1.0), (8, 0.7), (16, 0.4)):
            blots = random.normal(size=(cells, cells)).astype(np.float32)
            total += weight * cv2.resize(blots, (160, 128), interpolation=cv2.INTER_CUBIC)
        pictures.append(np.clip(128 + 40 * total[:, step % 16 :][:, :128], 0, 255).astype(np.uint8))
    return np.stack(pictures)


def framed(outer: np.ndarray, inner: np.ndarray) -> np.ndarray:
    """`outer` with `inner` in BOX."""
    made = outer.copy()
    left, top, right, bottom = (round(share * 128) for share in BOX)
    for number, picture in enumerate(inner[: len(made)]):
        small = cv2.resize(picture, (right - left, bottom - top), interpolation=cv2.INTER_AREA)
        made[number, top:bottom, left:right] = small
    return made


def work(pictures: np.ndarray) -> Fingerprint:
    small = pdq.means(pictures[::4])
    times = np.arange(len(small), dtype=np.int64) * 500_000
    track = PictureTrack(times, pdq.hashes(pdq.coefficients(small)), np.zeros(len(times), np.uint8), pdq.quality(small))
    return Fingerprint(Fraction(len(pictures), 8), (640, 640), pictures=track)


def test_a_window_in_a_moving_picture_is_found_to_a_pixel() -> None:
    (found,) = frames(framed(film(1, 6), film(2, 6)))
    assert np.abs(np.subtract(found, BOX)).max() <= 1 / 128


@pytest.mark.parametrize("seed", range(4))
def test_a_picture_without_a_window_has_none(seed: int) -> None:
    assert frames(film(seed, 6)) == []


def test_a_still_has_no_windows_that_could_be_told() -> None:
    assert frames(framed(film(1, 1), film(2, 1))[:1]) == []
    assert frames(np.zeros((0, 128, 128), np.uint8)) == []


def test_plain_pictures_have_no_windows() -> None:
    assert frames(np.full((40, 128, 128), 16, np.uint8)) == []


def test_corners_of_a_work_lie_at_those_of_its_window() -> None:
    corners = placed(matrix_of(BOX), np.array([[0.0, 0.0], [1.0, 1.0]]))
    assert corners.tolist() == [[0.625, 0.5], [0.875, 0.75]]


def test_a_work_in_a_corner_of_another_film_is_known_without_points() -> None:
    works = Shelf.of([(str(seed), work(film(seed, 30))) for seed in (2, 3, 4)])
    copy = framed(film(1, 12), film(3, 30)[8 * 9 :])
    coefs = pdq.coefficients(pdq.means(copy))
    seen = replace(
        look_at([], 0),
        fingerprint=Fingerprint(Fraction(12), (640, 640)),
        times=np.arange(len(copy), dtype=np.int64) * 125_000,
        thumbs=copy,
        boxes=np.tile(np.array([0, 0, 1, 1], np.float32), (len(copy), 1)),
        whole=pdq.variants(coefs),
        active=pdq.variants(coefs),
        quality=pdq.quality(pdq.means(copy)),
    )
    (match,) = identify(seen, works).matches
    (segment,) = match.segments
    assert works.names()[match.work] == "3"
    assert abs(float(segment.asset.start - segment.copy.start) - 9) < 0.3
    assert segment.geometry is not None
    assert np.abs(np.subtract(segment.geometry.box, BOX)).max() < 0.02
