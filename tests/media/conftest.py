"""Small films for the tests of this room, each made once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from holdfast.media.write import AudioSettings, MediaWriter, VideoSettings
from holdfast.model.technical import Chapter

SIZE = (64, 48)
RATE = 48000


def picture(number: int, size: tuple[int, int] = SIZE) -> np.ndarray:
    """A bright bar that walks to the right over a gradient."""
    width, height = size
    image = np.zeros((height, width, 3), np.uint8)
    image[:, :, 1] = np.linspace(20, 120, width).astype(np.uint8)
    image[:, (number * 3) % width : (number * 3) % width + 8] = 230
    return image


def tone(seconds: Fraction, level: float = 0.25, channels: int = 2) -> np.ndarray:
    """1 kHz, (channels, n) float32."""
    wave = level * np.sin(2 * np.pi * 1000 * np.arange(int(seconds * RATE)) / RATE)
    return np.tile(wave.astype(np.float32), (channels, 1))


def make_film(
    path: Path,
    *,
    video: VideoSettings | None = None,
    audio: AudioSettings | None = None,
    frames: int = 50,
    tags: Mapping[str, str] | None = None,
    chapters: Sequence[Chapter] = (),
    options: Mapping[str, str] | None = None,
) -> Path:
    """A film of `frames` pictures with a tone as long, in the container that the suffix names."""
    settings = video or VideoSettings("mpeg4", SIZE)
    with MediaWriter(path, tags=tags, chapters=chapters, options=options) as writer:
        track = writer.add_video(settings)
        sound = writer.add_audio(audio) if audio else None
        heard = 0
        channels = {"mono": 1, "5.1": 6}.get(audio.layout, 2) if audio else 2
        for number in range(frames):
            track.write(picture(number, settings.size))
            if sound:
                due = int((number + 1) / settings.rate * RATE)
                sound.write(tone(Fraction(due - heard, RATE), channels=channels))
                heard = due
    return path


@pytest.fixture(scope="session")
def film_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where films live that several tests read."""
    return tmp_path_factory.mktemp("films")


@pytest.fixture(scope="session")
def plain_film(film_folder: Path) -> Path:
    """4 s of MPEG-4 and PCM in Matroska, 25 pictures a second."""
    return make_film(film_folder / "plain.mkv", audio=AudioSettings("pcm_s16le"), frames=100)


@pytest.fixture(scope="session")
def mp4_film(film_folder: Path) -> Path:
    """4 s of H.264 with B-frames and AAC in MP4, 30000/1001 pictures a second, the index at the front."""
    video = VideoSettings("libx264", SIZE, Fraction(30000, 1001), options={"preset": "ultrafast"}, b_frames=2)
    options = {"movflags": "faststart"}
    return make_film(film_folder / "film.mp4", video=video, audio=AudioSettings("aac"), frames=120, options=options)
