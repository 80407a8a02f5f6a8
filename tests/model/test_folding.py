"""One spelling for all spellings, and the way back to the text as written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.model.folding import fold, fold_text

# Letters that fold in all the ways there are: ligatures, width, jamo, accents apart, signs that nobody sees.
awkward = st.text(st.one_of(st.characters(), st.sampled_from("ﬁßİŉΐＡﾊﾟｶﾞ한한e\u0301\u0308\u200d\u00ad①㎞ǆ\u0345ς")))


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ＤＶＤ", "dvd"),
        ("ﬁlm", "film"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ﾊﾟﾝ", "パン"),
        ("и\u0306", "й"),
    ],
)
def test_spellings_of_one_word_become_one(written: str, folded: str) -> None:
    assert fold(written).text == folded


def test_a_folded_stretch_leads_back_to_what_was_written() -> None:
    text = "Die Stra\u00adße — ﾊﾟﾝ"
    folded = fold(text)
    at = folded.text.index("strasse")
    start, end = folded.span(at, at + len("strasse"))
    assert text[start:end] == "Stra\u00adße"
    at = folded.text.index("パン")
    start, end = folded.span(at, at + 2)
    assert text[start:end] == "ﾊﾟﾝ"


@given(awkward)
def test_folding_with_and_without_the_way_back_give_the_same_text(text: str) -> None:
    folded = fold(text)
    assert folded.text == fold_text(text)
    assert not folded.starts or len(folded.starts) == len(folded.ends) == len(folded.text)
