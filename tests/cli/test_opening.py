from __future__ import annotations

from pathlib import Path

import pytest

from holdfast.cli.opening import opened
from holdfast.errors import NotAnArchive, StoreMissing
from tests.cli.conftest import Kept


def test_the_named_archive_is_opened_from_wherever_one_stands(
    made: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with opened(made.archive) as archive:
        assert archive.folder == made.archive
    with pytest.raises(NotAnArchive), opened(None):
        pass


def test_an_archive_without_its_store_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "holdfast.toml").write_text("layout = 1\n")
    with pytest.raises(StoreMissing), opened(tmp_path):
        pass
