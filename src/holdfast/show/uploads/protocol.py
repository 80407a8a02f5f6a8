"""The words of tus 1.0.0: what a client says in its headers, and what it is told.

Source: tus resumable upload protocol 1.0.0, with its extensions creation, expiration, checksum and termination.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,checksum,termination"
ALGORITHMS = ("sha256", "sha512", "sha1")
PIECE_TYPE = "application/offset+octet-stream"
LONGEST_METADATA = 8192
CHECKSUM_MISMATCH = 460


class Refused(Exception):
    """A request that cannot be done as it was asked: the status of the answer, and why in a sentence."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status = status
        self.said = said


@dataclass(frozen=True)
class Checksum:
    """What a piece must have as its digest."""

    algorithm: str
    digest: bytes

    def begun(self) -> Any:
        """A hash of the algorithm, of nothing yet."""
        return hashlib.new(self.algorithm, usedforsecurity=False)

    def is_of(self, made: Any) -> bool:
        """Whether it is that of what was hashed."""
        return hmac.compare_digest(self.digest, made.digest())


def count(name: str, written: str) -> int:
    """A number of bytes as a header has it.

    Raises:
        Refused: it is none, or longer than any file.
    """
    if not (written.isascii() and written.isdigit() and len(written) <= 18):
        raise Refused(400, f"{name} must be a number of bytes.")
    return int(written)


def metadata(written: str) -> dict[str, str]:
    """The pairs of `Upload-Metadata`; text that is not UTF-8 has its odd bytes replaced.

    Raises:
        Refused: it is too long, or not pairs of a key and base64.
    """
    if len(written) > LONGEST_METADATA:
        raise Refused(413, f"Upload-Metadata may have {LONGEST_METADATA} characters.")
    pairs = {}
    for pair in filter(None, (one.strip() for one in written.split(","))):
        key, _, value = pair.partition(" ")
        try:
            pairs[key] = base64.b64decode(value, validate=True).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            raise Refused(400, "Upload-Metadata must be keys with base64.") from None
    return pairs


def checksum(written: str) -> Checksum | None:
    """The digest that `Upload-Checksum` promises; None if the client promises none.

    Raises:
        Refused: an algorithm that is not ours, or a digest that cannot be one.
    """
    if not written:
        return None
    algorithm, _, value = written.partition(" ")
    if algorithm not in ALGORITHMS:
        raise Refused(400, f"Upload-Checksum may be of {', '.join(ALGORITHMS)}.")
    try:
        digest = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if len(digest) != hashlib.new(algorithm, usedforsecurity=False).digest_size:
        raise Refused(400, "Upload-Checksum must be the base64 of a digest.")
    return Checksum(algorithm, digest)
