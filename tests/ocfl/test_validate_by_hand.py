"""The commands of docs/formats/ocfl.md, run as they stand there: what an outsider needs works without our code."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from holdfast.ocfl.layout import Layout, root_files
from tests.wounded.healthy import FILM, WORDS, Sample, sha512
from tests.wounded.make import write

PAGE = Path(__file__).parents[2] / "docs/formats/ocfl.md"
COMMANDS = dict(re.findall(r"<!-- tried: (\w+) -->\n```bash\n(.*?)```", PAGE.read_text("utf-8"), flags=re.DOTALL))

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("bash", "jq", "sha512sum"))), reason="bash, jq and sha512sum are not all installed"
)

ODD_NAME = "masters/ein Film, „zwei\\Teile“\nфильм.mp4"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An object, two levels below its storage root's folder, with a name that no careless script survives."""
    sample = Sample(2)
    sample.new["versions"]["v2"]["state"] = {sha512(FILM): [ODD_NAME], sha512(WORDS): ["record.json", "texts/a.vtt"]}
    write(tmp_path / "ocfl", root_files())
    write(tmp_path / "ocfl" / Layout().path_of(sample.new["id"]), sample.files())
    return tmp_path / "ocfl" / Layout().path_of(sample.new["id"])


def run(name: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["bash", "-ec", COMMANDS[name]], cwd=folder, capture_output=True, text=True, check=False)


def test_all_objects_of_a_root_can_be_listed(folder: Path, tmp_path: Path) -> None:
    assert run("list", tmp_path).stdout == "holdfast:sample:wounded\n"


def test_a_whole_object_is_found_whole(folder: Path) -> None:
    done = run("check", folder)
    assert done.returncode == 0
    assert sorted(done.stdout.splitlines()) == ["inventory.json: OK", "v1/content/000000: OK", "v2/content/000000: OK"]


@pytest.mark.parametrize("name", ["inventory.json", "v1/content/000000"])
def test_a_changed_byte_is_found(folder: Path, name: str) -> None:
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data.replace(b"m", b"n", 1))
    done = run("check", folder)
    assert done.returncode != 0
    assert f"{name}: FAILED" in done.stdout


def test_every_file_comes_out_under_its_own_name(folder: Path) -> None:
    assert run("recover", folder).returncode == 0
    out = folder / "out"
    found = {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert found == {ODD_NAME: FILM, "record.json": WORDS, "texts/a.vtt": WORDS}
