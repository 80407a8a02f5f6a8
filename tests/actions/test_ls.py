from __future__ import annotations

from holdfast.actions.archive import Archive
from holdfast.actions.ls import ls
from tests.cli.conftest import Kept


def test_assets_come_in_order_with_what_a_list_shows(archive: Archive, kept: Kept) -> None:
    lines = ls(archive)
    assert [line.created_at for line in lines] == sorted(line.created_at for line in lines)
    (line,) = [line for line in lines if line.asset == kept.id("harvest.mp4")]
    assert (line.title, line.files, line.status, line.size_bytes) == ("Жатва 1974", ("harvest.mp4",), "held", 1320)


def test_an_archive_without_a_catalogue_is_listed_all_the_same(archive: Archive, kept: Kept) -> None:
    (kept.archive / "catalog.db").unlink()
    assert len(ls(archive)) == 3


def test_a_tag_that_is_no_text_belongs_to_nothing(archive: Archive) -> None:
    assert ls(archive, tag="\udcff") == []
    assert ls(archive, collection="\udcff") == []
