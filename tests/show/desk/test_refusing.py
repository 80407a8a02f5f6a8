"""A refusal at the desk says what is wrong and what is expected, in a frame of the page's language."""

from __future__ import annotations

from django.utils.translation import override

from holdfast.errors import BadValue, Locked
from holdfast.show.desk.refusing import told
from tests.show.stage import Stage, signed_in

BAD = BadValue(name="a language of titles", found="<b>Deutsch", expected="a tag such as en or pt-BR")


def test_a_value_that_is_none_is_told_without_code_and_without_a_command() -> None:
    with override("en"):
        said = told(BAD)
    assert said == (
        '<span lang="en">A language of titles</span>: <bdi>&lt;b&gt;Deutsch</bdi> was typed; '
        'expected is <span lang="en">a tag such as en or pt-BR</span>.'
    )


def test_a_field_is_called_as_the_page_calls_it_and_an_empty_value_is_seen() -> None:
    with override("de"):
        said = told(BadValue(name="access", found="", expected="public, members"))
    assert said.startswith("Zugang: ")
    assert "<bdi>–</bdi>" in said


def test_other_errors_say_what_happened_and_what_holds() -> None:
    said = told(Locked(name="The archive", holder="another command"))
    assert "The archive is in use by another command. Nothing was changed." in said
    assert (Locked.code in said, "run this one again" in said) == (False, False)


def test_the_editor_shows_the_refusal_and_what_was_typed(own_stage: Stage) -> None:
    path = f"/desk/w/{own_stage.ids['public']}"
    typed = {"base": "v1", "titles-rows": "2", "titles-1-text": "Turm", "titles-1-language": "Deutsch!"}
    answer = signed_in("curator").post(path, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<bdi>Deutsch!</bdi> was typed; expected is" in page
    assert 'value="Deutsch!"' in page
    assert [text for text in ("HF-A005", "run the command again") if text in page] == []
