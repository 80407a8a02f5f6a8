"""Access copies as their user sees them: what lies in the folder, and that it says the same as the master."""

from __future__ import annotations

import json
import re
from concurrent.futures import CancelledError
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from holdfast.errors import SourceMissing
from holdfast.media.access import AccessResult, make_access
from tests.media.films import clicks, flashes, flashing, heard_clicks, scene, sound_of, steady, write

FRAME = Fraction(1, 25)
SYNC = Fraction(10, 1000)


def made(source: Path) -> tuple[AccessResult, Path]:
    folder = source.with_name(f"{source.stem}-copy")
    folder.mkdir()
    return make_access(source, folder), folder


def little(time: Fraction) -> Any:
    return flashing(time, 96, 64)


def test_a_folder_holds_everything_that_its_description_names_and_nothing_else(tmp_path: Path) -> None:
    source = write(tmp_path / "film.mkv", steady(Fraction(25), Fraction(3)), little, clicks(Fraction(3)))
    result, folder = made(source)
    assert {path.name for path in folder.iterdir()} == {*result.files, "access.json"}
    assert set(result.files) == {
        "64p.mp4",
        "64p.m3u8",
        "master.m3u8",
        "poster.jpg",
        "storyboard-001.jpg",
        "storyboard.vtt",
    }
    told = json.loads((folder / "access.json").read_text())
    assert told["format"] == "holdfast-access-1"
    assert (told["recipe"], told["duration"], told["warnings"]) == ("web-1", "3", [])
    assert told["files"] == {name: (folder / name).stat().st_size for name in result.files}


def test_the_playlist_tells_the_truth_about_the_streams(tmp_path: Path) -> None:
    source = write(tmp_path / "film.mkv", steady(Fraction(25), Fraction(3)), little, clicks(Fraction(3)))
    result, folder = made(source)
    (rendition,) = result.renditions
    with av.open(str(folder / rendition.file)) as film:
        video, audio = film.streams.video[0], film.streams.audio[0]
        assert (video.width, video.height, video.codec_context.pix_fmt) == (96, 64, "yuv420p")
        assert video.codec_context.profile == "High"
        profile, level = video.codec_context.extradata[1], video.codec_context.extradata[3]
        assert rendition.codecs == (f"avc1.{profile:02x}00{level:02x}", "mp4a.40.2")
        assert (audio.rate, audio.layout.name) == (48000, "stereo")
    line = next(line for line in (folder / "master.m3u8").read_text().splitlines() if "STREAM-INF" in line)
    assert "RESOLUTION=96x64,FRAME-RATE=25.000" in line
    whole = 8 * (rendition.size_bytes - 2000) / 3  # without the header
    average = int(re.search(r"AVERAGE-BANDWIDTH=(\d+)", line)[1])  # type: ignore[index]
    assert 0.9 * whole < average < 1.1 * whole
    assert int(re.search(r":BANDWIDTH=(\d+)", line)[1]) >= average  # type: ignore[index]


SOURCES: dict[str, dict[str, Any]] = {
    "plain.mkv": {},
    "h264.mp4": {"codec": "libx264", "sound_codec": "aac"},
    "stream.ts": {"codec": "mpeg2video", "sound_codec": "mp2"},
    "old.avi": {},
    "cd.mkv": {"sound_rate": 44100},
    "sound_late.mkv": {"sound_start": Fraction(1, 2)},
    "sound_gap.mkv": {"sound_gap": (Fraction(11, 10), Fraction(18, 10))},
    "surround.mkv": {"sound_codec": "flac", "sound_layout": "5.1"},
}


QUICK = {"h264.mp4", "sound_gap.mkv"}


@pytest.mark.parametrize("name", [pytest.param(n, marks=[] if n in QUICK else pytest.mark.slow) for n in SOURCES])
def test_flashes_and_clicks_stay_where_they_were_in_the_master(name: str, tmp_path: Path) -> None:
    options = SOURCES[name]
    channels = 6 if options.get("sound_layout") == "5.1" else 2
    sound = clicks(Fraction(4), options.get("sound_rate", 48000), channels)
    source = write(tmp_path / name, steady(Fraction(25), Fraction(4)), little, sound, **options)
    result, folder = made(source)
    copy = folder / result.renditions[0].file
    seen, heard = flashes(copy), heard_clicks(copy)
    late = options.get("sound_start", Fraction(0))
    # A transport stream begins a little before its first picture: what counts is that both moved by the same.
    start = seen[0] - 1
    assert start < FRAME
    assert seen == [second + start for second in (1, 2, 3)]
    assert len(heard) == 3
    assert all(abs(at - second - start - late) <= SYNC for at, second in zip(heard, (1, 2, 3), strict=True))
    assert abs(result.duration - max(Fraction(4), 4 + late if late else 0)) <= FRAME
    assert result.warnings == ()


def test_variable_frame_rates_stay_in_time(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    times = [Fraction(0)]
    while times[-1] < 3:
        times.append(times[-1] + Fraction(int(rng.choice([17, 33, 40, 100])), 1000))
    source = write(
        tmp_path / "film.mkv",
        times,
        lambda t: flashing(t, 96, 64, length=Fraction(1, 5)),
        clicks(times[-1]),
        codec="libx264",
    )
    result, folder = made(source)
    assert flashes(folder / result.renditions[0].file) == flashes(source)
    with av.open(str(folder / result.renditions[0].file)) as film:
        assert [frame.pts * frame.time_base for frame in film.decode(video=0)] == times


def test_sound_that_ends_before_or_after_the_picture_gets_silence_or_a_still(tmp_path: Path) -> None:
    short = write(tmp_path / "short.mkv", steady(Fraction(25), Fraction(4)), little, clicks(Fraction(2)))
    result, folder = made(short)
    assert result.duration == 4
    assert sound_of(folder / result.renditions[0].file).shape[1] >= 4 * 48000
    long = write(tmp_path / "long.mkv", steady(Fraction(25), Fraction(2)), little, clicks(Fraction(5)))
    result, folder = made(long)
    assert result.duration == 5
    with av.open(str(folder / result.renditions[0].file)) as film:
        assert [frame.time for frame in film.decode(video=0)][-2:] == [2, 4]


def test_quiet_sound_is_raised_towards_the_target_by_one_gain(tmp_path: Path) -> None:
    at = np.arange(5 * 48000) / 48000
    quiet = np.tile((0.02 * np.sin(2 * np.pi * 997 * at)).astype(np.float32), (2, 1))
    result, folder = made(write(tmp_path / "film.wav", sound=quiet))
    assert result.loudness is not None
    assert float(result.loudness.integrated_lufs or 0) == pytest.approx(-34, abs=0.3)
    assert float(result.gain_db) == pytest.approx(16, abs=0.3)
    out = sound_of(folder / "sound.mp4")[:, 4800:-4800]
    assert float(np.abs(out).max()) == pytest.approx(0.02 * 10 ** (16 / 20), rel=0.1)


def test_sound_alone_gives_a_rendition_without_picture(tmp_path: Path) -> None:
    result, folder = made(write(tmp_path / "speech.wav", sound=clicks(Fraction(5))))
    (rendition,) = result.renditions
    assert (rendition.name, rendition.codecs, rendition.width) == ("sound", ("mp4a.40.2",), None)
    assert (result.poster, result.storyboard) == (None, None)
    assert abs(result.duration - 5) < Fraction(1, 20)
    assert all(
        abs(at - second) < SYNC for at, second in zip(heard_clicks(folder / "sound.mp4"), (1, 2, 3, 4), strict=True)
    )
    assert "RESOLUTION" not in (folder / "master.m3u8").read_text()


def test_picture_alone_gives_a_rendition_without_sound(tmp_path: Path) -> None:
    result, folder = made(write(tmp_path / "silent.mkv", steady(Fraction(25), Fraction(2)), little))
    assert (result.renditions[0].codecs[1:], result.loudness, result.gain_db) == ((), None, 0)
    with av.open(str(folder / result.renditions[0].file)) as film:
        assert len(film.streams.audio) == 0


def test_a_turned_film_is_upright_and_its_copy_asks_for_no_turn(tmp_path: Path) -> None:
    source = write(
        tmp_path / "phone.mp4",
        steady(Fraction(25), Fraction(1)),
        lambda time: scene(time, 96, 64),
        codec="libx264",
        change=lambda stream: stream.set_display_rotation(90),
    )
    result, folder = made(source)
    assert (result.renditions[0].width, result.renditions[0].height) == (64, 96)
    with av.open(str(folder / result.renditions[0].file)) as film:
        assert next(film.decode(video=0)).rotation == 0
    with Image.open(folder / "poster.jpg") as poster:
        assert poster.size == (64, 96)


def test_a_film_of_one_tiny_picture_still_has_a_copy(tmp_path: Path) -> None:
    source = write(
        tmp_path / "dot.mkv", [Fraction(0)], lambda _: scene(Fraction(0), 17, 9), codec="ffv1", pixel_format="bgr0"
    )
    result, folder = made(source)
    assert (result.renditions[0].width, result.renditions[0].height) == (16, 8)
    assert len(flashes(folder / result.renditions[0].file)) == 0


def test_a_damaged_master_gives_what_can_be_decoded_and_says_what_could_not(tmp_path: Path) -> None:
    whole = write(
        tmp_path / "whole.mkv", steady(Fraction(25), Fraction(6)), little, clicks(Fraction(6)), codec="libx264"
    )
    damaged = tmp_path / "damaged.mkv"
    damaged.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    result, folder = made(damaged)
    assert 2 < result.duration < 5
    assert any("it promises 0:06, but only 0:0" in warning for warning in result.warnings), result.warnings
    assert flashes(folder / result.renditions[0].file)[0] == 1


def test_a_file_in_which_nothing_can_be_decoded_gives_a_clear_result(tmp_path: Path) -> None:
    text = tmp_path / "film.mp4"
    text.write_text("this is not a film")
    result, folder = made(text)
    assert not result.is_watchable
    assert result.warnings[0].startswith("file: ")
    assert {path.name for path in folder.iterdir()} == {"access.json"}


def test_a_master_that_is_gone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing):
        make_access(tmp_path / "gone.mp4", tmp_path)


def test_the_work_can_be_stopped_at_any_moment(tmp_path: Path) -> None:
    source = write(tmp_path / "film.mkv", steady(Fraction(25), Fraction(2)), little, clicks(Fraction(2)))
    for after in (0, 1, 20, 60):
        folder = tmp_path / f"copy-{after}"
        folder.mkdir()
        calls = iter(range(1000))
        with pytest.raises(CancelledError):
            make_access(source, folder, should_stop=lambda calls=calls, after=after: next(calls) >= after)
        assert not (folder / "access.json").exists()


def test_progress_goes_from_nothing_to_all_and_never_back(tmp_path: Path) -> None:
    source = write(tmp_path / "film.mkv", steady(Fraction(25), Fraction(2)), little, clicks(Fraction(2)))
    told: list[float] = []
    (tmp_path / "copy").mkdir()
    make_access(source, tmp_path / "copy", on_progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 10


def test_the_same_master_gives_the_same_bytes(tmp_path: Path) -> None:
    source = write(tmp_path / "film.mkv", steady(Fraction(25), Fraction(2)), little, clicks(Fraction(2)))
    copies = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        make_access(source, tmp_path / name)
        copies.append({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()})
    assert copies[0] == copies[1]
