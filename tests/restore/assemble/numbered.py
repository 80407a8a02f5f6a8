"""Films whose every frame says which one it is, and whose sound ticks at every second: so that a mistake of one frame
or of ten milliseconds cannot hide.

The number stands as twelve bright or dark blocks across the middle, and survives coding, a crop of a tenth and turns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from holdfast.media.frames import Frames
from holdfast.media.hearing import Hearing
from holdfast.media.write import AudioSettings, MediaWriter, VideoSettings
from holdfast.model.edit import Edit, EditList, Placement, Take
from holdfast.model.time import Span

Pixels = NDArray[np.uint8]
Samples = NDArray[np.float32]
SIZE = (192, 108)
RATE = 48000
BITS = 12
F = Fraction
ONE, PAL = F(1), F(25)


def numbered(number: int, size: tuple[int, int] = SIZE) -> Pixels:
    """Frame `number`: a ground that moves a little, and the blocks."""
    width, height = size
    across, down = np.arange(width)[None, :], np.arange(height)[:, None]
    picture = np.empty((height, width, 3), np.uint8)
    picture[..., 0] = 70 + 60 * across // width
    picture[..., 1] = 80 + 50 * down // height
    picture[..., 2] = 100 + 20 * np.sin((across + 3 * number) / 9)
    for bit in range(BITS):
        left, right = _columns(bit, width)
        picture[_rows(height), left:right] = 215 if number >> bit & 1 else 35
    return picture


def number_of(picture: Pixels) -> int:
    """Which frame it says it is."""
    height, width = picture.shape[:2]
    rows = _rows(height)
    bits = 0
    for bit in range(BITS):
        left, right = _columns(bit, width)
        inner = picture[rows.start + 3 : rows.stop - 3, left + 2 : right - 2]
        bits |= int(inner.mean() > 125) << bit
    return bits


def _columns(bit: int, width: int) -> tuple[int, int]:
    step = width * 0.7 / BITS
    return round(width * 0.15 + bit * step), round(width * 0.15 + (bit + 1) * step)


def _rows(height: int) -> slice:
    return slice(round(height * 0.4), round(height * 0.6))


def ticks(seconds: Fraction, tone_hz: float = 1500, level: float = 0.5) -> Samples:
    """20 ms of tone at every full second, and a faint tone under it so that it is never silent."""
    at = np.arange(int(seconds * RATE)) / RATE
    burst = (at % 1 < 0.02) & (at >= 1)
    sound = level * (np.sin(2 * np.pi * tone_hz * at) * burst + 0.05 * np.sin(2 * np.pi * 220 * at))
    return np.tile(sound.astype(np.float32), (2, 1))


def write(
    path: Path,
    numbers: Sequence[int],
    sound: Samples | None = None,
    *,
    change: Callable[[Pixels], Pixels] = lambda picture: picture,
    rate: Fraction = PAL,
    codec: str = "libx264",
    size: tuple[int, int] = SIZE,
) -> Path:
    """A file that shows these frames, each changed, and lets hear this sound."""
    first = change(numbered(0, size))
    options = {"crf": "12", "preset": "ultrafast"} if codec == "libx264" else {}
    with MediaWriter(path) as writer:
        picture = None
        if numbers:
            shape = (first.shape[1], first.shape[0])
            picture = writer.add_video(VideoSettings(codec, shape, rate, options=options))
        track = writer.add_audio(AudioSettings("flac")) if sound is not None else None
        for place, number in enumerate(numbers):
            assert picture
            picture.write(change(numbered(number, size)))
            if track and sound is not None:
                track.write(sound[:, round(place / rate * RATE) : round((place + 1) / rate * RATE)])
        if track and sound is not None and not numbers:
            track.write(sound)
    return path


def digest(letter: str) -> str:
    """A digest to call a file by."""
    return letter * 128


def span(start: Fraction | int | str, end: Fraction | int | str) -> Span:
    """[start, end)."""
    return Span(F(start), F(end))


def lying(letter: str, copy: Span, asset: Span | None = None, rate: Fraction = ONE, **facts: object) -> Placement:
    """A placement of the file `letter`; the asset's stretch follows from the copy's if it is not given."""
    if asset is None:
        asset = Span(copy.start, copy.start + rate * copy.duration)
    return Placement(digest(letter), copy, asset, rate, **facts)  # type: ignore[arg-type]


def edit_list(*edits: Edit, frame_rate: Fraction = PAL, size: tuple[int, int] = SIZE) -> EditList:
    """Edits in order, as an edit list of two films."""
    names = {digest("a"): "first.mkv", digest("b"): "second.mkv", digest("c"): "third.mkv"}
    return EditList("asset", "The Lost Harvest", edits[-1].asset.end, True, size, frame_rate, edits, names)


def both(where: Span, *placements: Placement) -> Edit:
    """An edit of which these give picture and sound."""
    takes = tuple(Take(placement) for placement in placements)
    return Edit(where, takes, takes)


def frames_of(path: Path, count: int, rate: Fraction = PAL) -> list[Pixels | None]:
    """What a film shows in the middle of each of its first frames."""
    with Frames(path) as film:
        return [shown.pixels for shown in film.at((number + F(1, 2)) / rate for number in range(count))]


def sound_of(path: Path, seconds: Fraction | int) -> Samples:
    """Its sound from the beginning."""
    with Hearing(path) as film:
        return film.read(0, int(seconds * RATE))


def heard_ticks(samples: Samples, tone_hz: float = 1500) -> list[float]:
    """When the ticks begin, in seconds: where the tone of ticks rises above half of its highest level."""
    at = np.arange(samples.shape[1]) / RATE
    turned = samples.mean(axis=0) * np.exp(-2j * np.pi * tone_hz * at)
    window = np.ones(96) / 96
    level = np.abs(np.convolve(turned, window, "same"))
    is_loud = level > level.max() / 2
    starts = np.flatnonzero(is_loud[1:] & ~is_loud[:-1]) + 1
    return [float(start) / RATE for start in starts]
