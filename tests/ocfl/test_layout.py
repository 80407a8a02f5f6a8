"""Where objects lie, and how they are found when nobody knows."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ocfl.layout_0003_hash_and_id_n_tuple import Layout_0003_Hash_And_Id_N_Tuple

from holdfast.backends.local import LocalBackend
from holdfast.errors import BadRecord
from holdfast.ocfl.layout import (
    CONFIG_FILE,
    EXTENSION,
    LAYOUT_FILE,
    MAX_DEPTH,
    Layout,
    PlaceKind,
    object_declaration,
    read_layout,
    root_files,
    walk_objects,
    walk_root,
)

ONE_HUNDRED = "abcdefghij" * 10


@pytest.mark.parametrize(
    ("layout", "object_id", "path"),
    [
        (Layout(), "object-01", "3c0/ff4/240/object-01"),
        (Layout(), "..hor/rib:le-$id", "487/326/d8c/%2e%2ehor%2frib%3ale-%24id"),
        (Layout(), "..Hor/rib:lè-$id", "373/529/21a/%2e%2eHor%2frib%3al%c3%a8-%24id"),
        (Layout(), "holdfast:asset:k7m2x9qd4htbr", "1e4/006/388/holdfast%3aasset%3ak7m2x9qd4htbr"),
        (Layout("md5"), "object-01", "ff7/553/449/object-01"),
        (Layout("md5", 5, 2), "object-01", "ff755/34492/object-01"),
        (Layout("md5", 2, 15), "object-01", "ff/75/53/44/92/48/5e/ab/b3/9f/86/35/67/28/88/object-01"),
        (Layout("sha256", 0, 0), "..hor/rib:le-$id", "%2e%2ehor%2frib%3ale-%24id"),
        (
            Layout(),
            ONE_HUNDRED + "a",
            f"5cc/73e/648/{ONE_HUNDRED}-5cc73e648fbcff136510e330871180922ddacf193b68fdeff855683a01464220",
        ),
    ],
)
def test_the_examples_of_the_extension_lie_where_it_says(layout: Layout, object_id: str, path: str) -> None:
    assert layout.path_of(object_id) == path


def test_a_name_of_exactly_one_hundred_characters_is_not_cut() -> None:
    assert Layout().path_of(ONE_HUNDRED).endswith("/" + ONE_HUNDRED)


@settings(deadline=None)  # a busy machine is not a fault
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_every_id_lies_where_another_program_puts_it_and_cannot_leave_the_root(object_id: str) -> None:
    ours = Layout().path_of(object_id)

    assert ours == Layout_0003_Hash_And_Id_N_Tuple().identifier_to_path(object_id)
    assert len(ours.split("/")) == 4
    assert not set(ours.split("/")) & {"", ".", ".."}


@pytest.mark.parametrize("object_id", ["", "\ud800"])
def test_an_id_that_cannot_be_written_has_no_place(object_id: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- the two come from different hands
        Layout().path_of(object_id)


@pytest.mark.parametrize(
    "parameters", [("sha999", 3, 3), ("sha256", 0, 3), ("sha256", 33, 1), ("md5", 17, 2), ("sha256", -1, -1)]
)
def test_parameters_outside_the_extension_are_refused(parameters: tuple[str, int, int]) -> None:
    with pytest.raises(ValueError, match=r"digest|tuple"):
        Layout(*parameters)


# ------------------------------------------------------------------------------------------------- roots on a disk


def plant(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def test_a_new_root_tells_its_own_layout(tmp_path: Path) -> None:
    plant(tmp_path, root_files(Layout("md5", 2, 4)))
    assert read_layout(LocalBackend(tmp_path)) == Layout("md5", 2, 4)


def test_a_root_without_parameters_has_those_of_the_extension(tmp_path: Path) -> None:
    plant(tmp_path, {LAYOUT_FILE: json.dumps({"extension": EXTENSION, "description": "x"}).encode()})
    assert read_layout(LocalBackend(tmp_path)) == Layout()


@pytest.mark.parametrize("files", [{}, {LAYOUT_FILE: b'{"extension": "0004-hashed-n-tuple-storage-layout"}'}])
def test_a_root_of_another_layout_has_none_that_we_compute(tmp_path: Path, files: dict[str, bytes]) -> None:
    plant(tmp_path, files)
    assert read_layout(LocalBackend(tmp_path)) is None


@pytest.mark.parametrize(
    "config",
    [b"", b"[]", b'{"tupleSize": "3"}', b'{"tupleSize": true}', b'{"extensionName": "x"}', b'{"numberOfTuples": 99}'],
)
def test_a_config_that_cannot_be_meant_is_refused(tmp_path: Path, config: bytes) -> None:
    plant(tmp_path, root_files() | {CONFIG_FILE: config})
    with pytest.raises(BadRecord, match=r"config\.json"):
        read_layout(LocalBackend(tmp_path))


def test_objects_are_found_in_a_root_whose_layout_nobody_knows(tmp_path: Path) -> None:
    name, data = object_declaration("1.0")
    plant(
        tmp_path,
        root_files()
        | {f"shelf/{name}": data, f"a/b/c/d/e/{name}": data, f"a/b/c/d/e/v1/content/{name}": data}
        | {"a/lost/inventory.json": b"{}", "a/stray.txt": b"", f"extensions/x/{name}": data},
    )
    (tmp_path / "empty").mkdir()

    places = {place.key: place.kind for place in walk_root(LocalBackend(tmp_path))}

    assert list(walk_objects(LocalBackend(tmp_path))) == ["a/b/c/d/e", "a/lost", "shelf"]
    assert places["a/stray.txt"] is PlaceKind.FILE
    assert places["empty"] is PlaceKind.EMPTY


def test_a_link_is_told_and_not_followed(tmp_path: Path) -> None:
    name, data = object_declaration()
    plant(tmp_path, {f"root/a/{name}": data, f"outside/object/{name}": data})
    (tmp_path / "root/way-out").symlink_to(tmp_path / "outside")
    (tmp_path / "root/circle").symlink_to(tmp_path / "root")

    places = list(walk_root(LocalBackend(tmp_path / "root")))

    assert {(place.kind, place.key) for place in places} == {
        (PlaceKind.OBJECT, "a"),
        (PlaceKind.SPECIAL, "way-out"),
        (PlaceKind.SPECIAL, "circle"),
    }


def test_folders_without_end_are_left_at_a_bounded_depth(tmp_path: Path) -> None:
    os.makedirs(tmp_path / "/".join(["x"] * (MAX_DEPTH + 5)))  # noqa: PTH103 -- one call for fifty folders
    [place] = walk_root(LocalBackend(tmp_path))
    assert place.kind is PlaceKind.TOO_DEEP
