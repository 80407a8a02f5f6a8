"""Made-up values of every class that we write as JSON, for the tests that hold for all of them."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Callable
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from holdfast.formats.journal import AUDIT_FORMAT, AuditRun, ObjectAudit
from holdfast.model.asset import RECORD_FORMAT, AssetRecord
from holdfast.model.event import Event, EventType
from holdfast.model.fixity import Digest
from holdfast.model.ids import ALPHABET, RANDOM_LENGTH, AssetId, check_character

IDS = st.text(ALPHABET, min_size=RANDOM_LENGTH, max_size=RANDOM_LENGTH).map(
    lambda body: AssetId(body + check_character(body))
)
# Short, because a record has a hundred of them; of five scripts, with what JSON must escape and what it must not.
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=6) | st.sampled_from(
    ["Урожай", "收穫", '\u2028"\\\0']
)
INTEGERS = st.integers(min_value=-(2**70), max_value=2**70)
# What a later version may have added, below names that this one does not use.
JSON = st.recursive(
    st.none() | st.booleans() | INTEGERS | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=3,
)
LATER = st.dictionaries(st.just("extra") | TEXTS.map(lambda text: f"later {text}"), JSON, max_size=2)

_SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    bool: st.booleans(),
    int: INTEGERS,
    Fraction: st.fractions(),
    datetime: st.datetimes(timezones=st.just(UTC)),
    Digest: st.binary(min_size=64, max_size=64).map(lambda data: Digest(data.hex())),
    AssetId: IDS,
    EventType: st.sampled_from(EventType) | st.just(EventType("replication")),
}


def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Values of a dataclass or of any type that its fields may have, unknown fields included."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    if origin is tuple:
        return st.lists(values_of(arguments[0]), max_size=2).map(tuple)
    if origin is dict:
        return st.dictionaries(TEXTS, values_of(arguments[1]), max_size=2)
    if type(None) in arguments:
        return st.none() | values_of(arguments[0])
    if dataclasses.is_dataclass(kind):
        return _instances(kind)
    return st.sampled_from(kind)


def _instances(kind: Any) -> st.SearchStrategy[Any]:
    hints = typing.get_type_hints(kind)
    fixed = {"extra": LATER, "format": st.just(_FORMATS.get(kind))}
    made: dict[str, Any] = {name: fixed[name] if name in fixed else st.deferred(_of(hints[name])) for name in hints}
    return st.builds(kind, **made)


def _of(kind: Any) -> Callable[[], st.SearchStrategy[Any]]:
    return lambda: values_of(kind)


_FORMATS: dict[Any, str] = {AssetRecord: RECORD_FORMAT, AuditRun: AUDIT_FORMAT}
RECORDS = values_of(AssetRecord)
EVENTS = values_of(Event)
RUNS = values_of(AuditRun)
AUDITS = values_of(ObjectAudit)
