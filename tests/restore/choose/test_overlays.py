"""Logos and lettering: seen because others do not have them, and held against the copy that has."""

from __future__ import annotations

import numpy as np

from holdfast.restore.choose.overlays import overlays
from tests.restore.choose.views import blurred, lettered, look, scenery


def test_of_three_copies_the_one_with_a_logo_stands_alone() -> None:
    picture = scenery()
    found = overlays([look(picture), look(lettered(picture)), look(blurred(picture, 120))], [0, 0, 0])
    assert found.alone[1] > 0.02
    assert max(found.alone[0], found.alone[2]) < found.alone[1] / 10


def test_of_two_copies_the_harder_edges_are_what_was_laid_over() -> None:
    picture = blurred(scenery(), 60)
    found = overlays([look(picture), look(lettered(picture))], [0, 0])
    assert found.against[1, 0] > 0.02
    assert found.against[0, 1] < found.against[1, 0] / 4


def test_two_with_different_logos_are_both_told_by_a_third() -> None:
    picture = scenery()
    other = lettered(picture[::-1], "RTX")[::-1]
    found = overlays([look(lettered(picture)), look(np.ascontiguousarray(other)), look(picture)], [0, 0, 0])
    assert min(found.alone[:2]) > 0.01
    assert found.alone[2] < 0.001


def test_blur_contrast_and_light_lay_nothing_over_a_picture() -> None:
    picture = scenery()
    pale = (picture * 0.8 + 20).astype(np.uint8)
    found = overlays([look(picture), look(pale), look(blurred(picture, 120))], [0, 0, 0])
    assert found.alone.max() < 0.005
