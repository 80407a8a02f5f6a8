"""What templates ask of us: whatever was said, it is text and never a tag."""

from __future__ import annotations

import re
from html import escape, unescape

from hypothesis import given
from hypothesis import strategies as st

from holdfast.show.templatetags.show import language_name, marked, micros
from tests.show.stage import Stage


@given(st.text(), st.lists(st.integers(0, 50), max_size=6))
def test_marked_text_is_the_text_with_marks_and_no_other_tag(text: str, cuts: list[int]) -> None:
    edges = sorted(min(cut, len(text)) for cut in set(cuts))
    marks = list(zip(edges[::2], edges[1::2], strict=False))
    html = str(marked(text, marks))
    assert set(re.findall(r"<[^>]*>", html)) <= {"<mark>", "</mark>"}
    assert unescape(re.sub(r"</?mark>", "", html)) == unescape(escape(text))
    assert len(re.findall("<mark>", html)) == len(marks)


def test_microseconds_are_shown_as_a_clock() -> None:
    assert micros(754_000_000) == "12:34"


def test_a_language_has_its_name_however_its_tag_is_written(stage: Stage) -> None:
    assert [language_name(code) for code in ("en", "eng", "zh", "zh-Hans", "RUS")] == [
        *("English", "English", "Chinese", "Simplified Chinese", "Russian"),
    ]
    assert language_name("xx-what") == "xx-what"
