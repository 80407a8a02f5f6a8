"""The tokenising step: keys, their places, and the stretches of the text that they came from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.catalog.tokens import index_streams, index_tokens

mixed = st.text(st.one_of(st.characters(), st.sampled_from("aeué ß'-’‑*\"한국中国かガё1 \x00\ud800😀")), max_size=60)


def test_a_run_of_characters_becomes_its_pairs_and_each_character_is_extra() -> None:
    assert index_streams("中国人民。好", "zh") == ("中国 国人 人民 好", "中 国 人 民")


def test_a_hyphen_parts_two_words_and_joins_them() -> None:
    streams = index_streams("Rolls-Royce", "en")
    assert streams.words == "e_roll e_royc"
    assert "e_rollsroyc" in streams.extra.split()


def test_an_apostrophe_joins_and_a_possessive_is_dropped() -> None:
    assert index_streams("O’Brien’s", "en").words == "e_obrien"
    assert "e_brien" in index_streams("O’Brien’s", "en").extra.split()
    assert index_streams("the miner's", "en").words == "e_the e_miner"


def test_a_code_is_one_key_and_its_pieces_are_extra() -> None:
    streams = index_streams("S01E02 1974", "en")
    assert streams.words == "f_s01e02 f_1974"
    assert {"f_01", "f_02"} <= set(streams.extra.split())


def test_scripts_that_touch_are_parted() -> None:
    assert index_streams("K팝год中国", "").words == "e_k 팝 r_год 中国"


def test_every_token_knows_its_place_and_its_stretch_of_the_original() -> None:
    text = "Im Ｆｉｌｍarchiv: 한국어"
    found = [(token.key, token.position, text[token.start : token.end]) for token in index_tokens(text, "de")]
    assert ("d_film", 1, "Ｆｉｌｍarchiv") in found
    assert ("국어", 3, "국어") in found


def test_an_extra_token_shares_the_place_of_a_main_one() -> None:
    tokens = index_tokens("nach Bad-Hofgastein im Filmarchiv", "de")
    main = {token.position for token in tokens if not token.is_extra}
    assert main == set(range(5))
    assert {token.position for token in tokens if token.is_extra} <= main


@pytest.mark.parametrize("language", ["de", "en", "", None, "ru", "not a tag"])
@given(text=mixed)
def test_streams_and_tokens_say_the_same_of_any_text(language: str | None, text: str) -> None:
    streams = index_streams(text, language)
    tokens = index_tokens(text, language)
    assert streams.words.split(" ") == ([token.key for token in tokens if not token.is_extra] or [""])
    assert set(streams.extra.split()) == {token.key for token in tokens if token.is_extra}
    assert [token.position for token in tokens if not token.is_extra] == list(range(len(streams.words.split())))
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)


@given(mixed)
def test_a_key_holds_nothing_that_an_index_could_take_for_syntax(text: str) -> None:
    keys = [token.key for token in index_tokens(text, "")]
    assert not [key for key in keys if set(key) & set("\"'*:^()+-,. \x00\n\t")]
