"""What every test of this room can ask for: a storage root on a disk that does not make us wait, judged at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from holdfast.backends.local import LocalBackend
from holdfast.ocfl.root import StorageRoot
from tests.ocfl.judges import judged_sound

settings.register_profile("patient", deadline=None)  # a busy machine is no fault of what is tested
settings.load_profile("patient")


@pytest.fixture(autouse=True)
def no_waiting_for_the_medium(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test here cuts the power of the machine it runs on: that `fsync` was called is what counts."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
    monkeypatch.setattr(os, "fdatasync", lambda _: None, raising=False)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Where the storage root lies."""
    return tmp_path / "archive"


@pytest.fixture
def root(archive: Path) -> Iterator[StorageRoot]:
    """A storage root; when the test is done, every object in it is sound for both judges."""
    backend = LocalBackend(archive)
    yield StorageRoot.create(backend)
    judged_sound(archive)
    backend.close()


@pytest.fixture
def torn(archive: Path) -> Iterator[StorageRoot]:
    """As `root`, for tests that damage what they made: not judged."""
    backend = LocalBackend(archive)
    yield StorageRoot.create(backend)
    backend.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Somebody's folder, from which things are kept."""
    made = tmp_path / "somebody"
    made.mkdir()
    return made
