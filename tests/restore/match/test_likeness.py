"""What a picture says: much when it is near, rich, rare and new; nothing when it is common or stands still."""

from __future__ import annotations

import numpy as np

from holdfast.restore.match.likeness import novelty, rarity, richness, says


def hashes(*seeds: int) -> np.ndarray:
    return np.stack([np.random.default_rng(seed).integers(0, 2**64, 4, np.uint64) for seed in seeds])


def test_nearer_pictures_never_say_less() -> None:
    said = says(np.arange(257))
    assert (np.diff(said) <= 0).all()
    assert said[10] > 3
    assert said[128] < 0


def test_a_picture_that_stands_still_is_new_only_once() -> None:
    new = novelty(hashes(1, 1, 1, 1, 2, 2))
    assert new[0] == new[4] == 1
    assert (new[[1, 2, 3, 5]] < 0.04).all()


def test_a_slow_pan_becomes_new_bit_by_bit() -> None:
    steps = np.repeat(hashes(1), 65, axis=0)
    for number in range(1, 65):  # a bit more of the first word differs in each
        steps[number, 0] ^= np.uint64((1 << number) - 1)
    new = novelty(steps[::5])
    assert 0.5 < new[1:].sum() < 3.0


def test_novelty_of_no_pictures_is_empty() -> None:
    assert len(novelty(np.empty((0, 4), np.uint64))) == 0


def test_flat_pictures_and_common_ones_say_little() -> None:
    assert richness(np.array([0, 5, 100], np.uint8)).tolist() == [0, 0, 1]
    assert rarity(np.array([0, 3])).tolist() == [1, 0.25]
