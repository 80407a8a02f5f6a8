"""What the values of the archive are called."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from django.utils.translation import override

import holdfast
from holdfast.actions import access, contributed, fingerprinting
from holdfast.model.asset import AssetRecord, InstantiationKind, Status
from holdfast.model.event import EventType, Outcome
from holdfast.model.piece import Item, Piece, PieceKind, Wording
from holdfast.model.rights import AccessLevel
from holdfast.show import spoken
from holdfast.show.reader import Role

SHOWN = (AssetRecord, Piece, Item, Wording)  # of which the history tells the fields
SAID = re.compile(r'\bcommit\(\s*f?"([^"]+)"')
# Of objects that no page of the history shows, and an example in a docstring.
UNSHOWN = ("Audit: {run.scope}", "First keeping")
VALUES = {"{piece.kind}": "post", "{status.value}": "lost", "{', '.join(changed)}": "titles"}


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("access", AccessLevel),
        ("status", Status),
        ("copy", InstantiationKind),
        ("role", Role),
        ("event", EventType),
        ("outcome", Outcome),
        ("job", (access.KIND, fingerprinting.KIND, contributed.LOOK, contributed.KEEP)),
        ("field", [one.name for kind in SHOWN for one in fields(kind) if one.name not in ("id", "extra")]),
        ("piece", PieceKind),
        ("version", [f"Published: {kind}" for kind in PieceKind]),
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
        assert spoken.called("version", "Revised: titles, tags").endswith(": Названия, Метки")


def test_every_message_with_which_a_version_is_made_has_a_name() -> None:
    package = Path(holdfast.__file__).parent
    messages = {said for path in package.rglob("*.py") for said in SAID.findall(path.read_text("utf-8"))}
    assert {"Kept", "Comment withdrawn", "Published: {piece.kind}", "Revised: {', '.join(changed)}"} <= messages
    unknown = []
    for message in messages - set(UNSHOWN):
        filled = message
        for value, example in VALUES.items():
            filled = filled.replace(value, example)
        if filled not in spoken.VERSION and not filled.startswith((spoken.DESCRIBED, spoken.REVISED)):
            unknown.append(message)
    assert unknown == []
