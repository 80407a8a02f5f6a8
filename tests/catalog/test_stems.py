"""The keys of single words: which spellings and forms meet, and that both stemmers agree."""

from __future__ import annotations

from itertools import permutations

import pytest
from snowballstemmer.english_stemmer import EnglishStemmer
from snowballstemmer.german_stemmer import GermanStemmer
from snowballstemmer.russian_stemmer import RussianStemmer

from holdfast.catalog import compounds, stems
from holdfast.catalog.stems import index_keys, language_of, query_keys


@pytest.mark.parametrize(
    ("script", "language", "forms"),
    [
        ("latin", "de", "müllerin muellerin mullerin"),
        ("latin", "de", "köln koeln koln"),
        ("latin", "", "köln koeln koln"),
        ("latin", "de", "statue statuen"),
        ("latin", "en", "archive archives"),
        ("cyrillic", "", "архив архива архивам архиве"),
        ("cyrillic", "", "журнал журнала журналы журналов"),
        ("cyrillic", "", "экран экрана экране экранов"),
        ("cyrillic", "", "материал материалы материале"),
        ("cyrillic", "", "видеозапись видеозаписи видеозаписью видеозаписях"),
        ("cyrillic", "", "музей музея музеи"),
        ("cyrillic", "", "ёлка елки елке"),
    ],
)
def test_each_form_finds_each_other_form(script: str, language: str, forms: str) -> None:
    for asked, written in permutations(forms.split(), 2):
        assert set(query_keys(asked, script)) & set(index_keys(written, script, language)), (asked, written)


def test_a_german_stem_never_meets_an_english_one() -> None:
    assert not set(query_keys("pot", "latin")) & set(index_keys("poet", "latin", "en"))


@pytest.mark.parametrize(
    ("tag", "language"),
    [("de", "de"), ("de-AT", "de"), ("en_US", "en"), ("ENG", "en"), ("ru", ""), ("und", ""), ("", ""), (None, "")],
)
def test_a_tag_names_one_of_two_languages_or_none(tag: str | None, language: str) -> None:
    assert language_of(tag) == language


def test_a_stemmer_that_treats_words_otherwise_changes_the_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    before = stems.rules_fingerprint()
    monkeypatch.setitem(stems._stemmers, "german", RussianStemmer())
    assert stems.rules_fingerprint() != before


def test_the_stemmer_in_c_and_the_one_in_python_give_the_same_stems() -> None:
    c_stemmers = pytest.importorskip("Stemmer")
    german = sorted(compounds._words()[1])
    english = ["houses", "universities", "marching", "director", "generously", "happily", "relational", "archives"]
    russian = ["видеозапись", "архивам", "журналы", "войной", "говорили", "рассказывающий", "партизанами", "съёмок"]
    for name, python, words in (
        ("german", GermanStemmer(), german),
        ("english", EnglishStemmer(), english),
        ("russian", RussianStemmer(), russian),
    ):
        assert c_stemmers.Stemmer(name).stemWords(words) == [python.stemWord(word) for word in words]
