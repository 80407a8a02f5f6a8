"""A storage root finds, reads, mends and guards its objects; many may write at once."""

from __future__ import annotations

import io
import shutil
import threading
from pathlib import Path

import pytest

from holdfast.backends.base import Backend
from holdfast.backends.local import LocalBackend
from holdfast.backends.memory import MemoryBackend
from holdfast.errors import (
    DamagedFile,
    DamagedObject,
    Locked,
    MissingKey,
    StorageRefused,
    UnknownFile,
    UnknownObject,
)
from holdfast.model.inventory import V1
from holdfast.ocfl.layout import root_files
from holdfast.ocfl.root import StorageRoot
from holdfast.ocfl.validate import inspect_root
from holdfast.testing.faults import FaultyBackend
from tests.ocfl.judges import files_below, judged_sound, keep, shown
from tests.ocfl.writers import at_once
from tests.wounded.healthy import FILM as SAMPLE_FILM
from tests.wounded.healthy import Sample, in_sha256, renamed
from tests.wounded.make import write

FILM = "holdfast:asset:film"
LONG = b"0123456789" * 300_000  # more than two buffers


# ---------------------------------------------------------------------------------------------- making one


def test_a_root_that_was_half_made_is_completed_and_one_that_is_whole_is_left_alone(tmp_path: Path) -> None:
    names = list(root_files())
    for number in range(len(names) + 1):
        folder = tmp_path / str(number)
        write(folder / "ocfl", {name: root_files()[name] for name in names[:number]})
        StorageRoot.create(LocalBackend(folder))
        assert files_below(folder / "ocfl") == root_files()
        assert inspect_root(LocalBackend(folder), "ocfl") == ()


def test_what_another_process_put_into_the_root_is_made_sure_of() -> None:
    backend = FaultyBackend(MemoryBackend())
    StorageRoot.create(backend)
    backend.calls.clear()
    StorageRoot.create(backend)
    assert backend.calls == [f"settle ocfl/{name}" for name in root_files()]


# ------------------------------------------------------------------------------------------------- reading


def test_what_was_kept_is_read_in_every_way(root: StorageRoot) -> None:
    keep(root, FILM, {"film": LONG, "record": b"1"})
    keep(root, FILM, {"record": b"2"})
    assert root.holds(FILM)
    assert root.read(FILM, "record") == b"2"
    assert b"".join(map(bytes, root.chunks(FILM, "film"))) == LONG
    assert b"".join(map(bytes, root.chunks(FILM, "record", V1))) == b"1"
    with root.open(FILM, "film") as stream:
        stream.seek(-10, io.SEEK_END)
        assert stream.read() == b"0123456789"
    assert list(root.walk()) == [root.key_of(FILM)]


def test_what_is_not_there_is_said_not_to_be_there(root: StorageRoot) -> None:
    assert not root.holds(FILM)
    for look in (root.inventory, lambda name: root.read(name, "film"), lambda name: root.open(name, "film")):
        with pytest.raises(UnknownObject):
            look(FILM)
    keep(root, FILM, {"film": b"1"})
    for look in (root.read, root.open, root.is_whole, lambda name, file: list(root.chunks(name, file))):
        with pytest.raises(UnknownFile):
            look(FILM, "flim")


def content_of(root: StorageRoot, folder: Path, number: int = 0) -> Path:
    return folder / root.key_of(FILM) / f"v1/content/{number:06d}"


def test_damaged_bytes_are_never_given_out_as_whole(torn: StorageRoot, tmp_path: Path) -> None:
    keep(torn, FILM, {"film": LONG})
    content_of(torn, tmp_path).write_bytes(LONG[:-1] + b"x")
    assert not torn.is_whole(FILM, "film")
    with pytest.raises(DamagedFile):
        torn.read(FILM, "film")
    given = b""
    with pytest.raises(DamagedFile):  # noqa: PT012  # the pieces come first, the verdict at the end
        for piece in torn.chunks(FILM, "film"):
            given += piece
    assert len(given) == len(LONG)


def test_bytes_that_are_gone_are_damage_and_not_an_unknown_file(torn: StorageRoot, tmp_path: Path) -> None:
    keep(torn, FILM, {"film": LONG})
    content_of(torn, tmp_path).unlink()
    assert not torn.is_whole(FILM, "film")
    for look in (torn.read, torn.open, lambda name, file: list(torn.chunks(name, file))):
        with pytest.raises(DamagedFile):
            look(FILM, "film")


def test_whoever_relies_on_kept_bytes_has_their_names_made_durable_first(tmp_path: Path) -> None:
    backend = FaultyBackend(LocalBackend(tmp_path))
    root = StorageRoot.create(backend)
    keep(root, FILM, {"film": b"1"})
    backend.calls.clear()
    assert root.is_whole(FILM, "film")
    key = root.key_of(FILM)
    assert backend.calls == [f"settle {key}", f"settle {key}/v1/content/000000"]


# ------------------------------------------------------------------------------------------------- mending


@pytest.mark.parametrize("wound", ["changed", "cut short", "gone"])
def test_right_bytes_take_the_place_of_damaged_ones(root: StorageRoot, tmp_path: Path, wound: str) -> None:
    keep(root, FILM, {"film": LONG})
    before = files_below(tmp_path / "ocfl")
    place = content_of(root, tmp_path)
    if wound == "gone":
        place.unlink()
    else:
        place.write_bytes(LONG[:-1] + (b"x" if wound == "changed" else b""))
    assert root.mend(FILM, "film", io.BytesIO(LONG))
    assert files_below(tmp_path / "ocfl") == before
    assert not root.mend(FILM, "film", io.BytesIO(LONG)), "what is whole is left alone"


def test_other_bytes_never_take_the_place_of_damaged_ones(torn: StorageRoot, tmp_path: Path) -> None:
    keep(torn, FILM, {"film": b"right"})
    content_of(torn, tmp_path).write_bytes(b"wrong")
    assert not torn.mend(FILM, "film", io.BytesIO(b"strange"))
    assert content_of(torn, tmp_path).read_bytes() == b"wrong"


def test_every_copy_that_an_object_of_others_holds_is_mended(root: StorageRoot, tmp_path: Path) -> None:
    sample = Sample(1)
    [digest] = sample.new["manifest"]
    sample.new["manifest"][digest] = ["v1/content/000000", "v1/content/000001"]
    sample.content["v1/content/000001"] = SAMPLE_FILM
    folder = tmp_path / root.key_of(sample.new["id"])
    write(folder, sample.files() | {"v1/content/000000": b"x", "v1/content/000001": b"y"})
    assert root.mend(sample.new["id"], "masters/film.mp4", io.BytesIO(SAMPLE_FILM))
    assert root.is_whole(sample.new["id"], "masters/film.mp4")


# ------------------------------------------------------------------------------------------ objects of others


def foreign(kind: str) -> Sample:
    sample = Sample(1)
    if kind == "sha256":
        in_sha256(sample.new, sample.content)
    elif kind == "padded":
        renamed(sample, {"v1": "v0001"})
    elif kind == "of OCFL 1.0":
        sample.new["type"] = "https://ocfl.io/1.0/spec/#inventory"
        sample.declaration = ("0=ocfl_object_1.0", b"ocfl_object_1.0\n")
    else:
        sample.new["contentDirectory"] = "data"
        sample.content = {"v1/data/000000": SAMPLE_FILM}
        sample.new["manifest"] = {digest: ["v1/data/000000"] for digest in sample.new["manifest"]}
    return sample


@pytest.mark.parametrize("kind", ["sha256", "padded", "of OCFL 1.0", "with another content folder"])
def test_an_object_that_others_wrote_in_another_form_is_read_and_not_written(
    torn: StorageRoot, tmp_path: Path, kind: str
) -> None:
    sample = foreign(kind)
    name = sample.new["id"]
    write(tmp_path / torn.key_of(name), sample.files())
    before = files_below(tmp_path / "ocfl")
    assert torn.read(name, "masters/film.mp4") == SAMPLE_FILM
    assert torn.is_whole(name, "masters/film.mp4")
    with pytest.raises(DamagedObject, match="only read here"):
        keep(torn, name, {"record": b"1"})
    assert files_below(tmp_path / "ocfl") == before


def test_an_object_in_the_place_of_another_is_not_written(torn: StorageRoot, tmp_path: Path) -> None:
    write(tmp_path / torn.key_of(FILM), Sample(1).files())
    with pytest.raises(DamagedObject, match="says it is holdfast:sample:wounded"):
        keep(torn, FILM, {"record": b"1"})


# ---------------------------------------------------------------------------------------------------- locks


def test_a_second_writer_is_told_who_holds_the_object(root: StorageRoot, tmp_path: Path) -> None:
    other = StorageRoot(LocalBackend(tmp_path))
    with root.locked(FILM), other.intake("test") as intake:
        with pytest.raises(Locked, match=FILM), other.writing(FILM, intake, wait_s=0.05):
            pass
        assert not other.holds(FILM)


def test_readers_see_whole_versions_while_writers_write(root: StorageRoot, tmp_path: Path) -> None:
    keep(root, FILM, {"number": b"0", "again": b"0"})
    stop = threading.Event()
    seen: list[tuple[bytes, bytes]] = []

    def read() -> None:
        reader = StorageRoot(LocalBackend(tmp_path))
        while not stop.is_set():
            inventory = reader.inventory(FILM)
            seen.append((reader.read(FILM, "number", inventory), reader.read(FILM, "again", inventory)))

    reading = threading.Thread(target=read)
    reading.start()
    try:
        for number in range(1, 13):
            keep(root, FILM, {name: str(number).encode() for name in ("number", "again")})
    finally:
        stop.set()
        reading.join()
    assert all(first == second for first, second in seen)
    assert [int(first) for first, _ in seen] == sorted(int(first) for first, _ in seen)


@pytest.mark.slow
def test_four_processes_that_add_five_versions_each_make_twenty_and_lose_nothing(
    root: StorageRoot, tmp_path: Path
) -> None:
    made = at_once(tmp_path, FILM, ["a", "b", "c", "d"], 5)
    assert sorted(made) == sorted(f"v{number}" for number in range(1, 21))
    expected = {f"{name}/{number}": f"{name} {number}".encode() for name in "abcd" for number in range(5)}
    assert shown(root, FILM)["v20"] == expected


@pytest.mark.slow
def test_two_processes_that_create_one_object_give_it_two_versions(root: StorageRoot, tmp_path: Path) -> None:
    for number in range(3):
        name = f"{FILM}:{number}"
        assert sorted(at_once(tmp_path, name, ["a", "b"], 1)) == ["v1", "v2"]
        assert shown(root, name)["v2"] == {"a/0": b"a 0", "b/0": b"b 0"}
    assert not any((tmp_path / "staging").iterdir())


# ---------------------------------------------------------------------------------------------- other troubles


def test_a_file_that_cannot_be_read_is_not_whole_and_reading_it_says_so(
    torn: StorageRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(torn, FILM, {"film": b"1"})
    real = torn.backend.open

    def refuse(key: str) -> object:
        if "content" in key:
            raise StorageRefused(place="here", name=key, reason="input/output error")
        return real(key)

    monkeypatch.setattr(torn.backend, "open", refuse)
    assert not torn.is_whole(FILM, "film")
    with pytest.raises(StorageRefused):
        torn.read(FILM, "film")


def test_another_object_in_the_place_of_one_is_never_taken_for_it(root: StorageRoot, tmp_path: Path) -> None:
    other = FILM + "2"
    keep(root, FILM, {"film": b"1"})
    keep(root, other, {"film": b"2"})
    mine, foreign = (tmp_path / root.key_of(name) for name in (FILM, other))
    mine.rename(tmp_path / "aside")
    foreign.rename(mine)
    for look in (root.read, root.is_whole):
        with pytest.raises(DamagedObject, match="in its place lies"):
            look(FILM, "film")


@pytest.mark.parametrize("declaration", ["0=ocfl_1.0", ""])
def test_a_root_by_other_rules_is_taken_as_it_is_and_gets_nothing_new(tmp_path: Path, declaration: str) -> None:
    StorageRoot.create(LocalBackend(tmp_path))
    (tmp_path / "ocfl/0=ocfl_1.1").unlink()
    (tmp_path / "ocfl" / (declaration or "ocfl_layout.json")).write_text('{"extension": "0002-flat"}')
    before = files_below(tmp_path / "ocfl")
    backend = LocalBackend(tmp_path)
    root = StorageRoot.create(backend) if declaration else StorageRoot(backend)
    assert not root.is_ours
    with pytest.raises(StorageRefused, match="nothing new"):
        keep(root, FILM, {"film": b"1"})
    assert files_below(tmp_path / "ocfl") == before


def test_an_object_folder_without_anything_is_damaged_and_not_absent(torn: StorageRoot, tmp_path: Path) -> None:
    (tmp_path / torn.key_of(FILM)).mkdir(parents=True)
    with pytest.raises(DamagedObject):
        torn.inventory(FILM)
    with pytest.raises(DamagedObject):
        keep(torn, FILM, {"film": b"1"})


def test_what_was_not_published_is_gone_when_the_intake_is_left(root: StorageRoot, tmp_path: Path) -> None:
    with root.intake("test") as intake:
        taken = intake.take_in(io.BytesIO(b"1"))
        assert root.backend.read(intake.key(taken)) == b"1"
    assert not any((tmp_path / "staging").iterdir())
    with pytest.raises(MissingKey):
        root.backend.read(intake.key(taken))


def test_staging_may_be_lost_at_any_time_between_two_deeds(root: StorageRoot, tmp_path: Path) -> None:
    keep(root, FILM, {"film": b"1"})
    shutil.rmtree(tmp_path / "staging")
    keep(root, FILM, {"film": b"2"})
    assert judged_sound(tmp_path) == [FILM]


def test_a_memory_backend_carries_a_storage_root_as_a_disk_does() -> None:
    backend: Backend = MemoryBackend()
    root = StorageRoot.create(backend)
    keep(root, FILM, {"film": LONG})
    keep(root, FILM, {"record": b"1"})
    assert shown(StorageRoot(backend), FILM) == {"v1": {"film": LONG}, "v2": {"film": LONG, "record": b"1"}}
