"""From decoded sound to the sound of an access copy: stereo, 48 kHz, without gaps, at an even loudness.

The samples that come out follow each other without a break from time 0, so sample n is heard at n/48000 s. Where the
time stamps of the master leave that line:
- by more than 10 ms: silence is put in, or samples that overlap are left out;
- by more than 2 ms: the sound is stretched or squeezed by at most 0.4 % (7 cents, not heard) until it fits again.
  That is how the slow clock of a capture card is followed without a click.

Five and more channels are mixed down by FFmpeg's own matrix. Loudness is measured on the mixed-down sound, because
that is what is heard: its figures may differ from those of the master's own channels.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.error import FFmpegError
from av.filter import Graph
from numpy.typing import NDArray

from holdfast.media.decode import Master, Sound
from holdfast.media.reading import DAMAGE
from holdfast.model.technical import Loudness

RATE = 48000
Samples = NDArray[np.float32]
_HARD = RATE // 100
_SOFT = RATE // 500
_CHUNK = RATE // 2


@dataclass(frozen=True)
class Heard:
    """Sound for the encoders: `(2, n) float32`; `position` is the number of its first sample."""

    samples: Samples
    position: int


class SoundChain:
    """Takes decoded sound, gives it in an unbroken row from time 0; `position` counts the samples given so far."""

    def __init__(self, gain_db: Fraction = Fraction(0)) -> None:
        self._factor = np.float32(10 ** (float(gain_db) / 20))
        self._resampler: av.AudioResampler | None = None
        self._key: tuple[object, ...] = ()
        self._unusable = 0
        self.position = 0

    @property
    def warnings(self) -> list[str]:
        """What could not be used, in words."""
        return [f"sound: {self._unusable} pieces could not be converted"] if self._unusable else []

    def push(self, sound: Sound) -> Iterator[Heard]:
        """What is ready once this sound is known."""
        frame = sound.frame
        key = (frame.format.name, frame.layout.name, frame.sample_rate)
        if key != self._key:
            yield from self.drain()
            self._key, self._resampler = key, av.AudioResampler("fltp", "stereo", RATE)
        frame.time_base = Fraction(1, frame.sample_rate)
        frame.pts = sound.ticks(frame.sample_rate)
        yield from self._resampled(frame)

    def drain(self) -> Iterator[Heard]:
        """What the resampler still holds back."""
        yield from self._resampled(None)
        self._resampler = None

    def silence_until(self, end: Fraction) -> Iterator[Heard]:
        """Silence up to `end` seconds: a player stalls where one of its tracks ends early."""
        yield from self._silence(round(end * RATE) - self.position)

    def _resampled(self, frame: AudioFrame | None) -> Iterator[Heard]:
        if self._resampler is None:
            return
        try:
            pieces = self._resampler.resample(frame)
        except (FFmpegError, *DAMAGE):
            self._unusable += 1
            self._key, self._resampler = (), None
            return
        for piece in pieces:
            yield from self._placed(piece)

    def _placed(self, frame: AudioFrame) -> Iterator[Heard]:
        samples: Samples = frame.to_ndarray().astype(np.float32, copy=False) * self._factor
        assert frame.pts is not None
        assert frame.time_base is not None
        late = round(frame.pts * frame.time_base * RATE) - self.position
        if late > _HARD:
            yield from self._silence(late)
        elif late < -_HARD:
            samples = samples[:, -late:]
        elif abs(late) > _SOFT:
            samples = _stretched(samples, late)
        if samples.shape[1]:
            yield self._next(np.ascontiguousarray(samples))

    def _silence(self, count: int) -> Iterator[Heard]:
        while count > 0:
            part = min(count, _CHUNK)
            count -= part
            yield self._next(np.zeros((2, part), np.float32))

    def _next(self, samples: Samples) -> Heard:
        heard = Heard(samples, self.position)
        self.position += samples.shape[1]
        return heard


def _stretched(samples: Samples, by: int) -> Samples:
    """The same sound, longer by up to `by` samples (shorter if negative), but by no more than 1 in 256."""
    count = samples.shape[1]
    limit = max(1, count // 256)
    longer = count + max(-limit, min(limit, by))
    at = np.linspace(0, count - 1, longer)
    return np.stack([np.interp(at, np.arange(count), channel) for channel in samples]).astype(np.float32)


def measured(path: Path, on_progress: Callable[[float], None], check: Callable[[], None]) -> Loudness | None:
    """EBU R 128 figures of the sound as the copy will have it before any gain; None without (decodable) sound.

    Reads the whole file once and decodes only its sound. `check` is called often and may raise to stop.
    """
    meter, chain = _Meter(), SoundChain()
    with Master(path, pictures=False) as master:
        for moment in master.moments():
            check()
            if isinstance(moment, Sound):
                for heard in chain.push(moment):
                    meter.hear(heard)
            on_progress(master.done)
    for heard in chain.drain():
        meter.hear(heard)
    return meter.loudness()


class _Meter:
    """FFmpeg's loudness meter, fed sample by sample."""

    def __init__(self) -> None:
        self._graph = Graph()
        source = self._graph.add_abuffer(format="fltp", sample_rate=RATE, layout="stereo", time_base=Fraction(1, RATE))
        meter = self._graph.add("ebur128", "metadata=1:peak=true:framelog=quiet")
        sink = self._graph.add("abuffersink")
        self._graph.link_nodes(source, meter, sink)
        self._graph.configure()
        self._heard = 0
        self._figures: dict[str, str] = {}

    def hear(self, heard: Heard | None) -> None:
        """Counts this sound; None ends the counting."""
        self._graph.push(audio_frame(heard) if heard is not None else None)
        self._heard += heard.samples.shape[1] if heard is not None else 0
        while True:
            try:
                self._figures = self._graph.pull().metadata or self._figures
            except (BlockingIOError, EOFError):
                return

    def loudness(self) -> Loudness | None:
        """The figures over everything heard, or None if nothing was."""
        if not self._heard:
            return None
        self.hear(None)
        peak = float(self._figures.get("lavfi.r128.true_peak", "nan"))
        return Loudness(
            integrated_lufs=_figure(self._figures.get("lavfi.r128.I")),
            range_lu=_figure(self._figures.get("lavfi.r128.LRA")),
            true_peak_dbtp=_figure(f"{20 * math.log10(peak):.2f}" if peak > 0 else None),
        )


def _figure(text: str | None) -> Fraction | None:
    """A figure of the meter. -70 LUFS is the gate: it means that nothing was loud enough to be measured."""
    if text is None or not math.isfinite(float(text)) or float(text) <= -70:
        return None
    return Fraction(text)


def audio_frame(heard: Heard) -> AudioFrame:
    """The same sound as FFmpeg wants it."""
    frame = AudioFrame.from_ndarray(heard.samples, format="fltp", layout="stereo")
    frame.sample_rate = RATE
    frame.time_base = Fraction(1, RATE)
    frame.pts = heard.position
    return frame
