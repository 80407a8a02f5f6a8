"""Write the shell script with which an outsider checks the whole archive without Holdfast, and without Python.

The script is the file `verify-archive.sh` beside this module. It reads every file once, with one digest tool for
thousands of them, and compares sorted lists; ten thousand files take seconds more than their bytes do.
"""

from __future__ import annotations

import errno
from importlib import resources
from pathlib import Path

from holdfast.actions.archive import Archive
from holdfast.errors import DiskFull, StorageRefused, TargetExists

SCRIPT_NAME = "verify-archive.sh"


def verify_offline(archive: Archive, output: Path | None = None, *, force: bool = False) -> Path:
    """The script, written into the archive's folder or to `output` (a folder or a name); its path.

    Raises:
        TargetExists: another file of that name is there.
        DiskFull, StorageRefused: it could not be written.
    """
    target = output or archive.folder
    if target.is_dir():
        target = target / SCRIPT_NAME
    data = script()
    try:
        if target.exists() and target.read_bytes() != data and not force:
            raise TargetExists(path=target)
        target.write_bytes(data)
        target.chmod(0o755)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(place=target.parent, name=target.name) from error
        reason = error.strerror or str(error)
        raise StorageRefused(place=target.parent, name=target.name, reason=reason) from error
    return target


def script() -> bytes:
    """The bytes of the script."""
    return resources.files("holdfast.actions").joinpath(SCRIPT_NAME).read_bytes()
