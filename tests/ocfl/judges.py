"""Two judges for every object that the tests make: our own validator, and ocfl-py, which we did not write."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from holdfast.backends.base import Backend
from holdfast.backends.local import LocalBackend
from holdfast.ocfl.layout import walk_objects
from holdfast.ocfl.root import StorageRoot
from holdfast.ocfl.validate import validate_object

Files = dict[str, bytes]

# A chosen name is all that is known of whoever made a version.
ALLOWED = {"W008"}


WHEN = datetime(2026, 11, 23, 12, tzinfo=UTC)  # the same deed gives the same bytes, and is judged once
_judged: dict[str, str] = {}  # digest of all names and bytes of a sound object -> its id


def judged_sound(archive: Path, prefix: str = "ocfl") -> list[str]:
    """The ids of all objects below `archive`; fails unless both judges find every one of them valid."""
    backend = LocalBackend(archive)
    keys = walk_objects(backend, prefix) if backend.exists(prefix) else ()
    return [_judged_object(backend, archive, key) for key in keys]


def _judged_object(backend: Backend, archive: Path, key: str) -> str:
    known = hashlib.sha256(repr(sorted(tree(archive / key).items())).encode()).hexdigest()
    if known not in _judged:
        from ocfl.validator import Validator  # heavy, and the processes of `writers` do not judge

        report = validate_object(backend, key)
        assert report.codes <= ALLOWED, [str(finding) for finding in report.findings]
        theirs = Validator(log_errors=True)
        assert theirs.validate_object(str(archive / key)), str(theirs)
        assert report.object_id is not None
        _judged[known] = report.object_id
    return _judged[known]


def tree(folder: Path) -> dict[str, bytes | None]:
    """Every name below `folder`: a file's bytes, None for a folder."""
    return {
        path.relative_to(folder).as_posix(): None if path.is_dir() else path.read_bytes() for path in folder.rglob("*")
    }


def spilled(backend: Backend, into: Path, folder: str = "") -> Path:
    """Everything that a backend holds, written out as files below `into`."""
    for entry in backend.entries(folder):
        key = f"{folder}/{entry.name}" if folder else entry.name
        if entry.is_folder:
            spilled(backend, into, key)
        else:
            (into / key).parent.mkdir(parents=True, exist_ok=True)
            (into / key).write_bytes(backend.read(key))
    return into


def files_below(folder: Path) -> Files:
    """The bytes of every file below `folder`."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def shown(root: StorageRoot, object_id: str) -> dict[str, Files]:
    """What each version of an object shows, read and verified: version -> logical path -> bytes."""
    inventory = root.inventory(object_id)
    return {
        str(number): {path: b"".join(map(bytes, root.chunks(object_id, path, number))) for path in version.files}
        for number, version in inventory.versions.items()
    }


def keep(root: StorageRoot, object_id: str, files: Files, *, without: tuple[str, ...] = ()) -> str:
    """Make a version that shows `files` besides what was shown before, less `without`; its number."""
    with root.intake("test", object_id) as intake, root.writing(object_id, intake) as draft:
        for path in without:
            draft.leave_out(path)
        for path, data in files.items():
            draft.put_bytes(path, data)
        return str(draft.commit("A version", "A tester", at=WHEN).head)
