"""One rough key for all the ways in which Russian titles are written in Latin letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.restore.transliteration import has_cyrillic, rough_key


@pytest.mark.parametrize(
    ("title", "spellings"),
    [
        ("Щука и Ёж", ["Schuka i Ezh", "Shchuka i Yozh", "SHCHUKA_I_EZH", "Ŝuka i ëž"]),
        ("Урожай 1974", ["Urozhay 1974", "Urozhaj.1974", "urozhai-1974"]),
        ("Мария", ["Mariya", "Maria", "Marija", "Mariia"]),
        ("Юность", ["Yunost'", "Junost", "Iunost"]),
        ("Хлеб", ["Khleb", "Hleb", "Chleb"]),
        ("Чайка", ["Chaika", "Chayka", "Tschaika", "Tchaika"]),
        ("Цирк", ["Tsirk", "Zirk", "Cirk"]),
        ("Съезд", ["S'ezd", "Syezd", "Sezd"]),
        ("Высоцкий", ["Vysotskiy", "Wyssozki", "Vysotsky"]),
    ],
)
def test_every_usual_spelling_meets_the_russian_title(title: str, spellings: list[str]) -> None:
    assert {rough_key(spelling) for spelling in spellings} == {rough_key(title)}


def test_different_titles_stay_different() -> None:
    titles = ["Урожай", "Жатва", "Мельница", "Дорога", "Поле", "Дом", "Река", "Зима"]
    assert len({rough_key(title) for title in titles}) == len(titles)


def test_other_scripts_and_numbers_stay_as_they_are() -> None:
    assert rough_key("收穫 1974") == "收穫 1974"
    assert rough_key("수확") == "수확"
    assert rough_key("—!—") == ""


def test_cyrillic_is_told_from_latin() -> None:
    assert has_cyrillic("A Щ")
    assert not has_cyrillic("Harvest 收穫")


@given(st.text(max_size=60))
def test_any_text_has_a_key_that_is_stable_under_case(text: str) -> None:
    assert rough_key(rough_key(text)) is not None
    assert rough_key(text.casefold()) == rough_key(text)
