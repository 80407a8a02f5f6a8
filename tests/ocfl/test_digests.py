"""Whether bytes in place have a digest."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.backends.base import write_bytes
from holdfast.backends.memory import MemoryBackend
from holdfast.errors import StorageRefused
from holdfast.ocfl.digests import has_digest
from holdfast.testing.faults import FaultyBackend


@given(data=st.binary(max_size=300), algorithm=st.sampled_from(["sha512", "sha256"]))
def test_bytes_have_their_own_digest_and_no_other(data: bytes, algorithm: str) -> None:
    backend = MemoryBackend()
    write_bytes(backend, "ocfl/film", data)
    assert has_digest(backend, "ocfl/film", hashlib.new(algorithm, data).hexdigest(), algorithm)
    assert not has_digest(backend, "ocfl/film", hashlib.new(algorithm, data + b"\0").hexdigest(), algorithm)


def test_a_file_that_is_gone_has_no_digest() -> None:
    assert not has_digest(MemoryBackend(), "ocfl/film", hashlib.sha512(b"").hexdigest())


def test_a_file_that_cannot_be_read_is_not_called_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = FaultyBackend(MemoryBackend())

    def refuse(key: str) -> None:
        raise StorageRefused(place="here", name=key, reason="input/output error")

    monkeypatch.setattr(backend, "open", refuse)
    with pytest.raises(StorageRefused):
        has_digest(backend, "ocfl/film", "")
