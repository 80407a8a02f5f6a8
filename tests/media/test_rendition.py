"""One rung: a file whose key frames, times and first samples are where they should be."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from holdfast.media.hls import read_index
from holdfast.media.ladder import WEB_1, Rung
from holdfast.media.picture import PictureChain
from holdfast.media.rendition import RenditionThread
from holdfast.media.sound import RATE, Heard
from tests.media.films import clicks, scene, sound_of

BOX = Rung("48p", 64, 48, 300_000)
SMALL = Rung("32p", 44, 32, 300_000)


def shown(times: list[Fraction], end: Fraction) -> list:
    chain = PictureChain(BOX, WEB_1)
    pictures = []
    for time in times:
        frame = av.VideoFrame.from_ndarray(scene(time, 64, 48), format="rgb24").reformat(format="yuv420p")
        pictures += chain.push(frame, time, Fraction(1))
    return [*pictures, *chain.finish(end)]


def encode(folder: Path, rung: Rung | None, items: list, *, has_sound: bool = False) -> Path:
    thread = RenditionThread(folder, rung, WEB_1, Fraction(25), has_sound=has_sound, threads=1)
    for item in items:
        thread.put(item)
    thread.close()
    return thread.path


def uneven(seconds: int) -> list[Fraction]:
    rng = np.random.default_rng(2)
    times = [Fraction(0)]
    while times[-1] < seconds - Fraction(1, 5):
        times.append(times[-1] + Fraction(int(rng.choice([17, 33, 40, 100])), 1000))
    return times


def test_uneven_times_survive_to_the_tick_and_the_last_picture_keeps_its_length(tmp_path: Path) -> None:
    times = uneven(7)
    path = encode(tmp_path, BOX, shown(times, Fraction(7)))
    with av.open(str(path)) as film:
        found = [frame.pts * frame.time_base for frame in film.decode(video=0)]
    assert found == times
    assert read_index(path).duration == 7


def test_all_rungs_have_their_key_frames_at_the_same_segment_borders(tmp_path: Path) -> None:
    pictures = shown(uneven(7), Fraction(7))
    keys = []
    for rung in (SMALL, BOX):
        with av.open(str(encode(tmp_path, rung, pictures))) as film:
            keys.append([frame.time for frame in film.decode(video=0) if frame.key_frame])
    assert keys[0] == keys[1]
    assert [int(time) for time in keys[0]] == [0, 2, 4, 6]
    assert len(read_index(tmp_path / "48p.mp4").segments) == 4


def test_sound_begins_at_zero_and_keeps_its_place(tmp_path: Path) -> None:
    samples = clicks(Fraction(3))
    items = [Heard(np.ascontiguousarray(samples[:, at : at + 4096]), at) for at in range(0, samples.shape[1], 4096)]
    path = encode(tmp_path, None, items, has_sound=True)
    assert path.name == "sound.mp4"
    out = sound_of(path)
    for second in (1, 2):
        at = second * RATE
        window = out[0, at - 2000 : at + 4000]
        lag = int(np.argmax(np.correlate(window, samples[0, at : at + 960], "valid"))) - 2000
        assert abs(lag) <= 24  # half a millisecond


def test_the_index_stands_before_the_first_segment_and_covers_the_file(tmp_path: Path) -> None:
    path = encode(tmp_path, BOX, shown(uneven(5), Fraction(5)))
    index = read_index(path)
    assert index.header_bytes < index.segments[0].offset < index.header_bytes + 400
    data = path.read_bytes()
    for segment in index.segments:
        assert data[segment.offset + 4 : segment.offset + 8] == b"moof"
    last = index.segments[-1]
    assert data[last.offset + last.size + 4 : last.offset + last.size + 8] in (b"mfra", b"")


FULL = """
import resource, signal, sys
from fractions import Fraction
from pathlib import Path
import numpy as np
from holdfast.media.ladder import WEB_1
from holdfast.media.rendition import RenditionThread
from holdfast.media.sound import Heard
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
thread = RenditionThread(Path(sys.argv[1]), None, WEB_1, Fraction(0), has_sound=True, threads=1)
noise = np.random.default_rng(0).standard_normal((2, 48000)).astype(np.float32) * 0.1
try:
    for second in range(4):
        thread.put(Heard(noise, second * 48000))
    thread.close()
except OSError:
    print("refused")
"""


@pytest.mark.slow
@pytest.mark.parametrize("short_by", [50_000, 3000, 60])
def test_a_file_that_does_not_fit_on_the_disk_is_never_taken_for_finished(short_by: int, tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    (tmp_path / "short").mkdir()
    told = []
    size = 1 << 30
    for name in ("whole", "short"):
        command = [sys.executable, "-c", FULL, str(tmp_path / name), str(size)]
        told.append(subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip())
        size = (tmp_path / "whole" / "sound.mp4").stat().st_size - short_by
    assert told == ["", "refused" if short_by > 100 else ""]  # the last bytes are an index that nobody needs


def test_an_abandoned_encoder_ends_at_once(tmp_path: Path) -> None:
    thread = RenditionThread(tmp_path, BOX, WEB_1, Fraction(25), has_sound=False, threads=1)
    thread.put(shown([Fraction(0)], Fraction(1))[0])
    thread.abandon()
    thread.abandon()
