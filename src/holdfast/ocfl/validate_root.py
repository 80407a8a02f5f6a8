"""Judges a storage root: its declaration, its layout, what lies between it and the objects, and every object.

Source: OCFL 1.1, section 4.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from holdfast.backends.base import Backend, Entry
from holdfast.errors import BadRecord, HoldfastError, MissingKey, StorageRefused
from holdfast.formats.inventory import TYPES, load_json
from holdfast.ocfl.codes import REGISTERED_EXTENSIONS, UNREADABLE, Finding, finding, quoted
from holdfast.ocfl.layout import (
    EXTENSIONS,
    LAYOUT_FILE,
    Layout,
    Place,
    PlaceKind,
    join,
    read_layout,
    root_declaration,
    walk_root,
)
from holdfast.ocfl.validate_object import ObjectReport, OnBytes, validate_object

_LOOSE: Final = {
    PlaceKind.FILE: ("E084", "a file outside of every object"),
    PlaceKind.EMPTY: ("E073", "an empty folder"),
    PlaceKind.SPECIAL: ("E090", "a link or device, which was not followed"),
    PlaceKind.TOO_DEEP: ("E085", "folders so deep that no object was looked for below"),
    PlaceKind.UNREADABLE: (UNREADABLE, "the folder cannot be listed"),
}


@dataclass(frozen=True)
class RootReport:
    """What was found of a storage root. Objects of which nothing is to be said are only counted."""

    findings: tuple[Finding, ...]
    reports: tuple[ObjectReport, ...]
    object_count: int
    files_checked: int
    read_bytes: int

    @property
    def is_valid(self) -> bool:
        """Whether neither the root nor any object has an error."""
        return not any(each.is_error for each in self.findings) and all(each.is_valid for each in self.reports)


def validate_root(
    backend: Backend,
    prefix: str = "",
    *,
    check_digests: bool = True,
    on_bytes: OnBytes | None = None,
    on_object: Callable[[ObjectReport], None] | None = None,
) -> RootReport:
    """Judge the storage root at `prefix` and every object in it; `on_object` is told of each as it is done.

    Raises:
        MissingKey, StorageRefused: the root itself cannot be listed.
    """
    entries = backend.entries(prefix)
    judge = _RootJudge(backend, prefix)
    judge.root_folder(entries)
    reports: list[ObjectReport] = []
    objects = files = size = 0
    for place in walk_root(backend, prefix):
        if place.kind is not PlaceKind.OBJECT:
            judge.loose(place)
            continue
        report = validate_object(backend, place.key, check_digests=check_digests, on_bytes=on_bytes)
        objects, files, size = objects + 1, files + report.files_checked, size + report.read_bytes
        judge.place(report)
        if report.findings:
            reports.append(report)
        if on_object:
            on_object(report)
    return RootReport(tuple(judge.findings), tuple(reports), objects, files, size)


def inspect_root(backend: Backend, prefix: str = "") -> tuple[Finding, ...]:
    """What is wrong with the root itself and with what lies between its objects; the objects are not looked into.

    Raises:
        MissingKey, StorageRefused: the root itself cannot be listed.
    """
    judge = _RootJudge(backend, prefix)
    judge.root_folder(backend.entries(prefix))
    for place in walk_root(backend, prefix):
        if place.kind is not PlaceKind.OBJECT:
            judge.loose(place)
    return tuple(judge.findings)


class _RootJudge:
    def __init__(self, backend: Backend, prefix: str) -> None:
        self._backend = backend
        self._prefix = prefix
        self._layout: Layout | None = None
        self._spec: str | None = None
        self._places: dict[str, str] = {}
        self.findings: list[Finding] = []

    def add(self, code: str, path: str, message: str) -> None:
        self.findings.append(finding(code, path, message))

    def inner(self, key: str) -> str:
        """A key as a path in the root."""
        return key[len(self._prefix) + 1 :] if self._prefix else key

    def loose(self, place: Place) -> None:
        """What lies where only objects and the folders above them should."""
        code, message = _LOOSE[place.kind]
        self.add(code, self.inner(place.key), message)

    def root_folder(self, entries: list[Entry]) -> None:
        """Judge what lies directly in the root."""
        files = {entry.name for entry in entries if not entry.is_folder and not entry.is_special}
        self._declaration(files)
        if LAYOUT_FILE in files:
            self._layout_file()
        try:
            self._layout = read_layout(self._backend, self._prefix)
        except (HoldfastError, OSError):
            self._layout = None  # told by _layout_file, or nothing that a layout could be read from
        if any(entry.name == EXTENSIONS and entry.is_folder and not entry.is_special for entry in entries):
            self._extensions()

    def _read(self, path: str) -> bytes | None:
        try:
            return self._backend.read(join(self._prefix, path), limit=1024 * 1024)
        except (MissingKey, StorageRefused, OSError) as error:
            self.add(UNREADABLE, path, f"the file cannot be read: {error}")
            return None

    def _declaration(self, files: set[str]) -> None:
        declared = {spec: root_declaration(spec) for spec in TYPES.values()}
        found = {spec: text for spec, (name, text) in declared.items() if name in files}
        if not found:
            self.add("E069", "", "the storage root has no declaration of a known OCFL version")
        elif len(found) > 1:
            self.add("E076", "", "the storage root has more than one declaration")
        for spec, text in found.items():
            name = declared[spec][0]
            data = self._read(name)
            if data is not None and data != text:
                self.add("E080", name, f"it does not hold ocfl_{spec} and a newline")
        self._spec = max(found, default=None)

    def _layout_file(self) -> None:
        data = self._read(LAYOUT_FILE)
        if data is None:
            return
        try:
            document = load_json(data, LAYOUT_FILE)
        except BadRecord as error:
            self.add("E070", LAYOUT_FILE, str(error.values["reason"]))
            return
        if not isinstance(document, dict) or not {"extension", "description"} <= document.keys():
            self.add("E070", LAYOUT_FILE, "it is not a JSON object with an extension and a description")
        elif str(document["extension"]) not in REGISTERED_EXTENSIONS:
            self.add("E071", LAYOUT_FILE, f"the extension is {quoted(document['extension'])}, not a registered one")

    def _extensions(self) -> None:
        try:
            entries = self._backend.entries(join(self._prefix, EXTENSIONS))
        except (MissingKey, StorageRefused, OSError) as error:
            self.add(UNREADABLE, EXTENSIONS, f"the folder cannot be listed: {error}")
            return
        for entry in entries:
            path = join(EXTENSIONS, entry.name)
            if entry.is_special:
                self.add("E090", path, "a link or device, which was not followed")
            elif not entry.is_folder:
                self.add("E112", path, "a file among the extensions")
            elif entry.name not in REGISTERED_EXTENSIONS:
                self.add("W016", path, "not the name of a registered extension")

    def place(self, report: ObjectReport) -> None:
        """Judge whether an object is where it belongs, and of an OCFL version that the root allows."""
        path, object_id = self.inner(report.key), report.object_id
        spec = report.inspection.spec
        if self._spec and spec and spec > self._spec:
            self.add("E081", path, f"the object follows OCFL {spec}, the storage root {self._spec}")
        if object_id is None:
            return
        other = self._places.setdefault(object_id, path)
        if other != path:
            self.add("E083", path, f"{other} has the same id, {quoted(object_id)}")
        elif self._layout is not None and self._layout.path_of(object_id) != path:
            self.add("E083", path, f"by the layout, {quoted(object_id)} belongs at {self._layout.path_of(object_id)}")
