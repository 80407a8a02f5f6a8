"""The rungs of a ladder, the gain, the pace of a storyboard: decisions without a frame."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.media.ladder import WEB_1, even, fitted, gain_db, ladder, lines, shown_size, tile_interval


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1920, 1080), ["426x240", "854x480", "1280x720"]),
        ((1280, 720), ["426x240", "854x480", "1280x720"]),
        ((1080, 1920), ["240x426", "480x854", "720x1280"]),
        ((768, 576), ["320x240", "768x576"]),
        ((640, 480), ["320x240", "640x480"]),
        ((640, 360), ["426x240", "640x360"]),
        ((480, 270), ["480x270"]),
        ((176, 144), ["176x144"]),
        ((1920, 800), ["426x178", "854x356", "1280x534"]),
        ((101, 51), ["100x52"]),
        ((1, 1), ["2x2"]),
    ],
)
def test_a_ladder_ends_at_the_size_of_the_master_and_never_above(size: tuple[int, int], expected: list[str]) -> None:
    rungs = ladder(Fraction(size[0]), Fraction(size[1]), Fraction(25), WEB_1)
    assert [f"{rung.width}x{rung.height}" for rung in rungs] == expected


@given(st.integers(500, 8000), st.integers(500, 8000))
def test_every_rung_is_even_and_keeps_the_shape_and_no_two_are_alike(width: int, height: int) -> None:
    rungs = ladder(Fraction(width), Fraction(height), Fraction(25), WEB_1)
    assert rungs
    assert len({rung.name for rung in rungs}) == len(rungs)
    for rung in rungs:
        assert rung.width % 2 == rung.height % 2 == 0
        assert rung.width <= width + 1
        assert rung.height <= height + 1
        assert abs(rung.width * height - rung.height * width) <= width + height  # one pixel each way, by rounding
    assert rungs[-1].width * rungs[-1].height <= 1290 * 730


def test_the_size_class_of_a_picture_is_that_of_the_box_around_it() -> None:
    assert lines(Fraction(1280), Fraction(534)) == 720
    assert lines(Fraction(480), Fraction(854)) == 480 * Fraction(854 * 9, 480 * 16)


def test_pixels_that_are_not_square_are_stretched_and_never_squeezed() -> None:
    assert shown_size(720, 576, Fraction(16, 15), is_turned=False) == (768, 576)
    assert shown_size(720, 480, Fraction(8, 9), is_turned=False) == (720, 540)
    assert shown_size(1920, 1080, Fraction(1), is_turned=True) == (1080, 1920)
    assert shown_size(10, 10, Fraction(0), is_turned=False) == (10, 10)


def test_a_film_of_another_shape_fits_into_the_box_of_the_first() -> None:
    assert fitted(Fraction(640), Fraction(480), (1280, 720)) == (960, 720)
    assert even(Fraction(533)) in (532, 534)


@pytest.mark.parametrize(
    ("loudness", "peak", "gain"),
    [
        (-23, -10, 5),  # to -18 LUFS
        (-23, -3, Fraction(3, 2)),  # stopped by the peak: -1.5 dBTP
        (-9, 0, -9),
        (-50, -40, 20),  # never more than 20 dB
        (-65, -60, 0),  # silence stays silence
        (None, None, 0),
    ],
)
def test_the_gain_goes_towards_the_target_but_lifts_no_peak_over_its_ceiling(
    loudness: int | None, peak: int | None, gain: Fraction
) -> None:
    as_fraction = [None if value is None else Fraction(value) for value in (loudness, peak)]
    assert gain_db(as_fraction[0], as_fraction[1], WEB_1) == gain


def test_a_storyboard_never_has_more_tiles_than_the_recipe_allows() -> None:
    assert tile_interval(Fraction(60), WEB_1) == 1
    assert tile_interval(Fraction(3600), WEB_1) == 10
    assert tile_interval(None, WEB_1) == 10
    for hours in range(1, 60):
        assert hours * 3600 / tile_interval(Fraction(hours * 3600), WEB_1) <= WEB_1.max_tiles
