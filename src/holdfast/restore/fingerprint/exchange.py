"""Hashes for others: those that every tool with the published PDQ makes of a film, one a second, as vPDQ lists them.

Our own fingerprints hold hashes of block means, which are steadier and differ from the published ones by some bits
(see `pdq`). A list that is handed to others must hold what their tools would compute.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from concurrent.futures import CancelledError
from fractions import Fraction
from pathlib import Path

import numpy as np

from holdfast.media.samples import LumaFrame, Samples, small_picture
from holdfast.model.fingerprint import MICRO, Fingerprint, FrameTrack, PictureTrack, View
from holdfast.restore.fingerprint.published import published

EVERY_US = MICRO
_LONGER_PX = 512


def exchanged(
    path: Path,
    *,
    on_progress: Callable[[float], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    threads: int = 0,
) -> Fingerprint:
    """A fingerprint of published hashes alone: one a second of the whole picture, and when each frame is shown.

    Raises:
        SourceMissing: the path cannot be read.
        CancelledError: `should_stop` said so.
    """
    times: array[int] = array("q")
    rows: list[tuple[int, np.ndarray, int]] = []
    end_us, due_us = 0, 0
    with Samples(path, threads=threads) as film:
        for number, sample in enumerate(film):
            if number % 100 == 0 and should_stop is not None and should_stop():
                raise CancelledError
            if number % 100 == 0 and on_progress is not None:
                on_progress(film.done)
            if not isinstance(sample, LumaFrame):
                continue
            times.append(sample.time_us)
            end_us = sample.time_us + sample.length_us
            if sample.time_us >= due_us:
                due_us = max(due_us + EVERY_US, sample.time_us)
                rows.append((sample.time_us, *published(small_picture(sample, _LONGER_PX))))
    if on_progress is not None:
        on_progress(1.0)
    hashes = np.array([row[1] for row in rows], np.uint64).reshape(-1, 4)
    pictures = PictureTrack(
        np.array([row[0] for row in rows], np.int64),
        hashes,
        np.full(len(rows), View.WHOLE, np.uint8),
        np.array([row[2] for row in rows], np.uint8),
    )
    shown = np.array(times, np.int64)
    frames = FrameTrack(shown, np.zeros(len(shown), np.uint8), np.empty(0, np.int32))
    return Fingerprint(Fraction(end_us, MICRO), (0, 0), pictures=pictures, frames=frames, warnings=film.warnings)
