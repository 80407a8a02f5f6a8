"""Fixity: evidence that bits have not changed undocumented."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum

DIGEST_OF_RECORD = "sha512"
_HEXADECIMAL = re.compile(r"(?:[0-9a-f]{2})+")
_CHARACTERS = {"md5": 32, "sha1": 40, "sha256": 64, "sha512": 128}


@dataclass(frozen=True, order=True)
class Digest:
    """What a digest algorithm gave, in lower-case hexadecimal. The digest of record is always sha512."""

    text: str
    algorithm: str = DIGEST_OF_RECORD

    def __post_init__(self) -> None:
        if not _HEXADECIMAL.fullmatch(self.text):
            raise ValueError(f"not a digest in lower-case hexadecimal: {self.text[:140]!r}")
        expected = _CHARACTERS.get(self.algorithm, len(self.text))
        if len(self.text) != expected:
            raise ValueError(f"{self.algorithm} has {expected} characters, not {len(self.text)}: {self.text[:140]!r}")

    def __str__(self) -> str:
        return self.text

    @property
    def short(self) -> str:
        """Enough of it for a person to compare at a glance."""
        return self.text[:12]


def digest_of(data: bytes) -> Digest:
    """The digest of record of bytes in memory."""
    return Digest(hashlib.sha512(data).hexdigest())


class FixityResult(StrEnum):
    """What one fixity check found. What was not looked at is never called passed."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not checked"
