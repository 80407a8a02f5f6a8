"""Old encodings: the text that its writer saw, whether the language is known or not."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.formats import codepages
from holdfast.formats.codepages import encoding_of, old_text

TEXTS = {
    "ru": "Привет, как дела? Мы собрали урожай в этом году.",
    "zh": "大家好，今天我们要讲述收获的故事。村里的人们",
    "ko": "안녕하세요 오늘은 수확의 날입니다 우리 마을",
    "de": "Die Ernte in diesem Jahr war größer als je zuvor, für uns alle schön.",
    "ja": "こんにちは、今日は収穫の日です。カメラ",
}
PAGES = [
    *(("ru", "cp1251"), ("ru", "koi8-r"), ("ru", "cp866"), ("zh", "gb18030")),
    *(("ko", "cp949"), ("de", "cp1252"), ("ja", "cp932")),
]


def as_subtitle(text: str) -> str:
    return f"1\r\n00:00:01,000 --> 00:00:02,000\r\n{text}\r\n\r\n"


@pytest.mark.parametrize(("language", "page"), PAGES)
@pytest.mark.parametrize("is_known", [True, False])
def test_a_text_in_the_page_of_its_country_is_read(language: str, page: str, is_known: bool) -> None:
    text = as_subtitle(TEXTS[language])
    assert old_text(text.encode(page), language if is_known else "und") == text


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_says_itself_what_it_is(language: str, encoding: str) -> None:
    text = as_subtitle(TEXTS[language])
    for told in (language, "und", "ru", "ko"):
        assert old_text(text.encode(encoding), told) == text


@pytest.mark.parametrize(
    ("language", "text", "page"),
    [
        ("zh-Hant", "大家好，收穫的故事。", "big5"),
        ("zh-TW", "大家好，收穫的故事。", "big5"),
        ("zh-Hans", "大家好，收获的故事。", "gb18030"),
        ("pl", "Żniwa były większe niż kiedykolwiek.", "cp1250"),
        ("el", "Η συγκομιδή", "cp1253"),
        ("tr", "Hasat bu yıl güzeldi, şükür.", "cp1254"),
        ("he", "הקציר", "cp1255"),
        ("uk", "Жнива цього року були добрі", "cp1251"),
        ("to", "Урожай этого года", "cp1251"),  # no page is known for Tongan, and what was said may be wrong
        ("fr", "La récolte était très belle.", "cp1252"),
    ],
)
def test_a_known_language_names_its_page(language: str, text: str, page: str) -> None:
    assert old_text(text.encode(page), language) == text


def test_a_few_broken_bytes_do_not_make_a_text_another_encoding() -> None:
    data = as_subtitle(TEXTS["ru"]).encode() * 3
    broken = data.replace(b"00:00:01", b"\xff00:00:01", 1)
    assert old_text(broken, "ru").replace("\ufffd", "") == data.decode()
    cut = data[: data.rindex(b".") - 1]  # in the middle of a character
    assert old_text(cut) == data.decode()[: len(cut.decode("utf-8", "ignore"))] + "\ufffd"


def test_plain_english_is_the_same_in_every_page() -> None:
    assert [old_text(b"Harvest", language) for language in ("und", "ru", "ko", "en")] == ["Harvest"] * 4
    assert old_text(b"") == ""


def test_a_long_text_is_judged_by_its_beginning() -> None:
    text = as_subtitle(TEXTS["ko"]) * 2_000
    assert old_text(text.encode("cp949")) == text


@given(st.binary(max_size=200), st.sampled_from(["und", "ru", "zh-TW", "ko", "ja", "xx"]))
def test_any_bytes_become_some_text(data: bytes, language: str) -> None:
    assert isinstance(old_text(data, language), str)


def test_the_example_in_the_documentation_holds() -> None:
    assert doctest.testmod(codepages).failed == 0
    assert doctest.testmod(codepages).attempted > 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32", "utf-16-le", "cp1251", "cp949", "gb18030"])
def test_the_encoding_of_a_beginning_reads_the_whole(encoding: str) -> None:
    language = {"cp949": "ko", "gb18030": "zh"}.get(encoding, "ru")
    text = (TEXTS[language] + "\n") * 20
    data = text.encode(encoding)
    assert data.decode(encoding_of(data[: len(data) // 2])).removeprefix("\ufeff") == text
