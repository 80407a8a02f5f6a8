"""Splitting German compounds: what is cut, what is left whole, and that nothing but the word decides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.catalog.compounds import plain_german, split


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("tonfilm", {"ton", "film"}),
        ("filmarchive", {"film", "archive"}),
        ("bundesarchiv", {"bund", "archiv"}),
        ("geschichtsbuch", {"geschicht", "buch"}),
        ("farbfilm", {"farb", "film"}),
        ("schwarzweissfilm", {"schwarz", "weiss", "film", "schwarzweiss", "weissfilm"}),
    ],
)
def test_a_compound_of_known_words_is_cut_where_they_meet(word: str, parts: set[str]) -> None:
    assert set(split(word, guess=False)) == parts


def test_neighbouring_parts_are_also_joined() -> None:
    parts = split("donaudampfschifffahrtsgesellschaft", guess=False)
    assert {"donau", "dampf", "schiff", "fahrt", "gesellschaft", "schifffahrt", "dampfschifffahrt"} <= set(parts)


@pytest.mark.parametrize(
    "word",
    ["gesellschaft", "freundschaft", "verwandtschaft", "wanderung", "transport", "universitat", "professor", "film"],
)
def test_a_word_that_only_looks_like_a_compound_stays_whole(word: str) -> None:
    assert split(word, guess=True) == ()


def test_one_unknown_stretch_is_taken_for_a_name_only_in_german_text() -> None:
    assert set(split("kulenkampffabend", guess=True)) == {"kulenkampff", "abend"}
    assert split("kulenkampffabend", guess=False) == ()


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("köln", "koln"),
        ("koeln", "koln"),
        ("gruen", "grun"),
        ("quelle", "quelle"),
        ("bauer", "bauer"),
        ("statuen",) * 2,
    ],
)
def test_umlauts_and_their_spellings_become_plain_vowels_and_other_vowel_pairs_stay(written: str, plain: str) -> None:
    assert plain_german(written) == plain


@given(st.text("abdefghiklmnorstuw", max_size=80))
def test_every_part_stands_in_the_word_and_is_shorter(word: str) -> None:
    assert all(part in word and 3 <= len(part) < len(word) for part in split(word, guess=True))
