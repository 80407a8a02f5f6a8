"""Whether objects and storage roots are what OCFL says: findings as values, never an exception for damage.

    inspect_object   structure, inventories, sidecars; lists the content files with the digests they should have
    check_file       reads one content file and compares; files may be checked in any order, thread or process
    validate_object  both
    validate_root    the root itself and all objects in it
    inspect_root     the root itself alone

    report = validate_object(LocalBackend(folder), "ocfl/1e4/006/388/holdfast%3aasset%3ak7m2x9qd4htbr")
    for finding in report.errors:
        print(finding.code, finding.path, finding.message, codes.link(finding.code))

Both OCFL 1.0 and 1.1 are judged, each object by the version that it declares. What the rules are: `validate_inventory`
(one inventory by itself), `validate_history` (old inventories against the newest), `validate_structure` (folders),
`validate_object` (bytes), `validate_root`.

Source: OCFL 1.0 and 1.1.
"""

from __future__ import annotations

from holdfast.ocfl.codes import Finding
from holdfast.ocfl.validate_object import FileCheck, ObjectReport, check_file, validate_object
from holdfast.ocfl.validate_root import RootReport, inspect_root, validate_root
from holdfast.ocfl.validate_structure import ContentFile, Expected, Inspection, inspect_object

__all__ = [
    "ContentFile",
    "Expected",
    "FileCheck",
    "Finding",
    "Inspection",
    "ObjectReport",
    "RootReport",
    "check_file",
    "inspect_object",
    "inspect_root",
    "validate_object",
    "validate_root",
]
