"""Checks content files against their digests, and reports on one object: what was inspected and what was read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from holdfast.backends.base import Backend
from holdfast.errors import HoldfastError, MissingKey
from holdfast.model.fixity import FixityResult
from holdfast.model.inventory import Inventory
from holdfast.ocfl.codes import UNREADABLE, Finding, finding
from holdfast.ocfl.validate_structure import ContentFile, Inspection, inspect_object, new_hash

BUFFER_BYTES: Final = 1024 * 1024
OnBytes = Callable[[int], None]
"""Told after each piece read, how many bytes it had."""


@dataclass(frozen=True)
class FileCheck:
    """One fixity check: `digests` are those found, by algorithm; `NOT_CHECKED` means that it could not be read."""

    file: ContentFile
    result: FixityResult
    findings: tuple[Finding, ...]
    digests: dict[str, str]
    read_bytes: int


@dataclass(frozen=True)
class ObjectReport:
    """What was found of one object. With `files_checked` 0, nothing is said about the bytes of its content."""

    inspection: Inspection
    findings: tuple[Finding, ...]
    files_checked: int = 0
    read_bytes: int = 0

    @property
    def key(self) -> str:
        """Where the object lies."""
        return self.inspection.key

    @property
    def object_id(self) -> str | None:
        """The id that its inventory gives."""
        return self.inspection.object_id

    @property
    def inventory(self) -> Inventory | None:
        """The root's inventory, if it can be used."""
        return self.inspection.inventory

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that make it invalid."""
        return tuple(each for each in self.findings if each.is_error)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings that do not."""
        return tuple(each for each in self.findings if not each.is_error)

    @property
    def is_valid(self) -> bool:
        """Whether no error was found in what was looked at."""
        return not self.errors

    @property
    def codes(self) -> frozenset[str]:
        """The codes of all findings."""
        return frozenset(each.code for each in self.findings)


def check_file(
    backend: Backend, file: ContentFile, *, buffer: bytearray | None = None, on_bytes: OnBytes | None = None
) -> FileCheck:
    """Read a content file once and compare it with every digest that it should have.

    `buffer` is filled again and again and may be handed from check to check, but not used by two at once.
    """
    hashes = {name: new_hash(name) for name in dict.fromkeys(each.algorithm for each in file.expected)}
    total = 0
    try:
        view = memoryview(buffer if buffer is not None else bytearray(BUFFER_BYTES))
        with backend.open(file.key) as stream:
            while count := stream.readinto(view):  # type: ignore[attr-defined]
                for each in hashes.values():
                    each.update(view[:count])
                total += count
                if on_bytes:
                    on_bytes(count)
    except (HoldfastError, OSError) as error:
        gone = isinstance(error, MissingKey)
        told = finding("E092" if gone else UNREADABLE, file.path, f"it cannot be read: {error}")
        result = FixityResult.FAILED if gone else FixityResult.NOT_CHECKED
        return FileCheck(file, result, (told,), {}, total)
    digests = {name: each.hexdigest() for name, each in hashes.items()}
    findings = tuple(_mismatches(file, digests, total))
    return FileCheck(file, FixityResult.FAILED if findings else FixityResult.PASSED, findings, digests, total)


def _mismatches(file: ContentFile, digests: dict[str, str], total: int) -> Iterable[Finding]:
    for each in file.expected:
        found = digests[each.algorithm]
        if found != each.digest:
            gives = f"{each.source} gives the {each.algorithm} {each.digest[:12]}..."
            yield finding(each.code, file.path, f"{gives}, its {total} bytes have {found[:12]}...")


def validate_object(
    backend: Backend, prefix: str, *, check_digests: bool = True, on_bytes: OnBytes | None = None
) -> ObjectReport:
    """Judge the object whose root is the folder `prefix`; without `check_digests` its content files are not read."""
    inspection = inspect_object(backend, prefix)
    if not check_digests:
        return ObjectReport(inspection, inspection.findings)
    buffer = bytearray(BUFFER_BYTES if inspection.size_bytes > BUFFER_BYTES else inspection.size_bytes + 1)
    checks = [check_file(backend, file, buffer=buffer, on_bytes=on_bytes) for file in inspection.content]
    findings = [each for check in checks for each in check.findings]
    return ObjectReport(
        inspection,
        tuple(dict.fromkeys([*inspection.findings, *findings])),
        files_checked=sum(check.result is not FixityResult.NOT_CHECKED for check in checks),
        read_bytes=sum(check.read_bytes for check in checks),
    )
