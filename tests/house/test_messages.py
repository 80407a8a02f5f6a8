"""Nothing that the site says is left without its words in the five languages."""

from __future__ import annotations

import gettext
import io
import re
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from languages import messages

SAID = messages.said()


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_message_is_translated_with_all_its_plural_forms_and_placeholders(language: str) -> None:
    assert messages.wants(messages.updated(language, SAID)) == [], "translate them in the catalogue: make messages"


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_the_catalogue_and_its_compiled_form_are_what_would_be_made_now(language: str) -> None:
    path = messages.catalogue_path(language)
    text = messages.written(messages.updated(language, SAID))
    assert path.read_bytes() == text, "make messages"
    assert path.with_suffix(".mo").read_bytes() == messages.compiled(messages.parsed(text, language))


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_number_of_every_plural_form_has_words(language: str) -> None:
    compiled = messages.catalogue_path(language).with_suffix(".mo").read_bytes()
    spoken = gettext.GNUTranslations(io.BytesIO(compiled))  # type: ignore[arg-type]  # it only reads
    for one, several in (key for key in SAID if isinstance(key, tuple)):
        for n in (0, 1, 2, 5, 11, 21, 22, 101, 1000):
            assert spoken.ngettext(one, several, n) not in (one, several, ""), (language, one, n)


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_no_message_is_marked_as_doubtful_or_ends_otherwise_than_the_english_one(language: str) -> None:
    """A sentence stays a sentence, a label a label: with the full stop of the language, or with none."""
    odd = []
    for message in messages.parsed(messages.catalogue_path(language).read_bytes(), language):
        if not message.id:
            continue
        english = message.id if isinstance(message.id, str) else message.id[0]
        forms = [message.string] if isinstance(message.string, str) else message.string
        is_sentence = english.endswith(".")
        odd += [english for form in forms if message.fuzzy or _ends(form) != is_sentence]
    assert odd == []


def _ends(form: str) -> bool:
    """Whether it ends as a sentence does, and not in a shortened word."""
    return form.endswith((".", "。")) and not form.endswith((" г.", " гг."))


@pytest.mark.parametrize(
    ("message", "translation"),
    [("{n} works in {place}", "{n} Werke"), ("%(n)s works", "Werke"), ("Works", ""), ("Works", None)],
)
def test_a_lost_placeholder_or_an_empty_translation_is_told_of(message: str, translation: str) -> None:
    catalog = Catalog(locale="de")
    catalog.add(message, translation)
    assert messages.wants(catalog) == [f"de: {message!r}"]


def test_a_missing_plural_form_is_told_of() -> None:
    catalog = Catalog(locale="ru")
    catalog.add(("%(n)s work", "%(n)s works"), ("%(n)s произведение", "%(n)s произведения", ""))
    assert messages.wants(catalog) == ["ru: '%(n)s work'"]


def test_scripts_hold_no_sentence_of_their_own() -> None:
    """What a script says comes with the page, in a `data-` attribute: nothing in quotes has a space between words."""
    found = []
    for path in sorted((messages.SHOW / "static" / "show").glob("*.js")):
        found += [f"{path.name}: {text}" for text in _quoted(path)]
    assert found == []


def _quoted(path: Path) -> list[str]:
    """Texts in quotes that begin with a capital letter and have two words or more."""
    code = re.sub(r"//[^\n]*", "", path.read_text("utf-8"))
    texts = re.findall(r"\"([^\"\n]*)\"|'([^'\n]*)'", code)
    return [text for pair in texts for text in pair if text[:1] in string.ascii_uppercase and " " in text.strip()]
