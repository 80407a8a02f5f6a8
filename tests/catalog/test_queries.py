"""What is typed into the search box: its small syntax, and everything else that people and scripts type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.catalog.queries import MOST_KEYS_IN_A_PHRASE, MOST_TERMS, Query, query_terms


def keys(text: str) -> list[set[tuple[str, ...]]]:
    return [{phrase.keys for phrase in term.alternatives} for term in query_terms(text).wanted]


def test_every_word_is_a_term_with_the_stems_of_both_languages() -> None:
    assert keys("houses война") == [{("d_hous",), ("e_hous",)}, {("r_войн",)}]


def test_a_quoted_phrase_keeps_its_words_together_and_in_place() -> None:
    (term,) = query_terms("„schöne Müllerin“").wanted
    assert {phrase.keys for phrase in term.alternatives} == {("d_schon", "d_mull"), ("e_schone", "e_mullerin")}
    assert all(phrase.in_place for phrase in term.alternatives)


def test_a_star_behind_three_letters_asks_for_a_beginning_and_behind_two_it_is_ignored() -> None:
    assert all(phrase.is_prefix for phrase in query_terms("муз*").wanted[0].alternatives)
    assert query_terms("mu*") == query_terms("mu")


def test_a_minus_before_a_word_excludes_it_and_within_a_word_does_not() -> None:
    query = query_terms("film -köln rolls-royce")
    assert len(query.wanted) == 2
    assert {phrase.keys for phrase in query.unwanted[0].alternatives} == {("d_koln",), ("e_koln",), ("e_koeln",)}


def test_a_run_of_characters_is_asked_for_as_its_pairs_one_after_the_other() -> None:
    assert keys('中国人 "한국 영화"') == [{("中国", "国人")}, {("한국", "영화")}]


def test_a_single_character_behind_a_word_is_met_by_the_beginning_of_a_pair() -> None:
    (phrase,) = query_terms("1949年").wanted[0].alternatives
    assert phrase.keys == ("f_1949", "年")
    assert phrase.is_prefix


@pytest.mark.parametrize(
    "text", ["", " ", '"', '""', "*", "-", "()", "\x00", "😀", "…", '" * "', "-*", "\ud800", "^:+"]
)
def test_a_query_without_words_asks_for_nothing(text: str) -> None:
    assert query_terms(text) == Query()


def test_words_of_an_index_language_are_words_like_any_other() -> None:
    assert keys("AND NOT NEAR(") == keys("and not near")


@pytest.mark.parametrize(
    "text", ["x" * 10_000, "中" * 10_000, "a b " * 5_000, "a-" * 5_000, '"' * 10_000, "é" * 10_000]
)
def test_ten_thousand_characters_become_a_query_of_bounded_size(text: str) -> None:
    query = query_terms(text)
    assert len(query.wanted) <= MOST_TERMS
    assert all(len(p.keys) <= MOST_KEYS_IN_A_PHRASE for term in query.wanted for p in term.alternatives)


@given(st.text(max_size=200))
def test_whatever_is_typed_becomes_a_query(text: str) -> None:
    query = query_terms(text)
    assert all(term.alternatives for term in (*query.wanted, *query.unwanted))
    assert all(all(phrase.keys) for term in query.wanted for phrase in term.alternatives)
