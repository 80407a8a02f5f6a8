"""Time stamps that can be trusted, from those that files really have. Pure arithmetic on exact numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Protocol

# A jump back of more than this, or ahead of more than that, is a new beginning and not a gap.
_BACK_S = Fraction(1)
_AHEAD_S = Fraction(3600)


class Stamped(Protocol):
    """A packet, as far as its time goes: ticks of `time_base` seconds."""

    pts: int | None
    dts: int | None
    duration: int | None

    @property
    def time_base(self) -> Fraction:
        """Seconds a tick."""

    @property
    def stream_index(self) -> int:
        """Which track it belongs to."""


@dataclass
class _Track:
    """Where one track stands, in ticks of its own: which clock it follows, and when its last packet ends on that.

    `shift` is how far that clock is moved. All that is done for every packet is done in whole ticks: in seconds it took
    half as long as the decoding of a small picture.
    """

    time_base: Fraction
    epoch: int = 0
    due: int | None = None
    shift: int = 0
    back: int = 0
    ahead: int = 0

    def __post_init__(self) -> None:
        self.back, self.ahead = (int(limit / self.time_base) for limit in (_BACK_S, _AHEAD_S))


@dataclass
class Seams:
    """Joins the pieces of a file whose clock starts anew or leaps (a stopped tape, captures put behind each other).

    The first track that jumps fixes how far the new clock is shifted: to the end of what was there so far. A track
    that jumps later takes the same shift, so picture and sound stay together although their ends differ.
    """

    shifts: list[Fraction] = field(default_factory=lambda: [Fraction(0)])
    tracks: dict[int, _Track] = field(default_factory=dict)

    def mend(self, packet: Stamped) -> None:
        """Moves the packet's stamps, in place, to the time line without jumps."""
        ticks = packet.pts if packet.dts is None else packet.dts
        if ticks is None:
            return
        track = self.tracks.get(packet.stream_index)
        if track is None:
            track = self.tracks[packet.stream_index] = _Track(packet.time_base)
        if track.due is not None and not -track.back <= ticks - track.due <= track.ahead:
            self._turn(track, ticks * track.time_base)
        if track.shift:
            packet.pts = None if packet.pts is None else packet.pts + track.shift
            packet.dts = None if packet.dts is None else packet.dts + track.shift
        track.due = ticks + (packet.duration or 0)

    def _turn(self, track: _Track, raw: Fraction) -> None:
        """Moves a track that jumped to the next clock: one that another track has found already, if it fits."""
        end = self._end(track)
        assert end is not None
        for epoch in range(track.epoch + 1, len(self.shifts)):
            if abs(raw + self.shifts[epoch] - end) <= 10:
                self._follow(track, epoch)
                return
        ends = [each for each in map(self._end, self.tracks.values()) if each is not None]
        self.shifts.append(max(ends) - raw)
        self._follow(track, len(self.shifts) - 1)

    def _follow(self, track: _Track, epoch: int) -> None:
        track.epoch, track.shift = epoch, round(self.shifts[epoch] / track.time_base)

    def _end(self, track: _Track) -> Fraction | None:
        return None if track.due is None else track.due * track.time_base + self.shifts[track.epoch]


@dataclass
class Stamps:
    """The best time of each decoded frame of one track: its presentation stamp while those make sense.

    Some containers (AVI above all) have no true presentation stamps. Whichever kind of stamp went back less often so
    far is believed; a frame without any begins where the one before it ends. Times never go back. All in ticks: a film
    has a hundred thousand frames an hour, and a fraction for each costs as much as decoding a small picture.
    Source: the rule of libavcodec's `guess_correct_pts`.
    """

    is_past_first: bool = False
    _pts_faults: int = 0
    _dts_faults: int = 0
    _last_pts: int | None = None
    _last_dts: int | None = None
    _time: int = 0
    _length: int = 0

    def best(self, pts: int | None, dts: int | None, scale: int, length: int) -> int:
        """The time on the (mended) clock of the container, in units that are `scale` times finer than the stamps.

        `length` is how long the frame itself lasts, in those units.
        """
        if pts is not None:
            self._pts_faults += self._last_pts is not None and pts <= self._last_pts
            self._last_pts = pts
        if dts is not None:
            self._dts_faults += self._last_dts is not None and dts <= self._last_dts
            self._last_dts = dts
        ticks = pts if pts is not None and (self._pts_faults <= self._dts_faults or dts is None) else dts
        time = self._time + self._length if ticks is None else ticks * scale
        if self.is_past_first and time < self._time:
            time = self._time
        self.is_past_first, self._time, self._length = True, time, length
        return time

    def refine(self, factor: int) -> None:
        """From now on units are so many times finer."""
        self._time, self._length = self._time * factor, self._length * factor


class TimeLine:
    """One track on the time line of its film, in whole units of 1 / `unit` seconds.

    Units are as fine as it takes to hold its stamps, its rate and the origin of the film exactly: `scale` of them are a
    tick of its stamps, `usual` the length of a frame (of a sample) by its rate.
    """

    __slots__ = ("_origin", "_stamps", "scale", "unit", "usual")

    def __init__(self, time_base: Fraction, rate: Fraction) -> None:
        self._stamps, self._origin = Stamps(), 0
        self.unit = time_base.denominator
        self.scale = time_base.numerator
        self.usual = 0
        self.take_rate(rate)

    def take_rate(self, rate: Fraction) -> None:
        """So many frames (samples) a second from now on."""
        self._refine(rate.numerator)
        self.usual = self.unit * rate.denominator // rate.numerator

    def begin(self, origin: Fraction) -> None:
        """The film begins at this second of the container's clock."""
        self._refine(origin.denominator)
        self._origin = origin.numerator * (self.unit // origin.denominator)

    def since_start(self, pts: int | None, dts: int | None, lasts: int) -> int:
        """When a frame with these stamps is shown (or heard), for `lasts`; in units from the beginning of the film."""
        return self._stamps.best(pts, dts, self.scale, lasts) - self._origin

    def _refine(self, divisor: int) -> None:
        """Units that a `divisor`-th of a second is a whole number of."""
        factor = lcm(self.unit, divisor) // self.unit
        if factor > 1:
            self.unit, self.scale, self.usual = self.unit * factor, self.scale * factor, self.usual * factor
            self._origin *= factor
            self._stamps.refine(factor)
