"""A `Look` at a film that is not there: made of its fingerprint, or of a list of hashes that somebody sent.

A fingerprint remembers thinly, so such a look says less: no pictures to compare, no features, and of the sound the
strongest peaks only. What a hash in another turn would be is known to a few bits: a mirrored picture's coefficients are
the same numbers with other signs, and of each number a hash tells on which side of the median it lies, which is near to
its sign.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from holdfast.model.fingerprint import Bits, Fingerprint, PictureTrack, PointTrack, SoundTrack, View
from holdfast.restore.fingerprint.look import Look
from holdfast.restore.fingerprint.pdq import VARIANTS, WORDS
from holdfast.restore.fingerprint.thumbs import SIDE
from holdfast.restore.landmarks import HOP_US, Peaks, kept_peaks, pitch_steps

# Held in a mirror, functions of odd frequency change their sign; row and column 0 are frequency 1. See `pdq`.
_CHANGES = np.arange(16) % 2 == 0
_ACROSS, _DOWN = np.broadcast_to(_CHANGES, (16, 16)), np.broadcast_to(_CHANGES[:, None], (16, 16))
_PITCHES = np.arange(150.0, 4151.0)  # hertz, all that peaks may have
_CLEAR_DB = 20.0  # above its surroundings: such a peak is believed
_NOTHING = np.zeros((16, 16), bool)
_STANDING = {0: _NOTHING, 2: _ACROSS ^ _DOWN, 4: _ACROSS, 6: _DOWN}
_LYING = {1: _ACROSS, 3: _DOWN, 5: _ACROSS ^ _DOWN, 7: _NOTHING}


def look_of(fingerprint: Fingerprint) -> Look:
    """The look that a fingerprint still allows. It has no points: they would have to be compared with pictures."""
    pictures = fingerprint.pictures
    rows = np.flatnonzero(pictures.views == View.WHOLE)
    times = pictures.times[rows]
    whole = turned(pictures.hashes[rows])
    return Look(
        fingerprint=fingerprint,
        times=times,
        thumbs=np.broadcast_to(np.zeros(1, np.uint8), (len(rows), SIDE, SIDE)),
        boxes=np.tile(np.array([0, 0, 1, 1], np.float32), (len(rows), 1)),
        whole=whole,
        active=_active(pictures, times, whole),
        quality=pictures.quality[rows],
        points=PointTrack.empty(),
        mirrored=PointTrack.empty(),
        peaks=peaks_of(fingerprint.sounds),
    )


def peaks_of(sounds: SoundTrack) -> Peaks:
    """The peaks whose pairs are kept, in the order of time; how strong they were is forgotten."""
    if not len(sounds):
        return Peaks.empty()
    times, steps = kept_peaks(sounds, 0, (int(sounds.times[-1]) + 1) * HOP_US)
    pitches = np.interp(steps, pitch_steps(_PITCHES), _PITCHES).astype(np.float32)
    count = len(times)
    return Peaks(times, pitches, np.full(count, _CLEAR_DB, np.float32), np.zeros(count, np.uint8))


def turned(hashes: Bits) -> Bits:
    """Hashes (n, 4) as they would nearly be in all eight ways to hold the picture: (n, 8, 4), as `pdq.variants`."""
    octets = np.ascontiguousarray(hashes, "<u8").view(np.uint8).reshape(len(hashes), 32)
    bits = np.unpackbits(octets, axis=1, bitorder="little").astype(bool).reshape(-1, 16, 16)
    result = np.empty((len(hashes), VARIANTS, WORDS), np.uint64)
    for form, ways in ((bits, _STANDING), (bits.transpose(0, 2, 1), _LYING)):
        for variant, changes in ways.items():
            packed = np.packbits((form ^ changes).reshape(-1, 256), axis=1, bitorder="little")
            result[:, variant] = np.ascontiguousarray(packed).view("<u8").reshape(-1, WORDS)
    return result


def _active(pictures: PictureTrack, times: NDArray[np.int64], whole: Bits) -> Bits:
    """The hashes of the active pictures, where the fingerprint has some at these times; else those of the whole."""
    rows = np.flatnonzero(pictures.views == View.ACTIVE)
    found: Bits = whole.copy()
    if len(rows) and len(times):
        at = np.minimum(np.searchsorted(times, pictures.times[rows]), len(times) - 1)
        same = times[at] == pictures.times[rows]
        found[at[same]] = turned(pictures.hashes[rows[same]])
    return found
