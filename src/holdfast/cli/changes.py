"""From the options of `holdfast describe` to the change that they ask for together. Nothing is read or written here."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from holdfast.actions.describe import Change
    from holdfast.model.asset import AssetRecord


def change_of(given: dict[str, Any]) -> Change | None:
    """The change that the options ask for together; None if there was none. Raises BadValue."""
    from holdfast.actions.describe import added
    from holdfast.model.asset import DatedFact, Person, Place, Tag

    source, language = given["source"], _language(given["language"])
    change: Change | None = None
    for name, option in (("titles", "titles"), ("descriptions", "descriptions"), ("content_warnings", "warnings")):
        for text in given[option]:
            change = then(change, _stated(name, _said(text), given))
    lists: list[tuple[str, list[Any]]] = [
        ("dates", [DatedFact(d, kind or "created", source) for d, kind in map(_split, given["dates"])]),
        ("people", [Person(name, role, source) for name, role in map(_split, given["people"])]),
        ("places", [Place(_said(name), "", source) for name in given["places"]]),
        ("tags", [Tag(_said(word), language, source) for word in given["tags"]]),
        ("collections", [_said(name) for name in given["collections"]]),
        ("languages", [_language(tag) for tag in given["spoken"]]),
    ]
    for name, values in lists:
        if values:
            change = then(change, added(name, values))
    if given["untags"]:
        gone = set(given["untags"])
        change = then(change, lambda r: replace(r, tags=tuple(t for t in r.tags if t.text not in gone)))
    return then(then(change, _settings(given)), _embargo(given))


def _said(text: str) -> str:
    from holdfast.errors import BadValue

    if not text.strip():
        raise BadValue(name="a text", found=text, expected="some words; what is there is taken away with $EDITOR")
    return text.strip()


def _language(tag: str) -> str:
    from holdfast.errors import BadValue

    if not re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", tag):
        raise BadValue(name="the language", found=tag, expected="a tag like ru, zh-Hans, de-CH, or und")
    return tag


def _stated(name: str, text: str, given: dict[str, Any]) -> Change:
    from holdfast.model.asset import Statement

    statement = Statement(text, given["language"], given["source"], given["translator"])

    def change(record: AssetRecord) -> AssetRecord:
        held = getattr(record, name)
        same = [n for n, other in enumerate(held) if other.language == statement.language]
        if same:
            new = (*held[: same[0]], statement, *held[same[0] + 1 :])
        else:
            new = (statement, *held) if held and held[0].source == "file name" else (*held, statement)
        changed: dict[str, Any] = {name: new}
        return replace(record, **changed)

    return change


def _settings(given: dict[str, Any]) -> Change | None:
    from holdfast.model.rights import AccessLevel

    simple: dict[str, Any] = {}
    if given["category"] is not None:
        simple["category"] = given["category"]
    if given["access"] is not None:
        simple["access"] = AccessLevel(given["access"])
    names = {"rights": "statement", "rights_uri": "uri", "holder": "holder"}
    rights = {field: given[option] for option, field in names.items() if given[option] is not None}
    if not simple and not rights:
        return None
    return lambda record: replace(record, **simple, rights=replace(record.rights, **rights))


def _embargo(given: dict[str, Any]) -> Change | None:
    from holdfast.actions.describe import typed_moment
    from holdfast.errors import BadValue
    from holdfast.model.rights import AccessLevel, Embargo

    if given["no_embargo"]:
        return lambda record: replace(record, embargo=None)
    changed: dict[str, Any] = {}
    if given["embargo_until"] is not None:
        changed["until"] = typed_moment(given["embargo_until"])
    if given["embargo_level"] is not None:
        changed["level"] = AccessLevel(given["embargo_level"])
    if given["embargo_reason"] is not None:
        changed["reason"] = given["embargo_reason"].strip()
    if not changed:
        return None

    def change(record: AssetRecord) -> AssetRecord:
        if record.embargo is not None:
            return replace(record, embargo=replace(record.embargo, **changed))
        if "until" not in changed:
            raise BadValue(name="--embargo-until", found="nothing", expected="a date, for it has no embargo yet")
        return replace(record, embargo=Embargo(**changed))

    return change


def then(first: Change | None, second: Change | None) -> Change | None:
    """One change and then the other, where there are any."""
    if first is None or second is None:
        return first or second
    one, two = first, second
    return lambda record: two(one(record))


def _split(text: str) -> tuple[str, str]:
    value, _, kind = text.rpartition("=") if "=" in text else (text, "", "")
    return _said(value), kind.strip()
