"""The wounded samples are what their script makes, and the validator sees each wound."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from holdfast.backends.local import LocalBackend
from holdfast.ocfl.codes import CODES
from holdfast.ocfl.validate import validate_object
from tests.wounded.make import HERE, WOUNDS, healthy_files, sample_files, write

CANNOT_BE_A_SAMPLE = {
    "E024": "version control keeps no empty folder; tests/ocfl/test_validate_structure.py",
    "W003": "version control keeps no empty folder; tests/ocfl/test_validate_structure.py",
    "E090": "a link; tests/ocfl/test_validate_structure.py",
    "H001": "a storage that refuses; tests/ocfl/test_validate_structure.py",
    "H002": "an object in the place of another; tests/keep/test_audit.py",
    **dict.fromkeys(
        ("E069", "E070", "E071", "E073", "E076", "E080", "E081", "E083", "E084", "E085", "E112", "W016"),
        "of storage roots; tests/ocfl/test_validate_root.py",
    ),
}

NAMED_BY_THE_EDITORS = set(
    re.findall(
        r"\w+",
        """E001 E003 E007 E008 E010 E011 E013 E015 E017 E019 E023 E025 E036 E037 E040 E041 E046 E049 E050 E052 E053
    E054 E058 E060 E061 E063 E064 E066 E067 E092 E093 E095 E096 E097 E099 E100 E101 E103 E107 W001 W002 W004
    W005 W007 W008 W009 W010 W011 W013""",
    )
)
"""The codes in the names of the bad and warn objects of the OCFL fixtures."""


def codes_of(name: str) -> set[str]:
    return set(re.findall(r"[EW]\d{3}", name))


def on_disk(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", WOUNDS)
def test_a_sample_is_what_its_script_makes(name: str) -> None:
    assert on_disk(HERE / name) == sample_files(name)


def test_there_are_no_samples_that_the_script_does_not_make() -> None:
    assert {path.name for path in HERE.iterdir() if path.is_dir() and path.name[0] in "EW"} == WOUNDS.keys()


@pytest.mark.parametrize("name", WOUNDS)
def test_every_wound_is_seen_and_called_by_its_name(name: str) -> None:
    report = validate_object(LocalBackend(HERE), name)

    assert codes_of(name) <= report.codes
    assert report.is_valid == name.startswith("W")


@pytest.mark.parametrize("name", [name for name in WOUNDS if name.startswith("W")])
def test_a_warning_comes_alone(name: str) -> None:
    assert validate_object(LocalBackend(HERE), name).codes == codes_of(name)


@pytest.mark.parametrize("versions", [1, 2])
def test_before_the_wound_the_object_was_healthy(tmp_path: Path, versions: int) -> None:
    write(tmp_path / "healthy", healthy_files(versions))
    assert validate_object(LocalBackend(tmp_path), "healthy").findings == ()


def test_every_code_has_a_sample_or_a_reason() -> None:
    shown = {code for name in WOUNDS for code in codes_of(name)}
    assert shown >= NAMED_BY_THE_EDITORS
    assert CODES.keys() - shown == CANNOT_BE_A_SAMPLE.keys()
