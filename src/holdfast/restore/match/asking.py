"""What recognition asks of an index. `catalog.fingerprints.Shelf` fits; `restore` never learns where it keeps it."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from holdfast.model.fingerprint import Bits, Fingerprint
from holdfast.model.hits import PictureHits, PointHits, SoundHits


class FingerprintIndex(Protocol):
    """Fingerprints of works, numbered from 0, that can be asked for what is near to a copy's."""

    def works(self) -> int:
        """How many there are."""

    def fingerprint(self, work: int) -> Fingerprint:
        """All of one work's."""

    def find_pictures(self, hashes: Bits, radius: int, most: int) -> PictureHits:
        """Every stored hash that differs from one of `hashes` (q, 4) in at most `radius` of its 256 bits.

        Of a hash with more than `most` of them, the nearest.
        """

    def find_points(self, bits: Bits, radius: int, most: int) -> PointHits:
        """For each descriptor of `bits` (q, 2) at most `most` nearest stored ones, within `radius` of 128 bits."""

    def find_sounds(self, keys: NDArray[np.uint32]) -> SoundHits:
        """Every stored landmark with one of `keys` (q,)."""
