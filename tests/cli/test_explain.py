from __future__ import annotations

import pytest

from holdfast.errors import error_kinds
from tests.cli.line import holdfast


@pytest.mark.parametrize("kind", list(error_kinds()), ids=lambda kind: kind.code)
def test_every_error_code_is_explained_in_any_capitals(kind: type) -> None:
    said = holdfast("explain", kind.code.lower())  # type: ignore[attr-defined]
    assert said.code == 0
    assert said.out.startswith(f"{kind.code} (exit code {kind.exit_code}): ")  # type: ignore[attr-defined]


def test_all_codes_are_listed_without_one() -> None:
    assert [line.split()[0] for line in holdfast("explain").lines] == [kind.code for kind in error_kinds()]
    assert len(holdfast("explain", "--json").records) == len(list(error_kinds()))


def test_the_findings_of_an_audit_are_explained_with_their_clause() -> None:
    said = holdfast("explain", "e092")
    assert said.out.startswith("E092 (OCFL 1.1, must): ")
    assert "https://ocfl.io/1.1/spec/#E092" in said.out
    assert holdfast("explain", "H001").out.startswith("H001 (Holdfast): ")


def test_an_unknown_code_is_an_error_that_says_where_all_are() -> None:
    said = holdfast("explain", "HF-Z999", "--json")
    assert (said.code, said.error["error"]) == (3, "HF-N007")


@pytest.mark.parametrize("kind", list(error_kinds()), ids=lambda kind: kind.code)
def test_an_explanation_has_words_where_an_error_has_values(kind: type) -> None:
    said = holdfast("explain", kind.code).out  # type: ignore[attr-defined]
    assert "{" not in said.replace("{}", "")
    assert "}" not in said


def test_the_words_of_an_explanation_read_like_the_usage_of_a_command() -> None:
    said = holdfast("explain", "HF-D002")
    assert "FILE of OBJECT-ID is damaged: expected EXPECTED, found FOUND." in said.out
    assert "There is no asset ASSET." in holdfast("explain", "HF-N001").out
