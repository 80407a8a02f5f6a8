from __future__ import annotations

from pathlib import Path

import pytest

from holdfast.actions.archive import Archive
from holdfast.actions.init import init
from holdfast.config import Settings
from holdfast.errors import ArchiveExists, BadValue
from holdfast.model.rights import AccessLevel
from tests.cli.line import tree


def test_what_was_made_opens_with_the_settings_it_was_given(tmp_path: Path) -> None:
    settings = Settings(name='A "B"\n\t\\', custodian="Группа", access=AccessLevel.SEALED)
    made = init(tmp_path / "a", settings)
    assert made.adopted_objects == 0
    assert made.archive.settings == settings
    assert Archive.open(tmp_path / "a").settings == settings


def test_an_init_that_was_killed_before_its_end_is_completed(tmp_path: Path) -> None:
    init(tmp_path / "whole", Settings())
    for gone in tree(tmp_path / "whole"):
        init(tmp_path / "again", Settings())
        (tmp_path / "again" / "holdfast.toml").unlink()
        (tmp_path / "again" / gone).unlink(missing_ok=True)
        init(tmp_path / "again", Settings())
        assert tree(tmp_path / "again") == tree(tmp_path / "whole")
        (tmp_path / "again").rename(tmp_path / gone.replace("/", "_"))


def test_names_that_no_file_can_hold_are_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(BadValue):
        init(tmp_path / "a", Settings(name="\udcff"))
    assert not (tmp_path / "a").exists()


def test_what_the_system_puts_on_every_disk_is_not_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "lost+found").mkdir()
    init(tmp_path, Settings())
    with pytest.raises(ArchiveExists):
        init(tmp_path, Settings())
