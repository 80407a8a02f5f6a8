"""The script is judged by what it finds: each kind of damage by name, with every shell that is here."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from holdfast.actions.archive import Archive
from holdfast.actions.verify_offline import script, verify_offline
from holdfast.errors import TargetExists
from tests.cli.conftest import Kept
from tests.cli.line import content_of, copied, flip, holdfast, object_of

SHELLS = [shell for shell in ("dash", "bash", "busybox") if shutil.which(shell)]


def checked(folder: Path, shell: str = "sh", **environment: str) -> subprocess.CompletedProcess[str]:
    words = [shell, "sh"] if shell == "busybox" else [shell]
    path = folder.parent / "check.sh"
    path.write_bytes(script())
    environment = {**os.environ, "LC_ALL": "de_DE.UTF-8", **environment}
    return subprocess.run([*words, path, folder], capture_output=True, text=True, check=False, env=environment)


@pytest.mark.parametrize("shell", SHELLS)
def test_a_whole_archive_passes_with_every_shell(made: Kept, tmp_path: Path, shell: str) -> None:
    run = checked(copied(made.archive, tmp_path / "a"), shell)
    assert (run.returncode, run.stdout) == (0, "3 objects, 17 digests compared, 0 things wrong\n")


@pytest.mark.parametrize(
    "name", ["with blank", "it's", 'say "so"', "two\nlines", "-dash", "$HOME", "a=b", "ж \\ *", "end\n"]
)
def test_the_name_of_the_folder_does_not_matter(made: Kept, tmp_path: Path, name: str) -> None:
    archive = copied(made.archive, tmp_path / name)
    assert checked(archive).returncode == 0
    flip(content_of(archive, made.id("tape 7.mp4"), "masters/tape 7.mp4"))
    assert checked(archive).returncode == 1


def test_it_finds_the_archive_that_it_lies_in(kept: Kept, archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    path = verify_offline(archive)
    monkeypatch.chdir(path.parent)
    for words in ([str(path)], ["sh", path.name], ["./verify-archive.sh"]):
        assert subprocess.run(words, capture_output=True, check=False).returncode == 0


def test_where_there_is_no_archive_it_says_so_and_ends_with_2(tmp_path: Path) -> None:
    run = checked(tmp_path)
    assert (run.returncode, run.stdout) == (2, "")
    assert f"there is no folder {tmp_path}/ocfl" in run.stderr


def removed(path: Path) -> None:
    path.unlink()


def linked(path: Path) -> None:
    other = path.parent.parent.parent.parent.parent.parent.parent.parent / "elsewhere"
    path.rename(other)
    path.symlink_to(other)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("place", "wound", "word"),
    [
        ("v1/content", flip, "DAMAGED"),
        ("v1/content", emptied, "DAMAGED"),
        ("v1/content", removed, "MISSING"),
        ("v1/content", linked, "CANNOT BE READ"),
        ("inventory.json", flip, "DAMAGED"),
        ("inventory.json", removed, "MISSING"),
        ("inventory.json.sha512", removed, "MISSING"),
        ("inventory.json.sha512", flip, "DAMAGED"),
        ("v1/inventory.json", flip, "DAMAGED"),
        ("0=ocfl_object_1.1", removed, "MISSING"),
    ],
)
def test_each_kind_of_damage_is_named_with_its_place(
    kept: Kept, place: str, wound: Callable[[Path], None], word: str, shell: str
) -> None:
    asset = kept.id("tape 7.mp4")
    if place == "v1/content":
        path = content_of(kept.archive, asset, "masters/tape 7.mp4")
    else:
        path = object_of(kept.archive, asset) / place
    wound(path)
    run = checked(kept.archive, shell)
    assert run.returncode == 1
    named = path.relative_to(kept.archive / "ocfl").as_posix().removesuffix(".sha512" if wound is flip else "")
    assert f"{word} ./{named}" in run.stdout.splitlines(), run.stdout


def test_a_file_too_many_is_named_wherever_it_lies(kept: Kept) -> None:
    folder = object_of(kept.archive, kept.id("tape 7.mp4"))
    strange = [folder / "v1" / "content" / "extra", folder / "extra file", folder.parent / "stray", folder / "v2" / "x"]
    for path in strange:
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    (kept.archive / "ocfl" / "README.txt").write_text("the root itself may hold texts")
    lines = checked(kept.archive).stdout.splitlines()
    expected = [f"NOT IN THE INVENTORY ./{path.relative_to(kept.archive / 'ocfl')}" for path in strange]
    assert sorted(lines[:-1]) == sorted(expected)


def test_an_old_inventory_put_back_is_named(kept: Kept) -> None:
    asset = kept.id("tape 7.mp4")
    assert holdfast("describe", asset, "--tag", "x", "--archive", kept.archive).code == 0
    assert checked(kept.archive).returncode == 0
    folder = object_of(kept.archive, asset)
    for name in ("inventory.json", "inventory.json.sha512"):
        shutil.copy(folder / "v1" / name, folder / name)
    run = checked(kept.archive)
    assert run.returncode == 1
    assert f"{folder.name}/v2/inventory.json" in run.stdout


def test_an_inventory_exchanged_together_with_its_sidecar_is_named(kept: Kept) -> None:
    import hashlib

    folder = object_of(kept.archive, kept.id("tape 7.mp4"))
    data = (folder / "inventory.json").read_bytes().replace(b'"Kept"', b'"Kapt"')
    (folder / "inventory.json").write_bytes(data)
    (folder / "inventory.json.sha512").write_text(f"{hashlib.sha512(data).hexdigest()} inventory.json\n")
    run = checked(kept.archive)
    assert run.returncode == 1
    assert "NOT THE NEWEST " in run.stdout


def test_an_inventory_of_others_is_named_as_not_understood(kept: Kept) -> None:
    folder = object_of(kept.archive, kept.id("tape 7.mp4"))
    for inventory in folder.rglob("inventory.json"):
        inventory.write_text("{}")
    run = checked(kept.archive)
    assert run.returncode == 1
    assert f"NOT UNDERSTOOD ./{folder.relative_to(kept.archive / 'ocfl')}/inventory.json" in run.stdout


def test_with_shasum_alone_it_works_too(made: Kept, tmp_path: Path) -> None:
    """As on macOS: a path on which every tool is but sha512sum."""
    if not shutil.which("shasum"):
        pytest.skip("shasum is not installed here")
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("find", "awk", "sed", "sort", "comm", "grep", "cat", "wc", "tr", "mktemp", "rm", "sh", "shasum"):
        (tools / tool).symlink_to(shutil.which(tool) or "")
    run = checked(copied(made.archive, tmp_path / "a"), shutil.which("sh") or "sh", PATH=str(tools))
    assert (run.returncode, run.stdout.split(",")[0]) == (0, "3 objects")


def test_another_file_of_its_name_is_not_replaced(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "x.sh").write_text("mine")
    with pytest.raises(TargetExists):
        verify_offline(archive, tmp_path / "x.sh")
    assert verify_offline(archive, tmp_path / "x.sh", force=True).read_bytes() == script()


@pytest.mark.slow
def test_ten_thousand_files_are_read_by_a_handful_of_processes(made: Kept, quick_disk: Path) -> None:
    archive = copied(made.archive, quick_disk / "a")
    model = object_of(archive, made.id("tape 7.mp4"))
    for number in range(1250):
        shutil.copytree(model, archive / "ocfl" / f"{number:05}" / model.name)
    run = checked(archive)
    assert (run.returncode, run.stdout) == (0, "1253 objects, 6267 digests compared, 0 things wrong\n")
