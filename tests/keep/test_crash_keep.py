"""Keeping, joining and mending, stopped anywhere: absent or whole, never half, and done when done again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from holdfast.backends.local import LocalBackend
from holdfast.errors import DamagedObject, DiskFull, HoldfastError, NotDurable
from holdfast.keep import ingest
from holdfast.model.event import EventType
from holdfast.model.ids import AssetId, new_asset_id
from holdfast.ocfl.root import StorageRoot
from holdfast.testing.faults import FaultyDisk, every_stop
from tests.keep.keeping import TERMS, events_of, files_of, kept
from tests.ocfl.judges import judged_sound

ASSET = new_asset_id()
FILM = b"a film\n" * 50
CAPTION = b"WEBVTT\n\n00:01.000 --> 00:02.000\nHarvest\n"


class Scene:
    """Somebody's folder and an archive, copied for each run."""

    def __init__(self, folder: Path, deed: str) -> None:
        self.folder, self.deed = folder, deed
        self.source = folder / "somebody"
        self.source.mkdir()
        (self.source / "film.mp4").write_bytes(FILM)
        backend = LocalBackend(folder / "first")
        root = StorageRoot.create(backend)
        if deed != "keeping":
            kept(root, self.source / "film.mp4", asset=ASSET)
        (self.source / "film.de.vtt").write_bytes(CAPTION)
        if deed == "mending":
            self.content(folder / "first", root).write_bytes(b"rotten")
        backend.close()
        self._numbers = count()

    @staticmethod
    def content(archive: Path, root: StorageRoot) -> Path:
        return archive / root.key_of(str(ASSET.object_id)) / "v1/content/000000"

    def __call__(self) -> Path:
        return Path(shutil.copytree(self.folder / "first", self.folder / str(next(self._numbers))))

    def act(self, archive: Path, disk: FaultyDisk | None = None) -> None:
        root = StorageRoot(LocalBackend(archive, disk))
        film = self.source / "film.mp4"
        if self.deed == "keeping":
            if not root.holds(str(ASSET.object_id)):
                kept(root, film, asset=ASSET)
        elif self.deed == "joining":
            ingest.join_sidecars(root, ASSET, ingest.read_sidecars([self.source / "film.de.vtt"]), TERMS)
        elif not root.is_whole(str(ASSET.object_id), "masters/film.mp4"):
            with ingest.Source(film) as source:
                ingest.mend(root, ASSET, "masters/film.mp4", source, TERMS)
        root.backend.close()

    def check(self, archive: Path, how: str) -> None:
        shutil.rmtree(archive / "staging", ignore_errors=True)
        root = StorageRoot(LocalBackend(archive))
        root.recover(str(ASSET.object_id))
        if self.deed != "mending":
            judged_sound(archive)
        if self.deed != "keeping":
            assert "masters/film.mp4" in root.inventory(str(ASSET.object_id)).state(), how
        self.act(archive)
        self.complete(root, ASSET, how)
        assert judged_sound(archive) == [str(ASSET.object_id)], how

    def complete(self, root: StorageRoot, asset: AssetId, how: str) -> None:
        expected = {"masters/film.mp4": FILM}
        if self.deed != "mending":
            expected["texts/film.de.vtt"] = CAPTION
        assert files_of(root, asset) == expected, how
        kinds = [event.type for event in events_of(root, asset)]
        assert kinds.count(EventType.INGESTION) == (2 if self.deed == "joining" else 1), f"{how}: done twice"
        assert kinds.count(EventType.RECOVERY) <= 1, how


DEEDS = pytest.mark.parametrize(
    "deed",
    ["keeping", pytest.param("joining", marks=pytest.mark.slow), pytest.param("mending", marks=pytest.mark.slow)],
)


@DEEDS
def test_a_deed_killed_anywhere_is_done_or_undone_and_completes_when_done_again(tmp_path: Path, deed: str) -> None:
    scene = Scene(tmp_path, deed)
    stops = 0
    for stop in every_stop(scene, scene.act):
        scene.check(stop.scene, str(stop))
        stops += 1
    assert stops > 20


def fail_until_done(
    scene: Scene, disk_of: Callable[[int], FaultyDisk], allowed: type[HoldfastError], step: int = 1
) -> int:
    for number in count(1, step):
        archive = scene()
        try:
            scene.act(archive, disk_of(number))
        except allowed:
            scene.check(archive, f"{allowed.__name__} at {number}")
        else:
            scene.check(archive, "no failure")
            return number
    raise AssertionError


@pytest.mark.slow
@DEEDS
def test_a_full_disk_is_told_and_what_it_stopped_completes_later(tmp_path: Path, deed: str) -> None:
    scene = Scene(tmp_path, deed)
    assert fail_until_done(scene, lambda number: FaultyDisk(full_at=number), DiskFull) > 10
    assert fail_until_done(scene, lambda number: FaultyDisk(full_after_bytes=number), DiskFull, step=311) > 1000


@pytest.mark.slow
@DEEDS
def test_an_fsync_that_fails_once_is_told_and_what_it_stopped_completes_later(tmp_path: Path, deed: str) -> None:
    assert fail_until_done(Scene(tmp_path, deed), lambda number: FaultyDisk(eio_at_fsync=number), NotDurable) > 10


def test_nothing_joins_an_object_whose_newest_version_is_gone(torn: StorageRoot, archive: Path, folder: Path) -> None:
    (folder / "film.mp4").write_bytes(FILM)
    asset = kept(torn, folder / "film.mp4")
    (folder / "film.de.vtt").write_bytes(CAPTION)
    sidecars = ingest.read_sidecars([folder / "film.de.vtt"])
    ingest.join_sidecars(torn, asset, sidecars, TERMS)
    shutil.rmtree(archive / torn.key_of(str(asset.object_id)) / "v2")
    (folder / "film.ru.vtt").write_bytes(b"other")
    with pytest.raises(DamagedObject):
        ingest.join_sidecars(torn, asset, ingest.read_sidecars([folder / "film.ru.vtt"]), TERMS)
