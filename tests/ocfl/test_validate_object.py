"""Content files against their digests."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from holdfast.backends.local import LocalBackend
from holdfast.errors import StorageRefused
from holdfast.model.fixity import FixityResult
from holdfast.ocfl.validate import check_file, inspect_object, validate_object
from tests.wounded.healthy import FILM, WORDS, Sample, sha512
from tests.wounded.make import HERE, healthy_files, write


def test_a_whole_file_passes_and_its_digests_are_given(tmp_path: Path) -> None:
    write(tmp_path / "object", healthy_files(1))
    backend = LocalBackend(tmp_path)
    [file] = inspect_object(backend, "object").content
    told: list[int] = []

    check = check_file(backend, file, buffer=bytearray(5), on_bytes=told.append)

    assert check.result is FixityResult.PASSED
    assert check.digests == {"sha512": sha512(FILM)}
    assert sum(told) == check.read_bytes == len(FILM)
    assert max(told) == 5


def test_each_kind_of_digest_is_computed_in_one_reading(tmp_path: Path) -> None:
    check = check_file(LocalBackend(HERE), inspect_object(LocalBackend(HERE), "E093_fixity_digest_mismatch").content[0])
    assert check.result is FixityResult.FAILED
    assert check.digests.keys() == {"sha512", "md5"}
    assert [finding.code for finding in check.findings] == ["E093"]
    assert check.read_bytes == len(FILM)


def test_a_file_that_vanished_since_the_inspection_failed(tmp_path: Path) -> None:
    write(tmp_path / "object", healthy_files(1))
    backend = LocalBackend(tmp_path)
    [file] = inspect_object(backend, "object").content
    (tmp_path / file.key).unlink()
    check = check_file(backend, file)
    assert (check.result, check.findings[0].code) == (FixityResult.FAILED, "E092")


class BadSector(BytesIO):
    def readinto(self, buffer: object) -> int:
        raise OSError(5, "Input/output error")


class WornDisk(LocalBackend):
    """A disk with a bad sector under every content file."""

    def open(self, key: str) -> BinaryIO:
        return BadSector() if "content" in key else super().open(key)


class ClosedDisk(LocalBackend):
    def open(self, key: str) -> BinaryIO:
        if "content" in key:
            raise StorageRefused(place=self.place, name=key, reason="Permission denied")
        return super().open(key)


def test_a_file_that_cannot_be_read_is_never_called_passed(tmp_path: Path) -> None:
    write(tmp_path / "object", healthy_files(1))
    for kind in (WornDisk, ClosedDisk):
        backend = kind(tmp_path)
        [file] = inspect_object(backend, "object").content
        check = check_file(backend, file)
        assert (check.result, check.findings[0].code) == (FixityResult.NOT_CHECKED, "H001")
        assert not validate_object(backend, "object").is_valid


def test_without_digests_nothing_is_said_about_the_bytes() -> None:
    name = "E092_content_digest_mismatch"
    quick = validate_object(LocalBackend(HERE), name, check_digests=False)
    full = validate_object(LocalBackend(HERE), name)
    assert (quick.is_valid, quick.files_checked, quick.read_bytes) == (True, 0, 0)
    assert (full.is_valid, full.files_checked, full.read_bytes) == (False, 1, len(FILM))


def test_a_report_parts_errors_from_warnings(tmp_path: Path) -> None:
    sample = Sample(2)
    sample.first.pop("message")
    sample.old["versions"]["v1"].pop("message")
    sample.content["v2/content/000000"] = WORDS + b"more"
    write(tmp_path / "object", sample.files())

    report = validate_object(LocalBackend(tmp_path), "object")

    assert [finding.code for finding in report.errors] == ["E092"]
    assert [finding.code for finding in report.warnings] == ["W007"]
    assert (report.key, report.object_id) == ("object", "holdfast:sample:wounded")
    assert report.inventory is not None
