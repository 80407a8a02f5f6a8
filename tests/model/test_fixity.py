"""A digest is what its algorithm gives, and nothing else can stand in its place."""

from __future__ import annotations

import hashlib

import pytest

from holdfast.model.fixity import Digest, FixityResult, digest_of


def test_the_digest_of_bytes_is_the_sha512_that_any_tool_gives() -> None:
    digest = digest_of(b"harvest")
    assert str(digest) == hashlib.sha512(b"harvest").hexdigest()
    assert (digest.algorithm, digest.short) == ("sha512", str(digest)[:12])
    assert digest == Digest(str(digest))


@pytest.mark.parametrize("text", ["", "abc", "F1" * 64, "g1" * 64, " " + "f1" * 64, "f1" * 64 + "\n", "٢٥" * 64])
def test_what_is_not_lower_case_hexadecimal_is_no_digest(text: str) -> None:
    with pytest.raises(ValueError, match="not a digest"):
        Digest(text)


@pytest.mark.parametrize(
    ("algorithm", "size"), [("sha512", 64), ("sha256", 32), ("sha1", 20), ("md5", 16), ("blake3", 32), ("blake3", 64)]
)
def test_a_digest_is_as_long_as_its_algorithm_makes_it(algorithm: str, size: int) -> None:
    assert len(str(Digest("f1" * size, algorithm))) == 2 * size


@pytest.mark.parametrize("size", [1, 32, 63, 65, 100_000])
def test_a_digest_that_was_cut_short_or_is_of_another_kind_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="sha512 has 128"):
        Digest("f1" * size)


def test_what_was_not_looked_at_is_not_called_passed() -> None:
    assert [result.value for result in FixityResult] == ["passed", "failed", "not checked"]
