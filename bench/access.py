"""What an access copy costs: CPU seconds for a minute of 720p, beside bare decoding of the same film.

    python bench/access.py [FILM] [--seconds 20]

Without a film, one is made: 720p at 30 frames a second of moving textures with grain, which is hard to encode.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from holdfast.media.access import make_access
from holdfast.media.decode import Master


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("film", nargs="?", type=Path)
    parser.add_argument("--seconds", type=int, default=20)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        film = chosen.film or made_film(Path(scratch) / "film.mp4", chosen.seconds)
        folder = Path(scratch) / "copy"
        folder.mkdir()
        wall, cpu, length = measured(lambda: decoded(film))
        print(f"decode only   {60 * cpu / length:6.1f} CPU-s a minute   {length / wall:5.1f}x as fast as it plays")
        wall, cpu, length = measured(lambda: float(make_access(film, folder).duration))
        print(f"access copy   {60 * cpu / length:6.1f} CPU-s a minute   {length / wall:5.1f}x as fast as it plays")
        for path in sorted(folder.glob("*.mp4")):
            print(f"  {path.name:10} {60 * path.stat().st_size / length / 1e6:6.1f} MB a minute")
    print(f"peak memory   {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


def measured(work) -> tuple[float, float, float]:
    """Wall and CPU seconds that the work took, and what it returned."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return time.perf_counter() - wall, time.process_time() - cpu, result


def decoded(film: Path) -> float:
    """Decodes everything; the length of the film in seconds."""
    end = Fraction(0)
    with Master(film) as master:
        for moment in master.moments():
            end = max(end, moment.time)
    return float(end)


def made_film(path: Path, seconds: int) -> Path:
    """720p30 with a panning texture, moving discs and grain; tone with bursts."""
    rng = np.random.default_rng(7)
    wide = np.clip(np.cumsum(rng.normal(0, 6, (720, 2600, 3)), axis=1) % 200 + 25, 0, 255).astype(np.float32)
    across, down = np.meshgrid(np.arange(1280), np.arange(720))
    with av.open(str(path), "w") as out:
        video = out.add_stream("libx264", rate=30, options={"preset": "superfast", "b": "3500000"})
        video.width, video.height, video.pix_fmt = 1280, 720, "yuv420p"
        audio = out.add_stream("aac", rate=48000, layout="stereo")
        for number in range(30 * seconds):
            image = wide[:, 2 * number % 1300 :][:, :1280].copy()
            disc = (across - 640 - 300 * np.sin(number / 25)) ** 2 + (down - 360) ** 2 < 150**2
            image[disc] = (200, 120, 60)
            image += rng.normal(0, 4, image.shape[:2])[..., None]
            frame = av.VideoFrame.from_ndarray(np.clip(image, 0, 255).astype(np.uint8), format="rgb24")
            out.mux(video.encode(frame))
            at = (np.arange(1600) + 1600 * number) / 48000
            wave = (0.2 * np.sin(2 * np.pi * 440 * at) * (at % 1 < 0.6)).astype(np.float32)
            sound = av.AudioFrame.from_ndarray(np.tile(wave, (2, 1)), format="fltp", layout="stereo")
            sound.sample_rate, sound.pts = 48000, 1600 * number
            out.mux(audio.encode(sound))
        out.mux(video.encode(None))
        out.mux(audio.encode(None))
    return path


if __name__ == "__main__":
    main()
