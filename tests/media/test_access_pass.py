"""The one decoding pass: every rung, poster and storyboard from the same pictures, memory that stays flat."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import pytest

from holdfast.media.access_pass import Watch, make_files
from holdfast.media.hls import read_index
from holdfast.media.ladder import WEB_1
from tests.media.films import Image, clicks, flashes, flashing, steady, write


@pytest.mark.slow
def test_all_rungs_come_from_one_pass_and_show_the_same_moments(tmp_path: Path) -> None:
    length = Fraction(5)
    source = write(
        tmp_path / "film.mkv",
        steady(Fraction(25), length),
        lambda time: flashing(time, 1280, 720),
        clicks(length),
        codec="libx264",
        options={"preset": "ultrafast"},
    )
    folder = tmp_path / "copy"
    folder.mkdir()
    made = make_files(source, folder, WEB_1, Watch(lambda _done: None, lambda: False))
    assert [thread.path.name for thread in made.renditions] == ["240p.mp4", "480p.mp4", "720p.mp4"]
    indices = [read_index(thread.path) for thread in made.renditions]
    assert len({tuple(segment.duration for segment in index.segments) for index in indices}) == 1
    for thread in made.renditions:
        assert flashes(thread.path) == [1, 2, 3, 4]
    sizes = [index.average_bit_rate for index in indices]
    assert sizes == sorted(sizes)
    with av.open(str(folder / "720p.mp4")) as film:
        assert (film.streams.video[0].width, film.streams.video[0].height) == (1280, 720)


def little(time: Fraction) -> Image:
    return flashing(time, 160, 120)


FILM = """
import sys
from pathlib import Path
from holdfast.media.access import make_access
make_access(Path(sys.argv[1]), Path(sys.argv[2]))
print(next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line))
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the peak of memory from /proc")
def test_a_film_seven_times_as_long_takes_no_more_memory(tmp_path: Path) -> None:
    peaks = []
    for seconds in (20, 150):
        times = steady(Fraction(25), Fraction(seconds))
        source = write(tmp_path / f"{seconds}.mkv", times, little, clicks(Fraction(seconds)))
        folder = tmp_path / f"copy-{seconds}"
        folder.mkdir()
        done = subprocess.run(
            [sys.executable, "-c", FILM, str(source), str(folder)], capture_output=True, text=True, check=True
        )
        peaks.append(int(done.stdout))
    # All pictures held would be 100 MB more, all sound 50 MB; what threads happen to have in hand is far less.
    assert peaks[1] - peaks[0] < 45_000
