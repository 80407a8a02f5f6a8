"""The published PDQ to the bit: the values are those of the package `pdqhash` 0.2.8."""

from __future__ import annotations

import numpy as np
import pytest

from holdfast.restore.fingerprint import pdq
from holdfast.restore.fingerprint.published import published
from holdfast.restore.fingerprint.thumbs import thumb
from holdfast.testing.films import film_plan

# Frames of the film of seed 4 (320 x 180): the hash and the quality.
FACTS = [
    (20, "b1ccb3c94af36cbea41d950493c14be36ebf64bc94519145728d7bf85e32c242", 100),
    (100, "673a66cd3332aed264cdc99a99cb664c66339b32239636c499ccce3467637198", 100),
    (200, "cb5343ebc854742d0f5393ade45afa3555409ebf7581cbc1687cb6941b8328b2", 100),
    (300, "1db3e54e8f18b090718b273c9fe522c0cf131c739739cbf36a52e406d4cf4729", 100),
    (400, "5ab5a1ca51abd2d72a76536bb2a4a9565a1b94962aa96956942aa5a5db59a8d6", 100),
    (500, "8b9ff98b1063de584d27b61e79c22e38d60e0b1a77a190f93a21e49a43f97ca4", 25),
]


@pytest.mark.parametrize(("number", "text", "quality"), FACTS)
def test_a_frame_has_the_published_hash_and_quality(number: int, text: str, quality: int) -> None:
    bits, found = published(film_plan(seed=4, seconds=24).frame(number))
    # The last digits of sums of floats are no promise from one processor to the next.
    assert pdq.distance(bits, pdq.from_hex(text)) <= 2
    assert abs(found - quality) <= 1


@pytest.mark.parametrize(("number", "text", "_quality"), FACTS)
def test_the_steadier_hash_is_near_the_published_one(number: int, text: str, _quality: int) -> None:
    picture = film_plan(seed=4, seconds=24).frame(number)
    luma = np.rint(picture @ np.array([0.299, 0.587, 0.114])).astype(np.uint8)
    ours = pdq.hashes(pdq.coefficients(pdq.means(thumb(luma)[None])))[0]
    assert pdq.distance(ours, pdq.from_hex(text)) <= 36  # fine grain in 320 pixels: the worst there is


def test_a_picture_of_four_pixels_has_no_hash() -> None:
    bits, quality = published(np.full((4, 100), 7, np.uint8))
    assert (bits.tolist(), quality) == ([0, 0, 0, 0], 0)


def test_a_picture_of_64_by_64_is_taken_as_it_is() -> None:
    picture = np.random.default_rng(3).integers(0, 256, (64, 64)).astype(np.uint8)
    expected = pdq.hashes(pdq.coefficients(picture[None].astype(np.float32)))[0]
    assert np.array_equal(published(picture)[0], expected)
