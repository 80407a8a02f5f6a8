"""Which picture stands for a film."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image

from holdfast.media.picture import Shown
from holdfast.media.poster import Poster, luma, worth
from tests.media.films import scene


def picture(image: np.ndarray, start: int) -> Shown:
    frame = av.VideoFrame.from_ndarray(image.astype(np.uint8), format="rgb24").reformat(
        format="yuv420p", dst_colorspace="itu709"
    )
    frame.colorspace = 1
    return Shown(frame, Fraction(start), Fraction(start + 1))


def blurred(image: np.ndarray) -> np.ndarray:
    small = Image.fromarray(image).resize((16, 12))
    return np.asarray(small.resize((image.shape[1], image.shape[0])))


def test_neither_black_nor_white_nor_flat_nor_blurred_pictures_are_chosen(tmp_path: Path) -> None:
    good = scene(Fraction(5))
    noise = np.random.default_rng(1).integers(0, 12, good.shape)
    images = [np.zeros_like(good), np.full_like(good, 255), np.full_like(good, 120) + noise, blurred(good), good]
    poster = Poster(Fraction(100))
    for second, image in enumerate(images):
        poster.look(picture(image, 10 + 10 * second))
    assert poster.time == 50
    assert poster.save(tmp_path / "poster.jpg")
    with Image.open(tmp_path / "poster.jpg") as saved:
        assert saved.size == (320, 240)
        assert np.abs(np.asarray(saved).astype(int) - good).mean() < 8


def test_a_film_that_is_black_throughout_still_has_a_poster(tmp_path: Path) -> None:
    poster = Poster(None)
    poster.look(picture(np.zeros((48, 64, 3)), 0))
    assert poster.save(tmp_path / "poster.jpg")


def test_without_a_picture_there_is_no_poster(tmp_path: Path) -> None:
    assert not Poster(Fraction(10)).save(tmp_path / "poster.jpg")
    assert list(tmp_path.iterdir()) == []


def test_a_leader_at_the_beginning_loses_against_an_equal_picture_in_the_middle() -> None:
    poster = Poster(Fraction(100))
    for second in (0, 50, 99):
        poster.look(picture(scene(Fraction(5)), second))
    assert poster.time == 50


def test_worth_is_between_nothing_and_one() -> None:
    assert worth(luma(picture(np.zeros((48, 64, 3)), 0).frame)) == 0
    assert 0.1 < worth(luma(picture(scene(Fraction(0)), 0).frame)) <= 1
