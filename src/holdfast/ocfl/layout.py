"""Where objects lie in a storage root.

We write extension 0003: the sha256 of the object's id gives three folders of three characters, and the id itself,
percent-encoded, names the object's folder, so that a person sees whose it is:

    holdfast:asset:k7m2x9qd4htbr  ->  1e4/006/388/holdfast%3aasset%3ak7m2x9qd4htbr

A root with another layout can still be read: `walk_objects` trusts no layout and finds objects by what lies in them.

Source: OCFL 1.1, section 4 (storage root); OCFL community extension 0003-hash-and-id-n-tuple-storage-layout.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from holdfast.backends.base import Backend, Entry
from holdfast.errors import BadRecord, MissingKey, StorageRefused
from holdfast.formats.inventory import HEX_LENGTH, INVENTORY, load_json
from holdfast.model.inventory import OCFL_VERSION

LAYOUT_FILE: Final = "ocfl_layout.json"
EXTENSIONS: Final = "extensions"
EXTENSION: Final = "0003-hash-and-id-n-tuple-storage-layout"
CONFIG_FILE: Final = f"{EXTENSIONS}/{EXTENSION}/config.json"
OBJECT_DECLARATION: Final = "0=ocfl_object_"
MAX_DEPTH: Final = 48  # extension 0003 allows 32 tuples and the object's folder; pairtrees are shallower

_UNSAFE = re.compile(rb"[^A-Za-z0-9_-]")
_LONGEST_NAME = 100


@dataclass(frozen=True)
class Layout:
    """Extension 0003 with its parameters; the defaults are what we write."""

    digest_algorithm: str = "sha256"
    tuple_size: int = 3
    number_of_tuples: int = 3

    def __post_init__(self) -> None:
        sizes = (self.tuple_size, self.number_of_tuples)
        if self.digest_algorithm not in HEX_LENGTH:
            raise ValueError(f"digestAlgorithm {self.digest_algorithm!r} is not known")
        if not all(0 <= size <= 32 for size in sizes) or (0 in sizes and sizes != (0, 0)):
            raise ValueError("tupleSize and numberOfTuples must be 1 to 32, or both 0")
        if self.tuple_size * self.number_of_tuples > HEX_LENGTH[self.digest_algorithm]:
            raise ValueError("the tuples are longer than the digest")

    def path_of(self, object_id: str) -> str:
        """The folder of an object, relative to the storage root.

        Raises:
            ValueError: the id is empty or cannot be written as UTF-8.
        """
        if not object_id:
            raise ValueError("an object's id cannot be empty")
        raw = object_id.encode("utf-8")
        digest = _new_hash(self.digest_algorithm, raw)
        size = self.tuple_size
        tuples = [digest[at * size : (at + 1) * size] for at in range(self.number_of_tuples)]
        name = _UNSAFE.sub(lambda match: b"%%%02x" % match[0][0], raw).decode("ascii")
        if len(name) > _LONGEST_NAME:
            name = f"{name[:_LONGEST_NAME]}-{digest}"
        return "/".join([*tuples, name])

    def config_bytes(self) -> bytes:
        """The extension's `config.json`."""
        return _json(
            {
                "extensionName": EXTENSION,
                "digestAlgorithm": self.digest_algorithm,
                "tupleSize": self.tuple_size,
                "numberOfTuples": self.number_of_tuples,
            }
        )


def _new_hash(algorithm: str, data: bytes) -> str:
    name = "blake2b" if algorithm == "blake2b-512" else algorithm
    return hashlib.new(name, data, usedforsecurity=False).hexdigest()


def _json(document: dict[str, object]) -> bytes:
    return (json.dumps(document, indent=2) + "\n").encode("ascii")


# ------------------------------------------------------------------------------------------- what makes a root a root


def root_declaration(spec: str = OCFL_VERSION) -> tuple[str, bytes]:
    """The name and the bytes of the file that declares a storage root."""
    return f"0=ocfl_{spec}", f"ocfl_{spec}\n".encode("ascii")


def object_declaration(spec: str = OCFL_VERSION) -> tuple[str, bytes]:
    """The name and the bytes of the file that declares an object."""
    return f"{OBJECT_DECLARATION}{spec}", f"ocfl_object_{spec}\n".encode("ascii")


def layout_bytes() -> bytes:
    """The `ocfl_layout.json` of a root with our layout."""
    return _json(
        {
            "extension": EXTENSION,
            "description": "Folders are named by the sha256 of the object id (three times three characters), "
            "the object's own folder by its id, percent-encoded.",
        }
    )


def root_files(layout: Layout | None = None) -> dict[str, bytes]:
    """All files of a new, empty storage root; the declaration comes last, so that half a root is no root."""
    name, declaration = root_declaration()
    return {
        CONFIG_FILE: (layout or Layout()).config_bytes(),
        LAYOUT_FILE: layout_bytes(),
        name: declaration,
    }


def read_layout(backend: Backend, prefix: str = "") -> Layout | None:
    """The layout of the storage root at `prefix`; None if it has none or one that we cannot compute.

    Without a `config.json` the extension's defaults hold.

    Raises:
        BadRecord: one of its two JSON files cannot be understood.
    """
    declared = _read_object(backend, join(prefix, LAYOUT_FILE))
    if declared is None or declared.get("extension") != EXTENSION:
        return None
    key = join(prefix, CONFIG_FILE)
    return layout_from(_read_object(backend, key) or {}, key)


def layout_from(config: dict[str, object], name: str) -> Layout:
    """The layout that a `config.json` describes; absent parameters have their defaults. Raises BadRecord."""
    algorithm, size, number = (
        config.get("digestAlgorithm", "sha256"),
        config.get("tupleSize", 3),
        config.get("numberOfTuples", 3),
    )
    if not isinstance(algorithm, str) or type(size) is not int or type(number) is not int:
        raise BadRecord(name=name, reason="its parameters are of the wrong kind")
    if config.get("extensionName", EXTENSION) != EXTENSION:
        raise BadRecord(name=name, reason=f"its extensionName is not {EXTENSION}")
    try:
        return Layout(algorithm, size, number)
    except ValueError as error:
        raise BadRecord(name=name, reason=str(error)) from None


def _read_object(backend: Backend, key: str) -> dict[str, object] | None:
    try:
        document = load_json(backend.read(key, limit=1024 * 1024), key)
    except MissingKey:
        return None
    if not isinstance(document, dict):
        raise BadRecord(name=key, reason="it is not a JSON object")
    return document


# --------------------------------------------------------------------------------------------- finding what lies there


class PlaceKind(Enum):
    """What a walk through a storage root meets."""

    OBJECT = auto()
    FILE = auto()  # a file outside of every object
    EMPTY = auto()  # a folder with nothing in it
    SPECIAL = auto()  # a link, a device: never followed
    TOO_DEEP = auto()
    UNREADABLE = auto()


@dataclass(frozen=True)
class Place:
    """One thing met on a walk: its kind and its key, as the backend knows it."""

    kind: PlaceKind
    key: str


def walk_objects(backend: Backend, prefix: str = "") -> Iterator[str]:
    """The keys of all object roots below a storage root, in the order of their names, whatever its layout says.

    Links are not followed, nor folders deeper than `MAX_DEPTH`.
    """
    return (place.key for place in walk_root(backend, prefix) if place.kind is PlaceKind.OBJECT)


def walk_root(backend: Backend, prefix: str = "") -> Iterator[Place]:
    """All that lies below a storage root, up to the objects: what walks into them is `validate`.

    An object is a folder with an object declaration or, lest one that lost it be passed over, with an inventory.
    What lies directly in the storage root (its declaration, its documents, `extensions`) is not given.
    """
    pending = [(prefix, 0)]
    while pending:
        folder, depth = pending.pop()
        try:
            entries = backend.entries(folder)
        except (MissingKey, StorageRefused, OSError):
            yield Place(PlaceKind.UNREADABLE, folder)
            continue
        if depth and is_object_root(entries):
            yield Place(PlaceKind.OBJECT, folder)
        elif depth and not entries:
            yield Place(PlaceKind.EMPTY, folder)
        elif depth > MAX_DEPTH:
            yield Place(PlaceKind.TOO_DEEP, folder)
        else:
            yield from _loose_files(folder, entries, at_top=depth == 0)
            below = [entry.name for entry in entries if entry.is_folder and not entry.is_special]
            pending += [(join(folder, name), depth + 1) for name in reversed(below) if depth or name != EXTENSIONS]


def _loose_files(folder: str, entries: list[Entry], *, at_top: bool) -> Iterator[Place]:
    for entry in entries:
        if entry.is_special:
            yield Place(PlaceKind.SPECIAL, join(folder, entry.name))
        elif not entry.is_folder and not at_top:
            yield Place(PlaceKind.FILE, join(folder, entry.name))


def is_object_root(entries: list[Entry]) -> bool:
    """Whether a folder with these entries is, or was meant to be, the root of an object."""
    return any(
        not entry.is_folder and (entry.name.startswith(OBJECT_DECLARATION) or entry.name == INVENTORY)
        for entry in entries
    )


def join(folder: str, name: str) -> str:
    """The key of `name` in `folder`, where "" is the top."""
    return f"{folder}/{name}" if folder else name
