"""How much a picture that was compared says for or against "the same moment": rules over arrays, no files.

Everything is a log likelihood ratio: natural logarithm of how much likelier what was measured is if the copy shows the
work there than if it does not. Such numbers add up over moments that are independent, and pictures of one shot are
not: so each counts only as much as it is new (`novelty`), as it is rich (`richness`), and as it is rare (`rarity`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from holdfast.model.fingerprint import Bits, Times
from holdfast.restore.fingerprint import pdq

Floats = NDArray[np.float32]

# Distance of two PDQ hashes, and what it says. Measured on the clips of the bench (bench/restore.py): pairs that do not
# belong together have a mean of 126 and a standard deviation of 13, and the minimum over neighbours and views that is
# compared here one of about 112 and 11; pairs that do lie between 6 (another codec) and 85 (cropped, logo, filmed).
_DISTANCES = np.array([0, 12, 24, 48, 64, 76, 86, 96, 106, 256], np.float32)
_SAYS = np.array([6.0, 5.5, 4.6, 3.2, 2.3, 1.3, 0.3, -0.6, -1.1, -1.2], np.float32)

_NEW_BITS = 36.0  # a picture that differs by so much from the one before says something new...
FLICKER_BITS = 10.0  # ...beyond what noise and coding change in one that stands still
_LEAST_NEW = 0.003  # what an unchanging picture still says
_EACH_SECOND = 2.0  # pictures that may speak as if they did not know each other


def says(distances: NDArray[np.unsignedinteger]) -> Floats:
    """The log likelihood ratio of smallest Hamming distances (0 to 256), in any shape."""
    said: Floats = np.interp(distances, _DISTANCES, _SAYS).astype(np.float32)
    return said


def novelty(hashes: Bits, flicker_bits: float = FLICKER_BITS) -> Floats:
    """How much each of the consecutive hashes (n, 4) says that those before it did not: (n,) in 0 to 1.

    `flicker_bits` are what noise alone changes. A hash is compared with what was last new,
    not with the neighbor: a slow pan becomes new bit by bit.
    """
    new = np.full(len(hashes), 0.0, np.float32)
    if not len(hashes):
        return new
    new[0] = 1.0
    last = hashes[0]
    steps = pdq.distance(hashes[1:], hashes[:-1])
    for at in range(1, len(hashes)):
        if not steps[at - 1] and new[at - 1] <= _LEAST_NEW:
            new[at] = _LEAST_NEW
            continue
        bits = float(np.bitwise_count(hashes[at] ^ last).sum())
        share = min(max(bits - flicker_bits, 0.0) / _NEW_BITS, 1.0)
        new[at] = max(share * share, _LEAST_NEW)
        if share >= 0.5:
            last = hashes[at]
    return new


def weights(hashes: Bits, quality: NDArray[np.uint8], times: Times, flicker_bits: float = FLICKER_BITS) -> Floats:
    """What each of the sampled pictures (n, 4), of this PDQ quality (n,), at these times, may say: (n,) in 0 to 1.

    As much as it is new and rich; but however wild the shot is, pictures an eighth of a second apart are no independent
    witnesses: all together say no more than so many a second.
    """
    wanted = novelty(hashes, flicker_bits) * richness(quality)
    said = np.zeros(len(wanted), np.float32)
    left, last = 1.0, int(times[0]) if len(times) else 0
    for row, (want, time) in enumerate(zip(wanted.tolist(), times.tolist(), strict=True)):
        left = min(left + (time - last) / 1e6 * _EACH_SECOND, 1.0)
        said[row] = min(want, left)
        left, last = left - said[row], time
    return said


def richness(quality: NDArray[np.uint8]) -> Floats:
    """How far a picture of this PDQ quality (0 to 100) can be told from others: (n,) in 0 to 1."""
    rich: Floats = np.clip((quality.astype(np.float32) - 5.0) / 45.0, 0.0, 1.0)
    return rich


def rarity(works_hit: NDArray[np.generic]) -> Floats:
    """What is left of a picture's word when it is also found in so many works beside the one in question."""
    return (1.0 / (1.0 + np.asarray(works_hit, np.float32))).astype(np.float32)
