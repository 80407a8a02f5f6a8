"""Logos and lettering: seen because others do not have them, and held against the copy that has."""

from __future__ import annotations

import numpy as np
import pytest

from holdfast.restore.choose.overlays import Lasting, overlays
from tests.restore.choose.views import blurred, lettered, look, scenery


def test_of_three_copies_the_one_with_a_logo_stands_alone() -> None:
    picture = scenery()
    found = overlays([look(picture), look(lettered(picture)), look(blurred(picture, 120))], [0, 0, 0])
    shares = found.mean(axis=(1, 2))
    assert shares[1] > 0.02
    assert max(shares[0], shares[2]) < shares[1] / 10


@pytest.mark.parametrize("lines", [60, 120, 240])
def test_of_two_copies_the_edges_of_what_differs_tell_which_is_overlaid(lines: int) -> None:
    picture = scenery()
    clear, over = overlays([look(picture), look(blurred(lettered(picture), lines))], [0, 0])
    assert over.mean() > 0.02
    assert clear.mean() < over.mean() / 10


def test_where_a_third_shows_nothing_the_two_others_are_held_against_each_other() -> None:
    picture = scenery()
    right = np.zeros(picture.shape[:2], np.bool_)
    right[:, 140:] = True
    part = look(np.where(right[..., None], picture, 0).astype(np.uint8), shown=right)
    clear, over, cropped = overlays([look(picture), look(lettered(picture)), part], [0, 0, 0])
    assert over[:, :104].mean() > 0.03
    assert not clear.any()
    assert not cropped.any()


def test_two_with_different_logos_are_both_told_by_a_third() -> None:
    picture = scenery()
    other = np.ascontiguousarray(lettered(picture[::-1], "RTX")[::-1])
    shares = overlays([look(lettered(picture)), look(other), look(picture)], [0, 0, 0]).mean(axis=(1, 2))
    assert min(shares[:2]) > 0.01
    assert shares[2] < 0.001


def test_blur_contrast_and_light_lay_nothing_over_a_picture() -> None:
    picture = scenery()
    pale = (picture * 0.8 + 20).astype(np.uint8)
    assert overlays([look(picture), look(pale), look(blurred(picture, 120))], [0, 0, 0]).mean() < 0.005


def test_the_border_of_a_crop_is_no_logo() -> None:
    picture = scenery()
    middle = np.zeros(picture.shape[:2], np.bool_)
    middle[30:-30, 40:-40] = True
    cropped = look(np.where(middle[..., None], picture, 0).astype(np.uint8), shown=middle)
    assert not overlays([look(picture), cropped], [0, 0]).any()


def test_what_lies_there_again_and_again_lasts_and_what_moves_does_not() -> None:
    lasting = Lasting()
    for moment in range(8):
        over = np.zeros((20, 40), np.bool_)
        over[2:6, 2:12] = True
        over[10:18, 4 * moment : 4 * moment + 8] = True
        if moment < 3:
            assert lasting.share == 0
        lasting.taken(over)
    assert lasting.share == 40 / 800


def test_copies_that_lie_badly_on_each_other_are_not_said_to_have_a_logo() -> None:
    lasting = Lasting()
    for _ in range(8):
        lasting.taken(np.indices((20, 40))[0] < 5)
    assert lasting.share == 0
