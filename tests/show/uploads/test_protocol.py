"""The words of tus: read as they are meant, and refused with a status where they mean nothing."""

from __future__ import annotations

import base64
import hashlib

import pytest

from holdfast.show.uploads.protocol import LONGEST_METADATA, Refused, checksum, count, metadata


def coded(text: bytes) -> str:
    return base64.b64encode(text).decode()


@pytest.mark.parametrize("written", ["", "-1", "1.5", "0x10", "1e3", "9" * 19, "²"])
def test_a_number_of_bytes_is_digits_and_no_longer_than_a_file(written: str) -> None:
    with pytest.raises(Refused) as refused:
        count("Upload-Length", written)
    assert refused.value.status == 400
    assert count("Upload-Length", "0") == 0


def test_metadata_is_pairs_in_any_script_and_a_key_may_stand_alone() -> None:
    written = f"filename {coded('Жатва.mp4'.encode())}, is_secret"
    assert metadata(written) == {"filename": "Жатва.mp4", "is_secret": ""}
    assert metadata(f"filename {coded(bytes([0xFF]))}") == {"filename": "\ufffd"}


@pytest.mark.parametrize(("written", "status"), [("filename not/base64!", 400), ("a" * (LONGEST_METADATA + 1), 413)])
def test_metadata_that_is_no_pair_or_endless_is_refused(written: str, status: int) -> None:
    with pytest.raises(Refused) as refused:
        metadata(written)
    assert refused.value.status == status


def test_a_checksum_knows_its_bytes_and_no_others() -> None:
    promised = checksum(f"sha256 {coded(hashlib.sha256(b'film').digest())}")
    assert promised is not None
    for data, is_right in ((b"film", True), (b"fine", False)):
        made = promised.begun()
        made.update(data)
        assert promised.is_of(made) is is_right
    assert checksum("") is None


@pytest.mark.parametrize("written", ["md5 AAAA", "sha256", "sha256 AAAA", "sha256 !!!", f"sha1 {'A' * 44}"])
def test_a_checksum_that_cannot_be_one_is_refused(written: str) -> None:
    with pytest.raises(Refused):
        checksum(written)
