"""Interlaced pictures made whole: one for one, each at its own time, what is progressive untouched.

A frame of two fields shows two moments at once. Of the first a full picture is made (bwdif, which looks at the frames
before and after), so that frame n stays frame n. Access copies keep both moments (`media.picture`); who compares or
combines copies needs the frames to be those of the film.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from fractions import Fraction

from av.error import FFmpegError
from av.filter import Graph
from av.video.frame import VideoFrame

from holdfast.media.decode import Picture
from holdfast.media.picture import INTERLACED_ORDERS, buffer_source, matrix_name
from holdfast.media.reading import DAMAGE

_TICK = Fraction(1, 90000)


class Weave:
    """Takes decoded pictures, gives as many, without comb. `container_order` is `Master.field_order`."""

    def __init__(self, container_order: int = 0) -> None:
        self._order = container_order
        self._graph: Graph | None = None
        self._key: tuple[object, ...] = ()
        self._waiting: deque[Picture] = deque()

    def undone(self, pictures: Iterable[Picture]) -> Iterator[Picture]:
        """The pictures in order; while they are progressive nothing is done and nothing is held back."""
        for picture in pictures:
            frame = picture.frame
            is_woven = frame.interlaced_frame or self._order in INTERLACED_ORDERS
            if self._graph is None and not is_woven:
                yield picture
                continue
            key = (frame.width, frame.height, frame.format.name, frame.colorspace, frame.color_range)
            if key != self._key:
                yield from self._drained()
                self._key = key
            yield from self._pushed(picture)
        yield from self._drained()

    def _pushed(self, picture: Picture) -> Iterator[Picture]:
        frame = picture.frame
        full = frame.color_range == 2 or frame.format.name.startswith("yuvj")
        try:
            if self._graph is None:
                self._graph = self._built(frame, full=full)
            else:
                buffer_source(frame, matrix_name(frame), full=full)
            frame.pts, frame.time_base = round(picture.time / _TICK), _TICK
            self._graph.push(frame)
        except (FFmpegError, *DAMAGE):  # a kind of picture that the filter does not know passes with its comb
            yield from self._drained()
            yield picture
            return
        self._waiting.append(picture)
        yield from self._pulled()

    def _built(self, frame: VideoFrame, *, full: bool) -> Graph:
        graph = Graph()
        steps = [("buffer", buffer_source(frame, matrix_name(frame), full=full))]
        if frame.interlaced_frame or self._order not in INTERLACED_ORDERS:
            steps.append(("bwdif", "mode=send_frame:parity=auto:deint=interlaced"))
        else:
            steps.append(("setfield", INTERLACED_ORDERS[self._order]))
            steps.append(("bwdif", "mode=send_frame:parity=auto:deint=all"))
        steps.append(("buffersink", ""))
        graph.link_nodes(*(graph.add(name, args) if args else graph.add(name) for name, args in steps))
        graph.configure()
        return graph

    def _pulled(self) -> Iterator[Picture]:
        while self._graph is not None and self._waiting:
            try:
                frame = self._graph.pull()
            except (BlockingIOError, EOFError):
                return
            assert isinstance(frame, VideoFrame)
            was = self._waiting.popleft()
            yield Picture(frame, was.at, was.lasts, was.unit)

    def _drained(self) -> Iterator[Picture]:
        """What the filter still holds; what it does not give back passes as it came."""
        if self._graph is not None:
            try:
                self._graph.push(None)
                yield from self._pulled()
            except (FFmpegError, *DAMAGE):
                pass
        self._graph, self._key = None, ()
        while self._waiting:
            yield self._waiting.popleft()
