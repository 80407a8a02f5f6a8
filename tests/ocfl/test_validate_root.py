"""A storage root: what it declares, what lies between it and the objects, and whether each object is in its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from holdfast.backends.local import LocalBackend
from holdfast.errors import MissingKey
from holdfast.ocfl.layout import CONFIG_FILE, EXTENSION, LAYOUT_FILE, Layout, root_files
from holdfast.ocfl.validate import ObjectReport, RootReport, validate_root
from ocfl import StorageRoot
from tests.wounded.make import healthy_files, write

OBJECT = Layout().path_of("holdfast:sample:wounded")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path / "ocfl", root_files())
    write(tmp_path / "ocfl" / OBJECT, healthy_files(2))
    return tmp_path / "ocfl"


def report_on(root: Path) -> RootReport:
    return validate_root(LocalBackend(root.parent), root.name)


def test_a_sound_root_has_no_findings_and_another_program_agrees(root: Path) -> None:
    report = report_on(root)
    assert (report.findings, report.reports, report.is_valid) == ((), (), True)
    assert (report.object_count, report.files_checked) == (1, 2)
    assert StorageRoot(root=str(root)).validate(log_warnings=True, log_errors=False)


def test_each_object_is_told_of_as_it_is_done(root: Path) -> None:
    told: list[ObjectReport] = []
    validate_root(LocalBackend(root), on_object=told.append)
    assert [each.key for each in told] == [OBJECT]


def test_a_damaged_object_makes_the_root_invalid_and_is_named(root: Path) -> None:
    (root / OBJECT / "v1/content/000000").write_bytes(b"other bytes")
    report = report_on(root)
    assert not report.is_valid
    assert [(each.key, each.codes) for each in report.reports] == [(f"ocfl/{OBJECT}", {"E092"})]


def put(name: str, data: bytes) -> Callable[[Path], object]:
    return lambda root: write(root, {name: data})


def swap_declaration(root: Path) -> None:
    (root / "0=ocfl_1.1").unlink()
    write(root, {"0=ocfl_1.0": b"ocfl_1.0\n"})


WOUNDS: dict[str, Callable[[Path], object]] = {
    "E069": lambda root: (root / "0=ocfl_1.1").unlink(),
    "E070": put(LAYOUT_FILE, b'{"extension": "x"}'),
    "E071": put(LAYOUT_FILE, b'{"extension": ["x"], "description": ""}'),
    "E073": lambda root: (root / "empty").mkdir(),
    "E076": put("0=ocfl_1.0", b"ocfl_1.0\n"),
    "E080": put("0=ocfl_1.1", b"ocfl_1.1"),
    "E081": swap_declaration,
    "E083": lambda root: (root / OBJECT).rename(root / "elsewhere"),
    "E084": put("3c0/stray.txt", b""),
    "E085": lambda root: (root / "/".join(["x"] * 60)).mkdir(parents=True),
    "E090": lambda root: (root / "link").symlink_to("/"),
    "E112": put("extensions/notes.txt", b""),
    "W016": put("extensions/our-own/notes.txt", b""),
}


@pytest.mark.parametrize("code", WOUNDS)
def test_every_wound_of_a_root_is_called_by_its_code(root: Path, code: str) -> None:
    WOUNDS[code](root)
    assert code in {finding.code for finding in report_on(root).findings}


@pytest.mark.parametrize("data", [b"", b"[" * 5000, b'"x"', b"\xff"])
@pytest.mark.parametrize("name", [LAYOUT_FILE, CONFIG_FILE])
def test_a_layout_that_cannot_be_read_hides_no_object(root: Path, name: str, data: bytes) -> None:
    write(root, {name: data})
    assert report_on(root).object_count == 1


def test_two_objects_of_one_id_are_told(root: Path) -> None:
    write(root / "second", healthy_files(1))
    [finding] = report_on(root).findings
    assert (finding.code, finding.path) == ("E083", "second")


def test_what_lies_beside_the_declaration_is_nobodys_business(root: Path) -> None:
    write(root, {"README.txt": b"", f"extensions/{EXTENSION}/more.txt": b""})
    assert report_on(root).findings == ()


def test_a_root_that_is_not_there_cannot_be_looked_at(tmp_path: Path) -> None:
    with pytest.raises(MissingKey):
        validate_root(LocalBackend(tmp_path), "nowhere")
