"""The program `holdfast` on a disk that kills it, for the sweeps of test_crash_add.py.

    python -m tests.actions.adding REPORT ARGUMENT...

What it says goes to the file REPORT at once. It dies by SIGKILL at the change that `every_kill` chose. Files are not
probed: that is another process, and starting it each time would be all that these tests measure.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from holdfast.actions import add as module
from holdfast.actions import archive
from holdfast.backends.local import LocalBackend
from holdfast.cli.main import main
from holdfast.testing.faults import disk_from_environment


@contextlib.contextmanager
def nobody_probes() -> Iterator[None]:
    yield None


class MortalBackend(LocalBackend):
    def __init__(self, root: Path) -> None:
        super().__init__(root, disk_from_environment())


if __name__ == "__main__":
    report = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(report, 1)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    module.new_prober = nobody_probes
    archive.LocalBackend = MortalBackend  # type: ignore[misc]
    main(sys.argv[2:])
