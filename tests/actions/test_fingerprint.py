"""The deed itself; what the command says of it is in tests/cli/test_fingerprint.py."""

from __future__ import annotations

from pathlib import Path

from holdfast.actions.fingerprint import fingerprint
from holdfast.errors import FileMissing, TargetExists


def test_what_need_not_be_read_is_refused_without_reading(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"never decoded")
    (tmp_path / "film.mp4.hffp").write_bytes(b"there")
    results = fingerprint([tmp_path / "gone.mp4", film])
    assert [type(result.error) for result in results] == [FileMissing, TargetExists]
