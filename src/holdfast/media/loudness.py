"""How loud a sound track is, after EBU R 128: what the gain of an access copy is set by.

All sound is decoded, once; nothing is held. About 150 times faster than playing it.

Source: Rec. ITU-R BS.1770-4 and EBU Tech 3341 and 3342, as FFmpeg's `ebur128` filter computes them.
"""

from __future__ import annotations

import math
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from holdfast.errors import BadValue, SourceMissing
from holdfast.media.complaints import Complaints
from holdfast.media.library import need_media
from holdfast.media.reading import DAMAGE, open_for_reading, packets_of
from holdfast.model.technical import Loudness

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.resampler import AudioResampler
    from av.filter import Graph

# The absolute gate of BS.1770: blocks below it do not count, and the filter says -70.0 when none counted.
_GATE_LUFS = Fraction(-70)
# Of what the filter tells of the true peak (three places, linear) less than this is nothing.
_FAINTEST = 0.001


def measure_loudness(path: Path, track_index: int) -> Loudness:
    """Loudness of one sound track over its whole length; `track_index` is the index that the probe gave it.

    A value is None where there is nothing to measure: silence, or less than 0.4 s of sound. What cannot be decoded
    is left out of the measure; a file that cannot be opened at all has no loudness.

    Raises:
        BadValue: the file has no sound track of that index.
        SourceMissing: the operating system does not let us read the file.
        ExtraMissing: the optional part [media] is not installed.
    """
    need_media("Measuring loudness")
    from av.error import FFmpegError

    try:
        with path.open("rb"):
            pass
    except OSError as error:
        raise SourceMissing(path=path, reason=error.strerror or str(error)) from error
    with Complaints():
        try:
            container = open_for_reading(path)
        except (FFmpegError, *DAMAGE):
            return Loudness()
        with container:
            sounds = {stream.index: stream for stream in container.streams.audio}
            if track_index not in sounds:
                raise BadValue(name="track", found=track_index, expected=f"one of the sound tracks {sorted(sounds)}")
            meter = _Meter()
            for packet in packets_of(container, sounds[track_index]):
                with suppress(FFmpegError, *DAMAGE):  # what cannot be decoded is not heard
                    for frame in sounds[track_index].decode(packet):
                        meter.hear(frame)
            return meter.reading()


class _Meter:
    """FFmpeg's meter, which wants one kind of sound; a track that changes its kind in the middle is converted."""

    def __init__(self) -> None:
        self._graph: Graph | None = None
        self._resampler: AudioResampler | None = None
        self._kind: tuple[str, str, int] | None = None
        self._layout, self._rate, self._samples = "", 0, 0
        self._last: dict[str, str] = {}

    def hear(self, frame: AudioFrame) -> None:
        """Measure a piece of sound."""
        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        if self._graph is None:
            self._layout, self._rate = frame.layout.name, frame.sample_rate
            self._graph = self._build()
        if kind != self._kind:
            from av.audio.resampler import AudioResampler

            self._resampler = AudioResampler(format="dbl", layout=self._layout, rate=self._rate)
            self._kind = kind
        assert self._resampler is not None
        for piece in self._resampler.resample(frame):
            # Counted anew: the time stamps of a damaged film would confuse the filter.
            piece.pts = self._samples
            self._samples += piece.samples
            self._graph.push(piece)
            self._drain()

    def reading(self) -> Loudness:
        """The figures for all that was heard."""
        if self._graph is not None:
            self._graph.push(None)
            self._drain()
        integrated = Fraction(self._last.get("lavfi.r128.I", "-70"))
        peak = float(self._last.get("lavfi.r128.true_peak", "0"))
        return Loudness(
            integrated_lufs=integrated if integrated > _GATE_LUFS else None,
            range_lu=Fraction(self._last["lavfi.r128.LRA"]) if integrated > _GATE_LUFS else None,
            true_peak_dbtp=Fraction(f"{20 * math.log10(peak):.2f}") if peak >= _FAINTEST else None,
        )

    def _build(self) -> Graph:
        from av.filter import Graph

        graph = Graph()
        source = graph.add_abuffer(
            sample_rate=self._rate, format="dbl", layout=self._layout, time_base=Fraction(1, self._rate)
        )
        meter = graph.add("ebur128", "metadata=1:peak=true")
        graph.link_nodes(source, meter, graph.add("abuffersink")).configure()
        return graph

    def _drain(self) -> None:
        from av.error import BlockingIOError, EOFError  # noqa: A004

        assert self._graph is not None
        try:
            while True:
                # Every tenth of a second the filter tells the figures so far; the last ones are of the whole.
                self._last.update(self._graph.pull().metadata)
        except (BlockingIOError, EOFError):
            return
