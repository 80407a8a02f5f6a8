"""The order of words in lists."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.show.collating import sort_key

ORDERED = {
    "de": ["Apfel", "Äpfel", "Öl", "Oma", "Strand", "Strasse", "straße", "Zebra"],
    "ru": ["еж", "ёж", "ёлка", "ель", "ива", "йод", "яма", "12", "Zoo"],
    "zh-hans": ["啊", "阿里", "北京", "李四", "上海", "王五", "张三", "12", "Abc"],
    "ko": ["가나", "나무", "박", "하늘", "12", "Abc"],
    "en": ["(sic)", "12", "café", "Cafés", "élan", "Zoo", "яма"],
}


@pytest.mark.parametrize("language", ORDERED)
def test_words_stand_in_the_order_of_the_readers_dictionary(language: str) -> None:
    words = ORDERED[language]
    backwards = words[::-1]
    assert sorted(backwards, key=lambda word: sort_key(word, language)) == words


@given(st.text(), st.text(), st.sampled_from(sorted(ORDERED)))
def test_texts_that_differ_never_share_a_place(one: str, other: str, language: str) -> None:
    assert (sort_key(one, language) == sort_key(other, language)) == (one == other)
