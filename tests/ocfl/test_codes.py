"""The table of codes and the shape of a finding."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import holdfast.ocfl
from holdfast.ocfl.codes import CODES, Finding, clause, finding, link, quoted, sentence

OURS = {"H001", "H002"}  # what the storage refuses, what lies in the place of another
SOURCES = sorted(Path(holdfast.ocfl.__path__[0]).glob("validate*.py"))


def test_the_table_holds_exactly_the_codes_that_are_reported() -> None:
    text = "".join(path.read_text("utf-8") for path in SOURCES)
    assert set(re.findall(r'"([EW]\d{3})"', text)) | OURS == CODES.keys()


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_sentence_and_a_clause_to_look_up(code: str) -> None:
    assert re.fullmatch(r"[A-Zo].*\.", sentence(code))
    assert re.fullmatch(r"[a-z-]+", clause(code)) or code in OURS
    assert link(code) == (f"https://ocfl.io/1.1/spec/#{code}" if code not in OURS else "")


def test_only_warnings_leave_an_object_valid() -> None:
    assert [Finding(code, "", "").is_error for code in ("E001", "H001", "W001")] == [True, True, False]


def test_a_name_that_no_screen_can_show_is_shown_with_escapes() -> None:
    assert finding("E001", "film\udcff\n.mp4", "фильм").path == "film\\udcff\\n.mp4"
    assert str(finding("E001", "", "фильм")) == "E001 .: фильм"


def test_a_value_from_a_hostile_document_is_cut_short() -> None:
    assert len(quoted("x" * 10_000)) < 100
    assert len(quoted(10**100)) < 100
    assert quoted({"a": 1}) == "a JSON object"
