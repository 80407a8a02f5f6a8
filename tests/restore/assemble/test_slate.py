"""A slate says what is missing and shows what is left, and writes no boxes."""

from __future__ import annotations

import io
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image

from holdfast.formats.captions import Cue
from holdfast.model.fingerprint import Still
from holdfast.restore.assemble.slate import Slates, length_in_words
from tests.restore.assemble.numbered import F, span

SIZE = (320, 180)
GAP = span(7, 20)


def still(second: int, color: tuple[int, int, int]) -> Still:
    out = io.BytesIO()
    Image.new("RGB", (256, 144), color).save(out, "JPEG")
    return Still(second * 1_000_000, out.getvalue())


def test_the_still_nearest_to_the_moment_is_shown() -> None:
    slates = Slates("Harvest", SIZE, [still(9, (200, 20, 20)), still(15, (20, 20, 200)), still(30, (20, 200, 20))], [])
    early, late = slates.picture(F(8), GAP), slates.picture(F(19), GAP)
    assert early[40, 160, 0] > 150 > early[40, 160, 2]
    assert late[40, 160, 2] > 150 > late[40, 160, 0]


def test_stills_from_outside_of_the_gap_are_not_shown() -> None:
    slates = Slates("Harvest", SIZE, [still(30, (20, 200, 20))], [])
    assert slates.picture(F(8), GAP)[40, 160].max() < 40


def test_captions_stand_below_at_their_times_only() -> None:
    slates = Slates("Harvest", SIZE, [], [Cue(span(8, 9), "The river was high")])
    assert slates.picture(F(17, 2), GAP)[160:].max() > 150
    assert slates.picture(F(9), GAP)[160:].max() < 40


def test_titles_and_captions_in_letters_the_font_lacks_are_left_out() -> None:
    plain = Slates("", SIZE, [], []).picture(F(8), GAP)
    foreign = Slates("戦争の記録", SIZE, [], [Cue(GAP, "강이 높았다")]).picture(F(8), GAP)
    assert np.array_equal(plain, foreign)


def test_a_still_that_is_no_picture_is_left_out() -> None:
    broken = Slates("Harvest", SIZE, [Still(8_000_000, b"\xff\xd8\xff no more")], []).picture(F(8), GAP)
    assert broken.shape == (180, 320, 3)
    assert broken[40, 160].max() < 40


def test_equal_slates_are_drawn_once() -> None:
    slates = Slates("Harvest", SIZE, [], [])
    assert slates.picture(F(8), GAP) is slates.picture(F(9), GAP)
    assert slates.picture(F(9), span(7, 21)) is not slates.picture(F(9), GAP)


def test_a_long_title_and_a_tiny_picture_do_no_harm() -> None:
    assert Slates("A very long title " * 20, (32, 18), [], []).picture(F(8), GAP).shape == (18, 32, 3)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(F(1), "1 second"), (F(2, 5), "0.4 seconds"), (F(13), "13 seconds"), (F(125), "2 min 5 s")],
)
def test_lengths_are_said_as_people_say_them(seconds: Fraction, words: str) -> None:
    assert length_in_words(seconds) == words
