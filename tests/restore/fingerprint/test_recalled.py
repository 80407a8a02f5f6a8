"""A fingerprint alone still tells what its film looked like, upright, turned and in the mirror."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from holdfast.model.fingerprint import Fingerprint, PictureTrack, SoundTrack, View
from holdfast.restore.fingerprint import pdq
from holdfast.restore.fingerprint.recalled import look_of, peaks_of, turned
from holdfast.restore.landmarks import HOP_US, Peaks


def coefficients(count: int) -> np.ndarray:
    """Those of pictures: about as often above nought as below, the coarse ones largest."""
    fall = 1 / np.add.outer(np.arange(1, 17), np.arange(1, 17))
    return (np.random.default_rng(3).normal(size=(count, 16, 16)) * fall).astype(np.float32)


def test_the_hash_of_a_turned_picture_is_guessed_to_a_few_bits() -> None:
    coefs = coefficients(50)
    apart = pdq.distance(turned(pdq.hashes(coefs)), pdq.variants(coefs))
    assert (apart[:, 0] == 0).all()
    assert np.percentile(apart, 95) <= 40


def test_pictures_without_bars_are_asked_about_as_they_are_and_others_as_their_active_part() -> None:
    hashes = pdq.hashes(coefficients(3))
    track = PictureTrack(
        times=np.array([0, 500_000, 500_000], np.int64),
        hashes=hashes,
        views=np.array([View.WHOLE, View.WHOLE, View.ACTIVE], np.uint8),
        quality=np.array([90, 80, 70], np.uint8),
    )
    look = look_of(Fingerprint(Fraction(1), (320, 180), pictures=track))
    assert look.times.tolist() == [0, 500_000]
    assert look.quality.tolist() == [90, 80]
    assert (look.whole[:, 0] == hashes[:2]).all()
    assert (look.active[:, 0] == hashes[[0, 2]]).all()
    assert (len(look.thumbs), len(look.boxes), len(look.points)) == (2, 2, 0)


def test_the_peaks_of_a_sound_come_back_from_its_landmarks() -> None:
    times, pitches = np.arange(0, 4_000_000, 200_000), np.linspace(400, 2400, 20).astype(np.float32)
    peaks = Peaks(times, pitches, np.full(20, 30, np.float32), np.zeros(20, np.uint8))
    pairs = peaks.pairs(doubtful=0)
    hops = np.round(pairs.times / HOP_US).astype(np.int32)
    found = peaks_of(SoundTrack(pairs.keys, hops, np.empty((0, 2), np.int64)))
    assert len(found) >= 18
    nearest = pitches[np.abs(times[None] - found.times[:, None]).argmin(axis=1)]
    assert np.abs(found.pitches / nearest - 1).max() < 0.02


def test_a_fingerprint_of_nothing_is_a_look_at_nothing() -> None:
    assert len(look_of(Fingerprint(Fraction(0), (0, 0)))) == 0
