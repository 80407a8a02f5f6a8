from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Kept
from tests.cli.line import copied, holdfast, titles, tree


def test_an_archive_is_made_and_the_next_command_can_be_pasted(tmp_path: Path) -> None:
    said = holdfast("init", tmp_path / "my archive")
    assert said.code == 0
    assert said.lines[1] == f"Next: holdfast add PATH... --archive '{tmp_path / 'my archive'}'"
    assert holdfast("ls", "--archive", tmp_path / "my archive").lines == [
        "There are no assets yet. Add some: holdfast add PATH..."
    ]


def test_json_names_the_archive_and_what_was_there(tmp_path: Path) -> None:
    said = holdfast("init", tmp_path / "a", "--json")
    assert said.records == [{"archive": str(tmp_path / "a"), "adopted": 0}]


def test_names_in_any_script_come_back_as_they_were_given(tmp_path: Path) -> None:
    name = 'Архив "Волна" \\ 收藏'
    assert holdfast("init", tmp_path / "a", "--name", name, "--access", "sealed").code == 0
    settings = (tmp_path / "a" / "holdfast.toml").read_text("utf-8")
    assert 'access = "sealed"' in settings
    assert '"Архив \\"Волна\\" \\\\ 收藏"' in settings


@pytest.mark.parametrize("name", ["\udcff", "x\U000e0001"])
def test_a_name_that_the_settings_could_not_give_back_is_refused_before_anything_is_made(
    tmp_path: Path, name: str
) -> None:
    said = holdfast("init", tmp_path / "a", "--custodian", name, "--json")
    if said.code == 0:  # it can be written after all
        assert holdfast("ls", "--archive", tmp_path / "a").code == 0
    else:
        assert said.error["error"] == "HF-A005"
        assert not (tmp_path / "a").exists()


def test_a_folder_with_other_files_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "diary.txt").write_text("mine")
    said = holdfast("init", tmp_path, "--json")
    assert (said.code, said.error["error"]) == (2, "HF-A002")
    assert tree(tmp_path) == {"diary.txt": b"mine"}


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("mine")
    assert holdfast("init", tmp_path / "a").code == 2
    assert holdfast("init", tmp_path / "a" / "b").code == 2


def test_a_freshly_formatted_disk_counts_as_empty(tmp_path: Path) -> None:
    for name in ("lost+found", "System Volume Information", ".Trashes"):
        (tmp_path / name).mkdir()
    assert holdfast("init", tmp_path).code == 0


def test_a_second_init_is_refused(tmp_path: Path) -> None:
    assert holdfast("init", tmp_path / "a").code == 0
    before = tree(tmp_path)
    assert holdfast("init", tmp_path / "a", "--json").error["error"] == "HF-A002"
    assert tree(tmp_path) == before


@pytest.mark.parametrize("inside", ["ocfl/mine", "films"])
def test_an_archive_inside_an_archive_is_refused(tmp_path: Path, inside: str) -> None:
    holdfast("init", tmp_path / "a")
    before = tree(tmp_path)
    said = holdfast("init", tmp_path / "a" / inside, "--json")
    assert (said.code, said.error["error"]) == (2, "HF-A005")
    assert tree(tmp_path) == before


def test_a_storage_root_whose_settings_were_lost_is_taken_into_use_as_it_is(made: Kept, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    copied(made.archive / "ocfl", disk / "ocfl")
    before = tree(disk / "ocfl")
    said = holdfast("init", disk)
    assert said.code == 0
    assert "It holds 3 objects that were there already. Next: holdfast audit" in said.out
    assert tree(disk / "ocfl") == before
    assert sorted(titles(disk)) == sorted(titles(made.archive))


def test_nothing_is_written_into_a_storage_root_of_another_version(made: Kept, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    root = copied(made.archive / "ocfl", disk / "ocfl")
    (root / "0=ocfl_1.1").unlink()
    (root / "0=ocfl_1.0").write_text("ocfl_1.0\n")
    assert holdfast("init", disk).code == 0
    assert not (root / "0=ocfl_1.1").exists()
