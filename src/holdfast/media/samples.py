"""What a fingerprint is made of: every frame's brightness and the sound in mono, from one decoding pass.

    with Samples(path) as film:
        for sample in film:
            match sample: case LumaFrame(): ...  case SoundBlock(): ...
        film.warnings

The rules:
- times are whole microseconds on the time line of `Master`, which has dealt with late starts, jumps and damage;
- a frame's brightness is the decoder's own 8-bit plane, not copied, as it lies in the film: interlaced lines stay as
  they are, a turn that the film asks for is told (`turn`) and left to whoever has made the picture small. Other
  formats (10 bit, RGB, packed) are converted, a hundred times more slowly;
- the sound is mixed to one channel and comes in blocks of about half a second; where it pauses, a block ends;
- no frame is kept here, so ten hours need no more memory than ten seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.error import FFmpegError
from av.packet import Packet
from av.video.format import VideoFormat
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

from holdfast.media.decode import Master, Picture, Sound
from holdfast.media.picture import Turn, turn_of
from holdfast.media.reading import DAMAGE

SOUND_RATE = 8000
_MICRO = 1_000_000

# Stamps of sound that are off by up to a fortieth of a second are no gap: those of Vorbis leap by 11 ms to and fro.
_JITTER = 40

# Deblocking is a quarter of the decoding of H.264 and VP8. Without it errors add up from key frame to key frame, which
# has it. A hash sees 0 to 8 bits of that in the median and 4 to 23 at 95 % (14 and 22 in one of nine real films): as
# much as a good re-encode does.
_NO_DEBLOCKING = "nokey"


class LumaFrame(NamedTuple):
    """One decoded frame, shown from `time_us` for `length_us`.

    `luma` (h, w) uint8 is valid until the next sample is asked for, or as long as `frame` is held. `turn` is what
    makes it upright, `aspect` the width of its pixels divided by their height (before the turn).
    """

    time_us: int
    length_us: int
    luma: NDArray[np.uint8]
    turn: Turn
    aspect: Fraction
    is_key: bool
    frame: VideoFrame


class SoundBlock(NamedTuple):
    """Samples of one channel, (n,) float32 between -1 and 1, the first of them heard at `time_us`."""

    time_us: int
    samples: NDArray[np.float32]


class Samples:
    """One pass over the film at `path`: iterate it once, inside `with`.

    With `keys_only` the pictures are the key frames alone (two to four times faster), the sound is whole.
    `threads` is the number of decoding threads, 0 for as many as there are cores. Files that are no film give nothing
    and say so in `warnings`.

    Raises:
        SourceMissing: the path cannot be read.
    """

    def __init__(self, path: Path, *, sound_rate: int = SOUND_RATE, keys_only: bool = False, threads: int = 0) -> None:
        self._master = _KeyFrames(path) if keys_only else Master(path)
        self._sound = _SoundBlocks(sound_rate)
        self._luma = _LumaPlanes()
        self._turn, self._aspect = Turn(), Fraction(1)
        self._is_first, self._keys_only = True, keys_only
        if self._master.video is not None:
            context = self._master.video.codec_context
            self._master.video.thread_type = "AUTO" if threads != 1 else "NONE"
            context.thread_count = threads
            context.options = {"skip_loop_filter": _NO_DEBLOCKING}
            context.skip_frame = "NONKEY" if keys_only else "DEFAULT"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._master.__exit__(kind, error, trace)

    @property
    def stated_us(self) -> int:
        """The length that the header claims: good for planning only. 0 when it claims none."""
        return int((self._master.duration or 0) * _MICRO)

    @property
    def done(self) -> float:
        """The fraction of the file that has been read."""
        return self._master.done

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was skipped, a line for each kind of damage; complete after the pass."""
        return (*self._master.warnings, *self._luma.warnings, *self._sound.warnings)

    def __iter__(self) -> Iterator[LumaFrame | SoundBlock]:
        for moment in self._master.moments():
            if isinstance(moment, Picture):
                if self._keys_only and not moment.frame.key_frame:
                    continue
                luma = self._luma.of(moment.frame)
                if luma is not None:
                    yield self._framed(moment, luma)
            else:
                yield from self._sound.push(moment)
        yield from self._sound.finish()

    def _framed(self, picture: Picture, luma: NDArray[np.uint8]) -> LumaFrame:
        frame = picture.frame
        is_key = bool(frame.key_frame)
        if is_key or self._is_first:  # neither changes in between, and asking costs as much as all the rest
            self._turn, self._aspect, self._is_first = turn_of(frame), self._master.pixel_aspect, False
        time_us, length_us = picture.ticks(_MICRO), picture.length_ticks(_MICRO)
        return LumaFrame(time_us, length_us, luma, self._turn, self._aspect, is_key, frame)


def small_picture(sample: LumaFrame, longer_px: int) -> NDArray[np.uint8]:
    """The frame in colors, (h, w, 3) uint8 RGB, upright, in square pixels, its longer side `longer_px` at most.

    Raises:
        ValueError: its format cannot be converted.
    """
    frame, turn = sample.frame, sample.turn
    wide, high = frame.width * sample.aspect, Fraction(frame.height)
    scale = min(Fraction(longer_px) / max(wide, high), Fraction(1))
    size = max(round(wide * scale), 1), max(round(high * scale), 1)
    try:
        small = VideoReformatter().reformat(frame, *size, "rgb24", interpolation=Interpolation.AREA)
    except FFmpegError as error:
        raise ValueError(f"a frame in {frame.format.name} cannot be shown in colors") from error
    return upright(np.asarray(small.to_ndarray(), np.uint8), turn)


def upright(picture: NDArray[np.uint8], turn: Turn) -> NDArray[np.uint8]:
    """The picture, (h, w) or (h, w, 3), turned and mirrored as the film asks: a view, not a copy."""
    if turn.is_transposed:
        picture = picture.swapaxes(0, 1)
    return picture[:: -1 if turn.is_flipped else 1, :: -1 if turn.is_mirrored else 1]


class _KeyFrames(Master):
    """A master whose other pictures are not even given to the decoder: that of VP9 decodes them all the same."""

    def _packets(self) -> Iterator[Packet[Any]]:
        for packet in super()._packets():
            if packet.stream is not self.video or packet.is_keyframe or not packet.size:
                yield packet


class _LumaPlanes:
    """Finds the brightness of frames; knows for each format whether its first plane is that already."""

    def __init__(self) -> None:
        self._is_plane: dict[str, bool] = {}
        self._unusable = 0

    @property
    def warnings(self) -> list[str]:
        return [f"picture: {self._unusable} pictures could not be converted"] if self._unusable else []

    def of(self, frame: VideoFrame) -> NDArray[np.uint8] | None:
        name = frame.format.name
        is_plane = self._is_plane.get(name)
        if is_plane is None:
            is_plane = self._is_plane[name] = _has_luma_plane(frame.format)
        try:
            plane = (frame if is_plane else frame.reformat(format="gray")).planes[0]
        except (FFmpegError, *DAMAGE):
            self._unusable += 1
            return None
        # In one call: the decoder leaves the caches full of its own, and whatever comes after it is slow.
        size = frame.height, frame.width
        return np.ndarray(size, np.uint8, memoryview(plane), strides=(plane.line_size, 1))


def _has_luma_plane(form: VideoFormat) -> bool:
    """Whether the first plane holds 8 bits of brightness for every pixel and nothing else."""
    if form.is_rgb or form.has_palette or form.is_bit_stream or not form.components:
        return False
    first, *others = form.components
    return first.bits == 8 and first.plane == 0 and all(each.plane != 0 for each in others)


class _SoundBlocks:
    """Mixes and resamples decoded sound into blocks without gaps.

    Frames are gathered to about half a second before they go through the resampler: one by one, that costs several
    times what decoding them does. Where there is a gap, what was gathered is given and all begins anew.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._resampler: av.AudioResampler | None = None
        self._gathered = av.AudioFifo()
        self._key: tuple[object, ...] = ()
        self._tick = Fraction(1, rate)
        self._start = self._due = 0  # stamps: of what is gathered, and of the next frame if there is no gap
        self._end_us = 0  # of what has been given
        self._unusable = 0

    @property
    def warnings(self) -> list[str]:
        return [f"sound: {self._unusable} pieces could not be converted"] if self._unusable else []

    def push(self, sound: Sound) -> list[SoundBlock]:
        frame = sound.frame
        rate, count = frame.sample_rate, frame.samples
        if not rate or not count:
            return []
        start, given = sound.ticks(rate), []
        key = (frame.format.name, frame.layout.name, rate)
        if key != self._key or abs(start - self._due) > rate // _JITTER:
            given = self.finish()
            self._key, self._tick = key, Fraction(1, rate)
            self._resampler = av.AudioResampler("fltp", "mono", self._rate)
            self._start = self._due = start
        frame.pts, frame.time_base = None, self._tick  # the line they stand in tells their time
        try:
            self._gathered.write(frame)
        except (FFmpegError, *DAMAGE):
            self._give_up()
            return given
        self._due += count
        if self._due - self._start >= rate // 2:
            given += self._pass_on()
        return given

    def finish(self) -> list[SoundBlock]:
        given = self._pass_on() + self._resampled(None)
        self._resampler, self._gathered = None, av.AudioFifo()
        return given

    def _pass_on(self) -> list[SoundBlock]:
        frame = self._gathered.read() if self._due > self._start else None
        if frame is None:
            return []
        frame.pts = self._start
        self._start = self._due
        return self._resampled(frame)

    def _resampled(self, frame: AudioFrame | None) -> list[SoundBlock]:
        if self._resampler is None:
            return []
        try:
            return [block for each in self._resampler.resample(frame) for block in self._given(each)]
        except (FFmpegError, *DAMAGE):
            self._give_up()
            return []

    def _give_up(self) -> None:
        """Counts what cannot be used; the next frame begins anew."""
        self._unusable += 1
        self._key, self._resampler, self._gathered = (), None, av.AudioFifo()
        self._start = self._due

    def _given(self, block: AudioFrame) -> Iterator[SoundBlock]:
        assert block.pts is not None  # in samples of the rate that comes out
        time_us = block.pts * _MICRO // self._rate
        samples: NDArray[np.float32] = block.to_ndarray()[0]
        if not np.isfinite(
            samples @ samples
        ):  # asked of the sum: to mend every block would take as long as decoding it
            samples = np.nan_to_num(samples, posinf=0.0, neginf=0.0)
        if time_us < self._end_us:  # stamps went back: what was heard already is left out
            samples = samples[-(-(self._end_us - time_us) * self._rate // _MICRO) :]
            time_us = self._end_us
        if len(samples):
            self._end_us = time_us + len(samples) * _MICRO // self._rate
            yield SoundBlock(time_us, samples)
