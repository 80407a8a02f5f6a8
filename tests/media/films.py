"""Small films with known truth for the tests of decoding and access copies: a flash and a click at every second."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

TICK = Fraction(1, 90000)
RATE = 48000
Image = NDArray[np.uint8]


def steady(rate: Fraction, seconds: Fraction) -> list[Fraction]:
    """The times of the pictures of a film of constant rate."""
    return [number / rate for number in range(int(seconds * rate))]


def scene(time: Fraction, width: int = 320, height: int = 240) -> Image:
    """A picture with edges and a gradient that moves, so that it is neither flat nor black: `(h, w, 3) uint8`."""
    across = np.arange(width)[None, :] + int(40 * time)
    down = np.arange(height)[:, None]
    image = np.empty((height, width, 3), np.uint8)
    image[..., 0] = 60 + 80 * ((across // 16 + down // 16) % 2)
    image[..., 1] = 60 + down * 100 // height
    image[..., 2] = 60 + (across % width) * 100 // width
    return image


def flashing(time: Fraction, width: int = 320, height: int = 240, *, length: Fraction = Fraction(1, 25)) -> Image:
    """The scene, white for the first picture of every full second (but not at 0)."""
    image = scene(time, width, height)
    if time >= 1 and time % 1 < length:
        image[:] = 255
    return image


def clicks(seconds: Fraction, rate: int = RATE, channels: int = 2) -> NDArray[np.float32]:
    """A burst of 20 ms of tone at every full second (but not at 0): `(channels, n) float32`."""
    at = np.arange(int(seconds * rate)) / rate
    burst = (at >= 1) & (at % 1 < 0.02)
    return np.tile((0.5 * np.sin(2 * np.pi * 1500 * at) * burst).astype(np.float32), (channels, 1))


def write(
    path: Path,
    times: Iterable[Fraction] = (),
    image: Callable[[Fraction], Image] = flashing,
    sound: NDArray[np.float32] | None = None,
    *,
    sound_rate: int = RATE,
    sound_start: Fraction = Fraction(0),
    sound_gap: tuple[Fraction, Fraction] | None = None,
    codec: str = "mpeg4",
    sound_codec: str = "pcm_s16le",
    sound_layout: str = "stereo",
    pixel_format: str = "yuv420p",
    options: dict[str, str] | None = None,
    change: Callable[[Any], None] = lambda _stream: None,
    touch: Callable[[av.VideoFrame], av.VideoFrame] = lambda frame: frame,
    rate: Fraction = Fraction(25),
) -> Path:
    """Writes pictures at exact times and sound, interleaved.

    `change` is given the video stream before its first frame, `touch` may replace each frame. `sound_gap` leaves out
    the packets of that stretch, and the stamps say so.
    """
    times = list(times)
    with av.open(str(path), "w") as out:
        video: Any = None
        if times:
            video = out.add_stream(codec, rate=rate, options=options or {})
            video.height, video.width = image(times[0]).shape[:2]
            video.pix_fmt = pixel_format
            video.bit_rate = 6_000_000
            if codec in ("libx264", "ffv1"):  # the older ones want whole frames
                video.codec_context.time_base = TICK
            change(video)
        audio = None
        if sound is not None:
            audio = out.add_stream(sound_codec, rate=sound_rate, layout=sound_layout)
        pending = _pieces(sound, sound_rate, sound_start, sound_gap, sound_layout) if sound is not None else iter(())
        piece = next(pending, None)
        for time in times:
            while piece is not None and piece[0] <= time:
                out.mux(audio.encode(piece[1]))  # type: ignore[union-attr]
                piece = next(pending, None)
            frame = av.VideoFrame.from_ndarray(image(time), format="rgb24").reformat(format=pixel_format)
            base = video.codec_context.time_base or 1 / rate
            frame.pts, frame.time_base = round(time / base), base
            out.mux(video.encode(touch(frame)))
        while piece is not None:
            out.mux(audio.encode(piece[1]))  # type: ignore[union-attr]
            piece = next(pending, None)
        for stream in (video, audio):
            if stream is not None:
                out.mux(stream.encode(None))
    return path


def _pieces(
    sound: NDArray[np.float32], rate: int, start: Fraction, gap: tuple[Fraction, Fraction] | None, layout: str
) -> Iterator[tuple[Fraction, av.AudioFrame]]:
    size = 1024
    for first in range(0, sound.shape[1], size):
        time = Fraction(first, rate)
        if gap is not None and gap[0] <= time < gap[1]:
            continue
        samples = np.ascontiguousarray(sound[:, first : first + size])
        packed = (np.clip(samples, -1, 1) * 32767).astype(np.int16).T.reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(packed), format="s16", layout=layout)
        frame.sample_rate = rate
        frame.time_base = Fraction(1, rate)
        frame.pts = first + round(start * rate)
        yield time + start, frame


def flashes(path: Path) -> list[Fraction]:
    """When each flash begins in a film: the times of white pictures after darker ones."""
    found, was_white = [], False
    with av.open(str(path)) as film:
        for frame in film.decode(video=0):
            plane = frame.reformat(64, 64, "gray").to_ndarray()
            is_white = bool(plane.mean() > 215)
            if is_white and not was_white:
                found.append(frame.pts * frame.time_base)
            was_white = is_white
    return found


def heard_clicks(path: Path) -> list[Fraction]:
    """When each click begins: where the sound rises to a third of its peak after a quiet stretch."""
    samples = sound_of(path)
    loud = np.flatnonzero(np.abs(samples[0]) > np.abs(samples).max() / 3)
    starts = [int(at) for n, at in enumerate(loud) if n == 0 or at - loud[n - 1] > RATE // 5]
    return [Fraction(at, RATE) for at in starts]


def sound_of(path: Path) -> NDArray[np.float32]:
    """All samples as a player hears them, from time 0: `(2, n) float32`."""
    pieces: list[NDArray[np.float32]] = []
    with av.open(str(path)) as film:
        for frame in film.decode(audio=0):
            assert frame.sample_rate == RATE
            start = round(frame.pts * frame.time_base * RATE)
            have = sum(piece.shape[1] for piece in pieces)
            if start > have:
                pieces.append(np.zeros((2, start - have), np.float32))
            pieces.append(frame.to_ndarray())
    return np.concatenate(pieces, axis=1)
