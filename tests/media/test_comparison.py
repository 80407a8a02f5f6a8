"""The picture of a comparison can be opened, has its pairs and its map, whatever was found."""

from __future__ import annotations

import io
from dataclasses import replace
from fractions import Fraction

import numpy as np
from PIL import Image

from holdfast.media.comparison import comparison_png
from holdfast.model.comparison import Comparison, Pair, Side
from holdfast.model.match import Segment
from holdfast.model.time import Span


def jpeg(color: str, size: tuple[int, int] = (64, 36)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, "JPEG")
    return out.getvalue()


SEGMENT = Segment(
    Span(Fraction(0), Fraction(10)), Span(Fraction(5), Fraction(15)), Fraction(1), seen=True, heard=True, probability=1
)
PAIR = Pair(Fraction(5), Fraction(10), jpeg("#ff0000"), jpeg("#0000ff", (36, 64)))
FOUND = Comparison(Side("copy.mp4", Fraction(10)), Side("Жатва.mkv", Fraction(20)), 1.0, (SEGMENT,), (), (PAIR,) * 3)


def opened(found: Comparison) -> Image.Image:
    return Image.open(io.BytesIO(comparison_png(found))).convert("RGB")


def test_both_pictures_of_a_pair_stand_beside_each_other() -> None:
    pixels = np.asarray(opened(FOUND)).astype(int)
    red = np.argwhere((pixels[..., 0] > 240) & (pixels[..., 1] < 20) & (pixels[..., 2] < 20))
    blue = np.argwhere((pixels[..., 2] > 240) & (pixels[..., 0] < 20) & (pixels[..., 1] < 20))
    assert red[:, 1].min() < blue[:, 1].min()
    assert red[:, 0].min() == blue[:, 0].min()


def test_more_pairs_make_a_higher_picture_and_none_leaves_the_map() -> None:
    without = opened(replace(FOUND, pairs=()))
    assert without.width == opened(FOUND).width == 1280
    assert without.height < opened(FOUND).height


def test_pictures_that_are_missing_or_broken_leave_their_place_black() -> None:
    odd = replace(FOUND, pairs=(Pair(Fraction(0), Fraction(0), b"", b"no picture"),))
    assert opened(odd).height > opened(replace(FOUND, pairs=())).height


def test_films_of_no_length_have_a_map_without_a_line() -> None:
    nothing = Comparison(Side("a", Fraction(0)), Side("b", Fraction(0)), 0.0, ())
    assert opened(nothing).width == 1280
