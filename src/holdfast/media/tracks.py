"""From one stream of a container, and what its packets and first pictures told, to the values of the model."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from holdfast.media.glance import Glance
from holdfast.media.packets import Extent, TrackClock
from holdfast.model.technical import AudioTrack, CaptionTrack, DataTrack, VideoTrack

if TYPE_CHECKING:
    from av.stream import Stream

# Code points of Rec. ITU-T H.273 (tables 2 to 4) under FFmpeg's names; 2 means "unspecified".
_PRIMARIES = {
    1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "film", 9: "bt2020",
    10: "smpte428", 11: "smpte431", 12: "smpte432", 22: "ebu3213",
}  # fmt: skip
_TRANSFERS = {
    1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "linear", 9: "log100", 10: "log316",
    11: "iec61966-2-4", 12: "bt1361e", 13: "iec61966-2-1", 14: "bt2020-10", 15: "bt2020-12", 16: "smpte2084",
    17: "smpte428", 18: "arib-std-b67",
}  # fmt: skip
_MATRICES = {
    0: "gbr", 1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "ycgco", 9: "bt2020nc",
    10: "bt2020c", 11: "smpte2085", 12: "chroma-derived-nc", 13: "chroma-derived-c", 14: "ictcp",
}  # fmt: skip
_RANGES = {1: "tv", 2: "pc"}
_PCM = re.compile(r"pcm_[a-z]+?(\d+)")
CLOSED_CAPTIONS = "cea-608/708"


@dataclass
class Track:
    """A stream while it is being read: its clock if it plays, a glance if it shows pictures."""

    stream: Any  # the stubs give each kind of stream other attributes
    kind: str
    clock: TrackClock | None = None
    glance: Glance | None = None
    extent: Extent = field(default_factory=Extent)

    @property
    def index(self) -> int:
        """Its place in the container."""
        return int(self.stream.index)

    @property
    def plays(self) -> bool:
        """Whether it is a moving picture or a sound."""
        return self.clock is not None

    @property
    def is_understood(self) -> bool:
        """Whether FFmpeg, if it has the decoder, found the size of the picture or the rate of the sound.

        It takes almost any bytes for an MP3; what has no rate is not a sound.
        """
        context = self.stream.codec_context
        if context is None or not self.plays:
            return True
        return bool(context.width or (self.glance and self.glance.pictures)) if self.glance else context.sample_rate > 0

    def close(self) -> None:
        """The last packet has been seen: what the clock counted becomes the extent."""
        if self.glance:
            self.glance.finish()
        if self.clock:
            self.extent = self.clock.extent(_declared_rates(self.stream) if self.glance else ())


def open_track(stream: Stream) -> Track:
    """What is to be watched of a stream while its packets go by."""
    from av.stream import Disposition

    is_cover = bool(stream.disposition & (Disposition.attached_pic | Disposition.timed_thumbnails))
    if stream.type not in ("video", "audio") or is_cover or not stream.time_base:
        return Track(stream, "cover picture" if is_cover else stream.type)
    clock = TrackClock(stream.time_base, is_picture=stream.type == "video")
    glance = Glance(stream) if stream.type == "video" else None  # type: ignore[arg-type]
    return Track(stream, stream.type, clock, glance)


def video_track(track: Track, zero: Fraction) -> VideoTrack:
    """The moving picture; `zero` is where the earliest track of the file begins."""
    context, glance, extent = track.stream.codec_context, track.glance, track.extent
    assert glance is not None
    picture = glance.pictures[0] if glance.pictures else None
    pixels = (context.format if context else None) or (picture.format if picture else None)
    return VideoTrack(
        index=track.index,
        codec=codec_name(track.stream),
        width=(context.width if context else 0) or (picture.width if picture else 0),
        height=(context.height if context else 0) or (picture.height if picture else 0),
        start=_start(extent, zero),
        duration=extent.duration,
        frame_count=extent.presented,
        frame_rate=extent.rhythm.rate,
        is_variable_rate=extent.rhythm.is_variable,
        pixel_aspect=_pixel_aspect(track.stream),
        rotation=glance.rotation or _tagged_rotation(track.stream),
        field_order=glance.field_order(context.field_order if context else 0),
        pixel_format=pixels.name if pixels else "",
        bit_depth=max((component.bits for component in pixels.components), default=None) if pixels else None,
        color_primaries=_color(_PRIMARIES, track, "color_primaries"),
        color_transfer=_color(_TRANSFERS, track, "color_trc"),
        color_matrix=_color(_MATRICES, track, "colorspace"),
        color_range=_color(_RANGES, track, "color_range"),
        profile=(context.profile if context else "") or "",
        bit_rate=_bit_rate(extent),
        language=_language(track.stream),
    )


def audio_track(track: Track, zero: Fraction) -> AudioTrack:
    """The sound, without its loudness; `zero` is where the earliest track of the file begins."""
    context, extent = track.stream.codec_context, track.extent
    return AudioTrack(
        index=track.index,
        codec=codec_name(track.stream),
        sample_rate=context.sample_rate if context else 0,
        channels=context.layout.nb_channels if context else 0,
        layout=_layout(context) if context else "",
        start=_start(extent, zero),
        duration=extent.duration,
        bit_depth=_stored_bits(context) if context else None,
        bit_rate=_bit_rate(extent),
        language=_language(track.stream),
        profile=(context.profile if context else "") or "",
    )


def caption_track(track: Track) -> CaptionTrack:
    """Captions that are a track of their own."""
    title = track.stream.metadata.get("title", "")
    return CaptionTrack(track.index, codec_name(track.stream), _language(track.stream), title)


def closed_captions(track: Track) -> CaptionTrack:
    """Captions that were seen inside a picture."""
    return CaptionTrack(track.index, CLOSED_CAPTIONS)


def data_track(track: Track) -> DataTrack:
    """Anything that is neither picture, sound nor captions."""
    kind = "timecode" if "timecode" in track.stream.metadata else "unknown" if track.plays else track.kind
    return DataTrack(track.index, codec_name(track.stream), kind)


def codec_name(stream: Any) -> str:
    """FFmpeg's name of the codec (not of the decoder); empty if FFmpeg does not know it."""
    context = stream.codec_context
    if context is not None:
        return str(context.codec.canonical_name)
    return "" if stream.type in ("video", "audio") else str(stream.name or "")


def _declared_rates(stream: Any) -> tuple[Fraction, ...]:
    rates = (stream.average_rate, stream.guessed_rate, stream.base_rate)
    return tuple(Fraction(rate) for rate in rates if rate)


def _start(extent: Extent, zero: Fraction) -> Fraction:
    return extent.start - zero if extent.start is not None else Fraction(0)


def _layout(context: Any) -> str:
    """FFmpeg's name, but for sound whose channels nobody named: one is mono, two are played as stereo."""
    name, channels = str(context.layout.name), context.layout.nb_channels
    if name != f"{channels} channels":
        return name
    return {1: "mono", 2: "stereo"}.get(channels, "")


def _bit_rate(extent: Extent) -> int | None:
    return round(extent.size_bytes * 8 / extent.duration) if extent.duration else None


def _language(stream: Any) -> str:
    language = str(stream.metadata.get("language", ""))
    return "" if language == "und" else language


def _pixel_aspect(stream: Any) -> Fraction:
    aspect = stream.sample_aspect_ratio if stream.codec_context else None
    return Fraction(aspect) if aspect and aspect > 0 else Fraction(1)


def _tagged_rotation(stream: Any) -> int:
    degrees = str(stream.metadata.get("rotate", "0"))
    return round(int(degrees) / 90) * 90 % 360 if re.fullmatch(r"-?\d{1,4}", degrees) else 0


def _color(names: dict[int, str], track: Track, attribute: str) -> str:
    context = track.stream.codec_context
    declared = names.get(getattr(context, attribute)) if context else None
    seen = track.glance.color(attribute) if track.glance else None
    return declared or (names.get(seen, "") if seen is not None else "")


def _stored_bits(context: Any) -> int | None:
    """Bits of a stored sample. Sources: FLAC STREAMINFO (RFC 9639, 8.2); the ALAC cookie (ALACSpecificConfig)."""
    name = str(context.codec.canonical_name)
    pcm = _PCM.match(name)
    if pcm:
        return int(pcm.group(1))
    head = bytes(context.extradata or b"")
    if name == "flac" and len(head) >= 14:
        return ((head[12] & 1) << 4 | head[13] >> 4) + 1
    if name == "alac" and len(head) >= 18:
        return head[17]
    return None
