"""Hashes can be given to others and taken from them, as lines of text."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.errors import BadRecord
from holdfast.formats.vpdq import from_vpdq, hash_text, hash_words, to_vpdq
from holdfast.model.fingerprint import FrameTrack, View
from tests.model.prints import a_print

LINE = "12,97,d8f8f0cec0f4a84f0637022a278f67f0b36e2ed596621e1d33e6b39c4e9c9b22,0.5005"


def test_a_line_of_others_is_a_picture_at_its_time() -> None:
    pictures = from_vpdq(LINE + "\n\n")
    assert pictures.times.tolist() == [500_500]
    assert pictures.quality.tolist() == [97]
    assert pictures.views.tolist() == [View.WHOLE]
    assert [hex(word) for word in pictures.hashes[0].tolist()] == [
        "0x33e6b39c4e9c9b22",
        "0xb36e2ed596621e1d",
        "0x637022a278f67f0",
        "0xd8f8f0cec0f4a84f",
    ]


@given(st.integers(0, 50))
def test_whole_pictures_come_back_as_they_were_given(seed: int) -> None:
    made = a_print(seed)
    rows = made.pictures.views == View.WHOLE
    found = from_vpdq(to_vpdq(made))
    assert np.array_equal(found.times, made.pictures.times[rows])
    assert np.array_equal(found.hashes, made.pictures.hashes[rows])
    assert np.array_equal(found.quality, made.pictures.quality[rows])


def test_the_number_of_a_frame_is_that_of_the_last_one_shown() -> None:
    made = a_print(pictures=2)
    pictures = replace(made.pictures, times=np.array([79_999, 80_000]), views=np.zeros(2, np.uint8))
    text = to_vpdq(replace(made, pictures=pictures))
    assert [line.split(",")[0] for line in text.splitlines()] == ["1", "2"]
    text = to_vpdq(replace(made, pictures=pictures, frames=FrameTrack.empty()))
    assert [line.split(",")[0] for line in text.splitlines()] == ["0", "1"]


def test_lines_in_any_order_are_put_in_the_order_of_their_times() -> None:
    assert from_vpdq(f"{LINE}\n{LINE[:-6]}0.1\n").times.tolist() == [100_000, 500_500]


@pytest.mark.parametrize(
    "line", ["hello", LINE + ",7", LINE.replace("d8", "xx"), LINE.replace("97", "101"), LINE.replace("0.5", "-0.5")]
)
def test_a_line_of_another_form_is_named_by_its_number(line: str) -> None:
    with pytest.raises(BadRecord, match="line 2"):
        from_vpdq(f"{LINE}\n{line}\n", "list.txt")


def test_a_hash_and_its_text_are_the_same_number() -> None:
    words = [1, 0, 0, 1 << 63]
    text = hash_text(np.array(words, np.uint64))
    assert int(text, 16) == 1 + (1 << 255)
    assert hash_words(text) == words
