"""The same made archive as the tests of the command line use, open in this process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from holdfast.actions.archive import Archive
from tests.cli.conftest import Kept, kept, known_films, made, quick_disk

__all__ = ["kept", "known_films", "made", "quick_disk"]


@pytest.fixture
def archive(kept: Kept) -> Iterator[Archive]:
    """A copy of the made archive, to do anything to."""
    opened = Archive.open(kept.archive)
    yield opened
    opened.close()
