"""Technical metadata: what a probe reads from a media file. Everything that may be unknown may be None.

Durations and rates are exact (`Fraction`, seconds or per second). The words are those of PBCore's essence tracks
where it has one. A damaged file gives as much of this as could be read, and `warnings` say what could not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction


class FieldOrder(StrEnum):
    """How the lines of a picture follow each other in time."""

    PROGRESSIVE = "progressive"
    TOP_FIRST = "top first"
    BOTTOM_FIRST = "bottom first"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Loudness:
    """EBU R 128 figures of one sound track, over its whole length."""

    integrated_lufs: Fraction | None
    range_lu: Fraction | None
    true_peak_dbtp: Fraction | None


@dataclass(frozen=True)
class VideoTrack:
    """One moving picture. Sizes in pixels as coded; `rotation` is clockwise degrees to turn it for viewing."""

    index: int
    codec: str
    width: int
    height: int
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


@dataclass(frozen=True)
class AudioTrack:
    """One sound track. `layout` is FFmpeg's name of the channel layout: `mono`, `stereo`, `5.1(side)`."""

    index: int
    codec: str
    sample_rate: int
    channels: int
    layout: str = ""
    duration: Fraction | None = None
    bit_depth: int | None = None
    bit_rate: int | None = None
    language: str = ""
    loudness: Loudness | None = None


@dataclass(frozen=True)
class CaptionTrack:
    """Captions that travel inside the container (or inside the picture: closed captions)."""

    index: int
    codec: str
    language: str = ""
    title: str = ""


@dataclass(frozen=True)
class DataTrack:
    """Anything else: timecode tracks, camera telemetry, attachments, cover pictures."""

    index: int
    codec: str
    kind: str = ""


@dataclass(frozen=True)
class Chapter:
    """A named stretch of a film."""

    start: Fraction
    end: Fraction
    title: str = ""


@dataclass(frozen=True)
class MediaInfo:
    """What a media file says of itself, checked against its packets.

    `duration` is measured from the packets (first presented to last presented plus its length), not copied from
    the header; `header_duration` is what the header claims. `tags` holds device, software, place and date tags as the
    file spells them. `location` is ISO 6709 text (`+52.5200+013.4050/`) and is private by default: the place where
    a film was made can endanger people.
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

    @property
    def is_media(self) -> bool:
        """Whether any picture or sound was found in it."""
        return bool(self.video or self.audio)
