"""Ranges of bytes: whatever is asked, what is given lies in the file and is never too much."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.show.ranges import CLOSED_LIMIT, MIB, OPEN_LIMIT, Stretch, asked_stretch, is_known, is_same

BIG = 100 * MIB


@pytest.mark.parametrize(
    ("header", "size", "stretch"),
    [
        ("bytes=0-", BIG, Stretch(0, MIB, BIG)),
        ("bytes=99-", 100, Stretch(99, 1, 100)),
        ("bytes=0-99", BIG, Stretch(0, 100, BIG)),
        ("bytes=5-4194308", BIG, Stretch(5, 4 * MIB, BIG)),
        (f"bytes=0-{BIG}", BIG, Stretch(0, 8 * MIB, BIG)),
        ("bytes=50-999", 100, Stretch(50, 50, 100)),
        ("bytes=-10", 100, Stretch(90, 10, 100)),
        ("bytes=-500", 100, Stretch(0, 100, 100)),
        ("BYTES = 1 - 2", 100, Stretch(1, 2, 100)),
    ],
)
def test_a_stretch_is_given_as_it_was_asked_up_to_its_limit(header: str, size: int, stretch: Stretch) -> None:
    assert asked_stretch(header, size) == stretch


@pytest.mark.parametrize(
    "header", ["", "bytes", "bytes=", "bytes=-", "bytes=9-1", "bytes=0-1,5-6", "lines=0-1", "x" * 999]
)
def test_nonsense_and_several_ranges_ask_for_the_whole_file(header: str) -> None:
    assert asked_stretch(header, 100) is None


@pytest.mark.parametrize(
    ("header", "size"), [("bytes=100-", 100), ("bytes=100-200", 100), ("bytes=-0", 100), ("bytes=0-", 0)]
)
def test_what_lies_beyond_the_end_cannot_be_given(header: str, size: int) -> None:
    stretch = asked_stretch(header, size)
    assert stretch is not None
    assert (stretch.length, stretch.content_range) == (0, f"bytes */{size}")


@given(st.integers(0, 10**10), st.one_of(st.none(), st.integers(0, 10**10)), st.integers(0, 10**10))
def test_every_stretch_lies_in_the_file_and_keeps_its_limit(start: int, end: int | None, size: int) -> None:
    stretch = asked_stretch(f"bytes={start}-{'' if end is None else end}", size)
    if stretch is None:
        assert end is not None
        assert end < start
    elif stretch.length:
        assert stretch.start == start
        assert stretch.start + stretch.length <= min(size, size if end is None else end + 1)
        assert stretch.length <= (OPEN_LIMIT if end is None else CLOSED_LIMIT)
    else:
        assert start >= size


@given(st.text())
def test_whatever_stands_in_the_header_is_a_stretch_or_none(header: str) -> None:
    stretch = asked_stretch(header, 1000)
    assert stretch is None or 0 <= stretch.length <= 1000


@given(st.integers(1, 20 * MIB))
def test_asking_on_and_on_gives_every_byte_once(size: int) -> None:
    at = 0
    while at < size:
        stretch = asked_stretch(f"bytes={at}-", size)
        assert stretch is not None
        assert stretch.start == at
        at += stretch.length
    assert at == size


def test_a_part_goes_on_only_with_the_very_same_file() -> None:
    assert is_same("", '"a"')
    assert is_same('"a"', '"a"')
    assert not is_same('W/"a"', '"a"')
    assert not is_same('"b"', '"a"')
    assert not is_same("Wed, 25 Nov 2026 08:00:00 GMT", '"a"')


def test_a_file_is_known_by_any_of_its_tags() -> None:
    assert is_known('"x", W/"a"', '"a"')
    assert is_known("*", '"a"')
    assert not is_known('"x"', '"a"')
    assert not is_known("", '"a"')
