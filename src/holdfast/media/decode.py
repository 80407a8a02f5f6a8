"""Decoded pictures and sounds of a master, in one pass, on one time line that begins at 0.

The rules:
- what can be decoded comes out; what cannot is skipped and told in `Master.warnings`. Damage never raises;
- time 0 is the earliest start among the tracks as the container states it, so that a moment of the copy is
  the same moment of the master even when its first minutes cannot be decoded;
- where the clock of a file jumps (a tape that was stopped, captures put one behind the other) time goes on without
  a break: when one track jumps, the others follow it as their own jump comes;
- one picture track and one sound track are chosen: the best by FFmpeg's measure, and no cover picture;
- a picture file is a film of one frame.

    with Master(path) as master:
        for moment in master.moments():
            match moment: case Picture(): ...  case Sound(): ...
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, cast

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from holdfast.errors import SourceMissing
from holdfast.media.reading import DAMAGE, open_film_or_picture, packets_of
from holdfast.media.stamps import Seams, TimeLine
from holdfast.model.time import clock

if TYPE_CHECKING:
    _Packet = Packet[Any]  # generic in the stubs only

# What stands in the container for these is but the order of their first frame.
_TELL_THEIR_FIELDS = {
    *("h264", "hevc", "mpeg1video", "mpeg2video", "mpeg4", "vc1", "wmv3", "dvvideo", "prores", "vp9", "av1"),
}
# A stated start that is further than this from the first thing decoded is not believed.
_FAR_S = 3600
_USUAL_RATE = 48000


class Moment:
    """A moment of a film in whole numbers: it begins `at` and lasts for `lasts`, in units of 1 / `unit` seconds."""

    __slots__ = ("at", "lasts", "unit")

    def __init__(self, at: int, lasts: int, unit: int) -> None:
        self.at, self.lasts, self.unit = at, lasts, unit

    @property
    def time(self) -> Fraction:
        """Seconds from the beginning of the film, exact."""
        return Fraction(self.at, self.unit)

    @property
    def length(self) -> Fraction:
        """Seconds, exact."""
        return Fraction(self.lasts, self.unit)

    def ticks(self, rate: int) -> int:
        """The time in ticks of 1 / `rate` seconds, to the nearest: `round(time * rate)` without any fraction."""
        return (2 * self.at * rate + self.unit) // (2 * self.unit)

    def length_ticks(self, rate: int) -> int:
        """The length in ticks of 1 / `rate` seconds, to the nearest."""
        return (2 * self.lasts * rate + self.unit) // (2 * self.unit)


class Picture(Moment):
    """A decoded frame, and from when on and how long it is shown."""

    __slots__ = ("frame",)

    def __init__(self, frame: VideoFrame, at: int, lasts: int, unit: int) -> None:
        self.frame, self.at, self.lasts, self.unit = frame, at, lasts, unit


class Sound(Moment):
    """Decoded samples, and when the first of them is heard."""

    __slots__ = ("frame",)

    def __init__(self, frame: AudioFrame, at: int, lasts: int, unit: int) -> None:
        self.frame, self.at, self.lasts, self.unit = frame, at, lasts, unit


class Master:
    """A media file opened for one decoding pass over its pictures, its sounds, or both.

    `video` and `audio` are the chosen tracks or None, both None when the file is no media at all. `frame_rate` is
    what the container says, 25 when it says nothing credible. `warnings` are complete only after the pass.

    Raises:
        SourceMissing: the path cannot be read.
    """

    def __init__(self, path: Path, *, pictures: bool = True, sounds: bool = True) -> None:
        self.size_bytes = _size(path)
        self.video: VideoStream | None = None
        self.audio: AudioStream | None = None
        self._container: InputContainer | None = None
        self._damage: dict[str, _Damage] = {}
        self._read_bytes = 0
        self._latest: _Packet | None = None  # that is read
        try:
            self._container = open_film_or_picture(path)
        except (FFmpegError, *DAMAGE) as error:
            self._note("file", None, _reason(error))
            return
        self._choose(self._container, pictures=pictures, sounds=sounds)
        self._origin = self._stated_start(self._container)
        self._seams = Seams()
        self._picture_line: TimeLine | None = None
        self._sound_line: TimeLine | None = None
        self._rate = 0  # of the sound

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._container is not None:
            self._container.close()

    @property
    def duration(self) -> Fraction | None:
        """Seconds, as the header claims: good for planning only."""
        ticks = self._container.duration if self._container is not None else None
        return Fraction(ticks, av.time_base) if ticks and ticks > 0 else None

    @property
    def frame_rate(self) -> Fraction:
        """Pictures a second, as far as the container knows."""
        rates = (self.video.guessed_rate, self.video.average_rate) if self.video is not None else ()
        credible = (Fraction(rate) for rate in rates if rate and Fraction(1, 100) <= rate <= 1000)
        return next(credible, Fraction(25))

    @property
    def pixel_aspect(self) -> Fraction:
        """Width of a pixel divided by its height, as it stands at this point of the film; 1 when nobody says."""
        if self.video is None:
            return Fraction(1)
        return Fraction(self.video.sample_aspect_ratio or self.video.codec_context.sample_aspect_ratio or 1)

    @property
    def stated_field_order(self) -> int:
        """FFmpeg's `AVFieldOrder` of the container: 0 unknown, 1 progressive, above that interlaced."""
        return int(self.video.codec_context.field_order) if self.video is not None else 0

    @property
    def field_order(self) -> int:
        """The same for codecs whose frames do not say it themselves; 0 for the others, whose frames know better."""
        if self.video is None or self.video.codec_context.name in _TELL_THEIR_FIELDS:
            return 0
        return self.stated_field_order

    @property
    def done(self) -> float:
        """The fraction of the file that has been read."""
        if self._latest is not None:
            self._read_bytes = max(self._read_bytes, self._latest.pos or 0)
        return min(self._read_bytes / self.size_bytes, 1.0) if self.size_bytes else 1.0

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was skipped, a line for each kind of damage."""
        return tuple(damage.told(part) for part, damage in self._damage.items())

    def moments(self) -> Iterator[Picture | Sound]:
        """Everything that can be decoded of the chosen tracks, in the order of the file. One pass only."""
        for packet in self._packets():
            self._latest = packet
            yield from self._decoded(packet)
        self._latest = None
        self._read_bytes = self.size_bytes

    def _choose(self, container: InputContainer, *, pictures: bool, sounds: bool) -> None:
        if pictures:
            films = [each for each in container.streams.video if _is_film(each)]
            best = container.streams.best("video")
            self.video = next((each for each in films if each is best), films[0] if films else None)
        if sounds:
            best = container.streams.best("audio")
            self.audio = next((each for each in container.streams.audio if each is best and each.rate), None)
        if self.video is not None:
            self.video.thread_type = "AUTO"

    @staticmethod
    def _stated_start(container: InputContainer) -> Fraction | None:
        # Of all tracks of film and sound, so that a pass over the sound alone has the same time line.
        streams = [*container.streams.audio, *filter(_is_film, container.streams.video)]
        starts = [
            stream.start_time * stream.time_base
            for stream in streams
            if stream.start_time is not None and stream.time_base is not None
        ]
        return min(starts, default=None)

    def _packets(self) -> Iterator[_Packet]:
        """Packets of the chosen tracks, then an empty packet for each, which makes its decoder give up the rest."""
        chosen = [stream for stream in (self.video, self.audio) if stream is not None]
        if self._container is None or not chosen:
            return
        finished = set()
        for packet in packets_of(self._container, *chosen, note=self._note_unread):
            if _is_last(packet):
                finished.add(packet.stream.index)
            yield packet
        for stream in chosen:
            if stream.index not in finished:
                last: _Packet = Packet()
                last.stream = stream
                yield last

    def _note_unread(self, _position: Fraction | None) -> None:
        self._note("file", None, "it cannot be read further there")

    def _decoded(self, packet: _Packet) -> list[Picture | Sound]:
        if packet.size == 0 and not _is_last(packet):
            return []  # Theora and AVI say "the same picture again" by a packet of nothing
        self._seams.mend(packet)
        is_picture = packet.stream is self.video
        try:
            frames = cast("list[VideoFrame | AudioFrame]", packet.decode())
        except (FFmpegError, *DAMAGE) as error:
            self._note("picture" if is_picture else "sound", self._packet_time(packet), _reason(error))
            return []
        if is_picture:
            return [self._picture(frame) for frame in cast("list[VideoFrame]", frames)]
        return [self._heard(frame) for frame in cast("list[AudioFrame]", frames)]

    def _picture(self, frame: VideoFrame) -> Picture:
        line = self._picture_line
        if line is None:
            assert self.video is not None
            line = self._picture_line = self._line(self.video.time_base, self.frame_rate, frame)
        lasts = (frame.duration or 0) * line.scale or line.usual
        picture = Picture(frame, line.since_start(frame.pts, frame.dts, lasts), lasts, line.unit)
        if frame.is_corrupt:
            self._note("picture", picture.time, "pictures with errors in them")
        return picture

    def _heard(self, frame: AudioFrame) -> Sound:
        line, rate = self._sound_line, frame.sample_rate or _USUAL_RATE
        if line is None:
            assert self.audio is not None
            line = self._sound_line = self._line(self.audio.time_base, Fraction(rate), frame)
            self._rate = rate
        elif rate != self._rate:
            line.take_rate(Fraction(rate))
            self._rate = rate
        lasts = frame.samples * line.usual
        return Sound(frame, line.since_start(frame.pts, frame.dts, lasts), lasts, line.unit)

    def _line(self, time_base: Fraction | None, rate: Fraction, first: VideoFrame | AudioFrame) -> TimeLine:
        """The line of a track whose first frame has come; where it is far from what was stated, all begin there."""
        line = TimeLine(time_base or Fraction(1, av.time_base), rate)
        ticks = first.dts if first.pts is None else first.pts
        start = Fraction((ticks or 0) * line.scale, line.unit)
        if self._origin is None or abs(start - self._origin) > _FAR_S:
            self._origin = start
        for each in (line, self._picture_line, self._sound_line):
            if each is not None:
                each.begin(self._origin)
        return line

    def _packet_time(self, packet: _Packet) -> Fraction | None:
        ticks = packet.dts if packet.pts is None else packet.pts
        if ticks is None or self._origin is None:
            return None
        return ticks * packet.time_base - self._origin

    def _note(self, part: str, time: Fraction | None, what: str) -> None:
        self._damage.setdefault(part, _Damage()).add(time, what)


@dataclass
class _Damage:
    """What could not be used of one part of a file: how often, from when to when, and the first reason."""

    count: int = 0
    reason: str = ""
    first: Fraction | None = None
    last: Fraction | None = None

    def add(self, time: Fraction | None, reason: str) -> None:
        self.count += 1
        self.reason = self.reason or reason
        if time is not None:
            self.first = time if self.first is None else min(self.first, time)
            self.last = time if self.last is None else max(self.last, time)

    def told(self, part: str) -> str:
        where = ""
        if self.first is not None and self.last is not None:
            where = f" between {clock(max(self.first, Fraction(0)))} and {clock(max(self.last, Fraction(0)))}"
        return f"{part}: {self.count} damaged place{'s' if self.count > 1 else ''}{where} ({self.reason})"


def _size(path: Path) -> int:
    try:
        with path.open("rb"):
            return path.stat().st_size
    except OSError as error:
        raise SourceMissing(path=path, reason=error.strerror or str(error)) from error


def _is_last(packet: _Packet) -> bool:
    return packet.size == 0 and packet.pts is None and packet.dts is None


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)  # FFmpeg's own words; it gives some errors other families


def _is_film(stream: VideoStream) -> bool:
    return not stream.disposition & Disposition.attached_pic
