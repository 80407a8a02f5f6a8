from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from holdfast.actions.archive import Archive, desk_in_our_words
from holdfast.actions.describe import added, describe
from holdfast.actions.ls import ls
from holdfast.errors import BadValue, DamagedCache, DiskFull, HoldfastError, Locked, StorageRefused, UnknownAsset
from holdfast.model.asset import Tag
from tests.cli.conftest import Kept
from tests.cli.line import flip, holdfast, object_of


def test_an_asset_is_found_by_its_beginning_and_with_hyphens(archive: Archive, kept: Kept) -> None:
    asset = kept.id("tape 7.mp4")
    assert str(archive.find(asset[:5])) == asset
    assert str(archive.find(f"{asset[:4]}-{asset[4:8]}-{asset[8:]}".upper())) == asset


def test_ids_that_are_one_error_away_are_named(archive: Archive, kept: Kept) -> None:
    asset = kept.id("tape 7.mp4")
    with pytest.raises(UnknownAsset) as caught:
        archive.find(asset[:8] + asset[9:])
    assert f"near to it: {asset}" in str(caught.value)
    with pytest.raises(UnknownAsset) as caught:
        archive.find("no such thing")
    assert "near to it" not in str(caught.value)


def test_an_object_on_the_disk_is_found_even_if_the_catalogue_does_not_understand_it(
    archive: Archive, kept: Kept
) -> None:
    asset = kept.id("tape 7.mp4")
    for inventory in object_of(kept.archive, asset).rglob("inventory.json"):
        flip(inventory, 9)
    archive.catalog.rebuild()
    assert str(archive.find(asset)) == asset


def test_an_archive_that_was_moved_is_the_same(kept: Kept, archive: Archive) -> None:
    before = list(archive.up_to_date_catalog().dump())
    archive.close()
    moved = Archive.open(kept.archive.rename(kept.archive.parent / "moved"))
    assert list(moved.up_to_date_catalog().dump()) == before
    moved.close()


@pytest.mark.parametrize("own", ["", "ocfl", "ocfl/x", "cache", "staging/y", ".."])
def test_what_is_the_archives_own_is_refused(archive: Archive, own: str) -> None:
    with pytest.raises(BadValue):
        archive.refuse_own([archive.folder / own])


def test_a_link_does_not_hide_what_is_the_archives_own(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "films").symlink_to(archive.folder / "ocfl")
    with pytest.raises(BadValue):
        archive.refuse_own([tmp_path / "films"])
    archive.refuse_own([archive.folder / "incoming", tmp_path / "elsewhere"])


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("database disk image is malformed", DamagedCache),
        ("file is not a database", DamagedCache),
        ("database is locked", Locked),
        ("database or disk is full", DiskFull),
        ("attempt to write a readonly database", StorageRefused),
        ("unable to open database file", StorageRefused),
    ],
)
def test_what_a_database_refuses_is_told_in_our_words(tmp_path: Path, reason: str, kind: type[HoldfastError]) -> None:
    with pytest.raises(kind), desk_in_our_words(tmp_path):
        raise OperationalError("SELECT 1", {}, Exception(reason))


def test_a_queue_that_is_no_database_is_told_with_its_remedy(kept: Kept) -> None:
    (kept.archive / "desk.db").write_bytes(b"no database" * 500)
    said = holdfast("work", "--archive", kept.archive, "--json")
    assert (said.code, said.error["error"]) == (6, "HF-D007")
    assert said.error["next"] == f"Make it anew: remove {kept.archive / 'desk.db'}, then: holdfast work"


def test_faults_of_ours_and_our_own_errors_pass_as_they_are(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), desk_in_our_words(tmp_path):
        raise ZeroDivisionError
    with pytest.raises(UnknownAsset), desk_in_our_words(tmp_path):
        raise UnknownAsset(asset="x", hint="")
    with pytest.raises(OperationalError), desk_in_our_words(tmp_path):
        raise OperationalError("SELECT 1", {}, Exception("near SELECT: syntax error"))


def test_a_deed_on_behalf_of_somebody_bears_their_name_and_shares_the_catalogue(archive: Archive, kept: Kept) -> None:
    ada = archive.on_behalf_of("Ada")
    assert ada.catalog is archive.catalog
    described = describe(ada, kept.id("tape 7.mp4"), added("tags", [Tag("sea")]))
    version = archive.root.inventory(str(described.after.id.object_id)).version()
    assert version.user_name == "Ada"
    ada.close()
    assert ls(archive, tag="sea")[0].asset == str(described.after.id)
    with pytest.raises(BadValue):
        archive.on_behalf_of(" ")
