"""Wounds made on purpose."""

from __future__ import annotations

from pathlib import Path

import av
import pytest

from holdfast.testing.damage import WOUNDS, one_flipped_bit, wounded
from holdfast.testing.films import film_plan, write_film


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_film(film_plan(2, 1, (160, 90)), tmp_path_factory.mktemp("whole") / "film.mp4")


@pytest.mark.parametrize("name", WOUNDS)
def test_a_wound_changes_the_bytes_and_is_the_same_for_the_same_seed(name: str, whole: Path):
    data = whole.read_bytes()
    assert WOUNDS[name](data, 1) != data
    assert WOUNDS[name](data, 1) == WOUNDS[name](data, 1)


@pytest.mark.parametrize("name", WOUNDS)
def test_a_wound_can_be_laid_on_the_shortest_of_files(name: str):
    for data in (b"", b"a", b"a short file"):
        assert isinstance(WOUNDS[name](data, 3), bytes)


def test_one_flipped_bit_is_one_bit(whole: Path):
    data = whole.read_bytes()
    changed = [one ^ other for one, other in zip(data, one_flipped_bit(data, 9), strict=True) if one != other]
    assert len(changed) == 1
    assert changed[0].bit_count() == 1


@pytest.mark.parametrize("name", ["without index", "truncated", "garbage header", "empty", "web page"])
def test_an_mp4_without_its_head_or_index_cannot_be_opened(name: str, whole: Path, tmp_path: Path):
    with pytest.raises(av.FFmpegError):
        av.open(str(wounded(whole, name, tmp_path)))


@pytest.mark.parametrize(("suffix", "video", "audio"), [(".mkv", "ffv1", "flac"), (".avi", "mpeg4", "libmp3lame")])
def test_a_matroska_or_avi_without_its_index_still_plays(suffix: str, video: str, audio: str, tmp_path: Path):
    film = write_film(film_plan(2, 1, (160, 90)), tmp_path / f"film{suffix}", video=video, audio=audio)
    with av.open(str(wounded(film, "without index", tmp_path))) as container:
        assert sum(1 for _ in container.decode(video=0)) == 25


def test_a_wound_never_writes_over_a_file(whole: Path, tmp_path: Path):
    wounded(whole, "empty", tmp_path)
    with pytest.raises(FileExistsError):
        wounded(whole, "empty", tmp_path)
