"""A few small pictures of a film for people: from the middle of its longest shots, in colors.

Which shots are longest is known at the end only, so a frame is held every few seconds and the best are made small
then. Held frames cost nothing but memory: of large ones, small pictures are made at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from holdfast.media.samples import LumaFrame, small_picture
from holdfast.model.fingerprint import MICRO, Still

_LONGER_PX = 160
_JPEG_QUALITY = 60
_MOST = 6
_FEWEST = 3
_EACH_US = 10 * MICRO  # one more for so much of the film: of a clip, six would weigh as much as all that it is known by
_HELD = 16  # frames at once; when there are more, every other one is let go and the step doubled
_HELD_PX = 1_000_000  # a larger frame is made small at once: 16 frames of 8K would be 800 MB
_STEP_US = MICRO
_TOO_PLAIN = 8.0  # standard deviation of brightness, below which a picture shows nothing


class StillKeeper:
    """Takes the frames of a film in order and chooses some for people."""

    def __init__(self) -> None:
        self._held: list[tuple[int, float, LumaFrame | NDArray[np.uint8]]] = []
        self._step_us = _STEP_US
        self._due_us = 0

    def look(self, frame: LumaFrame, grid: NDArray[np.float32]) -> None:
        """Considers a frame; `grid` are means of its brightness."""
        if frame.time_us < self._due_us and self._held:
            return
        self._due_us = frame.time_us + self._step_us
        is_small = frame.luma.size <= _HELD_PX
        self._held.append((frame.time_us, float(grid.std()), frame if is_small else _small(frame)))
        if len(self._held) > _HELD:
            self._held = self._held[::2]
            self._step_us *= 2

    def stills(self, cut_times: Sequence[int], end_us: int) -> tuple[Still, ...]:
        """Three to six pictures in the order of time (fewer of a film that has fewer); shots begin at `cut_times`."""
        shown = [each for each in self._held if each[1] >= _TOO_PLAIN] or self._held[:1]
        rows = _chosen([time for time, _, _ in shown], cut_times, end_us)
        return tuple(Still(shown[row][0], _jpeg(shown[row][2])) for row in rows)


def _chosen(times: Sequence[int], cut_times: Sequence[int], end_us: int) -> list[int]:
    """For the middle of each of the longest shots the nearest of `times`; more from the longest if that is too few."""
    borders = [0, *cut_times, end_us]
    shots = sorted(pairwise(borders), key=lambda shot: shot[0] - shot[1])
    most = min(max(end_us // _EACH_US, _FEWEST), _MOST)
    wanted = [(start + end) // 2 for start, end in shots[:most]]
    if len(wanted) < _FEWEST:
        wanted += [end_us // 6, end_us * 5 // 6]
    nearest = {min(range(len(times)), key=lambda row: abs(times[row] - time)) for time in wanted} if times else set()
    return sorted(nearest)


def _small(frame: LumaFrame) -> NDArray[np.uint8]:
    try:
        return small_picture(frame, _LONGER_PX)
    except ValueError:
        return np.repeat(frame.luma[:1, :1, None], 3, axis=2)


def _jpeg(picture: LumaFrame | NDArray[np.uint8]) -> bytes:
    colors = _small(picture) if isinstance(picture, LumaFrame) else picture
    _, data = cv2.imencode(".jpg", np.ascontiguousarray(colors[..., ::-1]), [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    return bytes(data)
