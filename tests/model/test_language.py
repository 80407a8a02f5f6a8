"""Language tags from what people and sites write; a word that only looks like one is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.model.language import is_well_formed, language_tag, primary, rank


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("ru", "ru"),
        ("RU", "ru"),
        ("rus", "ru"),
        ("ger", "de"),
        ("deu", "de"),
        ("zho", "zh"),
        ("cmn", "zh"),
        ("iw", "he"),
        ("fil", "fil"),
        ("und", "und"),
        ("zxx", "zxx"),
        ("en-US", "en-US"),
        ("ru-RU", "ru-RU"),
        ("pt-br", "pt-BR"),
        ("es-419", "es-419"),
        ("zh-Hans", "zh-Hans"),
        ("zh_hant_tw", "zh-Hant-TW"),
        ("sr-Latn-RS", "sr-Latn-RS"),
    ],
)
def test_a_language_is_written_in_its_usual_spelling(written: str, tag: str) -> None:
    assert language_tag(written) == tag


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("en-orig", "en"),
        ("ru-en", "ru"),  # translated from English
        ("zh-Hans-en", "zh-Hans"),
        ("en-en-US", "en"),
        ("en-nP7-2PuUl7o", "en"),
        ("en-US-eEY6OEpapPo", "en-US"),
    ],
)
def test_the_marks_of_video_sites_are_left_out(written: str, tag: str) -> None:
    assert language_tag(written) == tag


@pytest.mark.parametrize(
    "word",
    [
        *("", "r", "part2", "live_chat", "new", "cut", "end", "sdh", "Is", "No", "IT-crowd", "no-audio", "1974"),
        *("de-briefing", "it-information", "en-", "-en", "ru ", "р", "en" + "-en" * 20),
    ],
)
def test_a_word_that_is_no_language_is_not_taken_for_one(word: str) -> None:
    assert language_tag(word) == ""


@given(st.text(max_size=60) | st.from_regex(r"[a-zA-Z]{2,3}([-_][a-zA-Z0-9]{2,11}){0,3}", fullmatch=True))
def test_a_tag_is_well_formed_and_is_its_own_tag(text: str) -> None:
    tag = language_tag(text)
    assert tag == "" or (is_well_formed(tag) and language_tag(tag) == tag)


def test_the_language_itself_is_what_stands_before_script_and_region() -> None:
    assert (primary("zh-Hans"), primary("DE"), primary("")) == ("zh", "de", "")


def test_a_tag_may_be_well_formed_without_being_known() -> None:
    assert is_well_formed("grc")
    assert is_well_formed("de-1996")
    assert not any(is_well_formed(text) for text in ("", "e", "english", "en_US", "en-", "en-" + "x" * 50, "ен"))


def test_what_is_in_the_language_of_the_reader_stands_first_and_foreign_things_last() -> None:
    assert sorted(["en", "fy", "ko", "zh-Hant"], key=lambda tag: rank(tag, ["zh-hans", "ko", "en"])) == [
        *("zh-Hant", "ko", "en", "fy"),
    ]
