from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from holdfast.actions.archive import Archive
from holdfast.actions.get import get
from holdfast.actions.watch import NobodyWatches
from holdfast.errors import StorageRefused, TargetExists, UnknownFile
from tests.cli.conftest import Kept
from tests.cli.line import holdfast, tree


def with_files(archive: Archive, asset: str, files: dict[str, bytes]) -> None:
    """A new version of the asset's object with these files beside what it shows."""
    object_id = f"holdfast:asset:{asset}"
    with archive.root.intake("test") as intake, archive.root.writing(object_id, intake) as draft:
        for path, data in files.items():
            draft.put_bytes(path, data)
        draft.commit("test", "test")


def test_two_files_of_one_name_do_not_replace_each_other(archive: Archive, kept: Kept, tmp_path: Path) -> None:
    asset = kept.id("tape 7.mp4")
    names = ["found/a.mp4", "masters/a.mp4", "masters/A.mp4", "found/é.mp4", "masters/e\u0301.mp4"]
    with_files(archive, asset, {name: name.encode() for name in names})
    exported = get(archive, asset, names, output=tmp_path / "out", into_folder=True)
    assert [one.path.read_bytes().decode() for one in exported] == names
    assert [one.path.name for one in exported[:3]] == ["a.mp4", "a (2).mp4", "A (3).mp4"]


def test_names_too_long_for_a_disk_are_cut_before_their_suffix(archive: Archive, kept: Kept, tmp_path: Path) -> None:
    asset = kept.id("tape 7.mp4")
    names = [f"masters/{'ж' * 200}{end}.mp4" for end in "ab"]
    with_files(archive, asset, {name: name[-5:].encode() for name in names})
    exported = get(archive, asset, names, output=tmp_path / "out", into_folder=True)
    assert all(len(os.fsencode(one.path.name)) <= 255 and one.path.suffix == ".mp4" for one in exported)
    assert len({one.path for one in exported}) == 2


def test_a_target_that_appears_meanwhile_is_not_replaced(archive: Archive, kept: Kept, tmp_path: Path) -> None:
    target = tmp_path / "film.mp4"

    class Quicker(NobodyWatches):
        def advance(self, size_bytes: int) -> None:
            target.write_text("mine")

    with pytest.raises(TargetExists):
        get(archive, kept.id("tape 7.mp4"), output=target, watch=Quicker())
    assert target.read_text() == "mine"
    assert not list(tmp_path.glob(".holdfast-*"))


def test_an_interrupted_export_leaves_nothing(archive: Archive, kept: Kept, tmp_path: Path) -> None:
    class Interrupting(NobodyWatches):
        def advance(self, size_bytes: int) -> None:
            raise KeyboardInterrupt

    (tmp_path / "out").mkdir()
    with pytest.raises(KeyboardInterrupt):
        get(archive, kept.id("tape 7.mp4"), output=tmp_path / "out", watch=Interrupting())
    assert tree(tmp_path / "out") == {}


def test_a_dangling_link_is_not_written_through(archive: Archive, kept: Kept, tmp_path: Path) -> None:
    (tmp_path / "film.mp4").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(TargetExists):
        get(archive, kept.id("tape 7.mp4"), output=tmp_path / "film.mp4")
    assert not (tmp_path / "elsewhere").exists()


def test_a_target_below_a_file_is_refused(archive: Archive, kept: Kept, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises((StorageRefused, TargetExists)):
        get(archive, kept.id("tape 7.mp4"), output=tmp_path / "file" / "film.mp4")


def test_a_lost_work_has_nothing_to_export(archive: Archive, kept: Kept, tmp_path: Path) -> None:
    from holdfast.formats.record import RECORD_FILE, parse_record, record_bytes

    asset = kept.id("tape 7.mp4")
    record = parse_record(archive.root.read(f"holdfast:asset:{asset}", RECORD_FILE))
    with_files(archive, asset, {RECORD_FILE: record_bytes(replace(record, instantiations=()))})
    with pytest.raises(UnknownFile):
        get(archive, asset, output=tmp_path)


def test_a_file_is_exported_by_name_even_when_the_record_is_damaged(kept: Kept, tmp_path: Path) -> None:
    from tests.cli.line import content_of, flip

    asset = kept.id("tape 7.mp4")
    flip(content_of(kept.archive, asset, "record.json"))
    words = ["tape 7.mp4", "-o", tmp_path / "film.mp4", "--archive", kept.archive]
    assert holdfast("get", asset, *words).code == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="to root, no folder is closed")
def test_a_closed_folder_is_refused_in_our_words(archive: Archive, kept: Kept, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    with pytest.raises(StorageRefused):
        get(archive, kept.id("tape 7.mp4"), output=tmp_path / "closed")
