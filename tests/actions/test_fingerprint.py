"""The deed itself; what the command says of it is in tests/cli/test_fingerprint.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from holdfast.actions.fingerprint import fingerprint, write
from holdfast.errors import SourceMissing, StorageRefused, TargetExists


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    write(tmp_path / "new" / "film.hffp", b"all of it")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["film.hffp"]
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageRefused):
        write(tmp_path / "file" / "film.hffp", b"")


def test_what_need_not_be_read_is_refused_without_reading(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"never decoded")
    (tmp_path / "film.mp4.hffp").write_bytes(b"there")
    results = fingerprint([tmp_path / "gone.mp4", film])
    assert [type(result.error) for result in results] == [SourceMissing, TargetExists]
