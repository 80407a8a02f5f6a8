"""What lies in an object's folders: what no committed sample can hold, and what an inspection tells."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from holdfast.backends.base import Entry
from holdfast.backends.local import LocalBackend
from holdfast.errors import StorageRefused
from holdfast.ocfl.validate import Inspection, inspect_object
from tests.wounded.healthy import FILM, WORDS, Sample, sha512
from tests.wounded.make import HERE, healthy_files, write


def planted(folder: Path, files: dict[str, bytes]) -> Path:
    write(folder / "object", files)
    return folder / "object"


def inspected(folder: Path) -> Inspection:
    return inspect_object(LocalBackend(folder.parent), folder.name)


def codes(folder: Path) -> set[str]:
    return {finding.code for finding in inspected(folder).findings}


def test_an_inspection_lists_the_content_and_what_it_should_be(tmp_path: Path) -> None:
    inspection = inspected(planted(tmp_path, healthy_files(2)))

    assert inspection.findings == ()
    assert [(file.key, file.path, file.size_bytes) for file in inspection.content] == [
        ("object/v1/content/000000", "v1/content/000000", len(FILM)),
        ("object/v2/content/000000", "v2/content/000000", len(WORDS)),
    ]
    [expected] = inspection.content[0].expected
    assert (expected.algorithm, expected.digest, expected.code) == ("sha512", sha512(FILM), "E092")
    assert inspection.size_bytes == len(FILM) + len(WORDS)
    assert inspection.inventory is not None
    assert inspection.inventory.object_id == inspection.object_id == "holdfast:sample:wounded"


def test_a_file_that_two_inventories_describe_differently_has_both_expectations() -> None:
    inspection = inspect_object(LocalBackend(HERE), "E066_E092_an_old_digest_told_differently")
    told = {expected.source: expected.digest for expected in inspection.content[0].expected}
    assert told == {"inventory.json": sha512(FILM), "v1/inventory.json": sha512(b"another film")}


def test_content_can_still_be_checked_when_the_root_inventory_is_lost() -> None:
    inspection = inspect_object(LocalBackend(HERE), "E063_no_inventory")
    assert [file.path for file in inspection.content] == ["v1/content/000000"]
    assert inspection.inventory is None


def test_an_empty_content_folder_is_a_warning_and_one_inside_it_an_error(tmp_path: Path) -> None:
    sample = Sample(2)
    sample.content.pop("v2/content/000000")
    sample.new["manifest"].pop(sha512(WORDS))
    sample.new["versions"]["v2"]["state"].pop(sha512(WORDS))
    folder = planted(tmp_path, sample.files())

    (folder / "v2/content").mkdir()
    assert codes(folder) == {"W003"}
    (folder / "v1/content/empty").mkdir()
    assert codes(folder) == {"W003", "E024"}


@pytest.mark.parametrize("place", ["link", "v1/link", "v1/content/link", "extensions/initial/link", "logs/deep/link"])
def test_a_link_anywhere_is_an_error_and_never_followed(tmp_path: Path, place: str) -> None:
    folder = planted(tmp_path, healthy_files(1))
    (folder / place).parent.mkdir(parents=True, exist_ok=True)
    (folder / place).symlink_to("/")
    assert codes(folder) == {"E090"}


def test_a_link_in_place_of_content_is_not_content(tmp_path: Path) -> None:
    folder = planted(tmp_path, healthy_files(1))
    content = folder / "v1/content/000000"
    content.rename(tmp_path / "elsewhere")
    content.symlink_to(tmp_path / "elsewhere")
    assert codes(folder) >= {"E090", "E092"}
    assert inspected(folder).content == ()


def test_logs_may_hold_what_they_like(tmp_path: Path) -> None:
    folder = planted(tmp_path, healthy_files(1) | {"logs/2026/audit.txt": b"", "logs/note": b""})
    assert codes(folder) == set()


@pytest.mark.parametrize("name", ["v0", "v", "v-1", "v1234567890", "V1"])
def test_a_folder_that_only_resembles_a_version_is_a_stranger(tmp_path: Path, name: str) -> None:
    folder = planted(tmp_path, healthy_files(1) | {f"{name}/content/a": b"x"})
    assert codes(folder) == {"E001"}


def test_a_file_name_that_is_not_unicode_can_be_told(tmp_path: Path) -> None:
    folder = planted(tmp_path, healthy_files(1))
    try:
        (folder / os.fsdecode(b"film\xff")).write_bytes(b"")
    except OSError:
        pytest.skip("this file system refuses such names")
    [finding] = inspected(folder).findings
    assert (finding.code, finding.path) == ("E001", "film\\udcff")


def test_an_inventory_that_claims_a_gigabyte_is_not_read(tmp_path: Path) -> None:
    folder = planted(tmp_path, healthy_files(1))
    with (folder / "inventory.json").open("r+b") as file:
        file.truncate(1024**3)
    assert "E033" in codes(folder)


def test_an_object_that_is_not_there_has_nothing(tmp_path: Path) -> None:
    assert codes(tmp_path / "nowhere") >= {"H001", "E003", "E063"}


class Refusing(LocalBackend):
    """A disk that cannot read what lies at one key."""

    refused = ""

    def read(self, key: str, *, limit: int = 256 * 1024 * 1024) -> bytes:
        self._refuse(key)
        return super().read(key, limit=limit)

    def entries(self, folder: str) -> list[Entry]:
        self._refuse(folder)
        return super().entries(folder)

    def _refuse(self, key: str) -> None:
        if key == f"object/{self.refused}":
            raise StorageRefused(place=self.place, name=key, reason="Input/output error")


@pytest.mark.parametrize(
    "refused", ["0=ocfl_object_1.1", "inventory.json", "inventory.json.sha512", "v1", "v1/inventory.json", "v1/content"]
)
def test_what_the_disk_refuses_to_show_is_told_and_the_rest_is_looked_at(tmp_path: Path, refused: str) -> None:
    planted(tmp_path, healthy_files(2))
    backend = Refusing(tmp_path)
    backend.refused = refused

    findings = inspect_object(backend, "object").findings

    assert ("H001", refused) in {(finding.code, finding.path) for finding in findings}
