"""A `Look` at a copy that is asked about: its fingerprint, and what is too much to keep but good to ask with.

Works are many and are remembered thinly, a question is one and may be thorough: thumbs at an even and dense pace, all
eight ways to hold each picture, and for some frames several hundred features, as they are and in the mirror. The
thumbs of a long film lie in a temporary file, which is gone when the `Look` is.

    times     when each thumb is shown                                   (n,) int64, microseconds
    thumbs    the pictures themselves, for dense comparison              (n, 128, 128) uint8
    boxes     their active part: left, top, right, bottom in shares      (n, 4) float32
    whole     hashes of the whole picture, held in all eight ways        (n, 8, 4) uint64, see `pdq.undoing`
    active    those of the active picture; equal to `whole` without bars (n, 8, 4) uint64
    quality   of the whole picture                                       (n,) uint8, 0 to 100
"""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from holdfast.media.samples import LumaFrame, Samples
from holdfast.model.fingerprint import MICRO, Bits, Fingerprint, PointTrack
from holdfast.restore.fingerprint import pdq
from holdfast.restore.fingerprint.make import Gathering, PointPace, run
from holdfast.restore.fingerprint.points import (
    QUESTION_SIDE_PX,
    PointKeeper,
    query_points,
    square_pixels,
)
from holdfast.restore.fingerprint.thumbs import SIDE
from holdfast.restore.fingerprint.views import Hashed
from holdfast.restore.landmarks import Landmarker, Peaks

# Thumbs a second: of short copies every third frame, so that a boundary is near one; of long ones as many as can be
# compared in the time that a person waits.
_PACES = ((600 * MICRO, MICRO // 8), (3600 * MICRO, MICRO // 4))
_SLOWEST_US = MICRO // 2
_IN_MEMORY = 2048  # thumbs, 32 MB; more lie in a file

_POINTS_US = 2 * MICRO  # of a copy of up to ten minutes; of longer ones every ten seconds
_LONG_POINTS_US = 10 * MICRO


@dataclass(frozen=True)
class Look:
    """What a copy is recognised by; the arrays are told above.

    `points` and `mirrored` are the features of the same chosen frames, of the picture and of its mirror image. `peaks`
    are those of the sound, from which its landmarks at any speed are derived.
    """

    fingerprint: Fingerprint
    times: NDArray[np.int64]
    thumbs: NDArray[np.uint8]
    boxes: NDArray[np.float32]
    whole: Bits
    active: Bits
    quality: NDArray[np.uint8]
    points: PointTrack
    mirrored: PointTrack
    peaks: Peaks

    def __len__(self) -> int:
        return len(self.times)


def look(
    path: Path,
    *,
    on_progress: Callable[[float], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    threads: int = 0,
) -> Look:
    """The look at the film at `path`, in one decoding pass.

    8 thumbs a second of a film of up to ten minutes, 4 up to an hour, 2 beyond.

    Raises:
        SourceMissing: the path cannot be read.
        CancelledError: `should_stop` said so.
    """
    with Samples(path, threads=threads) as film:
        gathering = _Looking(film.stated_us)
        run(film, gathering, on_progress, should_stop)
        return gathering.seen(gathering.finish(film.warnings))


@dataclass
class EvenPace:
    """A thumb every so many microseconds, fewer as the film turns out to be long."""

    stated_us: int = 0
    _due_us: int | None = None

    def is_due(self, frame: LumaFrame, grid: NDArray[np.float32]) -> bool:  # noqa: ARG002
        """Whether its time has come; see `make.Pace`."""
        due = frame.time_us if self._due_us is None else self._due_us
        if frame.time_us < due:
            return False
        step = self.step_us(frame.time_us)
        # The grid of moments is kept, not the gaps between frames, else 25 a second would give 6 and not 8.
        self._due_us = due + step if frame.time_us < due + step else frame.time_us + step
        return True

    def step_us(self, time_us: int) -> int:
        """The step at a moment of the film, by its stated length or the moment itself if that is later."""
        length = max(self.stated_us, time_us)
        return next((step for limit, step in _PACES if length <= limit), _SLOWEST_US)


class _Looking(Gathering):
    """A gathering that also keeps every stretch of thumbs and the features for asking."""

    def __init__(self, stated_us: int) -> None:
        super().__init__(EvenPace(stated_us), on_stretch=self._keep)
        self._sound = Landmarker()  # of a question weaker peaks are wanted, too
        self._question_pace = PointPace(_POINTS_US if stated_us <= _PACES[0][0] else _LONG_POINTS_US)
        self._plain, self._mirrored = PointKeeper(), PointKeeper()
        self._stack = Stack()
        self._seen_times: array[int] = array("q")
        self._boxes, self._whole, self._active, self._quality = bytearray(), bytearray(), bytearray(), bytearray()

    def take_frame(self, frame: LumaFrame) -> None:
        super().take_frame(frame)
        if self._question_pace.is_due(frame.time_us, self.meter):
            picture = square_pixels(frame.luma, frame.aspect, frame.turn, QUESTION_SIDE_PX)
            plain, mirrored = query_points(picture)
            self._plain.add(frame.time_us, plain)
            self._mirrored.add(frame.time_us, mirrored)
            self._question_pace.gave(len(plain), frame.time_us)

    def _keep(self, stretch: Hashed) -> None:
        count = len(stretch.times)
        self._stack.add(stretch.thumbs)
        self._seen_times.frombytes(stretch.times.tobytes())
        self._boxes += np.tile(np.array(stretch.box, np.float32), count).tobytes()
        self._quality += stretch.quality.tobytes()
        whole = pdq.variants(stretch.coefs).tobytes()
        self._whole += whole
        if stretch.has_borders:
            inside = stretch.part(stretch.box, np.arange(count))
            self._active += pdq.variants(pdq.coefficients(inside)).tobytes()
        else:
            self._active += whole

    def seen(self, made: Fingerprint) -> Look:
        """The look, once the film has ended."""
        whole, active = (
            np.frombuffer(each, np.uint64).reshape(-1, pdq.VARIANTS, pdq.WORDS) for each in (self._whole, self._active)
        )
        return Look(
            fingerprint=made,
            times=np.frombuffer(self._seen_times, np.int64),
            thumbs=self._stack.whole(),
            boxes=np.frombuffer(self._boxes, np.float32).reshape(-1, 4),
            whole=whole,
            active=active,
            quality=np.frombuffer(self._quality, np.uint8),
            points=self._plain.track(),
            mirrored=self._mirrored.track(),
            peaks=self._sound.peaks(),
        )


class Stack:
    """Thumbs (n, 128, 128) as they come, in memory while they are few, else in a nameless temporary file."""

    def __init__(self) -> None:
        self._pieces: list[NDArray[np.uint8]] = []
        self._count = 0
        self._file: IO[bytes] | None = None

    def add(self, thumbs: NDArray[np.uint8]) -> None:
        """Some more."""
        self._pieces.append(thumbs)
        self._count += len(thumbs)
        if self._count > _IN_MEMORY:
            self._spill()

    def whole(self) -> NDArray[np.uint8]:
        """All of them; no more can be added."""
        if self._file is None:
            return np.concatenate([np.empty((0, SIDE, SIDE), np.uint8), *self._pieces])
        self._file.flush()
        mapped = np.memmap(self._file, np.uint8, "r", shape=(self._count, SIDE, SIDE))
        self._file.close()
        return mapped

    def _spill(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the map of it
        for piece in self._pieces:
            self._file.write(piece.tobytes())
        self._pieces.clear()
