"""One decoding pass over a film, and what is kept of it: a `Fingerprint`.

Each frame costs some twenty microseconds (its activity and its time). Some of them become thumbs: in a fingerprint
those that differ from the last one, for `look` at an even pace. Thumbs are hashed in stretches of three seconds, for
which the borders are found first; then they are forgotten, so a film of any length fits into memory.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from holdfast.media.samples import LumaFrame, Samples, SoundBlock
from holdfast.model.fingerprint import MICRO, RECIPE, Fingerprint, FrameTrack
from holdfast.restore.fingerprint.activity import ActivityMeter, difference
from holdfast.restore.fingerprint.borders import WHOLE
from holdfast.restore.fingerprint.column import Column
from holdfast.restore.fingerprint.points import WORK_POINTS, WORK_SIDE_PX, PointKeeper, square_pixels, work_points
from holdfast.restore.fingerprint.stills import StillKeeper
from holdfast.restore.fingerprint.thumbs import thumb
from holdfast.restore.fingerprint.views import STRETCH_US, Hashed, ViewKeeper
from holdfast.restore.landmarks import Landmarker

_LARGEST_STRETCH = 32  # thumbs
_TIMES_AT_ONCE = 4096

# Of a work: a thumb where the picture has changed, four a second at most and one at least.
_CHANGED_LEVELS = 1.5
_SOONEST_US, _LATEST_US = MICRO // 4, MICRO

# Points: soon after a cut (the frame at the cut is often the poorest of the codec), then now and then.
_AFTER_CUT_US = MICRO // 4
_POINTS_US = 6 * MICRO
_POINTS_LEVELS = 6.0
_FEW_POINTS, _AGAIN_US = 12, MICRO // 2
# A film of short shots has more frames with points, and needs fewer in each: its neighbors speak as well.
_POINTS_A_SECOND, _FEWEST_POINTS = 12, 48


class Pace(Protocol):
    """Which frames become thumbs."""

    def is_due(self, frame: LumaFrame, grid: NDArray[np.float32]) -> bool:
        """Whether this one does; it is asked about every frame, in order. `grid` are its block means."""


@dataclass
class ChangingPace:
    """A thumb where the picture has changed since the last one."""

    _last_us: int = -_LATEST_US
    _last: NDArray[np.float32] | None = None

    def is_due(self, frame: LumaFrame, grid: NDArray[np.float32]) -> bool:
        """Whether it changed; see `Pace`."""
        since = frame.time_us - self._last_us
        if since < _SOONEST_US and self._last is not None:
            return False
        if since < _LATEST_US and self._last is not None and difference(grid, self._last) < _CHANGED_LEVELS:
            return False
        self._last_us, self._last = frame.time_us, grid.copy()
        return True


class EveryFrame:
    """Every frame is a thumb: of a pass over key frames only."""

    def is_due(self, frame: LumaFrame, grid: NDArray[np.float32]) -> bool:  # noqa: ARG002
        """Always; see `Pace`."""
        return True


class PointPace:
    """Which frames give points: one after each cut, then one every few seconds if the picture changed."""

    def __init__(self, every_us: int = _POINTS_US) -> None:
        self._every_us = every_us
        self._due_us = 0
        self._cuts = 0
        self._last: NDArray[np.float32] | None = None
        self._left, self._left_us = float(WORK_POINTS), 0

    def is_due(self, time_us: int, meter: ActivityMeter) -> bool:
        """Whether the frame that was last pushed to the meter does; it is asked about every frame."""
        if len(meter.cuts) != self._cuts:
            self._cuts = len(meter.cuts)
            self._due_us = min(self._due_us, time_us + _AFTER_CUT_US)
            self._last = None
        if time_us < self._due_us:
            return False
        if self._last is not None and difference(meter.grid, self._last) < _POINTS_LEVELS:
            return False
        self._due_us, self._last = time_us + self._every_us, meter.grid.copy()
        return True

    def gave(self, count: int, time_us: int) -> None:
        """The frame at `time_us` had so many points: if hardly any (it was black, or blurred), another is due soon."""
        if count < _FEW_POINTS:
            self._due_us, self._last = time_us + _AGAIN_US, None
        self._left -= count

    def most(self, time_us: int) -> int:
        """How many points of a work the frame at `time_us` may give, by how many those before it gave."""
        earned = (time_us - self._left_us) * _POINTS_A_SECOND / MICRO
        self._left, self._left_us = min(max(self._left, 0.0) + earned, WORK_POINTS), time_us
        return max(int(self._left), _FEWEST_POINTS)


@dataclass
class Gathering:
    """All that is kept of a film while it passes. `on_stretch` is told of every hashed stretch."""

    pace: Pace
    mode: str = "full"
    on_stretch: Callable[[Hashed], None] | None = None
    views: ViewKeeper = field(default_factory=ViewKeeper)
    points: PointKeeper = field(default_factory=PointKeeper)
    meter: ActivityMeter = field(default_factory=ActivityMeter)
    size: tuple[int, int] = (0, 0)
    end_us: int = 0

    def __post_init__(self) -> None:
        self._times, self._latest = Column(np.int64), array("q")
        self._point_pace = PointPace()
        self._stills = StillKeeper()
        self._sound = Landmarker(is_work=True)
        self._thumbs: list[NDArray[np.uint8]] = []
        self._thumb_times: list[int] = []
        self._box = WHOLE

    def take(self, sample: LumaFrame | SoundBlock) -> None:
        """A frame or a block of sound, in the order of the film."""
        if isinstance(sample, LumaFrame):
            self.take_frame(sample)
        else:
            self._sound.push(sample.samples, sample.time_us)
            self.end_us = max(self.end_us, sample.time_us + len(sample.samples) * MICRO // 8000)

    def take_frame(self, frame: LumaFrame) -> None:
        """A frame, in the order of the film."""
        self.meter.push(frame.luma)
        self._latest.append(frame.time_us)
        if len(self._latest) >= _TIMES_AT_ONCE:
            self._pass_on()
        self.end_us = max(self.end_us, frame.time_us + frame.length_us)
        if frame.is_key or not self.size[0]:
            self._shape(frame)
        grid = self.meter.grid
        if self.pace.is_due(frame, grid):
            self._take_thumb(frame)
            self._stills.look(frame, grid)
        if self._point_pace.is_due(frame.time_us, self.meter):
            picture = square_pixels(frame.luma, frame.aspect, frame.turn, WORK_SIDE_PX)
            points = work_points(picture, self._point_pace.most(frame.time_us))
            self.points.add(frame.time_us, points)
            self._point_pace.gave(len(points), frame.time_us)

    def _pass_on(self) -> None:
        self._times.add_bytes(self._latest.tobytes())
        self._latest = array("q")

    def _shape(self, frame: LumaFrame) -> None:
        wide, high = max(round(frame.luma.shape[1] * frame.aspect), 1), frame.luma.shape[0]
        if frame.turn.is_transposed:
            wide, high = high, wide
        if self.size == (0, 0):
            self.size = wide, high
        self.views.shape = wide / high

    def _take_thumb(self, frame: LumaFrame) -> None:
        times = self._thumb_times
        if times and (frame.time_us - times[0] >= STRETCH_US or len(times) >= _LARGEST_STRETCH):
            self._hash()
        self._thumbs.append(thumb(frame.luma, frame.turn))
        self._thumb_times.append(frame.time_us)

    def _hash(self) -> None:
        if not self._thumbs:
            return
        stretch = Hashed.of(np.array(self._thumb_times, np.int64), np.stack(self._thumbs), self._box)
        self._box = stretch.box
        self.views.take(stretch)
        if self.on_stretch is not None:
            self.on_stretch(stretch)
        self._thumbs.clear()
        self._thumb_times.clear()

    def finish(self, warnings: tuple[str, ...], stated_us: int = 0) -> Fingerprint:
        """The film has ended. `stated_us` is what its header says, believed where only key frames were seen."""
        self._hash()
        self.meter.finish()
        self._pass_on()
        cuts = np.array(self.meter.cuts, np.int32)
        times = self._times.array()
        is_full = self.mode == "full"
        end_us = self.end_us if is_full else max(self.end_us, stated_us)
        # Between key frames there are others: how much those differ is not known.
        frames = FrameTrack(times, self.meter.values(), cuts)
        return Fingerprint(
            duration=Fraction(end_us, MICRO),
            size=self.size,
            mode=self.mode,
            pictures=self.views.track(),
            frames=frames if is_full else FrameTrack.empty(),
            points=self.points.track(),
            sounds=self._sound.finish(),
            stills=self._stills.stills(times[cuts].tolist() if is_full else [], end_us),
            warnings=warnings,
            extra={"recipe": RECIPE},
        )


def fingerprint(
    path: Path,
    *,
    mode: str = "full",
    on_progress: Callable[[float], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    threads: int = 0,
) -> Fingerprint:
    """What the film at `path` is known by; its `digest` is left empty.

    `mode` "keys" looks at key frames only: several times faster, without the track of frames, and a moment may be
    seconds away from the next hash. What cannot be decoded is skipped and told in its `warnings`; a file that is no
    film gives an empty fingerprint. `on_progress` is given fractions up to 1.

    Raises:
        SourceMissing: the path cannot be read.
        CancelledError: `should_stop` said so.
    """
    if mode not in ("full", "keys"):
        raise ValueError(f"a fingerprint is made of the 'full' film or its 'keys', not {mode!r}")
    with Samples(path, keys_only=mode == "keys", threads=threads) as film:
        gathering = Gathering(ChangingPace() if mode == "full" else EveryFrame(), mode)
        run(film, gathering, on_progress, should_stop)
        return gathering.finish(film.warnings, film.stated_us)


def run(
    film: Samples,
    gathering: Gathering,
    on_progress: Callable[[float], None] | None,
    should_stop: Callable[[], bool] | None,
) -> None:
    """Passes the whole film to the gathering, with a word to the caller at every hundredth sample."""
    for number, sample in enumerate(film):
        gathering.take(sample)
        if number % 100 == 0:
            if should_stop is not None and should_stop():
                raise CancelledError
            if on_progress is not None:
                on_progress(film.done)
    if on_progress is not None:
        on_progress(1.0)
