"""Whether bytes in place have a digest: the plain question behind mending, recovery and "kept already"."""

from __future__ import annotations

import hashlib

from holdfast.backends.base import Backend
from holdfast.errors import MissingKey, StorageRefused
from holdfast.model.inventory import DIGEST_ALGORITHM

BUFFER_BYTES = 1024 * 1024


def has_digest(backend: Backend, key: str, expected: str, algorithm: str = DIGEST_ALGORITHM) -> bool:
    """Whether the file at `key` is there and all its bytes together have the digest. Reads it once, to its end.

    Raises:
        StorageRefused: it is there and cannot be read; that says nothing about its bytes.
    """
    found = hashlib.new(algorithm)
    buffer = bytearray(BUFFER_BYTES)
    try:
        with backend.open(key) as stream:
            while count := stream.readinto(buffer):  # type: ignore[attr-defined]
                found.update(memoryview(buffer)[:count])
    except MissingKey:
        return False
    return found.hexdigest() == expected


def gives_back(backend: Backend, key: str, expected: str, algorithm: str = DIGEST_ALGORITHM) -> bool:
    """As `has_digest`, where nothing but bytes counts: what a bad sector keeps to itself is not given back."""
    try:
        return has_digest(backend, key, expected, algorithm)
    except StorageRefused:
        return False
