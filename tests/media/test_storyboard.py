"""Sheets of tiles and the WebVTT that finds them."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image

from holdfast.media.ladder import WEB_1
from holdfast.media.picture import Shown
from holdfast.media.storyboard import Storyboard

SMALL = replace(WEB_1, sheet_tiles=(3, 2))


def gray(level: int, start: Fraction | int, end: Fraction | int, size: tuple[int, int] = (320, 180)) -> Shown:
    frame = av.VideoFrame.from_ndarray(np.full((size[1], size[0]), level, np.uint8), format="gray")
    return Shown(frame.reformat(format="yuv420p"), Fraction(start), Fraction(end))


def cues(folder: Path) -> list[tuple[str, str]]:
    text = (folder / "storyboard.vtt").read_text()
    assert text.startswith("WEBVTT\n\n")
    return re.findall(r"(\S+ --> \S+)\n(\S+)\n", text)


def test_each_cue_points_at_the_tile_of_what_is_on_the_screen_then(tmp_path: Path) -> None:
    board = Storyboard(tmp_path, (320, 180), Fraction(1), SMALL)
    for second in range(8):
        board.look(gray(30 * second, Fraction(second) - Fraction(1, 10), Fraction(second) + Fraction(9, 10)))
    board.finish(Fraction(15, 2))
    assert board.files == ["storyboard-001.jpg", "storyboard-002.jpg", "storyboard.vtt"]
    found = cues(tmp_path)
    assert found[0] == ("00:00:00.000 --> 00:00:01.000", "storyboard-001.jpg#xywh=0,0,160,90")
    assert found[4] == ("00:00:04.000 --> 00:00:05.000", "storyboard-001.jpg#xywh=160,90,160,90")
    assert found[7] == ("00:00:07.000 --> 00:00:07.500", "storyboard-002.jpg#xywh=160,0,160,90")
    for second, (_, place) in enumerate(found):
        name, box = place.split("#xywh=")
        x, y, w, h = map(int, box.split(","))
        with Image.open(tmp_path / name) as sheet:
            level = np.asarray(sheet.crop((x, y, x + w, y + h)))[20:70, 20:140].mean()
        assert abs(level - 30 * second) < 6


def test_a_picture_that_stands_long_fills_all_its_tiles(tmp_path: Path) -> None:
    board = Storyboard(tmp_path, (320, 180), Fraction(1), SMALL)
    board.look(gray(100, 0, 5))
    board.finish(Fraction(5))
    assert len(cues(tmp_path)) == 5


def test_tiles_of_a_standing_film_are_no_higher_than_wide_ones_are_wide(tmp_path: Path) -> None:
    board = Storyboard(tmp_path, (720, 1280), Fraction(1), SMALL)
    board.look(gray(100, 0, 1, (720, 1280)))
    board.finish(Fraction(1))
    with Image.open(tmp_path / "storyboard-001.jpg") as sheet:
        assert sheet.size == (90, 160)


def test_without_pictures_nothing_is_written(tmp_path: Path) -> None:
    board = Storyboard(tmp_path, (320, 180), Fraction(1), SMALL)
    board.finish(Fraction(0))
    assert list(tmp_path.iterdir()) == []
