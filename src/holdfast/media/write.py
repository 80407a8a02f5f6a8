"""Write arrays to a media file: pictures, sound, captions, chapters, tags; the same arrays give the same bytes.

A `MediaWriter` is a context. Streams are declared first, each by a frozen value; what comes back takes the data:

    with MediaWriter(path, tags={"title": "Ferry"}) as writer:
        picture = writer.add_video(VideoSettings("libx264", (320, 180), Fraction(25)))
        sound = writer.add_audio(AudioSettings("aac"))
        for n in range(50):
            picture.write(frame(n))                  # (h, w, 3) uint8
            sound.write(samples(n))                  # (channels, n) float32

Rules:
1. Reproducible: FFmpeg's bit-exact flags are set, one thread encodes, no clock is read. Another FFmpeg may give
   other bytes for the same arrays.
2. Nothing is collected: what is written goes to the encoder at once. Write streams alternately, a second or less at
   a time, because the muxer holds back what is ahead of the others.
3. A film that could not be finished is not left behind: after an exception the file is removed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import av
import numpy as np
from av.audio.format import AudioFormat
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.subtitles.codeccontext import SubtitleCodecContext
from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import SubtitleSet
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation
from av.video.stream import VideoStream
from numpy.typing import NDArray

from holdfast.media.library import steady_x264
from holdfast.model.technical import Chapter, FieldOrder
from holdfast.model.time import Span

if TYPE_CHECKING:
    from av.container.core import Chapter as AvChapter  # exists in the stubs only

# Code points of Rec. ITU-T H.273, tables 2 to 4, under the names that FFmpeg and a probe use.
PRIMARIES = {"bt709": 1, "bt470bg": 5, "smpte170m": 6, "bt2020": 9, "smpte432": 12}
TRANSFERS = {"bt709": 1, "smpte170m": 6, "iec61966-2-1": 13, "bt2020-10": 14, "smpte2084": 16, "arib-std-b67": 18}
MATRICES = {"bt709": 1, "bt470bg": 5, "smpte170m": 6, "bt2020nc": 9}
RANGES = {"tv": 1, "pc": 2}

# Left to itself FFmpeg's scaler makes pictures darker by more than a step when it turns 4:2:0 into RGB.
EXACT = Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT | Interpolation.FULL_CHR_H_INP

# AVFieldOrder: coded and shown in the same order (TT, BB); other orders exist only in capture cards.
_FIELD_ORDERS = {FieldOrder.PROGRESSIVE: 1, FieldOrder.TOP_FIRST: 2, FieldOrder.BOTTOM_FIRST: 3}
_INTERLACED_FLAGS = "+ilme+ildct"
# Left to themselves these delay every packet by one picture, and AVI then grows an empty one after the first.
_OLD_MPEG = frozenset({"mpeg1video", "mpeg2video", "mpeg4"})
_BITEXACT = 0x0400  # AVFMT_FLAG_BITEXACT of libavformat/avformat.h
_CAPTION_CLOCK = Fraction(1, 1000)


@dataclass(frozen=True)
class ColorTags:
    """What the file says its numbers mean. The pictures given are converted with `matrix` and `range`."""

    primaries: str = "bt709"
    transfer: str = "bt709"
    matrix: str = "bt709"
    range: str = "tv"


@dataclass(frozen=True)
class VideoSettings:
    """One moving picture.

    `options` go to the encoder as they are (`crf`, `preset`, `qscale`, `profile`, ...). `rotation` is clockwise
    degrees to turn the picture for viewing; only MP4 and MOV carry it. `time_base` is needed for a variable rate:
    give one that holds all your times, and pass `at` to every `write`. `is_exact` rounds colours with full accuracy.
    """

    codec: str
    size: tuple[int, int]
    rate: Fraction = Fraction(25)
    pixel_format: str = "yuv420p"
    options: Mapping[str, str] = field(default_factory=dict)
    bit_rate: int | None = None
    keyframe_every: int | None = None
    b_frames: int | None = None
    pixel_aspect: Fraction = Fraction(1)
    field_order: FieldOrder = FieldOrder.UNKNOWN
    rotation: int = 0
    color: ColorTags | None = None
    time_base: Fraction | None = None
    language: str = ""
    is_exact: bool = False


@dataclass(frozen=True)
class AudioSettings:
    """One sound track. `sample_rate` is both that of the arrays and of the file; `layout` as FFmpeg names it.

    `sample_format` is what the encoder is given (`s32` for 24 bit FLAC), "" for its first.
    """

    codec: str
    sample_rate: int = 48000
    layout: str = "stereo"
    bit_rate: int | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    language: str = ""
    sample_format: str = ""


@dataclass(frozen=True)
class CaptionSettings:
    """One embedded caption track: `mov_text` for MP4, `srt` or `ass` for Matroska, `webvtt` for WebM."""

    codec: str
    language: str = ""
    title: str = ""


class MediaWriter:
    """A media file being written. See the rules at the top of this module.

    Args:
        path: where; its suffix chooses the container unless `container` names one (`mp4`, `matroska`, ...).
        options: the muxer's options, such as `movflags`.
        tags: the container's metadata.
        chapters: named stretches.

    Raises:
        ValueError: FFmpeg has no such container, codec, pixel format or option, or refuses this combination.
        OSError: the file cannot be made or written.
    """

    def __init__(
        self,
        path: Path,
        *,
        container: str | None = None,
        options: Mapping[str, str] | None = None,
        tags: Mapping[str, str] | None = None,
        chapters: Sequence[Chapter] = (),
    ) -> None:
        self._path = path
        self._file = av.open(str(path), "w", format=container, container_options=dict(options or {}))
        self._file.flags |= _BITEXACT
        self._file.metadata.update(tags or {})
        self._tracks: list[PictureTrack | SoundTrack] = []
        if chapters:
            self._file.set_chapters([_chapter(number, chapter) for number, chapter in enumerate(chapters)])

    def add_video(self, settings: VideoSettings) -> PictureTrack:
        """A new moving picture; declare all streams before the first `write`."""
        stream = self._file.add_stream(settings.codec, rate=settings.rate, options=_video_options(settings))
        assert isinstance(stream, VideoStream)
        _apply(settings, stream)
        track = PictureTrack(self._file, stream, settings)
        self._tracks.append(track)
        return track

    def add_audio(self, settings: AudioSettings) -> SoundTrack:
        """A new sound track."""
        # Native encoders of Vorbis and DTS call themselves experimental; without this they refuse to open.
        options = {"flags": "+bitexact", "strict": "experimental", **settings.options}
        stream = self._file.add_stream(
            settings.codec, rate=settings.sample_rate, options=options, layout=settings.layout
        )
        assert isinstance(stream, AudioStream)
        stream.codec_context.thread_count = 1
        if settings.bit_rate:
            stream.codec_context.bit_rate = settings.bit_rate
        if settings.sample_format:
            stream.codec_context.format = AudioFormat(settings.sample_format)
        _label(stream, settings.language)
        track = SoundTrack(self._file, stream, settings)
        self._tracks.append(track)
        return track

    def add_captions(self, settings: CaptionSettings) -> CaptionTrackWriter:
        """A new embedded caption track."""
        stream = self._file.add_stream(settings.codec)
        assert isinstance(stream, SubtitleStream)
        stream.codec_context.time_base = _CAPTION_CLOCK
        stream.time_base = _CAPTION_CLOCK
        stream.codec_context.subtitle_header = _ASS_HEADER
        _label(stream, settings.language, settings.title)
        return CaptionTrackWriter(self._file, stream)

    def close(self) -> None:
        """Flush the encoders and finish the file."""
        try:
            for track in self._tracks:
                track.finish()
        finally:
            self._file.close()

    def __enter__(self) -> MediaWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
            return
        self._file.close()
        self._path.unlink(missing_ok=True)


class PictureTrack:
    """Takes the pictures of one stream, in order of time."""

    def __init__(self, file: av.container.OutputContainer, stream: VideoStream, settings: VideoSettings) -> None:
        self._file = file
        self._stream = stream
        self._settings = settings
        self._time_base = settings.time_base or 1 / settings.rate
        self._next = 0

    def write(self, picture: NDArray[np.uint8] | NDArray[np.uint16], at: Fraction | None = None) -> None:
        """Append one picture: (h, w, 3) RGB or (h, w) gray, uint8 or uint16 over its full range.

        `at` is its exact time in seconds; without it the picture follows the last one by one tick of the time base.

        Raises:
            ValueError: the shape is not the stream's, or `at` is not a whole number of ticks.
        """
        width, height = self._settings.size
        if picture.shape[:2] != (height, width):
            raise ValueError(f"a picture of shape {picture.shape} in a stream of {width}x{height}")
        ticks = self._ticks(at)
        frame = self._converted(picture)
        frame.time_base = self._time_base
        frame.pts = ticks
        self._next = ticks + 1
        self._file.mux(self._stream.encode(frame))

    def finish(self) -> None:
        """Flush the encoder; `MediaWriter.close` does it."""
        self._file.mux(self._stream.encode(None))

    def _ticks(self, at: Fraction | None) -> int:
        if at is None:
            return self._next
        ticks = at / self._time_base
        if ticks.denominator != 1:
            raise ValueError(f"{at} s is not a whole number of ticks of {self._time_base} s")
        return int(ticks)

    def _converted(self, picture: NDArray[Any]) -> VideoFrame:
        deep = picture.dtype == np.uint16
        kind = ("gray16le" if deep else "gray") if picture.ndim == 2 else ("rgb48le" if deep else "rgb24")
        frame = VideoFrame.from_ndarray(np.ascontiguousarray(picture), format=kind)
        tags = self._settings.color
        how = EXACT if self._settings.is_exact else None
        if tags is None:
            return frame.reformat(format=self._settings.pixel_format, interpolation=how)
        frame = frame.reformat(
            format=self._settings.pixel_format,
            dst_colorspace=MATRICES[tags.matrix],
            dst_color_range=RANGES[tags.range],
            interpolation=how,
        )
        frame.colorspace, frame.color_range = MATRICES[tags.matrix], RANGES[tags.range]
        frame.color_primaries, frame.color_trc = PRIMARIES[tags.primaries], TRANSFERS[tags.transfer]
        return frame


class SoundTrack:
    """Takes the samples of one stream, in order."""

    def __init__(self, file: av.container.OutputContainer, stream: AudioStream, settings: AudioSettings) -> None:
        self._file = file
        self._stream = stream
        self._settings = settings
        self._written = 0

    def write(self, samples: NDArray[np.float32]) -> None:
        """Append (channels, n) samples; full scale is -1 to 1, what is beyond is clipped. n may be anything."""
        if not samples.shape[1]:
            return
        clipped = np.ascontiguousarray(np.clip(samples, -1, 1), dtype=np.float32)
        frame = AudioFrame.from_ndarray(clipped, format="fltp", layout=self._settings.layout)
        frame.sample_rate = self._settings.sample_rate
        frame.time_base = Fraction(1, self._settings.sample_rate)
        frame.pts = self._written
        self._written += samples.shape[1]
        self._file.mux(self._stream.encode(frame))

    def finish(self) -> None:
        """Flush the encoder; `MediaWriter.close` does it."""
        self._file.mux(self._stream.encode(None))


class CaptionTrackWriter:
    """Takes the captions of one stream, in order of time."""

    def __init__(self, file: av.container.OutputContainer, stream: SubtitleStream) -> None:
        self._file = file
        self._stream = stream
        self._count = 0

    def write(self, span: Span, text: str) -> None:
        """Append one caption; times are rounded to the millisecond."""
        start, end = (round(moment / _CAPTION_CLOCK) for moment in (span.start, span.end))
        # A decoded ASS event has no times of its own: ReadOrder, Layer, Style, Name, margins, Effect, Text.
        event = f"{self._count},0,Default,,0,0,0,,{text.replace(chr(10), chr(92) + 'N')}"
        self._count += 1
        context: SubtitleCodecContext = self._stream.codec_context
        packet = context.encode_subtitle(SubtitleSet.create(event.encode(), 0, end - start, pts=start))
        packet.stream = self._stream
        packet.time_base = _CAPTION_CLOCK
        packet.pts = packet.dts = start
        packet.duration = end - start
        self._file.mux(packet)


# FFmpeg's text encoders all take ASS events and want the head of an ASS script, even when they throw it away.
_ASS_HEADER = b"""[Script Info]
ScriptType: v4.00+
PlayResX: 384
PlayResY: 288

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, BackColour, Bold, Italic, BorderStyle, Outline, Alignment, Encoding
Style: Default,Arial,16,&Hffffff,&H0,0,0,1,1,2,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def _video_options(settings: VideoSettings) -> dict[str, str]:
    options = {"flags": "+bitexact", **settings.options}
    fields = {FieldOrder.TOP_FIRST: "tff=1", FieldOrder.BOTTOM_FIRST: "bff=1"}.get(settings.field_order, "")
    if fields:
        options["flags"] += _INTERLACED_FLAGS
    if settings.codec == "libx264":
        options["x264-params"] = steady_x264(settings.options.get("x264-params", ""), fields)
    return options


def _apply(settings: VideoSettings, stream: VideoStream) -> None:
    context = stream.codec_context
    context.width, context.height = settings.size
    context.pix_fmt = settings.pixel_format
    context.time_base = settings.time_base or 1 / settings.rate
    context.sample_aspect_ratio = settings.pixel_aspect
    context.thread_count = 1
    if settings.bit_rate is not None:
        context.bit_rate = settings.bit_rate
    if settings.keyframe_every is not None:
        context.gop_size = settings.keyframe_every
    if settings.b_frames is not None:
        context.max_b_frames = settings.b_frames
    elif settings.codec in _OLD_MPEG:
        context.max_b_frames = 0
    if settings.field_order in _FIELD_ORDERS:
        context.field_order = _FIELD_ORDERS[settings.field_order]
    if settings.rotation:
        stream.set_display_rotation(-settings.rotation)  # FFmpeg counts against the clock
    if settings.color:
        _apply_color(settings.color, stream)
    _label(stream, settings.language)


def _apply_color(color: ColorTags, stream: VideoStream) -> None:
    context = stream.codec_context
    context.color_primaries = PRIMARIES[color.primaries]
    context.color_trc = TRANSFERS[color.transfer]
    context.colorspace = MATRICES[color.matrix]
    context.color_range = RANGES[color.range]


def _label(stream: VideoStream | AudioStream | SubtitleStream, language: str, title: str = "") -> None:
    if language:
        stream.metadata["language"] = language
    if title:
        stream.metadata["title"] = title


def _chapter(number: int, chapter: Chapter) -> AvChapter:
    return {
        "id": number + 1,
        "start": round(chapter.start * 1000),
        "end": round(chapter.end * 1000),
        "time_base": Fraction(1, 1000),
        "metadata": {"title": chapter.title},
    }
