"""What the font can write is written, and nothing else."""

from __future__ import annotations

import pytest

from holdfast.media.lettering import drawable, fitting, legible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Harvest 1974", "Harvest 1974"),
        ("  two\n lines ", "two lines"),
        ("Straße", "Strasse"),
        ("戦争", ""),
        ("жатва", ""),
    ],
)
def test_text_is_shown_as_the_font_can_or_not_at_all(text: str, shown: str) -> None:
    assert legible(text) == shown
    assert drawable(legible(text))


def test_letters_become_smaller_until_they_fit() -> None:
    text = "A title that is rather long"
    assert fitting(text, 40, 200).getlength(text) <= 200
    assert fitting("A", 40, 200).getlength("A") > fitting("A", 20, 200).getlength("A")
