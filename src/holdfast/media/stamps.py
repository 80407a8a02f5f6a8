"""Time stamps that can be trusted, from those that files really have. Pure arithmetic on exact numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
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
    far is believed; a frame without any begins where the one before it ends. Times never go back.
    Source: the rule of libavcodec's `guess_correct_pts`.
    """

    is_past_first: bool = False
    _faults: dict[str, int] = field(default_factory=lambda: {"pts": 0, "dts": 0})
    _last: dict[str, int] = field(default_factory=dict)
    _time: Fraction = Fraction(0)
    _length: Fraction = Fraction(0)

    def best(self, pts: int | None, dts: int | None, time_base: Fraction | None, length: Fraction) -> Fraction:
        """Seconds on the (mended) clock of the container. `length` is how long the frame itself lasts."""
        for name, ticks in (("pts", pts), ("dts", dts)):
            if ticks is not None:
                self._faults[name] += ticks <= self._last.get(name, ticks - 1)
                self._last[name] = ticks
        ticks = pts if pts is not None and (self._faults["pts"] <= self._faults["dts"] or dts is None) else dts
        time = self._time + self._length if ticks is None or time_base is None else ticks * time_base
        self._time = max(time, self._time) if self.is_past_first else time
        self.is_past_first = True
        self._length = length
        return self._time
