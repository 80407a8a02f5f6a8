"""The objects that the editors of OCFL made for judging validators: every verdict is right, by us and by ocfl-py.

They stand beside the checkout and are no part of the project; `tests/wounded/` covers the same codes without them.
"""

from __future__ import annotations

import re
import tarfile
from pathlib import Path

import pytest
from ocfl.validator import Validator

from holdfast.backends.local import LocalBackend
from holdfast.ocfl.layout import walk_objects
from holdfast.ocfl.validate import ObjectReport, validate_object
from tests.wounded.test_samples import NAMED_BY_THE_EDITORS

ARCHIVE = Path(__file__).parents[2].parent / "shared" / "fixtures" / "ocfl-fixtures.tar.gz"

pytestmark = pytest.mark.skipif(not ARCHIVE.exists(), reason="the OCFL fixtures do not stand beside the checkout")

SETS = {("1.0", "good"): 10, ("1.0", "warn"): 14, ("1.0", "bad"): 52, ("1.1", "good"): 12, ("1.1", "warn"): 13}
SETS |= {("1.1", "bad"): 55}


@pytest.fixture(scope="module")
def fixtures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ocfl")
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(folder, filter="data")
    return folder / "ocfl-fixtures"


def objects(fixtures: Path, spec: str, kind: str) -> list[Path]:
    return sorted((fixtures / spec / f"{kind}-objects").iterdir())


def judged(path: Path) -> ObjectReport:
    return validate_object(LocalBackend(path.parent), path.name)


def named(path: Path) -> set[str]:
    return set(re.findall(r"[EW]\d{3}", path.name))


@pytest.mark.parametrize("spec", ["1.0", "1.1"])
def test_a_good_object_gives_neither_error_nor_warning(fixtures: Path, spec: str) -> None:
    assert {path.name: judged(path).findings for path in objects(fixtures, spec, "good") if judged(path).findings} == {}


@pytest.mark.parametrize("spec", ["1.0", "1.1"])
def test_an_object_worth_a_warning_gives_that_warning_and_no_error(fixtures: Path, spec: str) -> None:
    for path in objects(fixtures, spec, "warn"):
        report = judged(path)
        assert report.is_valid, path.name
        assert named(path) <= report.codes, path.name


@pytest.mark.parametrize("spec", ["1.0", "1.1"])
def test_a_bad_object_is_refused_with_every_code_in_its_name(fixtures: Path, spec: str) -> None:
    for path in objects(fixtures, spec, "bad"):
        assert named(path) <= {finding.code for finding in judged(path).errors}, path.name


@pytest.mark.parametrize(("spec", "kind"), SETS)
def test_another_program_gives_the_same_verdicts(fixtures: Path, spec: str, kind: str) -> None:
    paths = objects(fixtures, spec, kind)
    assert len(paths) == SETS[spec, kind]
    for path in paths:
        theirs = Validator(log_errors=False).validate_object(str(path))
        assert judged(path).is_valid == theirs == (kind != "bad"), path.name


def test_the_inventories_of_all_sound_objects_can_be_read(fixtures: Path) -> None:
    for spec in ("1.0", "1.1"):
        for path in objects(fixtures, spec, "good") + objects(fixtures, spec, "warn"):
            inventory = judged(path).inventory
            assert inventory is not None, path.name
            assert inventory.spec == spec
            assert all(inventory.content_of(logical) for logical in inventory.state())


def test_a_walk_meets_every_object_that_was_not_emptied(fixtures: Path) -> None:
    met = list(walk_objects(LocalBackend(fixtures)))
    assert len(met) == sum(SETS.values()) - 2  # the two called empty hold nothing but a .keep
    assert not any("/v1" in key for key in met)


def test_our_own_samples_cover_every_code_that_the_editors_name(fixtures: Path) -> None:
    kinds = [("1.0", "bad"), ("1.1", "bad"), ("1.0", "warn"), ("1.1", "warn")]
    assert {code for kind in kinds for path in objects(fixtures, *kind) for code in named(path)} == NAMED_BY_THE_EDITORS
