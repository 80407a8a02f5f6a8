"""From decoded frames to the pictures of an access copy: upright, whole, square, in BT.709, one after the other.

What happens to a frame, in this order:
- interlaced ones are split into their two fields, each made a full picture (bwdif). The full field rate is kept:
  half of the movement that a camera recorded lies in the second field. Field order is what the frame says, else what
  its container says. Progressive frames between them pass untouched;
- scaled to the largest rung (square pixels; colours to BT.709, 8 bit, 4:2:0). Frames in HDR (PQ or HLG) are brought
  to the range of an ordinary screen by the colour mapping of FFmpeg's scaler, since the wheel has no zscale; where
  that is missing too they are only requantised, look pale, and a warning says so;
- turned and mirrored as the display matrix asks;
- thinned to 60 a second, and never more; otherwise each keeps its own time.

A picture is passed on when its end is known, that is when the next one comes. While a picture stands for longer than
a segment (a slide, a gap by damage) it is repeated at each segment border, so that a player can begin there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from av.error import FFmpegError
from av.filter import Graph
from av.sidedata.sidedata import SideData
from av.video.frame import VideoFrame

from holdfast.media.ladder import Recipe, Rung, fitted, shown_size
from holdfast.media.reading import DAMAGE

TICK = Fraction(1, 90000)
_UNKNOWN_MATRIX = 2
# Rec. ITU-T H.273 table 4, as FFmpeg names them.
_MATRICES = {0: "gbr", 1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "ycgco", 9: "bt2020nc"}
_HDR = {16, 18}  # table 3: PQ (SMPTE ST 2084) and HLG (ARIB STD-B67)


@dataclass(frozen=True)
class Shown:
    """A finished picture and when it is seen: seconds from the beginning. `frame.pts` counts `TICK`s."""

    frame: VideoFrame
    start: Fraction
    end: Fraction


@dataclass(frozen=True)
class Turn:
    """How a picture is to be turned and mirrored: swap rows and columns first, then mirror left-right, top-bottom."""

    is_transposed: bool = False
    is_mirrored: bool = False
    is_flipped: bool = False

    @property
    def filters(self) -> list[tuple[str, str]]:
        """The same in FFmpeg's filters."""
        if self.is_transposed:
            ways = {(0, 0): "cclock_flip", (1, 0): "clock", (0, 1): "cclock", (1, 1): "clock_flip"}
            return [("transpose", ways[self.is_mirrored, self.is_flipped])]
        return [("hflip", "")] * self.is_mirrored + [("vflip", "")] * self.is_flipped


def turn_of(frame: VideoFrame) -> Turn:
    """What the frame's display matrix asks for, to the nearest quarter turn.

    Source: ISO/IEC 14496-12, 6.2.2 and FFmpeg's `libavutil/display.h`: x' = a x + c y, y' = b x + d y.
    """
    data = frame.side_data.get("DISPLAYMATRIX")
    if not isinstance(data, SideData):
        return Turn()
    words = memoryview(bytes(data)).cast("i")
    a, b, c, d = words[0], words[1], words[3], words[4]
    if abs(b) + abs(c) > abs(a) + abs(d):
        return Turn(is_transposed=True, is_mirrored=c < 0, is_flipped=b < 0)
    return Turn(is_mirrored=a < 0, is_flipped=d < 0)


class PictureChain:
    """Takes decoded frames, gives `Shown` pictures of the size of `rung`."""

    def __init__(self, rung: Rung, recipe: Recipe, *, container_order: int = 0) -> None:
        self._box = (rung.width, rung.height)
        self._order = container_order
        self._hdr_can_be_mapped = True
        self._is_interlaced = False
        self._key: tuple[object, ...] | None = None
        self._graph: Graph | None = None
        self._pace = _Pace(recipe)
        self._unusable = 0

    @property
    def warnings(self) -> list[str]:
        """What could not be done, in words."""
        told = [f"picture: {self._unusable} pictures could not be converted"] if self._unusable else []
        if not self._hdr_can_be_mapped:
            told.append("picture: brightness beyond an ordinary screen (HDR) could not be mapped, it looks pale")
        return told

    def push(self, frame: VideoFrame, time: Fraction, aspect: Fraction) -> Iterator[Shown]:
        """The pictures that are complete once this frame is known. `aspect` is that of its pixels."""
        try:
            yield from self._filtered(frame, time, aspect)
        except (FFmpegError, *DAMAGE):
            self._unusable += 1
            self._key = self._graph = None

    def _filtered(self, frame: VideoFrame, time: Fraction, aspect: Fraction) -> Iterator[Shown]:
        if frame.interlaced_frame or self._order in INTERLACED_ORDERS:
            self._is_interlaced = True
        matrix, turn = matrix_name(frame), turn_of(frame)
        form = (frame.width, frame.height, frame.format.name, frame.color_range, frame.color_trc)
        key = (*form, aspect, matrix, turn, self._is_interlaced)
        if key != self._key:
            yield from self._drain()
            self._graph = self._built(frame, matrix, turn, aspect)
            self._key = key
        assert self._graph is not None
        frame.pts, frame.time_base = round(time / TICK), TICK
        self._graph.push(frame)
        yield from self._pulled(self._graph)

    def finish(self, end: Fraction) -> Iterator[Shown]:
        """The last pictures; the very last one is shown until `end`."""
        yield from self._drain()
        yield from self._pace.finish(end)

    def _drain(self) -> Iterator[Shown]:
        if self._graph is not None:
            self._graph.push(None)
            yield from self._pulled(self._graph)
            self._graph = None

    def _pulled(self, graph: Graph) -> Iterator[Shown]:
        while True:
            try:
                frame = graph.pull()
            except (BlockingIOError, EOFError):
                return
            assert isinstance(frame, VideoFrame)
            assert frame.pts is not None
            assert frame.time_base is not None
            yield from self._pace.take(frame, frame.pts * frame.time_base)

    def _built(self, frame: VideoFrame, matrix: str, turn: Turn, aspect: Fraction) -> Graph:
        is_hdr = frame.color_trc in _HDR
        if is_hdr and self._hdr_can_be_mapped:
            try:
                return self._configured(frame, matrix, turn, aspect, _HDR_TO_SDR)
            except (FFmpegError, ValueError):
                self._hdr_can_be_mapped = False
        return self._configured(frame, matrix, turn, aspect, "")

    def _configured(self, frame: VideoFrame, matrix: str, turn: Turn, aspect: Fraction, colors: str) -> Graph:
        wide, high = shown_size(frame.width, frame.height, aspect, is_turned=turn.is_transposed)
        fit = fitted(wide, high, self._box)
        before_turn = fit[::-1] if turn.is_transposed else fit
        full = frame.color_range == 2 or frame.format.name.startswith("yuvj")
        steps = [("buffer", buffer_source(frame, matrix, full=full))]
        if self._is_interlaced:
            steps += self._fields(frame)
        scale = f"w={before_turn[0]}:h={before_turn[1]}:flags=bicubic:out_color_matrix=bt709:out_range=tv"
        steps += [("scale", scale + colors), ("format", "yuv420p"), *turn.filters]
        if fit != self._box:
            steps.append(("pad", f"{self._box[0]}:{self._box[1]}:-1:-1"))
        steps += [("setsar", "1"), ("buffersink", "")]
        graph = Graph()
        graph.link_nodes(*(graph.add(name, args) if args else graph.add(name) for name, args in steps))
        graph.configure()
        return graph

    def _fields(self, frame: VideoFrame) -> list[tuple[str, str]]:
        if frame.interlaced_frame or self._order not in INTERLACED_ORDERS:
            return [("bwdif", "mode=send_field:parity=auto:deint=interlaced")]
        return [("setfield", INTERLACED_ORDERS[self._order]), ("bwdif", "mode=send_field:parity=auto:deint=all")]


# AVFieldOrder (libavcodec/defs.h): the second letter of TT, BB, TB, BT is the field that is shown first.
INTERLACED_ORDERS = {2: "tff", 3: "bff", 4: "bff", 5: "tff"}
_HDR_TO_SDR = ":out_primaries=bt709:out_transfer=bt709:intent=perceptual"


def matrix_name(frame: VideoFrame) -> str:
    """The frame's colour matrix by name; unstated, what players assume: BT.601 for a picture of TV size, else 709."""
    if frame.format.is_rgb or frame.format.name in ("pal8", "gray", "monow", "monob"):
        return "gbr" if frame.format.is_rgb else "unknown"
    named = _MATRICES.get(frame.colorspace)
    return named or ("bt709" if frame.height > 576 or frame.width > 1024 else "smpte170m")


def buffer_source(frame: VideoFrame, matrix: str, *, full: bool) -> str:
    """The arguments of a filter graph's source for frames like this one, whose colours are made to say the same."""
    names = {name: number for number, name in _MATRICES.items()}
    frame.colorspace = names.get(matrix, _UNKNOWN_MATRIX)  # the buffer refuses a frame that differs from its promise
    frame.color_range = 2 if full else 1
    return (
        f"video_size={frame.width}x{frame.height}:pix_fmt={frame.format.name}:time_base={TICK}:pixel_aspect=1/1"
        f":colorspace={matrix}:range={'pc' if full else 'tv'}"
    )


class _Pace:
    """Puts pictures into their time: thins, repeats, and gives each its end."""

    def __init__(self, recipe: Recipe) -> None:
        self._slot = Fraction(1, recipe.max_frame_rate)
        self._segment = Fraction(recipe.segment_s)
        self._due: Fraction | None = None
        self._held: tuple[VideoFrame, Fraction] | None = None

    def take(self, frame: VideoFrame, time: Fraction) -> Iterator[Shown]:
        """Pictures that end where this one begins. A picture that comes too early or not in order is left out."""
        time = max(time, Fraction(0))
        if self._held is None:
            # What comes late at the beginning is shown from the beginning, as players do, unless it is a trifle.
            self._held = (frame, time if time < Fraction(1, 10) else Fraction(0))
            self._due = time + self._slot
            if time < Fraction(1, 10):
                return
        assert self._due is not None
        if time <= self._held[1] or time < self._due - self._slot / 2:
            return
        self._due = max(self._due, time - self._slot) + self._slot
        yield from self._until(time)
        self._held = (frame, time)

    def finish(self, end: Fraction) -> Iterator[Shown]:
        """The last picture, until `end` (or for one slot, if it begins no earlier)."""
        if self._held is not None:
            start = self._held[1]
            yield from self._until(end if end > start else start + self._slot)
            self._held = None

    def _until(self, end: Fraction) -> Iterator[Shown]:
        """The held picture up to `end`, cut at every segment border but the one it would reach only just."""
        assert self._held is not None
        frame, start = self._held
        while start < end:
            border = (start // self._segment + 1) * self._segment
            stop = end if end - start <= self._segment else min(border, end)
            yield Shown(frame, start, stop)
            start = stop
