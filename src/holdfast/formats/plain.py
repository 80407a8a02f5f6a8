"""Between frozen values and plain JSON, driven by the types of `model`: one rule for every record.

- A dataclass is an object. A field that has its default is left out; unknown keys go to `extra` and come back.
- `Fraction` is a string (`30000/1001`), `datetime` RFC 3339 in UTC, a tuple a list, an enum its value, digests and
  ids their text.
- Writing never fails for a text: half a character, which UTF-8 cannot hold, becomes U+FFFD.
- A value that does not fit raises BadRecord with the place inside the document: `instantiations[2].digest`.

From the same types comes the published JSON Schema (`schema_of`), so it cannot drift from what the code does.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import Any

from holdfast.errors import BadRecord, UnknownAsset
from holdfast.formats.canonical import printable
from holdfast.model.event import EventType
from holdfast.model.fixity import DIGEST_OF_RECORD, Digest
from holdfast.model.ids import AssetId, parse_asset_id
from holdfast.model.time import civil, parse_civil, parse_ratio, ratio

EXTRA = "extra"


@dataclasses.dataclass(frozen=True)
class _Leaf:
    """How one non-dataclass type is written as a string, read back, and described in a schema."""

    write: Callable[[Any], str]
    read: Callable[[str], Any]
    schema: dict[str, Any]


def _record_digest(digest: Digest) -> str:
    if digest.algorithm != DIGEST_OF_RECORD:
        raise ValueError(f"records hold {DIGEST_OF_RECORD} digests, not {digest.algorithm}")
    return digest.text


def _canonical_id(text: str) -> AssetId:
    asset = parse_asset_id(text)
    if asset.text != text:
        raise ValueError(f"{text!r} is to be spelled {asset}")
    return asset


def _pattern(pattern: str, **more: str) -> dict[str, Any]:
    return {"type": "string", **more, "pattern": f"^{pattern}$"}


_MOMENT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})"
_LEAVES: dict[Any, _Leaf] = {
    Fraction: _Leaf(ratio, parse_ratio, _pattern(r"[+-]?[0-9]+(\.[0-9]+|/0*[1-9][0-9]*)?")),
    datetime: _Leaf(civil, parse_civil, _pattern(_MOMENT, format="date-time")),
    Digest: _Leaf(_record_digest, Digest, _pattern("[0-9a-f]{128}")),
    AssetId: _Leaf(str, _canonical_id, _pattern("[0-9b-df-hj-km-np-tv-xz]{13}")),
}
_BUILT_IN = {str: "string", bool: "boolean", int: "integer"}


# ----------------------------------------------------------------------------------------------------- writing


def to_plain(value: Any) -> Any:
    """`value` as JSON types. Raises TypeError for a type that has no rule: a programmer's mistake."""
    if type(value) is str:
        return _writable(value)
    if value is None or type(value) in _BUILT_IN:
        return value
    if type(value) in _LEAVES:
        return _LEAVES[type(value)].write(value)
    if isinstance(value, StrEnum):
        return _writable(value.value)
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, dict):
        return {_writable(key): to_plain(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value):
        return _object(value)
    raise TypeError(f"{type(value).__name__} has no plain form")


def _writable(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return printable(text)
    return text


def _object(value: Any) -> dict[str, Any]:
    plain = dict(getattr(value, EXTRA, {}))
    for f in dataclasses.fields(value):
        if f.name == EXTRA:
            continue
        held = getattr(value, f.name)
        if f.name == "format" or held != _default(f):
            plain[f.name] = to_plain(held)
    return plain


def _default(f: dataclasses.Field[Any]) -> Any:
    return f.default_factory() if f.default_factory is not dataclasses.MISSING else f.default


# ----------------------------------------------------------------------------------------------------- reading


def from_plain(kind: Any, plain: Any, name: str, place: str = "") -> Any:
    """A value of type `kind` made from plain JSON.

    Args:
        kind: a dataclass, or any type that its fields may have.
        plain: what `parse_json` gave.
        name: the document, for the message.
        place: where in the document `plain` stands.

    Raises:
        BadRecord: it does not fit, with the place and what was expected there.
    """
    origin = typing.get_origin(kind)
    arguments = typing.get_args(kind)
    if kind is Any:
        return plain
    if origin in (types.UnionType, typing.Union):
        if plain is None and type(None) in arguments:
            return None
        return from_plain(next(a for a in arguments if a is not type(None)), plain, name, place)
    if origin is tuple:
        items = _expect(plain, list, "a list", name, place)
        return tuple(from_plain(arguments[0], item, name, f"{place}[{n}]") for n, item in enumerate(items))
    if origin is dict:
        pairs = _expect(plain, dict, "an object", name, place)
        return {key: from_plain(arguments[1], item, name, f"{place}.{key}") for key, item in pairs.items()}
    if dataclasses.is_dataclass(kind) and kind not in _LEAVES:
        return _dataclass(kind, _expect(plain, dict, "an object", name, place), name, place)
    return _leaf(kind, plain, name, place)


def _dataclass(kind: Any, plain: dict[str, Any], name: str, place: str) -> Any:
    known = _fields(kind)
    values: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for key, item in plain.items():
        if key in known and key != EXTRA:
            values[key] = from_plain(known[key], item, name, f"{place}.{key}" if place else key)
        else:
            extra[key] = item
    missing = [f.name for f in dataclasses.fields(kind) if f.name not in values and _is_required(f)]
    if missing:
        raise BadRecord(name=name, reason=f"{place or 'the document'} lacks {', '.join(missing)}")
    if EXTRA in known:
        values[EXTRA] = extra
    try:
        return kind(**values)
    except ValueError as error:
        raise BadRecord(name=name, reason=f"{place or 'the document'}: {error}") from error


def _leaf(kind: Any, plain: Any, name: str, place: str) -> Any:
    if kind in _BUILT_IN:
        return _expect(plain, kind, f"a {_BUILT_IN[kind]}", name, place)
    text = _expect(plain, str, "a string", name, place)
    try:
        return _LEAVES[kind].read(text) if kind in _LEAVES else kind(text)
    except UnknownAsset as error:
        raise BadRecord(name=name, reason=f"{place}: {error.sentences()[0].rstrip('.')}") from error
    except ValueError as error:
        words = str(error) if kind in _LEAVES else f"{text[:40]!r} is none of {', '.join(kind)}"
        raise BadRecord(name=name, reason=f"{place}: {words}") from error


def _expect(plain: Any, kind: type, words: str, name: str, place: str) -> Any:
    if not isinstance(plain, kind) or (kind is int and isinstance(plain, bool)):
        raise BadRecord(name=name, reason=f"{place or 'the document'} is {type(plain).__name__}, expected {words}")
    return plain


@cache
def _fields(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _is_required(f: dataclasses.Field[Any]) -> bool:
    return f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING


# ------------------------------------------------------------------------------------------------------ schema


def schema_of(kind: Any, title: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a dataclass. Unknown fields are allowed everywhere: readers keep them."""
    definitions: dict[str, Any] = {}
    top = _schema(kind, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **top,
        "$defs": definitions,
    }


def _schema(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind is Any:
        return {}
    if origin in (types.UnionType, typing.Union):
        inner = [a for a in arguments if a is not type(None)]
        return {"anyOf": [_schema(inner[0], definitions), {"type": "null"}]}
    if origin is tuple:
        return {"type": "array", "items": _schema(arguments[0], definitions)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _schema(arguments[1], definitions)}
    if kind in _LEAVES:
        return _LEAVES[kind].schema
    if kind in _BUILT_IN:
        return {"type": _BUILT_IN[kind]}
    if kind is EventType:  # an open vocabulary: our words are only the best known ones
        return {"type": "string", "pattern": "\\S", "examples": [member.value for member in kind]}
    if issubclass(kind, StrEnum):
        return {"enum": [member.value for member in kind]}
    if kind.__name__ not in definitions:
        definitions[kind.__name__] = {}  # named before it is filled, so that a type may hold itself
        definitions[kind.__name__] = _object_schema(kind, definitions)
    return {"$ref": f"#/$defs/{kind.__name__}"}


def _object_schema(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    fields = [f for f in dataclasses.fields(kind) if f.name != EXTRA]
    schema: dict[str, Any] = {
        "type": "object",
        "description": " ".join((kind.__doc__ or "").split("\n\n")[0].split()),
        "properties": {f.name: _schema(_fields(kind)[f.name], definitions) for f in fields},
    }
    required = [f.name for f in fields if _is_required(f) or f.name == "format"]
    return schema | ({"required": required} if required else {})
