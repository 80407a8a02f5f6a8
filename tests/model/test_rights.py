"""Where access is unknown, the answer is no: no word but the four opens anything."""

from __future__ import annotations

import pytest

from holdfast.model.rights import AccessLevel, RightsStatement


def test_there_are_four_levels_and_none_for_what_nobody_decided() -> None:
    assert [level.value for level in AccessLevel] == ["public", "members", "curators", "sealed"]


@pytest.mark.parametrize("word", ["", "Public", "public ", "PUBLIC", "open", "unknown", "none", None, True])
def test_no_other_word_is_an_access_level(word: object) -> None:
    with pytest.raises(ValueError, match="not a valid AccessLevel"):
        AccessLevel(word)


def test_a_rights_statement_that_says_nothing_is_the_default() -> None:
    assert RightsStatement() == RightsStatement("", "", "", {})
