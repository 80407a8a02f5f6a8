"""Whatever kills a writer, what is left can be read, says the old or the new, and is completed by the next."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from holdfast.catalog.fingerprints import shelf as shelves
from holdfast.catalog.fingerprints.folder import ShardFolder
from holdfast.catalog.fingerprints.shard import shard_of
from holdfast.catalog.fingerprints.shelf import Shelf
from holdfast.catalog.fingerprints.volume import volume_of
from holdfast.errors import CatalogRefused, IndexFull
from holdfast.formats.fingerprint import without_stills
from holdfast.testing.faults import FaultyDisk, every_stop
from tests.model.prints import a_print, same

OLD, NEW = ("a", "b", "c"), {name: a_print(n) for n, name in enumerate("abcd")}


@pytest.fixture
def prepare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Path]:
    """Fresh folders with three works in two files, one of them removed there and added again."""
    count = itertools.count()

    def make() -> Path:
        folder = tmp_path / str(next(count))
        with monkeypatch.context() as patch:
            patch.setattr(shelves, "FULL_BYTES", 1)
            for name in ("a", "b", "c"):
                Shelf.open(folder).add(name, NEW[name])
        return folder

    return make


def test_adding_that_is_killed_adds_all_or_nothing(prepare: Callable[[], Path]) -> None:
    stops = 0
    for stop in every_stop(prepare, lambda folder, disk: Shelf.open(folder, disk=disk).add("d", NEW["d"])):
        shelf = Shelf.open(stop.scene)
        assert shelf.names() in (OLD, (*OLD, "d")), stop
        shelf.add("d", NEW["d"])
        assert shelf.names() == (*OLD, "d")
        assert all(same(shelf.fingerprint(n), without_stills(NEW[name])) for n, name in enumerate(shelf.names()))
        assert shelf.verify() == ()
        assert {path.suffix for path in stop.scene.iterdir()} == {".shard", ".lock"}
        assert shelf.status().shards == len(list(stop.scene.glob("*.shard")))
        stops += 1
    assert stops > 6


def test_removing_that_is_killed_removes_or_does_not(prepare: Callable[[], Path]) -> None:
    for stop in every_stop(prepare, lambda folder, disk: Shelf.open(folder, disk=disk).remove("b")):
        shelf = Shelf.open(stop.scene)
        assert shelf.names() in (OLD, ("a", "c")), stop
        shelf.remove("b")
        assert shelf.names() == ("a", "c")


@pytest.mark.slow
def test_rebuilding_that_is_killed_leaves_of_each_work_the_old_or_the_new(
    prepare: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def rebuild(folder: Path, disk: FaultyDisk | None = None) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(shelves, "FULL_BYTES", 1)
            Shelf.open(folder, disk=disk).rebuild([("b", a_print(50)), ("d", NEW["d"])])

    for stop in every_stop(prepare, rebuild):
        shelf = Shelf.open(stop.scene)
        for work, name in enumerate(shelf.names()):
            assert any(same(shelf.fingerprint(work), without_stills(made)) for made in (NEW[name], a_print(50)))
        rebuild(stop.scene)
        shelf.refresh()
        assert shelf.names() == ("b", "d")
        assert same(shelf.fingerprint(0), without_stills(a_print(50)))
        assert shelf.status().shards == len(list(stop.scene.glob("*.shard")))


def test_a_file_that_another_replaces_does_not_count_and_is_swept(tmp_path: Path) -> None:
    folder = ShardFolder(tmp_path)
    with folder.writing():
        old = folder.put(shard_of([volume_of("a", a_print(1))], 1))
        data = old.read_bytes()
        new = folder.put(shard_of([volume_of("b", a_print(2))], 2, replaces=[old.name]))
    assert not old.exists()
    old.write_bytes(data)  # as if the crash had come just before the removal
    assert [path for path, _ in folder.load()] == [new]
    with folder.writing():
        folder.load()
        folder.sweep()
    assert folder.files() == [new]
    assert folder.newest_order() == 2


def test_a_name_that_points_elsewhere_removes_nothing_there(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    outside = tmp_path / "film.mkv"
    outside.write_bytes(b"x")
    ShardFolder(tmp_path / "inside").remove(["../film.mkv"])
    assert outside.exists()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CatalogRefused, match="only a cache"), ShardFolder(tmp_path / "file" / "index").writing():
        pass


def test_a_full_disk_is_told_as_one_and_is_left_as_it_was(prepare: Callable[[], Path]) -> None:
    folder = prepare()
    before = sorted(path.name for path in folder.iterdir())
    shelf = Shelf.open(folder, disk=FaultyDisk(full_after_bytes=1000))
    with pytest.raises(IndexFull, match="no space left for the index"):
        shelf.add("d", NEW["d"])
    assert sorted(path.name for path in folder.iterdir()) == before
    assert Shelf.open(folder).names() == OLD
    assert Shelf.open(folder).verify() == ()
