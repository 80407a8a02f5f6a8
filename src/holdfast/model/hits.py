"""What an index answers when it is asked for pictures, points or sounds: plain rows, in arrays of equal length.

`query` is the number of the row that was asked about, `work` the number of the work in the index. Rows stand in the
order of query, then work, then place in the work, so that the same question always has the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class PictureHits:
    """Pictures of works that look like those asked about.

    `query`, `work` (n,) int32; `time_us` (n,) int64, microseconds in the work; `view`, `quality` (n,) uint8, as in
    `PictureTrack`; `distance` (n,) uint16, bits of 256 that differ.
    """

    query: NDArray[np.int32]
    work: NDArray[np.int32]
    time_us: NDArray[np.int64]
    view: NDArray[np.uint8]
    quality: NDArray[np.uint8]
    distance: NDArray[np.uint16]

    def __len__(self) -> int:
        return len(self.query)

    @staticmethod
    def empty() -> PictureHits:
        """No picture was found."""
        i32, i64, u8, u16 = np.int32, np.int64, np.uint8, np.uint16
        return PictureHits(_none(i32), _none(i32), _none(i64), _none(u8), _none(u8), _none(u16))


@dataclass(frozen=True)
class PointHits:
    """Local features of works that look like those asked about.

    `query`, `work` (n,) int32; `frame` (n,) int32, the number of the frame in the work's `PointTrack`; `row` (n,)
    int32, the row in its points; `distance` (n,) uint16, bits of 128 that differ.
    """

    query: NDArray[np.int32]
    work: NDArray[np.int32]
    frame: NDArray[np.int32]
    row: NDArray[np.int32]
    distance: NDArray[np.uint16]

    def __len__(self) -> int:
        return len(self.query)

    @staticmethod
    def empty() -> PointHits:
        """No point was found."""
        i32 = np.int32
        return PointHits(_none(i32), _none(i32), _none(i32), _none(i32), _none(np.uint16))


@dataclass(frozen=True)
class SoundHits:
    """Landmarks of works with a key that was asked about.

    `query`, `work` (n,) int32; `time` (n,) int32, in hops as in `SoundTrack`.
    """

    query: NDArray[np.int32]
    work: NDArray[np.int32]
    time: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.query)

    @staticmethod
    def empty() -> SoundHits:
        """No sound was found."""
        return SoundHits(_none(np.int32), _none(np.int32), _none(np.int32))


def _none(kind: Any) -> Any:
    return np.empty(0, kind)
