"""Playlists (HLS) for a fragmented MP4, made from the file's own index. Bytes and numbers in, text out.

A rendition is one MP4 whose segment index (`sidx`) stands at its beginning: a plain player seeks by it, and the
playlist names the same byte ranges. So both are the same file, and the playlist can be made again at any time.
Source: ISO/IEC 14496-12, 8.16.3 (`sidx`); RFC 8216, sections 4.3 and 4.3.4.2; RFC 6381 and ISO/IEC 14496-15 (codecs).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

AAC_LC = "mp4a.40.2"


@dataclass(frozen=True)
class Segment:
    """A stretch of the file that can be played by itself: bytes and seconds."""

    offset: int
    size: int
    duration: Fraction


@dataclass(frozen=True)
class Index:
    """Where in the file the header ends, and the segments that follow."""

    header_bytes: int
    segments: tuple[Segment, ...]

    @property
    def duration(self) -> Fraction:
        """Seconds of all segments."""
        return sum((segment.duration for segment in self.segments), Fraction(0))

    @property
    def average_bit_rate(self) -> int:
        """Bits a second over the whole length."""
        return _rate(self.segments)

    @property
    def peak_bit_rate(self) -> int:
        """Bits a second of the busiest stretch that is half to one and a half target durations long.

        That is what a player must be able to fetch. A lone short segment at the end does not count.
        """
        target = target_duration(self.segments)
        rates = [_rate(run) for run in _runs(self.segments, Fraction(target, 2), Fraction(3 * target, 2))]
        return max(rates, default=self.average_bit_rate)


@dataclass(frozen=True)
class Variant:
    """A line of the master playlist. Size and frame rate are None for sound alone."""

    playlist: str
    bandwidth: int
    average_bandwidth: int
    codecs: tuple[str, ...]
    size: tuple[int, int] | None = None
    frame_rate: Fraction | None = None


def read_index(path: Path) -> Index:
    """The index of a fragmented MP4. Raises ValueError if it has none."""
    with path.open("rb") as file:
        header_bytes = 0
        for kind, offset, size in _boxes(file, path.stat().st_size):
            if kind == b"moov":
                header_bytes = offset + size
            elif kind == b"sidx":
                file.seek(offset)
                return Index(header_bytes, tuple(_segments(file.read(size), offset + size)))
    raise ValueError(f"{path.name} has no segment index")


def media_playlist(file_name: str, index: Index) -> str:
    """The playlist of one rendition: a finished film, every segment a byte range of the one file."""
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{target_duration(index.segments)}",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        f'#EXT-X-MAP:URI="{file_name}",BYTERANGE="{index.header_bytes}@0"',
    ]
    for segment in index.segments:
        lines += [
            f"#EXTINF:{float(segment.duration):.6f},",
            f"#EXT-X-BYTERANGE:{segment.size}@{segment.offset}",
            file_name,
        ]
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])


def master_playlist(variants: Sequence[Variant]) -> str:
    """The playlist that a player is given: all renditions, the first one being where it begins."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for variant in variants:
        traits = [f"BANDWIDTH={variant.bandwidth}", f"AVERAGE-BANDWIDTH={variant.average_bandwidth}"]
        traits.append(f'CODECS="{",".join(variant.codecs)}"')
        if variant.size is not None:
            traits.append(f"RESOLUTION={variant.size[0]}x{variant.size[1]}")
        if variant.frame_rate is not None:
            traits.append(f"FRAME-RATE={float(variant.frame_rate):.3f}")
        lines += [f"#EXT-X-STREAM-INF:{','.join(traits)}", variant.playlist]
    return "\n".join([*lines, ""])


def h264_codec(avc_configuration: bytes) -> str:
    """`avc1.PPCCLL` from the decoder configuration record of the track: its profile, constraints and level."""
    if len(avc_configuration) < 4 or avc_configuration[0] != 1:
        raise ValueError("not an AVC decoder configuration record")
    return f"avc1.{avc_configuration[1:4].hex()}"


def target_duration(segments: Sequence[Segment]) -> int:
    """The longest segment in seconds, rounded, as the format wants it."""
    longest = max((segment.duration for segment in segments), default=Fraction(1))
    return max(1, int(longest + Fraction(1, 2)))


def _boxes(file: BinaryIO, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, offset and size of each top-level box."""
    offset = 0
    while offset + 8 <= end:
        file.seek(offset)
        head = file.read(16)
        size = int.from_bytes(head[:4], "big")
        if size == 1:
            size = int.from_bytes(head[8:16], "big")
        elif size == 0:
            size = end - offset
        if size < 8:
            raise ValueError(f"a box of {size} bytes at {offset}")
        yield head[4:8], offset, size
        offset += size


def _segments(box: bytes, anchor: int) -> Iterator[Segment]:
    """The segments that a `sidx` box (with its header) names; `anchor` is where the box ends in the file."""
    is_long = box[8] == 1
    timescale = int.from_bytes(box[16:20], "big")
    width = 8 if is_long else 4
    offset = anchor + int.from_bytes(box[20 + width : 20 + 2 * width], "big")
    first = 20 + 2 * width + 4
    count = int.from_bytes(box[first - 2 : first], "big")
    for place in range(first, first + 12 * count, 12):
        size = int.from_bytes(box[place : place + 4], "big") & 0x7FFFFFFF
        yield Segment(offset, size, Fraction(int.from_bytes(box[place + 4 : place + 8], "big"), timescale))
        offset += size


def _runs(segments: Sequence[Segment], shortest: Fraction, longest: Fraction) -> Iterator[Sequence[Segment]]:
    for first in range(len(segments)):
        length = Fraction(0)
        for last in range(first, len(segments)):
            length += segments[last].duration
            if length > longest:
                break
            if length >= shortest:
                yield segments[first : last + 1]


def _rate(segments: Sequence[Segment]) -> int:
    seconds = sum((segment.duration for segment in segments), Fraction(0))
    return round(8 * sum(segment.size for segment in segments) / seconds) if seconds else 0
