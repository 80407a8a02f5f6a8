"""Looks at one object: its folders, declaration, inventories and sidecars; lists its content files, unread.

What a manifest names is never opened: the folders are listed, and only what was listed can be opened. So no path in a
hostile inventory, and no link, leads out of the object.

Source: OCFL 1.0 and 1.1, section 3.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from holdfast.backends.base import Backend, Entry
from holdfast.errors import BadRecord, MissingKey, StorageRefused
from holdfast.formats.inventory import (
    HEX_LENGTH,
    INVENTORY,
    TYPES,
    Pairs,
    inventory_from,
    load_json,
    parse_sidecar,
    sidecar_name,
)
from holdfast.model.inventory import ContentPath, Inventory, VersionNumber
from holdfast.ocfl.codes import REGISTERED_EXTENSIONS, UNREADABLE, Finding, finding
from holdfast.ocfl.layout import EXTENSIONS, OBJECT_DECLARATION, join, object_declaration
from holdfast.ocfl.validate_history import compare
from holdfast.ocfl.validate_inventory import Facts, judge_inventory, judge_numbers

LARGEST_INVENTORY: Final = 128 * 1024 * 1024  # bytes; half a million files. Larger is a claim, not an inventory


@dataclass(frozen=True)
class Expected:
    """A digest that an inventory gives for a content file, and the clause that is broken if the file differs."""

    algorithm: str
    digest: str
    code: str
    source: str


@dataclass(frozen=True)
class ContentFile:
    """A content file of an object: the backend's key, its path in the object, its size on disk, what it should be."""

    key: str
    path: ContentPath
    size_bytes: int
    expected: tuple[Expected, ...]


@dataclass(frozen=True)
class Inspection:
    """What can be said of an object without reading its content files.

    `content` lists the files that an inventory vouches for; what lies there besides is among the findings.
    """

    key: str
    object_id: str | None
    spec: str | None
    findings: tuple[Finding, ...]
    content: tuple[ContentFile, ...]
    document: object = field(default=None, repr=False, compare=False)

    @property
    def size_bytes(self) -> int:
        """How many bytes a check of all content files has to read."""
        return sum(file.size_bytes for file in self.content)

    @cached_property
    def inventory(self) -> Inventory | None:
        """The root's inventory, None if it cannot be used. That it can be used does not say that it is sound."""
        try:
            return inventory_from(self.document, INVENTORY)
        except BadRecord:
            return None


def inspect_object(backend: Backend, prefix: str) -> Inspection:
    """Look at the object whose root is the folder `prefix`; damage is a finding, never an error."""
    return _Inspector(backend, prefix).inspect()


@dataclass(frozen=True)
class _Read:
    """An inventory as it was read: its bytes, and what it says (None if that is not JSON)."""

    data: bytes
    facts: Facts | None


class _Inspector:
    def __init__(self, backend: Backend, prefix: str) -> None:
        self._backend = backend
        self._prefix = prefix
        self._findings: list[Finding] = []
        self._warned: set[tuple[str, str]] = set()
        self._document: object = None
        self._latest_spec = ""
        self._files: dict[str, int] = {}  # content path -> size, of every file in a content folder
        self._expected: dict[str, list[Expected]] = {}

    def inspect(self) -> Inspection:
        entries = self._entries("") or []
        spec = self._declaration(entries)
        read = self._read_inventory("", entries)
        root = (read and read.facts) or Facts(INVENTORY)
        if not any(entry.name == INVENTORY and not entry.is_folder for entry in entries):
            self._add("E063", INVENTORY, "the object's root has no inventory")
        elif spec and root.spec and root.spec != spec:
            self._add("E038", INVENTORY, f"its type is that of OCFL {root.spec}, the object declares {spec}")
        versions = self._root_folder(entries, root)
        self._versions(versions, root, read)
        self._match_files(root)
        return Inspection(
            key=self._prefix,
            object_id=root.object_id,
            spec=spec or root.spec,
            findings=tuple(dict.fromkeys(self._findings)),
            content=tuple(self._content()),
            document=self._document,
        )

    # -------------------------------------------------------------------------------------------- small services

    def _add(self, code: str, path: str, message: str) -> None:
        self._findings.append(finding(code, path, message))

    def _key(self, path: str) -> str:
        return join(self._prefix, path) if path else self._prefix

    def _entries(self, path: str) -> list[Entry] | None:
        """What lies in a folder, without links and devices, which are told; None if it cannot be listed."""
        try:
            entries = self._backend.entries(self._key(path))
        except (MissingKey, StorageRefused, OSError) as error:
            self._add(UNREADABLE, path, f"the folder cannot be listed: {error}")
            return None
        for entry in entries:
            if entry.is_special:
                self._add("E090", join(path, entry.name), "a link or device, which was not followed")
        return [entry for entry in entries if not entry.is_special]

    def _read(self, path: str, limit: int) -> bytes | None:
        try:
            return self._backend.read(self._key(path), limit=limit)
        except (MissingKey, StorageRefused, OSError) as error:
            self._add(UNREADABLE, path, f"the file cannot be read: {error}")
            return None

    # --------------------------------------------------------------------------------- declaration, root folder

    def _declaration(self, entries: list[Entry]) -> str | None:
        """The OCFL version that the object declares."""
        declared: list[str] = []
        for name in (entry.name for entry in entries if not entry.is_folder and "=" in entry.name):
            spec = name.removeprefix(OBJECT_DECLARATION)
            if name.startswith(OBJECT_DECLARATION) and spec in TYPES.values():
                declared.append(spec)
                self._declaration_text(name, spec)
            elif name.startswith(OBJECT_DECLARATION):
                self._add("E004", name, "it names an OCFL version that is not known")
            else:
                self._add("E006" if name.startswith("0=") else "E005", name, "not the declaration of an object")
        if len(declared) != 1:
            self._add("E003", "", f"the object has {len(declared)} valid declarations, expected one")
        return max(declared, default=None)

    def _declaration_text(self, name: str, spec: str) -> None:
        text = self._read(name, 1024 * 1024)
        if text is not None and text != object_declaration(spec)[1]:
            self._add("E007", name, f"it does not hold ocfl_object_{spec} and a newline")

    def _root_folder(self, entries: list[Entry], root: Facts) -> list[str]:
        """Judge what lies in the object's root; gives the names of its version folders."""
        versions: list[str] = []
        for entry in entries:
            name = entry.name
            if entry.is_folder and _is_version(name):
                versions.append(name)
            elif entry.is_folder and name == EXTENSIONS:
                self._extensions()
            elif entry.is_folder and name == "logs":
                self._only_plain(name)
            elif entry.is_folder or not (name == INVENTORY or "=" in name or name.startswith(f"{INVENTORY}.")):
                self._add("E001", name, "it has no place in an object's root")
        self._judge_folders(versions, root)
        return sorted(versions, key=lambda name: (len(name), name))

    def _judge_folders(self, versions: list[str], root: Facts) -> None:
        judged = Facts("")
        judge_numbers(judged, versions, "version folders")
        self._findings += judged.findings
        if root.blocks or root.head:
            for name in sorted(set(versions) - root.blocks.keys()):
                self._add("E046", name, "the inventory does not describe this version")
            for name in sorted(root.blocks.keys() - set(versions)):
                self._add("E046", INVENTORY, f"it describes {name!r}, which has no folder")

    def _extensions(self) -> None:
        for entry in self._entries(EXTENSIONS) or []:
            path = join(EXTENSIONS, entry.name)
            if not entry.is_folder:
                self._add("E067", path, "a file among the extensions")
                continue
            if entry.name not in REGISTERED_EXTENSIONS:
                self._add("W013", path, "not the name of a registered extension")
            self._only_plain(path)

    def _only_plain(self, folder: str) -> None:
        """Walk a folder of which OCFL asks nothing but that it has no links: `_entries` tells them."""
        pending = [folder]
        while pending:
            path = pending.pop()
            pending += [join(path, entry.name) for entry in self._entries(path) or [] if entry.is_folder]

    # ---------------------------------------------------------------------------------- inventories and sidecars

    def _read_inventory(self, folder: str, entries: list[Entry], same_as: _Read | None = None) -> _Read | None:
        """The inventory in `folder`, judged; None if there is none to read. `same_as` saves judging the same twice."""
        sizes = {entry.name: entry.size_bytes for entry in entries if not entry.is_folder}
        if INVENTORY not in sizes:
            return None
        path = join(folder, INVENTORY)
        if sizes[INVENTORY] > LARGEST_INVENTORY:
            self._add("E033", path, f"it has {sizes[INVENTORY]} bytes, which no inventory has")
            return None
        data = self._read(path, LARGEST_INVENTORY)
        if data is None:
            return None
        if same_as is not None and data == same_as.data:
            facts = same_as.facts
        else:
            facts = self._judge(path, data, is_root=not folder)
        algorithm = facts.algorithm if facts else None
        sidecars = [name for name in sizes if name.startswith(f"{INVENTORY}.")]
        self._sidecar(folder, data, sidecars, algorithm)
        return _Read(data, facts)

    def _judge(self, path: str, data: bytes, *, is_root: bool) -> Facts | None:
        try:
            document = load_json(data, path)
        except BadRecord as error:
            self._add("E033", path, str(error.values["reason"]))
            return None
        if is_root:
            self._document = document
        facts = judge_inventory(document, path)
        # Warnings of an old inventory that another has earned already would only bury the rest.
        self._findings += [each for each in facts.findings if each.is_error or self._is_news(each)]
        facts.findings.clear()
        return facts if isinstance(document, Pairs) else None

    def _is_news(self, warning: Finding) -> bool:
        told = (warning.code, warning.message)
        if told in self._warned:
            return False
        self._warned.add(told)
        return True

    def _sidecar(self, folder: str, data: bytes, found: list[str], algorithm: str | None) -> None:
        wanted = sidecar_name(algorithm) if algorithm else (found or [""])[0]
        for name in found:
            if name != wanted:
                self._add("E059", join(folder, name), f"the inventory's algorithm is {algorithm}")
        if wanted not in found:
            self._add("E058", join(folder, INVENTORY), f"its sidecar {wanted} is missing")
            return
        path = join(folder, wanted)
        text = self._read(path, 1024 * 1024)
        if text is None:
            return
        try:
            digest = parse_sidecar(text, path)
        except BadRecord as error:
            self._add("E061", path, str(error.values["reason"]))
            return
        algorithm = wanted.removeprefix(f"{INVENTORY}.")
        if algorithm in HEX_LENGTH and new_hash(algorithm, data).hexdigest() != digest:
            self._add("E060", path, f"it gives {digest[:12]}..., the inventory has another digest")

    # ------------------------------------------------------------------------------------------ version folders

    def _versions(self, names: list[str], root: Facts, read: _Read | None) -> None:
        """Judge each version's folder, oldest first, and gather its content files.

        An old inventory is compared and let go before the next is read: an object of many versions has many of them.
        """
        newest = root.head or (names or [""])[-1]
        for name in names:
            entries = self._entries(name)
            own = self._version_folder(name, entries, root, read) if entries is not None else None
            if own is None:
                continue
            if own.manifest is not root.manifest:
                self._unnamed(own)
            if read is not None and read.facts is not None:
                self._against_root(own, root, name, is_newest=name == newest)

    def _against_root(self, own: Facts, root: Facts, name: str, *, is_newest: bool) -> None:
        compare(root, own, name)
        self._follows(own)
        if is_newest and own.blocks is not root.blocks:
            own.add("E064", "it is not the same file as the inventory in the object's root")
        self._findings += own.findings

    def _follows(self, facts: Facts) -> None:
        if facts.spec and facts.spec < self._latest_spec:
            facts.add("E103", f"it follows OCFL {facts.spec}, an earlier version {self._latest_spec}")
        self._latest_spec = max(self._latest_spec, facts.spec or "")

    def _version_folder(self, name: str, entries: list[Entry], root: Facts, read: _Read | None) -> Facts | None:
        own = self._read_inventory(name, entries, read)
        has_inventory = any(entry.name == INVENTORY and not entry.is_folder for entry in entries)
        if not has_inventory:
            self._add("W010", name, "the version has no inventory of its own")
        for entry in entries:
            path = join(name, entry.name)
            if entry.is_folder and entry.name == root.content_directory:
                self._content_folder(path)
            elif entry.is_folder:
                self._add("W002", path, "a folder beside the content folder")
            elif entry.name != INVENTORY and not entry.name.startswith(f"{INVENTORY}."):
                self._add("E015", path, "a file beside the content folder")
            elif not has_inventory:
                self._add("E015", path, "a sidecar whose inventory is gone")
        if own is None or own.facts is None:
            return None
        if read is not None and own.facts is read.facts:  # judged already; only its place is another
            return replace(own.facts, path=join(name, INVENTORY), findings=[])
        self._expect(own.facts, unless=root)
        return own.facts

    def _content_folder(self, top: str) -> None:
        pending = [top]
        while pending:
            folder = pending.pop()
            entries = self._entries(folder)
            if entries == []:
                code, what = ("W003", "content folder") if folder == top else ("E024", "folder")
                self._add(code, folder, f"an empty {what}")
            for entry in entries or []:
                path = join(folder, entry.name)
                if entry.is_folder:
                    pending.append(path)
                else:
                    self._files[path] = entry.size_bytes

    # ---------------------------------------------------------------------------------------------- content files

    def _expect(self, facts: Facts, unless: Facts | None = None) -> None:
        """Note what an inventory says of each content file, unless another says the same already."""
        algorithm = facts.algorithm
        for path, digests in facts.manifest.items() if algorithm in HEX_LENGTH else ():
            if unless is None or algorithm != unless.algorithm or digests != unless.manifest.get(path):
                wanted = self._expected.setdefault(path, [])
                wanted += [Expected(str(algorithm), digest, "E092", facts.path) for digest in digests]
        known = set(unless.fixity) if unless is not None else set()
        for algorithm, digest, path in facts.fixity:
            if (algorithm, digest, path) not in known:
                self._expected.setdefault(path, []).append(Expected(algorithm, digest, "E093", facts.path))

    def _match_files(self, root: Facts) -> None:
        self._expect(root)
        for path, wanted in self._expected.items():
            if path not in self._files:
                for code, source in dict.fromkeys((each.code, each.source) for each in wanted):
                    self._add(code, path, f"{source} names it, but it is not there")
        if self._document is not None:
            self._unnamed(root)
            self._follows(root)
            self._findings += root.findings

    def _unnamed(self, facts: Facts) -> None:
        """Tell of the content files met so far, those of the version and of all before it, that are not named."""
        for path in sorted(self._files.keys() - facts.manifest.keys()):
            self._add("E023", path, f"{facts.path} does not name it")

    def _content(self) -> Iterable[ContentFile]:
        for path in sorted(self._files.keys() & self._expected.keys()):
            wanted = tuple(dict.fromkeys(self._expected[path]))
            yield ContentFile(self._key(path), ContentPath(path), self._files[path], wanted)


def _is_version(name: str) -> bool:
    try:
        VersionNumber.parse(name)
    except ValueError:
        return False
    return True


def new_hash(algorithm: str, data: bytes = b"") -> hashlib._Hash:
    """A digest in the making, by OCFL's name of its algorithm. Raises ValueError for one that is not known."""
    name = "blake2b" if algorithm == "blake2b-512" else algorithm
    return hashlib.new(name, data, usedforsecurity=False)
