"""One decoding pass: exact times, chosen tracks, and what is left of damaged files."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from holdfast.errors import SourceMissing
from holdfast.media.decode import Master, Picture, Sound
from tests.media.films import clicks, scene, steady, write

TWO = Fraction(2)


def small(time: Fraction) -> np.ndarray:
    return scene(time, 96, 64)


def pass_over(path: Path) -> tuple[list[Picture], list[Sound], tuple[str, ...]]:
    with Master(path) as master:
        moments = list(master.moments())
        pictures = [each for each in moments if isinstance(each, Picture)]
        return pictures, [each for each in moments if isinstance(each, Sound)], master.warnings


@pytest.mark.parametrize(("name", "codec", "sound"), [("f.mkv", "libx264", "pcm_s16le"), ("f.avi", "mpeg4", "mp2")])
def test_every_picture_and_every_sample_comes_with_its_time(name: str, codec: str, sound: str, tmp_path: Path) -> None:
    path = write(tmp_path / name, steady(Fraction(25), TWO), small, clicks(TWO), codec=codec, sound_codec=sound)
    pictures, sounds, warnings = pass_over(path)
    assert [each.time for each in pictures] == pytest.approx(steady(Fraction(25), TWO), abs=0.001)
    assert float(sounds[0].time) == pytest.approx(0, abs=0.001)
    last = sounds[-1]
    assert float(last.time + Fraction(last.frame.samples, 48000)) == pytest.approx(2, abs=0.03)
    assert warnings == ()


def test_time_zero_is_the_start_of_the_earliest_track(tmp_path: Path) -> None:
    half = Fraction(1, 2)
    path = write(tmp_path / "f.mkv", steady(Fraction(25), TWO), small, clicks(TWO), codec="libx264", sound_start=half)
    pictures, sounds, _ = pass_over(path)
    assert (pictures[0].time, sounds[0].time) == (0, half)
    late = [time + half for time in steady(Fraction(25), TWO)]
    pictures, sounds, _ = pass_over(write(tmp_path / "g.mkv", late, small, clicks(TWO), codec="libx264"))
    assert (pictures[0].time, sounds[0].time) == (half, 0)


def test_captures_put_one_behind_the_other_play_one_after_the_other(tmp_path: Path) -> None:
    one = write(
        tmp_path / "one.ts", steady(Fraction(25), TWO), small, clicks(TWO), codec="mpeg2video", sound_codec="mp2"
    )
    both = tmp_path / "both.ts"
    both.write_bytes(one.read_bytes() * 2)
    pictures, sounds, _ = pass_over(both)
    assert len(pictures) == 100
    steps = np.diff([float(each.time) for each in pictures])
    assert steps.min() > 0.02
    assert steps.max() < 0.2
    gap = float(pictures[50].time - pictures[0].time)
    second = min(sounds, key=lambda each: abs(each.time - pictures[50].time))
    assert abs(float(second.time) - gap) < 0.2


def test_a_film_cut_off_in_the_middle_gives_its_first_half(tmp_path: Path) -> None:
    whole = write(tmp_path / "f.mkv", steady(Fraction(25), TWO), small, clicks(TWO), codec="libx264")
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    pictures, sounds, _ = pass_over(cut)
    assert 10 < len(pictures) < 50
    assert sounds


def test_damage_in_the_middle_is_skipped_and_told_with_its_place(tmp_path: Path) -> None:
    whole = write(tmp_path / "f.mkv", steady(Fraction(25), Fraction(6)), small, codec="libx264", options={"g": "25"})
    data = bytearray(whole.read_bytes())
    rng = np.random.default_rng(5)
    for place in rng.integers(len(data) // 3, len(data) // 2, 300):
        data[place] = rng.integers(256)
    damaged = tmp_path / "damaged.mkv"
    damaged.write_bytes(data)
    pictures, _, warnings = pass_over(damaged)
    assert len(pictures) > 80
    assert pictures[-1].time == Fraction(149, 25)
    assert any(warning.startswith("picture: ") and " between 0:0" in warning for warning in warnings), warnings


@pytest.mark.parametrize("content", [b"", b"no film at all\n" * 100, b"\0" * 5000, b"\x1aE\xdf\xa3" + b"\xff" * 500])
def test_a_file_that_is_no_film_gives_nothing_and_says_why(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "film.mkv"
    path.write_bytes(content)
    with Master(path) as master:
        assert (master.video, master.audio, master.duration) == (None, None, None)
        assert list(master.moments()) == []
        assert master.done == 1
        assert len(master.warnings) == 1


def test_a_playlist_that_names_another_file_is_not_followed(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret.ts", steady(Fraction(25), Fraction(1)), small, codec="mpeg2video")
    path = tmp_path / "film.m3u8"
    path.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{secret}\n#EXT-X-ENDLIST\n")
    assert pass_over(path)[0] == []


def test_a_source_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing):
        Master(tmp_path / "gone.mp4")


def test_a_cover_picture_is_no_film(tmp_path: Path) -> None:
    path = tmp_path / "song.mp4"
    with av.open(str(path), "w") as out:
        audio = out.add_stream("aac", rate=48000, layout="stereo")
        cover = out.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 48, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        out.mux(
            cover.encode(av.VideoFrame.from_ndarray(small(Fraction(0)), format="rgb24").reformat(64, 48, "yuvj420p"))
        )
        samples = clicks(TWO)
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts = 48000, 0
        out.mux(audio.encode(frame))
        out.mux(audio.encode(None))
        out.mux(cover.encode(None))
    with Master(path) as master:
        assert master.video is None
        assert all(isinstance(moment, Sound) for moment in master.moments())


def test_a_pass_over_one_kind_has_the_same_time_line_as_one_over_both(tmp_path: Path) -> None:
    late = [time + Fraction(1, 2) for time in steady(Fraction(25), TWO)]
    path = write(tmp_path / "f.mkv", late, small, clicks(TWO), codec="libx264")
    with Master(path, sounds=False) as master:
        first = next(iter(master.moments()))
    assert first.time == Fraction(1, 2)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".bmp", ".tiff"])
def test_a_picture_file_is_a_film_of_one_frame(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"thumbnail%03d{suffix}"
    Image.fromarray(scene(Fraction(0), 120, 68)).save(path)
    with Master(path) as master:
        (picture,) = master.moments()
    assert isinstance(picture, Picture)
    assert (picture.frame.width, picture.frame.height, picture.time) == (120, 68, 0)
    assert master.warnings == ()
