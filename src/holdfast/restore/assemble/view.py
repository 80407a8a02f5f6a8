"""What one copy shows of the work's picture at a moment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from holdfast.model.edit import Placement
from holdfast.restore.assemble.color import Correction
from holdfast.restore.geometry import undone

Pixels = NDArray[np.uint8]
Mask = NDArray[np.uint8]


@dataclass(frozen=True)
class View:
    """The picture (h, w, 3), in the work's place, size and colours, and where the copy shows it (255)."""

    source: str
    pixels: Pixels
    mask: Mask

    @classmethod
    def of(cls, pixels: Pixels, placement: Placement, color: Correction, size: tuple[int, int]) -> View:
        """What a copy's own picture is when all that was done to it is undone; black where it shows nothing."""
        back, mask = undone(pixels, placement, size)
        corrected = color.applied(back)
        if corrected is not back:
            corrected[mask == 0] = 0
        return cls(placement.source, corrected, mask)
