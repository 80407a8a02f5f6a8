"""Whatever is done to an object, and wherever it is stopped: the object is absent or valid, and nothing kept is lost.

Every deed of `DEEDS` is stopped before each of its changes, and halfway through each write; on a disk and in memory;
by a kill, a full disk, a failing fsync, a power cut. Afterwards staging is emptied, as the next process may do, the
object is rolled forward, both judges look at it, every earlier version is compared, and the deed is done again.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from holdfast.backends.base import Backend
from holdfast.backends.local import LocalBackend
from holdfast.backends.memory import MemoryBackend
from holdfast.errors import DiskFull, HoldfastError, NotDurable, StorageFailure
from holdfast.ocfl.layout import root_files
from holdfast.ocfl.root import StorageRoot
from holdfast.ocfl.validate import inspect_root, validate_object
from holdfast.testing.faults import FaultyBackend, FaultyDisk, Killed, count_calls, every_backend_stop, every_stop
from holdfast.testing.powercut import RecordingDisk, after_power_cut
from tests.ocfl.judges import ALLOWED, WHEN, Files, files_below, judged_sound, keep, shown, spilled

FILM = "holdfast:asset:film"
OLD = {"masters/film.mp4": b"a film\n" * 40, "record.json": b"{}"}
MORE = {"record.json": b"{1}", "texts/film.vtt": b"WEBVTT"}


@dataclass(frozen=True)
class Deed:
    """Something done to a storage root: what was there `before`, and what the newest version shows afterwards."""

    do: Callable[[StorageRoot], object]
    shows: Files | None
    before: tuple[Files, ...] = (OLD,)
    wound: bool = False


def add(files: Files) -> Callable[[StorageRoot], object]:
    return lambda root: keep(root, FILM, files)


def rename(root: StorageRoot) -> None:
    with root.intake("test") as intake, root.writing(FILM, intake) as draft:
        if "masters/film.mp4" in draft.files:
            draft.put_bytes("masters/Жатва.mp4", OLD["masters/film.mp4"])
            draft.leave_out("masters/film.mp4")
        draft.commit("Renamed", "A tester", at=WHEN)


def show_less(root: StorageRoot) -> None:
    with root.intake("test") as intake, root.writing(FILM, intake) as draft:
        if "record.json" in draft.files:
            draft.leave_out("record.json")
        draft.commit("Left out", "A tester", at=WHEN)


def stream(root: StorageRoot) -> None:
    with root.intake("test", FILM) as intake:
        taken = intake.take_in(io.BytesIO(OLD["masters/film.mp4"]))
        with root.writing(FILM, intake) as draft:
            draft.put("masters/film.mp4", taken)
            draft.put_bytes("record.json", OLD["record.json"])
            draft.commit("Kept", "A tester", at=WHEN)


DEEDS = {
    "a new object": Deed(stream, OLD, before=()),
    "a second version with new content": Deed(add(MORE), OLD | MORE),
    "a fourth version": Deed(
        add(MORE), OLD | {"n": b"\x02"} | MORE, before=tuple(OLD | {"n": bytes([n])} for n in range(3))
    ),
    "a version of bytes that are held already": Deed(
        add({"copy.mp4": OLD["masters/film.mp4"]}), OLD | {"copy.mp4": OLD["masters/film.mp4"]}
    ),
    "a version that shows less": Deed(show_less, {"masters/film.mp4": OLD["masters/film.mp4"]}),
    "a version with another name only": Deed(
        rename, {"masters/Жатва.mp4": OLD["masters/film.mp4"], "record.json": b"{}"}
    ),
    "a storage root": Deed(lambda root: StorageRoot.create(root.backend), None, before=()),
    "a mending": Deed(
        lambda root: root.mend(FILM, "masters/film.mp4", io.BytesIO(OLD["masters/film.mp4"])), OLD, wound=True
    ),
}
THAT_CHANGE_OBJECTS = [name for name, deed in DEEDS.items() if deed.shows is not None and not deed.wound]

QUICK = ("a new object", "a second version with new content", "a storage root", "a mending")


def deeds(names: Iterable[str], quick: Container[str] = QUICK) -> pytest.MarkDecorator:
    """The test for each of these deeds; the fast run contents itself with the telling ones."""
    return pytest.mark.parametrize(
        "name", [pytest.param(name, marks=() if name in quick else pytest.mark.slow) for name in names]
    )


every_deed = deeds(DEEDS)
every_change = deeds(THAT_CHANGE_OBJECTS, quick=QUICK[:1])


def newest(root: StorageRoot) -> Files:
    return list(shown(root, FILM).values())[-1]


def prepared(backend: Backend, deed: Deed) -> StorageRoot:
    """The scene of a deed."""
    root = StorageRoot.create(backend) if deed.shows is not None else StorageRoot(backend)
    for files in deed.before:
        keep(root, FILM, files)
    if deed.wound:
        place = f"{root.key_of(FILM)}/v1/content/000000"
        with root.intake("test") as intake:
            backend.mend(intake.key(intake.take_bytes(b"rotten")), place)
    return root


@dataclass
class Scenes:
    """Fresh copies of the scene of a deed."""

    deed: Deed
    folder: Path

    def __post_init__(self) -> None:
        backend = LocalBackend(self.folder / "first")
        prepared(backend, self.deed)
        backend.close()
        (self.folder / "first").mkdir(exist_ok=True)
        self._numbers = count()

    def __call__(self) -> Path:
        return Path(shutil.copytree(self.folder / "first", self.folder / str(next(self._numbers))))

    @property
    def old_files(self) -> Files:
        """What must still be there, byte for byte."""
        files = files_below(self.folder / "first")
        return {name: data for name, data in files.items() if "/v" in name and data != b"rotten"}


def check(scenes: Scenes, left: Path, how: str) -> bool:
    """Look at what is left as the next process would, and do the deed again; whether it had been done."""
    deed = scenes.deed
    for name, data in scenes.old_files.items():
        assert (left / name).read_bytes() == data, f"{how}: {name} is not what it was"
    shutil.rmtree(left / "staging", ignore_errors=True)
    root = StorageRoot(LocalBackend(left))
    if deed.shows is None:
        StorageRoot.create(root.backend)
        assert inspect_root(root.backend, "ocfl") == (), how
        assert files_below(left / "ocfl") == root_files()
        return False
    root.recover(FILM)
    assert inspect_root(root.backend, "ocfl") == (), how
    was_done = root.holds(FILM) and (not deed.wound or root.is_whole(FILM, "masters/film.mp4"))
    if was_done or not deed.wound:
        judged_sound(left)
    was_done = was_done and newest(root) == deed.shows
    deed.do(root)
    assert newest(root) == deed.shows, how
    assert list(shown(root, FILM).values())[: len(deed.before)] == list(deed.before), how
    assert len(root.inventory(FILM).versions) == len(deed.before) + (not deed.wound), f"{how}: done twice"
    assert judged_sound(left) == [FILM], how
    assert inspect_root(root.backend, "ocfl") == ()
    return was_done


# ----------------------------------------------------------------------------------------------------- kills


@every_deed
def test_a_deed_that_is_killed_anywhere_leaves_it_undone_or_done_and_can_be_done_again(
    tmp_path: Path, name: str
) -> None:
    scenes = Scenes(DEEDS[name], tmp_path)

    def act(left: Path, disk: FaultyDisk) -> None:
        scenes.deed.do(StorageRoot(LocalBackend(left, disk)))

    done = [check(scenes, stop.scene, str(stop)) for stop in every_stop(scenes, act)]
    assert len(done) > 5
    assert done == sorted(done), "once done, it must stay done"


@every_deed
def test_in_memory_too_a_deed_is_undone_or_done(tmp_path: Path, name: str) -> None:
    scenes = Scenes(DEEDS[name], tmp_path)

    def prepare() -> Backend:
        backend = MemoryBackend()
        prepared(backend, scenes.deed)
        return backend

    for stop in every_backend_stop(prepare, lambda backend: scenes.deed.do(StorageRoot(backend))):
        left = spilled(stop.scene, tmp_path / f"memory {stop.number}")
        left.mkdir(exist_ok=True)
        check_content_only(scenes.deed, left, str(stop))


def check_content_only(deed: Deed, left: Path, how: str) -> None:
    """As `check`, for a scene whose inventories have other times than the one on the disk."""
    root = StorageRoot(LocalBackend(left))
    if deed.shows is not None and root.holds(FILM):
        root.recover(FILM)
        if not deed.wound:
            judged_sound(left)
            assert list(shown(root, FILM).values())[: len(deed.before)] == list(deed.before), how
    deed.do(root)
    assert deed.shows is None or newest(root) == deed.shows, how
    judged_sound(left)


@pytest.mark.slow
@pytest.mark.parametrize("name", QUICK[:2])
def test_a_second_kill_while_the_first_is_made_good_changes_nothing(tmp_path: Path, name: str) -> None:
    scenes = Scenes(DEEDS[name], tmp_path)

    def act(left: Path, disk: FaultyDisk) -> None:
        scenes.deed.do(StorageRoot(LocalBackend(left, disk)))

    stops = [stop for stop in every_stop(scenes, act) if "rename" in stop.call or "fsync_folder" in stop.call]
    assert stops
    for stop in stops[-6:]:
        again = Scenes.__new__(Scenes)
        again.deed, again.folder = scenes.deed, stop.scene.with_name(f"{stop.scene.name} again")
        shutil.copytree(stop.scene, again.folder / "first")
        again._numbers = count()
        for second in every_stop(again, act):
            check(scenes, second.scene, f"{stop}, then {second}")


# ----------------------------------------------------------------------------------- full and failing disks


def failing(scenes: Scenes, disks: Iterator[FaultyDisk], allowed: type[HoldfastError]) -> int:
    """Do the deed on each of these disks until it goes well; each failure is loud and can be made good."""
    for number, disk in enumerate(disks):
        left = scenes()
        backend = LocalBackend(left, disk)
        try:
            scenes.deed.do(StorageRoot(backend))
        except allowed:
            backend.close()
            check(scenes, left, f"failure {number}")
        else:
            backend.close()
            check(scenes, left, "no failure")
            return number
    raise AssertionError("it never went well")


@every_deed
def test_a_disk_that_is_full_from_some_change_on_is_told_and_loses_nothing(tmp_path: Path, name: str) -> None:
    disks = (FaultyDisk(full_at=number) for number in count(1))
    assert failing(Scenes(DEEDS[name], tmp_path), disks, DiskFull) > 2


@every_deed
def test_a_disk_that_is_full_after_any_number_of_bytes_is_told_and_loses_nothing(tmp_path: Path, name: str) -> None:
    disks = (FaultyDisk(full_after_bytes=number) for number in count(0, 257))
    assert failing(Scenes(DEEDS[name], tmp_path), disks, DiskFull) > 1


@every_deed
def test_an_fsync_that_fails_once_is_told_and_loses_nothing(tmp_path: Path, name: str) -> None:
    disks = (FaultyDisk(eio_at_fsync=number) for number in count(1))
    assert failing(Scenes(DEEDS[name], tmp_path), disks, NotDurable) > 2


@every_change
def test_after_an_fsync_has_failed_no_other_of_the_same_file_or_folder_is_tried(tmp_path: Path, name: str) -> None:
    scenes = Scenes(DEEDS[name], tmp_path)
    total = count_calls(lambda disk: scenes.deed.do(StorageRoot(LocalBackend(scenes(), disk))))
    for number in range(1, total):
        disk = FaultyDisk(eio_at_fsync=number)
        try:
            scenes.deed.do(StorageRoot(LocalBackend(scenes(), disk)))
        except StorageFailure:
            fsyncs = [call.split(" ", 1)[1] for call in disk.calls if call.startswith("fsync")]
            assert fsyncs[number - 1] not in fsyncs[number:]


def test_a_full_disk_gives_back_what_it_took_for_the_failed_deed(tmp_path: Path) -> None:
    scenes = Scenes(DEEDS["a second version with new content"], tmp_path)
    left = scenes()
    backend = LocalBackend(left, FaultyDisk(full_after_bytes=100))
    with pytest.raises(DiskFull):
        scenes.deed.do(StorageRoot(backend))
    assert not any((left / "staging").iterdir())


# ------------------------------------------------------------------------------------------------ power cuts


def after_cuts(disk: RecordingDisk, folder: Path, seeds: int = 2) -> Iterator[tuple[int, Path]]:
    numbers = count()
    for at in range(len(disk.record.steps) + 1):
        for seed in range(seeds):
            into = folder / str(next(numbers))
            into.mkdir(parents=True)
            yield at, after_power_cut(disk.record, seed * 1000 + at, into, at=at)


@every_change
def test_what_commit_returned_for_survives_a_power_cut_at_any_later_moment(tmp_path: Path, name: str) -> None:
    scenes = Scenes(DEEDS[name], tmp_path / "scenes")
    place = scenes()
    disk = RecordingDisk(place)
    backend = LocalBackend(place, disk)
    scenes.deed.do(StorageRoot(backend))
    returned_at = len(disk.record.steps)
    keep(StorageRoot(backend), "holdfast:asset:another", {"film": b"1"})
    for at, left in after_cuts(disk, tmp_path / "cuts"):
        root = StorageRoot(LocalBackend(left))
        if at >= returned_at:
            assert newest(root) == scenes.deed.shows
        for name_, data in scenes.old_files.items():
            assert (left / name_).read_bytes() == data
        root.recover(FILM)
        for key in root.walk():
            report = validate_object(root.backend, key)
            assert report.codes <= ALLOWED, f"cut after {at} steps: {[str(finding) for finding in report.findings]}"


@pytest.mark.parametrize(
    ("name", "believe"),
    [
        ("a new object", lambda root: root.is_whole(FILM, "masters/film.mp4")),
        pytest.param("a new object", lambda root: keep(root, FILM, OLD), marks=pytest.mark.slow),
        pytest.param(
            "a second version with new content",
            lambda root: root.is_whole(FILM, "texts/film.vtt"),
            marks=pytest.mark.slow,
        ),
        pytest.param("a second version with new content", lambda root: keep(root, FILM, MORE), marks=pytest.mark.slow),
    ],
    ids=["new object, looked at", "new object, kept again", "version, looked at", "version, kept again"],
)
def test_what_a_killed_process_left_is_called_kept_only_when_it_survives_a_power_cut(
    tmp_path: Path, name: str, believe: Callable[[StorageRoot], object]
) -> None:
    scenes = Scenes(DEEDS[name], tmp_path / "scenes")
    deed, number, believed = scenes.deed, 0, 0
    while True:
        number += 1
        place = scenes()
        first = RecordingDisk(place, kill_at=number)
        try:
            deed.do(StorageRoot(LocalBackend(place, first)))
        except Killed:
            pass
        else:
            break
        root = StorageRoot(LocalBackend(place))
        if not root.holds(FILM) or newest(root) != deed.shows:
            continue
        second = RecordingDisk(place, record=first.record)
        believe(StorageRoot(LocalBackend(place, second)))
        believed += 1
        for seed in range(8):
            into = tmp_path / "cuts" / f"{number} {seed}"
            into.mkdir(parents=True)
            left = after_power_cut(second.record, seed, into, at=len(second.record.steps))
            assert newest(StorageRoot(LocalBackend(left))) == deed.shows, f"killed before change {number}"
    assert believed > 0


def test_a_fault_of_the_place_is_never_swallowed(tmp_path: Path) -> None:
    scenes = Scenes(DEEDS["a second version with new content"], tmp_path)
    left = scenes()
    backend = FaultyBackend(LocalBackend(left))
    backend.faults.not_durable_at = 2
    with pytest.raises(NotDurable):
        scenes.deed.do(StorageRoot(backend))
    check(scenes, left, "a commit that was not durable")
