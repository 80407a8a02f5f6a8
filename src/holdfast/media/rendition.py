"""One rung of the ladder: a thread that scales, encodes and writes one MP4, fed through a short queue.

The file is a fragmented MP4: H.264 with a key frame at each segment border and nowhere else (so that all rungs can
be switched at the same moments), AAC stereo, the first sample of both at time 0, and an index at its beginning. It
plays as it is, and by byte ranges through a playlist.

The queue holds a few items only: when an encoder falls behind, decoding waits, and memory stays flat.
"""

from __future__ import annotations

import errno
import queue
import shutil
import threading
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.frame import PictureType
from av.video.reformatter import Interpolation, VideoReformatter
from av.video.stream import VideoStream

from holdfast.media.hls import Index, read_index
from holdfast.media.ladder import Recipe, Rung
from holdfast.media.library import steady_x264
from holdfast.media.picture import TICK, Shown
from holdfast.media.sound import RATE, Heard, audio_frame

_BT709 = 1
_LIMITED = 1
# The muxer waits this long (µs of film) for a track that is behind before it writes the other one alone.
_PATIENCE_US = 60_000_000
# A disk with less room than this (bytes) is full.
_ROOM = 4 << 20


class RenditionThread:
    """Encodes one rung into `folder/NAME.mp4` from what is `put`, until `close`; then `index` tells its segments.

    An error in the thread (a full disk, say) is raised by the next `put` or by `close`; the file is then incomplete.
    """

    def __init__(
        self, folder: Path, rung: Rung | None, recipe: Recipe, rate: Fraction, *, has_sound: bool, threads: int
    ) -> None:
        name = rung.name if rung is not None else "sound"
        self.path = folder / f"{name}.mp4"
        self.rung = rung
        self.rate = rate
        self.has_sound = has_sound
        self.index = Index(0, ())
        self._recipe = recipe
        self._threads = threads
        self._items: queue.Queue[Shown | Heard | None] = queue.Queue(maxsize=8)
        self._lengths: dict[int, int] = {}
        self._error: BaseException | None = None
        self._is_abandoned = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"encode-{name}", daemon=True)
        self._thread.start()

    def put(self, item: Shown | Heard) -> None:
        """Hands an item over, waiting while the queue is full."""
        self._offer(item)

    def close(self) -> None:
        """Waits until everything is encoded and the file is complete."""
        self._offer(None)
        self._thread.join()
        if self._error is not None:
            raise self._error

    def abandon(self) -> None:
        """Ends the thread without finishing the file."""
        self._is_abandoned.set()
        self._thread.join()

    def _offer(self, item: Shown | Heard | None) -> None:
        while True:
            if self._error is not None:
                raise self._error
            try:
                self._items.put(item, timeout=0.2)
            except queue.Full:
                continue
            return

    def _run(self) -> None:
        try:
            with av.open(str(self.path), "w", format="mp4", options=self._muxing()) as output:
                self._encode_all(output)
            if not self._is_abandoned.is_set():
                self.index = _complete(self.path)
        except BaseException as error:  # noqa: BLE001 (it is raised again in the thread that feeds this one)
            self._error = error

    def _encode_all(self, output: OutputContainer) -> None:
        video = self._add_video(output, self.rung) if self.rung is not None else None
        audio = self._add_audio(output) if self.has_sound else None
        scaler = VideoReformatter()
        segment = -1
        while not self._is_abandoned.is_set():
            try:
                item = self._items.get(timeout=0.2)
            except queue.Empty:
                continue
            if item is None:
                break
            if isinstance(item, Heard):
                assert audio is not None
                output.mux(_from_zero(audio.encode(audio_frame(item))))
                continue
            assert video is not None
            number = item.start // self._recipe.segment_s
            frame = self._scaled(scaler, item, is_key=number != segment)
            segment = number
            output.mux(self._lasting(video.encode(frame)))
        if self._is_abandoned.is_set():
            return
        if video is not None:
            output.mux(self._lasting(video.encode(None)))
        if audio is not None:
            output.mux(_from_zero(audio.encode(None)))

    def _lasting(self, packets: list[Any]) -> list[Any]:
        """The packets with the true length of their pictures, which x264 replaces by that of the nominal rate."""
        for packet in packets:
            packet.duration = self._lengths.pop(packet.pts, packet.duration)
        return packets

    def _scaled(self, scaler: VideoReformatter, item: Shown, *, is_key: bool) -> av.VideoFrame:
        assert self.rung is not None
        # The topmost rung gets the very frame back that the others are reading; they use none of what is set here.
        frame = scaler.reformat(
            item.frame, self.rung.width, self.rung.height, "yuv420p", interpolation=Interpolation.BICUBIC
        )
        frame.pts, frame.time_base = round(item.start / TICK), TICK
        self._lengths[frame.pts] = frame.duration = round(item.end / TICK) - frame.pts
        frame.pict_type = PictureType.I if is_key else PictureType.NONE
        return frame

    def _muxing(self) -> dict[str, str]:
        flags = "delay_moov+global_sidx+default_base_moof"
        cut = {"movflags": f"{flags}+frag_keyframe"}
        if self.rung is None:
            cut = {"movflags": flags, "frag_duration": str(self._recipe.segment_s * 1_000_000)}
        return {**cut, "fflags": "+bitexact", "max_interleave_delta": str(_PATIENCE_US)}

    def _add_video(self, output: OutputContainer, rung: Rung) -> VideoStream:
        options = {
            "preset": self._recipe.preset,
            "crf": str(self._recipe.crf),
            "profile": "high",
            "maxrate": str(rung.max_bit_rate),
            "bufsize": str(2 * rung.max_bit_rate),
            # Key frames come when we ask, each one a fresh start; `g` is only a bound that is never reached.
            "forced-idr": "1",
            "sc_threshold": "0",
            "x264-params": steady_x264(),
            "g": str(self._recipe.segment_s * 600),
        }
        video: Any = output.add_stream("libx264", rate=self.rate, options=options)
        video.width, video.height, video.pix_fmt = rung.width, rung.height, "yuv420p"
        context = video.codec_context
        context.time_base, context.framerate = TICK, self.rate
        context.color_primaries = context.color_trc = context.colorspace = _BT709
        context.color_range = _LIMITED
        context.thread_count = self._threads
        stream: VideoStream = video
        return stream

    def _add_audio(self, output: OutputContainer) -> AudioStream:
        audio: AudioStream = output.add_stream("aac", rate=RATE, layout="stereo")
        audio.bit_rate = self._recipe.sound_bit_rate
        return audio


def _from_zero(packets: list[Any]) -> list[Any]:
    """Without the packet of silence that an AAC encoder puts before the sound.

    Players should skip it by the edit list; Chromium does not when it plays by HLS, and then plays the sound 21 ms
    and the picture one frame late (seen in version 156). Without it the first 21 ms fade in, and all else is exact.
    """
    return [packet for packet in packets if packet.pts >= 0]


def _complete(path: Path) -> Index:
    """The index of a finished file. The muxer keeps silent when its last bytes do not fit on the disk: look."""
    try:
        index = read_index(path)
        last = index.segments[-1]
        if last.offset + last.size <= path.stat().st_size:
            return index
    except (ValueError, IndexError):
        pass
    is_full = shutil.disk_usage(path.parent).free < _ROOM
    raise OSError(errno.ENOSPC if is_full else errno.EIO, "the file could not be completed", str(path))
