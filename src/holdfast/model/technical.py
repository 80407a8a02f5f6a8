"""Technical metadata: what a probe reads from a media file. Everything that may be unknown may be None.

Durations and rates are exact (`Fraction`, seconds or per second). The words are those of PBCore's essence tracks
where it has one. A damaged file gives as much of this as could be read, and `warnings` say what could not.
Every class carries `extra`: fields that a later version of the format added, kept when a record is written again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any


class FieldOrder(StrEnum):
    """How the lines of a picture follow each other in time."""

    PROGRESSIVE = "progressive"
    TOP_FIRST = "top first"
    BOTTOM_FIRST = "bottom first"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Loudness:
    """EBU R 128 figures of one sound track, over its whole length. None: too quiet or too short to be measured."""

    integrated_lufs: Fraction | None = None
    range_lu: Fraction | None = None
    true_peak_dbtp: Fraction | None = None
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class VideoTrack:
    """One moving picture. Sizes in pixels as coded; `rotation` is clockwise degrees to turn it for viewing.

    `start` is where the track begins after the earliest track of the file. `frame_rate` is the one exact rate if
    `is_variable_rate` is False, the mean if it is True. Colors are FFmpeg's names (`bt709`, `smpte170m`; range `tv`
    or `pc`), empty where neither the container nor the pictures say. `bit_rate` is measured.
    """

    index: int
    codec: str
    width: int
    height: int
    start: Fraction = Fraction(0)
    duration: Fraction | None = None
    frame_count: int | None = None
    frame_rate: Fraction | None = None
    is_variable_rate: bool | None = None
    pixel_aspect: Fraction = Fraction(1)
    rotation: int = 0
    field_order: FieldOrder = FieldOrder.UNKNOWN
    pixel_format: str = ""
    bit_depth: int | None = None
    color_primaries: str = ""
    color_transfer: str = ""
    color_matrix: str = ""
    color_range: str = ""
    profile: str = ""
    bit_rate: int | None = None
    language: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class AudioTrack:
    """One sound track. `layout` is FFmpeg's name of the channel layout: `mono`, `stereo`, `5.1(side)`.

    `bit_depth` is that of the samples as stored, None for codecs that store none (AAC, Opus, MP3).
    """

    index: int
    codec: str
    sample_rate: int
    channels: int
    layout: str = ""
    start: Fraction = Fraction(0)
    duration: Fraction | None = None
    bit_depth: int | None = None
    bit_rate: int | None = None
    language: str = ""
    profile: str = ""
    loudness: Loudness | None = None
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CaptionTrack:
    """Captions that travel inside the container, or inside the picture.

    Closed captions inside the picture have the codec `cea-608/708` and the index of the picture's track.
    """

    index: int
    codec: str
    language: str = ""
    title: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DataTrack:
    """Anything else. `kind` is `timecode`, `cover picture`, `attachment`, `data` or `unknown`."""

    index: int
    codec: str
    kind: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Chapter:
    """A named stretch of a film."""

    start: Fraction
    end: Fraction
    title: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class MediaInfo:
    """What a media file says of itself, checked against its packets.

    `container` is one word (`mp4`, `mov`, `matroska`, `webm`, `ogg`, `avi`, `mpegts`, ...); of a file that is no film
    it says what the first bytes look like (`html`, `text`, `jpeg`, `pdf`), or is empty.
    `duration` is measured from the packets (first presented to last presented plus its length), not copied from
    the header; `header_duration` is what the header claims, None where the container has no such field.
    `tags` are the file's own, those of a track with its index before them (`0:handler_name`).
    `location` is ISO 6709 text (`+52.5200+013.4050/`) and is private by default: the place where a film was made can
    endanger people. It also stands in `tags`, as the file spells it.
    """

    container: str
    size_bytes: int
    duration: Fraction | None = None
    header_duration: Fraction | None = None
    bit_rate: int | None = None
    video: tuple[VideoTrack, ...] = ()
    audio: tuple[AudioTrack, ...] = ()
    captions: tuple[CaptionTrack, ...] = ()
    data: tuple[DataTrack, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    timecode: str = ""
    recorded_at: str = ""
    device: str = ""
    software: str = ""
    location: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def is_still(self) -> bool:
        """Whether it is one picture that does not move: `video` then holds it, without a duration."""
        return len(self.video) == 1 and not self.audio and self.video[0].frame_count == 1 and self.duration is None

    @property
    def is_media(self) -> bool:
        """Whether any moving picture or sound was found in it."""
        return bool(self.video or self.audio) and not self.is_still
