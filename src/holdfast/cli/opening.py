"""Opening the archive that a command is about."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holdfast.actions.archive import Archive


@contextlib.contextmanager
def opened(named: Path | None) -> Iterator[Archive]:
    """The archive that `--archive`, the environment or the current folder names; closed at the end.

    Raises:
        NotAnArchive, StoreMissing, BadSettings, NewerArchive: there is none that can be opened.
        DamagedCache, Locked, StorageFailure: the desk fails while it is used.
    """
    from holdfast.actions.archive import Archive, desk_in_our_words
    from holdfast.config import find_archive

    archive = Archive.open(find_archive(named, Path.cwd()))
    try:
        with desk_in_our_words(archive.folder):
            yield archive
    finally:
        archive.close()
