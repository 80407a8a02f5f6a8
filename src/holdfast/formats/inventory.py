"""OCFL inventories and their sidecars: bytes to model and back.

`parse_inventory` refuses what cannot be used safely; which clause of OCFL a damaged inventory breaks is the question
of `holdfast.ocfl.validate`, which looks at the same `load_json`. `inventory_bytes` writes the same bytes for the same
inventory: digests sorted, versions in their order, two spaces, every script as itself, fields that we do not know kept.

Source: OCFL 1.1, sections 3.5 (inventory) and 3.7 (inventory digest).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from math import isfinite
from typing import Final, NoReturn, cast

from holdfast.errors import BadRecord
from holdfast.model.inventory import (
    CONTENT_DIRECTORY,
    ContentPath,
    Inventory,
    LogicalPath,
    Version,
    VersionNumber,
    path_fault,
)

INVENTORY: Final = "inventory.json"
TYPES: Final = {f"https://ocfl.io/{spec}/spec/#inventory": spec for spec in ("1.0", "1.1")}
HEX_LENGTH: Final = {"md5": 32, "sha1": 40, "sha256": 64, "sha512": 128, "blake2b-512": 128}
CONTENT_ALGORITHMS: Final = ("sha512", "sha256")

MAX_DEPTH: Final = 64  # an inventory is five deep; what nests deeper is an attack on whoever walks it

_FIELDS = {"id", "type", "digestAlgorithm", "head", "contentDirectory", "manifest", "versions", "fixity"}
_VERSION_FIELDS = {"created", "state", "message", "user"}
_HEX = re.compile(r"(?:[0-9a-f]{2})+")
_CREATED = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}):(\d{2})(\.\d+)?([Zz]|[+-]\d{2}:\d{2})",
    re.ASCII,
)
_SIDECAR = re.compile(rb"([0-9a-fA-F]+)[ \t]+inventory\.json\r?\n?")
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


# ---------------------------------------------------------------------------------------------------- JSON, safely


class Pairs(dict[str, object]):
    """A JSON object that remembers which of its keys were given more than once."""

    repeated: tuple[str, ...] = ()


def load_json(data: bytes, name: str) -> object:
    """A JSON document from somebody we do not trust; its objects are `Pairs`.

    Raises:
        BadRecord: it is not UTF-8, not JSON, nests too deeply, or holds a number or a lone surrogate that could not be
            written again. Nothing else, whatever the bytes are.
    """
    try:
        text = data.decode("utf-8")
        document: object = _DECODER.decode(text)
    except RecursionError:
        raise BadRecord(name=name, reason="it nests too deeply") from None
    except ValueError as error:  # UnicodeDecodeError and JSONDecodeError are of this kind
        raise BadRecord(name=name, reason=f"it is not JSON in UTF-8 ({error})") from None
    if _too_deep(document):
        raise BadRecord(name=name, reason="it nests too deeply")
    if _SURROGATE_ESCAPE.search(text):  # the escape may be half of a lawful pair: only then is a walk worth its time
        try:
            json.dumps(document, ensure_ascii=False).encode("utf-8")
        except UnicodeEncodeError:
            raise BadRecord(name=name, reason="it holds half a character (a lone surrogate)") from None
    return document


def _pairs(pairs: list[tuple[str, object]]) -> Pairs:
    found = Pairs(pairs)
    if len(found) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        found.repeated = tuple(key for key, count in counts.items() if count > 1)
    return found


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(f"{text} is too large a number")
    return number


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_constant=_no_constant, parse_float=_finite)


def _too_deep(document: object) -> bool:
    layer = [document]
    for _ in range(MAX_DEPTH):
        layer = [
            child
            for node in layer
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
        if not layer:
            return False
    return True


# -------------------------------------------------------------------------------------------------------- reading


def parse_inventory(data: bytes, name: str) -> Inventory:
    """The inventory in `data`; `name` is what errors call it.

    Raises:
        BadRecord: it cannot be understood or cannot be used safely: not JSON, a field missing or of the wrong kind,
            a path that would leave its folder, a state that names a digest without content, an unknown OCFL version.
    """
    return inventory_from(load_json(data, name), name)


def inventory_from(document: object, name: str) -> Inventory:
    """The inventory in a document that `load_json` gave. Raises BadRecord, for the reasons of `parse_inventory`."""
    try:
        return _inventory(_object(document, "the document"))
    except _Fault as fault:
        raise BadRecord(name=name, reason=str(fault)) from None


class _Fault(ValueError):
    """Why an inventory is refused; `parse_inventory` puts the name of the file to it."""


def _inventory(document: Pairs) -> Inventory:
    declared = _text(document.get("type"), "type")
    algorithm = _text(document.get("digestAlgorithm"), "digestAlgorithm")
    if declared not in TYPES:
        raise _Fault(f"its type {declared!r} is of no OCFL version known here")
    if algorithm not in CONTENT_ALGORITHMS:
        raise _Fault(f"its digestAlgorithm is {algorithm!r}, expected sha512 or sha256")
    directory = _text(document.get("contentDirectory", CONTENT_DIRECTORY), "contentDirectory")
    if "/" in directory or path_fault(directory):
        raise _Fault(f"its contentDirectory is {directory!r}")
    manifest = {d: _content_paths(p) for d, p in _block(document.get("manifest"), "manifest", algorithm)}
    inventory = Inventory(
        object_id=_text(document.get("id"), "id"),
        head=_version_number(document.get("head")),
        manifest=manifest,
        versions=_versions(document.get("versions"), algorithm),
        digest_algorithm=algorithm,
        content_directory=directory,
        fixity=_fixity(document.get("fixity", Pairs())),
        spec=TYPES[declared],
        extra={key: value for key, value in document.items() if key not in _FIELDS},
    )
    _check_whole(inventory)
    return inventory


def _check_whole(inventory: Inventory) -> None:
    # Counting is enough, and never longer than the document: a head of v999999999 must not make a billion numbers.
    if max(inventory.versions, default=None) != inventory.head or len(inventory.versions) != inventory.head.number:
        raise _Fault(f"its versions are not v1 to its head {inventory.head} without a gap")
    for number, version in inventory.versions.items():
        if not version.state.keys() <= inventory.manifest.keys():
            raise _Fault(f"{number} shows a digest that has no content in the manifest")


def _versions(value: object, algorithm: str) -> dict[VersionNumber, Version]:
    found: dict[VersionNumber, Version] = {}
    for key, block in _object(value, "versions").items():
        number = _version_number(key)
        if number in found:
            raise _Fault(f"versions holds {number} twice")
        found[number] = _version(_object(block, key), algorithm)
    return dict(sorted(found.items()))


def _version(block: Pairs, algorithm: str) -> Version:
    written = _text(block.get("created"), "created")
    try:
        created = parse_created(written)
    except ValueError as error:
        raise _Fault(f"its created is {error}") from None
    user = _object(block.get("user", Pairs()), "user")
    return Version(
        created=created,
        state={digest: _logical_paths(paths) for digest, paths in _block(block.get("state"), "state", algorithm)},
        message=_text_or_none(block.get("message"), "message"),
        user_name=_text_or_none(user.get("name"), "user name"),
        user_address=_text_or_none(user.get("address"), "user address"),
        extra={key: value for key, value in block.items() if key not in _VERSION_FIELDS},
        user_extra={key: value for key, value in user.items() if key not in ("name", "address")},
        created_text=written,
    )


def parse_created(text: str) -> datetime:
    """The moment of an OCFL `created`: RFC 3339, to the second at least, with a zone.

    A leap second counts as the second before it, which Python's calendar can hold. Raises ValueError.
    """
    match = _CREATED.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r}, not a date and time to the second with a zone")
    day, clock, second, fraction, zone = match.groups()
    second = "59" if second == "60" else second
    try:
        return datetime.fromisoformat(f"{day}T{clock}:{second}{(fraction or '')[:7]}{zone.upper()}")
    except ValueError as error:
        raise ValueError(f"{text!r} ({error})") from None


def _fixity(value: object) -> dict[str, dict[str, tuple[ContentPath, ...]]]:
    return {
        algorithm: {d: _content_paths(p) for d, p in _block(block, f"fixity of {algorithm}", None)}
        for algorithm, block in _object(value, "fixity").items()
    }


def _block(value: object, what: str, algorithm: str | None) -> list[tuple[str, list[str]]]:
    """The (digest in lower case, paths) of a manifest, state or fixity block."""
    found: list[tuple[str, list[str]]] = []
    digests: set[str] = set()
    for key, paths in _object(value, what).items():
        digest = key.lower()
        if algorithm is not None and (len(digest) != HEX_LENGTH[algorithm] or not _HEX.fullmatch(digest)):
            raise _Fault(f"{what} names {key[:140]!r}, which is not a digest of {algorithm}")
        if digest in digests:
            raise _Fault(f"{what} names the digest {digest[:12]} twice")
        if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
            raise _Fault(f"{what} has something other than a list of paths for {digest[:12]}")
        digests.add(digest)
        found.append((digest, cast(list[str], paths)))
    return found


def _content_paths(paths: list[str]) -> tuple[ContentPath, ...]:
    return tuple(ContentPath(path) for path in _safe(paths))


def _logical_paths(paths: list[str]) -> tuple[LogicalPath, ...]:
    return tuple(LogicalPath(path) for path in _safe(paths))


def _safe(paths: list[str]) -> list[str]:
    for path in paths:
        fault = path_fault(path)
        if fault:
            raise _Fault(f"the path {path!r} {fault}")
    return paths


def _object(value: object, what: str) -> Pairs:
    if not isinstance(value, Pairs):
        raise _Fault(f"{what} is {'missing' if value is None else 'not a JSON object'}")
    if value.repeated:
        raise _Fault(f"{what} gives {value.repeated[0][:140]!r} more than once")
    return value


def _text(value: object, what: str) -> str:
    if not isinstance(value, str) or not value:
        raise _Fault(f"its {what} is {'missing' if value is None else 'not a text'}")
    return value


def _text_or_none(value: object, what: str) -> str | None:
    if value is not None and not isinstance(value, str):
        raise _Fault(f"its {what} is not a text")
    return value


def _version_number(value: object) -> VersionNumber:
    try:
        return VersionNumber.parse(value if isinstance(value, str) else "")
    except ValueError:
        raise _Fault(f"{value!r} is not the name of a version") from None


# -------------------------------------------------------------------------------------------------------- writing


def inventory_bytes(inventory: Inventory) -> bytes:
    """The one spelling of an inventory: the bytes of `inventory.json`.

    Raises:
        BadRecord: a text in it cannot be written as UTF-8 (a file name that was not valid in its file system).
    """
    document: dict[str, object] = {
        **inventory.extra,
        "id": inventory.object_id,
        "type": f"https://ocfl.io/{inventory.spec}/spec/#inventory",
        "digestAlgorithm": inventory.digest_algorithm,
        "head": str(inventory.head),
        "contentDirectory": inventory.content_directory,
        "manifest": _sorted_block(inventory.manifest),
        "versions": {str(number): _version_block(inventory.versions[number]) for number in sorted(inventory.versions)},
    }
    if inventory.fixity:
        document["fixity"] = {name: _sorted_block(block) for name, block in sorted(inventory.fixity.items())}
    try:
        return (json.dumps(_by_key(document), ensure_ascii=False, indent=2) + "\n").encode("utf-8")
    except UnicodeEncodeError as error:
        raise BadRecord(name=inventory.object_id, reason=f"it cannot be written as UTF-8 ({error.reason})") from None


def _version_block(version: Version) -> dict[str, object]:
    block: dict[str, object] = {**version.extra, "state": _sorted_block(version.state)}
    block["created"] = version.created_text or _created(version.created)
    named = {"name": version.user_name, "address": version.user_address}
    user = {**version.user_extra, **{key: text for key, text in named.items() if text is not None}}
    if user:
        block["user"] = _by_key(user)
    if version.message is not None:
        block["message"] = version.message
    return _by_key(block)


def _created(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("a version's moment must know its zone")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _sorted_block(block: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    return {digest: sorted(block[digest]) for digest in sorted(block)}


def _by_key(block: Mapping[str, object]) -> dict[str, object]:
    return dict(sorted(block.items()))


# ------------------------------------------------------------------------------------------------------- sidecars


def sidecar_name(algorithm: str) -> str:
    """The name of the sidecar beside `inventory.json`."""
    return f"{INVENTORY}.{algorithm}"


def sidecar_bytes(data: bytes, algorithm: str) -> bytes:
    """The sidecar of an inventory: its digest and its name, as `sha512sum` writes and checks them."""
    return f"{hashlib.new(algorithm, data).hexdigest()}  {INVENTORY}\n".encode("ascii")


def parse_sidecar(data: bytes, name: str) -> str:
    """The digest that a sidecar gives, in lower case. Raises BadRecord on any other form."""
    match = _SIDECAR.fullmatch(data)
    if not match:
        raise BadRecord(name=name, reason="expected a digest, blanks, and inventory.json")
    return match[1].decode("ascii").lower()
