"""The seam over the system: above all, that a rename never lands on anything."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from holdfast.backends.disk import Disk

RENAMES = {"with the kernel's help": Disk().rename_new, "unaided": Disk.rename_unaided}


@pytest.fixture(params=RENAMES.values(), ids=RENAMES.keys())
def rename_new(request: pytest.FixtureRequest):
    return request.param


def make(path: Path, what: str) -> None:
    if what == "file":
        path.write_bytes(b"target")
    elif what == "dangling link":
        path.symlink_to("nowhere")
    else:
        path.mkdir()
        if what == "full folder":
            (path / "inside").touch()


@pytest.mark.parametrize("target", ["file", "empty folder", "full folder", "dangling link"])
@pytest.mark.parametrize("source", ["file", "full folder"])
def test_a_rename_never_lands_on_anything(tmp_path: Path, rename_new, source: str, target: str) -> None:
    make(tmp_path / "source", source)
    make(tmp_path / "target", target)
    with pytest.raises(OSError, match=r"exists|not empty"):
        rename_new(tmp_path / "source", tmp_path / "target")
    assert (tmp_path / "source").exists()
    assert os.path.lexists(tmp_path / "target")


@pytest.mark.parametrize("source", ["file", "full folder", "empty folder"])
def test_a_rename_to_a_free_name_leaves_one_name(tmp_path: Path, rename_new, source: str) -> None:
    make(tmp_path / "source", source)
    rename_new(tmp_path / "source", tmp_path / "target")
    assert [path.name for path in tmp_path.iterdir()] == ["target"]


@pytest.mark.parametrize("source", ["file", "full folder"])
def test_of_two_renames_at_once_one_wins(tmp_path: Path, rename_new, source: str) -> None:
    def race(name: str) -> bool:
        try:
            rename_new(tmp_path / name, tmp_path / "target")
        except OSError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        for _ in range(20):
            names = [f"source{number}" for number in range(4)]
            for name in names:
                make(tmp_path / name, source)
            assert list(pool.map(race, names)).count(True) == 1
            for path in tmp_path.iterdir():
                if path.is_dir():
                    (path / "inside").unlink()
                    path.rmdir()
                else:
                    path.unlink()


def test_create_does_not_write_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        Disk().create(tmp_path / "link")
    assert not (tmp_path / "elsewhere").exists()


FORK = """
import os, sys, time
from pathlib import Path
from holdfast.backends.disk import Disk
disk, path = Disk(), Path(sys.argv[1])
held = os.open(path, os.O_RDWR | os.O_CREAT)
assert disk.try_flock(held)
ready, tell = os.pipe()
if not (child := os.fork()):
    os.write(tell, b"x")
    time.sleep(60)
os.read(ready, 1)
print(child, flush=True)
os.kill(os.getpid(), 9)
"""


def test_a_forked_child_does_not_keep_the_locks_of_its_killed_parent(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with subprocess.Popen([sys.executable, "-c", FORK, str(path)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        try:
            assert parent.wait(timeout=30) == -signal.SIGKILL
            again = os.open(path, os.O_RDWR)
            assert Disk().try_flock(again)
            assert Disk().release(again)
        finally:
            os.kill(child, signal.SIGKILL)
