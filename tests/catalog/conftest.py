"""An archive whose catalogue is told the time by the test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from holdfast.catalog.catalog import CATALOG_FILE, Catalog
from tests.catalog.archives import Clock, SmallArchive


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def archive(tmp_path: Path, clock: Clock) -> Iterator[SmallArchive]:
    archive = SmallArchive(tmp_path)
    archive.catalog.close()
    archive.catalog = Catalog(tmp_path / CATALOG_FILE, archive.root, clock)
    archive.catalog.make_current()
    yield archive
    archive.close()
