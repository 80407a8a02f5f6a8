"""Every frame's brightness and the sound in mono, from one pass."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from holdfast.errors import SourceMissing
from holdfast.media.picture import Turn
from holdfast.media.samples import LumaFrame, Samples, SoundBlock, small_picture, upright
from tests.media.films import clicks, scene, steady, write

TWO = Fraction(2)


def small(time: Fraction) -> np.ndarray:
    return scene(time, 96, 64)


def pass_over(path: Path, *, keys_only: bool = False) -> tuple[list[LumaFrame], list[SoundBlock], tuple[str, ...]]:
    frames, blocks = [], []
    with Samples(path, keys_only=keys_only, threads=1) as film:
        for sample in film:
            if isinstance(sample, LumaFrame):
                frames.append(sample._replace(luma=sample.luma.copy()))
            else:
                blocks.append(sample)
        assert film.done == 1
        return frames, blocks, film.warnings


def test_frames_and_sound_come_with_whole_microseconds(tmp_path: Path) -> None:
    rate = Fraction(30000, 1001)
    path = write(tmp_path / "f.mkv", steady(rate, TWO), small, clicks(TWO), codec="libx264", rate=rate)
    frames, blocks, warnings = pass_over(path)
    assert len(frames) == 59
    assert all(abs(frame.time_us - number * 1001 / 0.03) < 600 for number, frame in enumerate(frames))
    assert blocks[0].time_us == 0
    assert sum(len(block.samples) for block in blocks) == pytest.approx(16000, abs=40)
    assert blocks[0].samples.dtype == np.float32
    assert warnings == ()


def test_blocks_of_sound_follow_each_other_without_a_break(tmp_path: Path) -> None:
    _, blocks, _ = pass_over(write(tmp_path / "f.mkv", sound=clicks(TWO)))
    ends = [block.time_us + len(block.samples) * 125 for block in blocks]
    assert [block.time_us for block in blocks[1:]] == ends[:-1]


def test_a_pause_in_the_sound_is_left_out_and_the_rest_keeps_its_time(tmp_path: Path) -> None:
    gap = (Fraction(1, 2), Fraction(3, 2))
    _, blocks, _ = pass_over(write(tmp_path / "f.mkv", sound=clicks(TWO), sound_gap=gap))
    heard = sum(len(block.samples) for block in blocks) / 8000
    assert heard == pytest.approx(1, abs=0.05)
    after = next(block for block in blocks if block.time_us > 1_000_000)
    assert after.time_us == pytest.approx(1_500_000, abs=25_000)


def test_the_brightness_is_the_decoders_own_plane(tmp_path: Path) -> None:
    path = write(tmp_path / "f.mkv", steady(Fraction(25), Fraction(1, 5)), small, codec="ffv1")
    with av.open(str(path)) as film:
        planes = [frame.to_ndarray(format="yuv420p")[: frame.height] for frame in film.decode(video=0)]
    frames, _, _ = pass_over(path)
    for frame, plane in zip(frames, planes, strict=True):
        assert np.array_equal(frame.luma, plane)


@pytest.mark.parametrize(
    ("codec", "pixel_format"),
    [("ffv1", "yuv420p10le"), ("ffv1", "bgra"), ("ffv1", "gray"), ("rawvideo", "yuyv422"), ("ffv1", "gray16le")],
)
def test_other_formats_are_converted_to_eight_bits(codec: str, pixel_format: str, tmp_path: Path) -> None:
    path = write(
        tmp_path / "f.mkv", steady(Fraction(25), Fraction(1, 5)), small, codec=codec, pixel_format=pixel_format
    )
    frames, _, _ = pass_over(path)
    expected = small(Fraction(0)) @ np.array([0.299, 0.587, 0.114])
    assert len(frames) == 5
    assert frames[0].luma.shape == (64, 96)
    assert frames[0].luma.dtype == np.uint8
    assert np.corrcoef(frames[0].luma.ravel(), expected.ravel())[0, 1] > 0.99


def test_key_frames_alone_come_with_all_of_the_sound(tmp_path: Path) -> None:
    path = write(
        tmp_path / "f.mkv", steady(Fraction(25), TWO), small, clicks(TWO), codec="libx264", options={"g": "10"}
    )
    frames, blocks, _ = pass_over(path, keys_only=True)
    assert [frame.time_us for frame in frames] == [0, 400_000, 800_000, 1_200_000, 1_600_000]
    assert all(frame.is_key for frame in frames)
    assert sum(len(block.samples) for block in blocks) == pytest.approx(16000, abs=40)


@pytest.mark.parametrize("size", [(2, 2), (16, 4320), (7680, 16)])
def test_pictures_of_any_shape_come_out_whole(size: tuple[int, int], tmp_path: Path) -> None:
    path = write(tmp_path / "f.mkv", [Fraction(0)], lambda time: scene(time, *size), codec="ffv1")
    frames, _, _ = pass_over(path)
    assert [frame.luma.shape for frame in frames] == [size[::-1]]


def test_a_picture_of_a_single_pixel_is_a_picture(tmp_path: Path) -> None:
    path = write(tmp_path / "f.mkv", [Fraction(0)], lambda time: scene(time, 1, 1), codec="ffv1", pixel_format="gray")
    frames, _, _ = pass_over(path)
    assert [frame.luma.shape for frame in frames] == [(1, 1)]


def test_a_film_cut_off_in_the_middle_gives_its_first_half(tmp_path: Path) -> None:
    whole = write(tmp_path / "f.mkv", steady(Fraction(25), TWO), small, clicks(TWO), codec="libx264")
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    frames, blocks, _ = pass_over(cut)
    assert 10 < len(frames) < 50
    assert blocks


def test_a_file_that_is_no_film_gives_nothing_and_says_why(tmp_path: Path) -> None:
    path = tmp_path / "film.mkv"
    path.write_bytes(b"no film at all\n" * 100)
    frames, blocks, warnings = pass_over(path)
    assert (frames, blocks) == ([], [])
    assert len(warnings) == 1


def test_a_source_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing):
        Samples(tmp_path / "gone.mp4")


def test_a_small_picture_is_in_square_pixels_and_colors(tmp_path: Path) -> None:
    path = write(tmp_path / "f.mkv", [Fraction(0)], lambda time: scene(time, 96, 96), codec="ffv1")
    with Samples(path) as film:
        frame = next(sample for sample in film if isinstance(sample, LumaFrame))
        assert small_picture(frame, 48).shape == (48, 48, 3)
        assert small_picture(frame._replace(aspect=TWO), 48).shape == (24, 48, 3)
        turned = frame._replace(aspect=TWO, turn=Turn(is_transposed=True))
        assert small_picture(turned, 48).shape == (48, 24, 3)


def test_upright_swaps_first_and_mirrors_then() -> None:
    picture = np.arange(6, dtype=np.uint8).reshape(2, 3)
    clockwise = upright(picture, Turn(is_transposed=True, is_mirrored=True))
    assert np.array_equal(clockwise, np.rot90(picture, -1))
    assert np.array_equal(upright(picture, Turn(is_mirrored=True, is_flipped=True)), np.rot90(picture, 2))
