"""One stage for all tests of the site; those that change it take a copy."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from holdfast.show import site, works
from tests.cli.line import holdfast
from tests.show import planting
from tests.show import stage as stages
from tests.show.planting import Planted
from tests.show.stage import Stage

if not settings.configured:  # models can be imported by tests only where Django knows of them
    with tempfile.TemporaryDirectory() as bare:
        assert holdfast("init", bare).code == 0
        site.set_up(Path(bare)).close()


@pytest.fixture(scope="session")
def whole_stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Four films, one at each access level, with their access copies; nobody writes to it but for its desk."""
    return stages.staged(tmp_path_factory.getbasetemp() / "stage")


@pytest.fixture
def stage(whole_stage: Stage) -> Iterator[Stage]:
    """The stage, shown by this process."""
    archive = stages.show(whole_stage)
    yield whole_stage
    archive.close()


@pytest.fixture
def own_stage(whole_stage: Stage, tmp_path: Path) -> Iterator[Stage]:
    """A copy of the stage, shown by this process, to do anything to."""
    copy = whole_stage.copied(tmp_path / "archive")
    archive = stages.show(copy)
    yield copy
    archive.close()


@pytest.fixture(scope="session")
def whole_planted(whole_stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Planted:
    """The stage with a work under embargo, and words to look for in every field of every work."""
    return planting.planted(whole_stage, tmp_path_factory.getbasetemp() / "planted" / "archive")


@pytest.fixture
def planted(whole_planted: Planted) -> Iterator[Planted]:
    """The planted archive, shown by this process, with what waits at its desk; nobody writes to its archive."""
    works.described_in.cache_clear()
    archive = stages.show(whole_planted.stage)
    planting.fill_desk(whole_planted)
    yield whole_planted
    archive.close()
