"""Marks stand on the text as it was written."""

from __future__ import annotations

import pytest

from holdfast.catalog.marking import find_marks, window
from holdfast.catalog.queries import query_terms


@pytest.mark.parametrize(
    ("text", "language", "query", "marked"),
    [
        ("Im Filmarchiv zu Köln", "de", "film koeln", ["Filmarchiv", "Köln"]),
        ("Die Straßen von Bern", "de", "strasse", ["Straßen"]),
        ("그 전쟁은 오래", "ko", "전쟁", ["전쟁"]),
        ("中华人民共和国", "zh", "人民共和", ["人民共和"]),
        ("the dead city of the dead", "en", '"the dead"', ["the dead", "the dead"]),
        ("Two universities", "en", "univ*", ["universities"]),
        ("A film about Cologne", "en", "film -cologne", ["film"]),
        ("A Rolls-Royce here", "en", "rollsroyce", ["Rolls-Royce"]),
        ("Ｆｉｌｍ und Ton", "de", "film", ["Ｆｉｌｍ"]),
    ],
)
def test_the_words_that_were_asked_for_are_marked(text: str, language: str, query: str, marked: list[str]) -> None:
    assert [text[start:end] for start, end in find_marks(text, language, query_terms(query))] == marked


def test_a_window_on_a_long_text_shows_the_first_mark_and_cuts_between_words() -> None:
    text = "lorem " * 200 + "harvest " + "ipsum " * 200
    marks = find_marks(text, "en", query_terms("harvest"))
    start, end = window(text, marks, 120)
    shown = text[start:end]
    assert "harvest" in shown
    assert len(shown) <= 120
    assert set(shown.split()) == {"lorem", "harvest", "ipsum"}


def test_a_window_on_a_short_text_is_all_of_it() -> None:
    assert window("a film", ((2, 6),)) == (0, 6)
