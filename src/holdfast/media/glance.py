"""A look at the first pictures of a track: whether any come out at all, and what only decoded pictures can tell.

Rotation, closed captions and, for many codecs, colors and interlacing are known to the decoder alone. Eight pictures
are enough; a decoder that gives none for 300 packets is not going to.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from holdfast.model.technical import FieldOrder

if TYPE_CHECKING:
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_PICTURES = 8
_PATIENCE = 300
# These codecs carry no sign of interlacing, so that "not interlaced" from their decoders means nothing.
_MUTE_CODECS = frozenset({"rawvideo", "v210", "huffyuv", "ffvhuff", "utvideo", "mjpeg", "png", "magicyuv", "cinepak"})


class Glance:
    """Takes the packets of one track, from the first, until `is_done`."""

    def __init__(self, stream: VideoStream) -> None:
        self._stream = stream
        self._packets = 0
        self.pictures: list[VideoFrame] = []
        self.errors = 0
        self.is_done = stream.codec_context is None
        if not self.is_done:
            stream.codec_context.thread_count = 1  # several threads would hold back the first pictures

    def feed(self, packet: Packet[VideoStream] | None) -> None:
        """Decode one packet; None lets out what the decoder still holds, and ends."""
        from av.error import FFmpegError

        self._packets += 1
        try:
            frames = self._stream.codec_context.decode(packet)
        except (FFmpegError, ValueError):  # ValueError: the wrapper refuses a frame that the decoder let pass
            self.errors += 1
            frames = []
        self.pictures.extend(frames[: _PICTURES - len(self.pictures)])
        self.is_done = packet is None or len(self.pictures) >= _PICTURES or self._packets >= _PATIENCE

    def finish(self) -> None:
        """The last packet has been seen."""
        if not self.is_done:
            self.feed(None)

    @property
    def rotation(self) -> int:
        """Clockwise degrees (0, 90, 180, 270) to turn the picture for viewing, from its display matrix."""
        turns = round(-self.pictures[0].rotation / 90) if self.pictures else 0
        return turns * 90 % 360

    @property
    def has_closed_captions(self) -> bool:
        """Whether pictures carry CEA-608 or CEA-708 data (ATSC A/53 part 4), be it only padding yet."""
        from av.sidedata.sidedata import Type

        try:
            return any(Type.A53_CC in picture.side_data for picture in self.pictures)
        except ValueError:  # a kind of side data that this PyAV has no name for
            return False

    def field_order(self, declared: int) -> FieldOrder:
        """The order of fields: as declared (AVFieldOrder), else seen in the pictures, else unknown."""
        if declared == 1:
            return FieldOrder.PROGRESSIVE
        # Values 4 and 5 name the coded order first and the shown order second; what counts is what is shown first.
        if declared in (2, 5):
            return FieldOrder.TOP_FIRST
        if declared in (3, 4):
            return FieldOrder.BOTTOM_FIRST
        if not self.pictures:
            return FieldOrder.UNKNOWN
        if any(picture.interlaced_frame for picture in self.pictures):
            return _seen_order(self.pictures)
        codec = self._stream.codec_context.name
        return FieldOrder.UNKNOWN if codec in _MUTE_CODECS else FieldOrder.PROGRESSIVE

    def color(self, name: str) -> int | None:
        """A code point (H.273) of the first picture: `colorspace`, `color_primaries`, `color_trc`, `color_range`."""
        return int(getattr(self.pictures[0], name)) if self.pictures else None


def _seen_order(pictures: Iterable[VideoFrame]) -> FieldOrder:
    """What the `idet` filter of FFmpeg makes of the movement between the fields; unknown in a still scene."""
    from av.error import FFmpegError
    from av.filter import Graph

    votes = {"tff": 0, "bff": 0}
    frames = list(pictures)
    graph = Graph()
    source = graph.add_buffer(
        width=frames[0].width, height=frames[0].height, format=frames[0].format, time_base=frames[0].time_base
    )
    nodes = [source, graph.add("idet"), graph.add("buffersink")]
    graph.link_nodes(*nodes).configure()
    try:
        for frame in frames:
            graph.push(frame)
        graph.push(None)
        while True:
            verdict = graph.pull().metadata.get("lavfi.idet.multiple.current_frame", "")
            if verdict in votes:
                votes[verdict] += 1
    except (FFmpegError, ValueError):
        pass  # drained, or pictures of different sizes: the votes so far count
    if votes["tff"] == votes["bff"]:
        return FieldOrder.UNKNOWN
    return FieldOrder.TOP_FIRST if votes["tff"] > votes["bff"] else FieldOrder.BOTTOM_FIRST
