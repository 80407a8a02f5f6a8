"""What the values of the archive are called."""

from __future__ import annotations

from dataclasses import fields

import pytest
from django.utils.translation import override

from holdfast.actions import access, fingerprinting
from holdfast.model.asset import AssetRecord, InstantiationKind, Status
from holdfast.model.event import EventType, Outcome
from holdfast.model.rights import AccessLevel
from holdfast.show import spoken
from holdfast.show.reader import Role


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("access", AccessLevel),
        ("status", Status),
        ("copy", InstantiationKind),
        ("role", Role),
        ("event", EventType),
        ("outcome", Outcome),
        ("job", (access.KIND, fingerprinting.KIND)),
        ("field", [one.name for one in fields(AssetRecord) if one.name not in ("id", "extra")]),
    ],
)
def test_every_value_that_the_archive_knows_has_a_name(kind: str, values: type) -> None:
    assert [str(value) for value in values if str(value) not in spoken.WORDS[kind]] == []


def test_a_value_is_called_by_its_name_in_the_language_of_the_reader() -> None:
    with override("ru"):
        assert spoken.called("role", "curator") == "куратор"
    with override("ko"):
        assert spoken.called("copy", "found copy") == "발견 사본"


def test_a_word_that_nobody_listed_is_shown_as_it_stands() -> None:
    with override("de"):
        assert spoken.called("event", "quarantine") == "quarantine"


def test_the_message_of_a_description_names_its_fields_in_the_language_of_the_reader() -> None:
    with override("ru"):
        assert spoken.called("version", "Described: titles, tags") == "Описано: Названия, Метки"
        assert spoken.called("version", "Audit: all") == "Audit: all"
