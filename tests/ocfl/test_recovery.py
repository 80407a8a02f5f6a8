"""An interrupted step is finished; anything else is damage, and damage stays visible."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from holdfast.errors import DamagedObject
from holdfast.formats.inventory import INVENTORY
from holdfast.model.inventory import VersionNumber
from holdfast.ocfl.recovery import Recovery, certain_inventory, newest_proved, recover, root_inventory
from holdfast.ocfl.root import StorageRoot
from tests.ocfl.judges import files_below, judged_sound, keep, shown
from tests.wounded.healthy import Sample, in_sha256, put_inventory
from tests.wounded.make import write

FILM = "holdfast:asset:film"
SIDECAR = f"{INVENTORY}.sha512"


@pytest.fixture
def folder(torn: StorageRoot, tmp_path: Path) -> Path:
    """An object of two versions."""
    keep(torn, FILM, {"film": b"film", "record": b"1"})
    keep(torn, FILM, {"record": b"2", "caption": b"3"})
    return tmp_path / torn.key_of(FILM)


def back_to_step(folder: Path, step: int) -> None:
    """As a crash leaves it after step 1 or 2 of publishing v2."""
    shutil.copy(folder / "v1" / SIDECAR, folder / SIDECAR)
    if step == 1:
        shutil.copy(folder / "v1" / INVENTORY, folder / INVENTORY)


# --------------------------------------------------------------------------------------------- interrupted


@pytest.mark.parametrize("step", [1, 2])
def test_an_object_between_two_steps_is_rolled_forward_once(torn: StorageRoot, folder: Path, step: int) -> None:
    whole = files_below(folder)
    back_to_step(folder, step)
    assert torn.recover(FILM) == Recovery(FILM, VersionNumber(2))
    assert files_below(folder) == whole
    assert torn.recover(FILM) is None


@pytest.mark.parametrize("step", [1, 2])
def test_an_object_between_two_steps_can_be_read_and_written(
    torn: StorageRoot, folder: Path, tmp_path: Path, step: int
) -> None:
    back_to_step(folder, step)
    assert str(torn.inventory(FILM).head) == ("v1" if step == 1 else "v2")  # after step 1 nobody was told of v2
    assert keep(torn, FILM, {"record": b"3"}) == "v3"
    assert shown(torn, FILM)["v2"] == {"film": b"film", "record": b"2", "caption": b"3"}
    judged_sound(tmp_path)


def test_a_sound_object_is_left_alone(torn: StorageRoot, folder: Path) -> None:
    before = files_below(folder)
    assert torn.recover(FILM) is None
    assert torn.recover("holdfast:asset:absent") is None
    assert files_below(folder) == before


def test_an_object_of_others_in_another_digest_is_rolled_forward_too(torn: StorageRoot, tmp_path: Path) -> None:
    sample = Sample(2)
    in_sha256(sample.old, sample.content)
    in_sha256(sample.new, sample.content)
    del sample.content["v2/content/000000"]
    sample.new["versions"]["v2"]["state"] = sample.old["versions"]["v1"]["state"]
    files = sample.files()
    put_inventory(files, "", sample.old)
    write(tmp_path / torn.key_of(sample.new["id"]), files)
    assert torn.recover(sample.new["id"]) is not None
    assert root_inventory(torn.backend, torn.key_of(sample.new["id"])).head == VersionNumber(2)


# -------------------------------------------------------------------------------------------------- damaged


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def exchanged(folder: Path) -> None:
    """Another object's v2 lies where ours should be."""
    text = (folder / "v2" / INVENTORY).read_text().replace(FILM, "holdfast:asset:flim")
    files: dict[str, bytes] = {}
    put_inventory(files, "v2/", json.loads(text))
    write(folder, files)


AFTER_STEP_1: dict[str, Callable[[Path], object]] = {
    "a bit of the new inventory has flipped": lambda folder: flip(folder / "v2" / INVENTORY),
    "the new sidecar is gone": lambda folder: (folder / "v2" / SIDECAR).unlink(),
    "new content is gone": lambda folder: (folder / "v2/content/000000").unlink(),
    "a bit of new content has flipped": lambda folder: flip(folder / "v2/content/000000"),
    "the new version is of another object": exchanged,
    "a folder of the next name is empty": lambda folder: shutil.rmtree(folder / "v2") or (folder / "v2").mkdir(),
    "the new version is two ahead": lambda folder: (folder / "v2").rename(folder / "v3"),
}


@pytest.mark.parametrize("wound", AFTER_STEP_1)
def test_a_new_version_that_is_not_whole_is_not_taken_for_one(torn: StorageRoot, folder: Path, wound: str) -> None:
    back_to_step(folder, 1)
    AFTER_STEP_1[wound](folder)
    before = files_below(folder)
    assert torn.recover(FILM) is None
    assert files_below(folder) == before
    with pytest.raises(DamagedObject):
        keep(torn, FILM, {"record": b"3"})
    assert files_below(folder) == before


WOUNDS: dict[str, Callable[[Path], object]] = {
    "a bit of the inventory has flipped": lambda folder: flip(folder / INVENTORY),
    "a bit of the sidecar has flipped": lambda folder: flip(folder / SIDECAR),
    "the sidecar is gone": lambda folder: (folder / SIDECAR).unlink(),
    "the inventory is gone": lambda folder: (folder / INVENTORY).unlink(),
    "the inventory is empty": lambda folder: (folder / INVENTORY).write_bytes(b""),
}


@pytest.mark.parametrize("wound", WOUNDS)
def test_damage_at_the_root_is_not_put_right_in_passing(torn: StorageRoot, folder: Path, wound: str) -> None:
    WOUNDS[wound](folder)
    before = files_below(folder)
    assert torn.recover(FILM) is None
    assert files_below(folder) == before, "an audit must still be able to see it"


@pytest.mark.parametrize("wound", WOUNDS)
def test_where_one_file_at_the_root_is_damaged_the_other_says_which_version_is_the_newest(
    torn: StorageRoot, folder: Path, tmp_path: Path, wound: str
) -> None:
    WOUNDS[wound](folder)
    assert str(torn.inventory(FILM).head) == "v2"
    assert keep(torn, FILM, {"record": b"3"}) == "v3"
    judged_sound(tmp_path)


@pytest.mark.parametrize("wound", WOUNDS)
def test_a_lost_version_is_not_forgotten_because_the_root_is_damaged_too(
    torn: StorageRoot, folder: Path, wound: str
) -> None:
    WOUNDS[wound](folder)
    shutil.rmtree(folder / "v2")
    before = files_below(folder)
    assert torn.recover(FILM) is None
    with pytest.raises(DamagedObject):
        keep(torn, FILM, {"record": b"3"})
    assert files_below(folder) == before


def test_nothing_is_added_where_the_newest_version_is_gone(torn: StorageRoot, folder: Path) -> None:
    shutil.rmtree(folder / "v2")
    with pytest.raises(DamagedObject, match="do not agree"):
        keep(torn, FILM, {"record": b"3"})


def test_an_object_that_lost_all_its_versions_gets_no_new_first_one(torn: StorageRoot, folder: Path) -> None:
    shutil.rmtree(folder / "v1")
    shutil.rmtree(folder / "v2")
    assert recover(torn.backend, torn.key_of(FILM)) is None
    assert certain_inventory(torn.backend, torn.key_of(FILM)) is None
    with pytest.raises(DamagedObject):
        keep(torn, FILM, {"record": b"3"})


def test_only_the_newest_version_speaks_for_a_damaged_object(torn: StorageRoot, folder: Path) -> None:
    flip(folder / INVENTORY)
    found = newest_proved(torn.backend, torn.key_of(FILM))
    assert found is not None
    assert found.head == VersionNumber(2)
    flip(folder / "v2" / INVENTORY)  # v1 is whole, and may show what was corrected or closed since
    assert newest_proved(torn.backend, torn.key_of(FILM)) is None
    with pytest.raises(DamagedObject, match="fits its sidecar"):
        torn.inventory(FILM)
