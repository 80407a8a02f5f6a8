from __future__ import annotations

import io
import json
import sys
from datetime import UTC, datetime

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.cli.speak import Speaker, counted, json_line, print_line, size, typed, visible, wants_json
from holdfast.errors import UnknownAsset


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Жатва 收获 수확 Ernte", "Жатва 收获 수확 Ernte"),
        ("\x1b[2J", "\\x1b[2J"),
        ("a\nb\tc", "a\\x0ab\\x09c"),
        ("gpj\u202e.exe", "gpj\\u202e.exe"),
        ("\x9b31m", "\\x9b31m"),
        ("\udcff", "\\udcff"),
        ("\U000e0041", "\\U000e0041"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_what_a_terminal_would_obey_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text(alphabet=st.characters()))
def test_a_line_of_json_is_one_printable_line_and_means_the_same(text: str) -> None:
    line = json_line({"title": text})
    assert json.loads(line) == {"title": text}
    assert visible(line) == line
    line.encode("utf-8")


def test_a_path_can_be_pasted_into_a_shell() -> None:
    assert typed("my films/it's.mp4") == """'my films/it'"'"'s.mp4'"""


def test_sizes_and_counts_are_said_as_people_say_them() -> None:
    assert [size(0), size(1023), size(1024), size(5 * 1024**4)] == ["0 B", "1023 B", "1.0 KiB", "5.0 TiB"]
    assert counted(1, "1 file", "{n} files") == "1 file"
    assert counted(0, "1 file", "{n} files") == "0 files"
    assert counted(12345, "1 file", "{n} files") == "12,345 files"


def test_json_is_asked_for_only_before_the_end_of_the_options() -> None:
    assert wants_json(["ls", "--json"])
    assert not wants_json(["add", "--", "--json"])


def test_a_moment_in_a_record_is_told_in_utc() -> None:
    assert json_line({"at": datetime(2026, 11, 23, 14, tzinfo=UTC)}) == '{"at": "2026-11-23T14:00:00Z"}'


def test_an_error_is_three_lines_for_people_and_one_object_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    Speaker(as_json=False).error(UnknownAsset(asset="\x1b]0;x", hint=""))
    assert capsys.readouterr().err.splitlines() == [
        "HF-N001: There is no asset \\x1b]0;x.",
        "  Nothing was changed.",
        "  List the assets with holdfast ls, or look for words with holdfast search.",
    ]
    Speaker(as_json=True).error(UnknownAsset(asset="x", hint=""))
    assert json.loads(capsys.readouterr().err).keys() == {"error", "what", "holds", "next"}


def test_json_mode_says_nothing_to_people(capsys: pytest.CaptureFixture[str]) -> None:
    speaker = Speaker(as_json=True)
    speaker.say("hello")
    speaker.warn("careful")
    speaker.note("by the way")
    assert capsys.readouterr() == ("", "")


def test_a_usage_error_names_the_help_of_its_command(capsys: pytest.CaptureFixture[str]) -> None:
    context = click.Context(click.Command("ls"), info_name="holdfast ls")
    Speaker(as_json=False).usage(click.UsageError("No such option.", context))
    assert capsys.readouterr().err == "holdfast ls: No such option.\n  Nothing was changed.\n  holdfast ls --help\n"


class NobodyReads(io.StringIO):
    """A pipe whose reader has gone."""

    def write(self, text: str) -> int:
        raise BrokenPipeError


def test_a_reader_that_went_away_stops_nothing() -> None:
    print_line("hello", NobodyReads())


def test_a_terminal_that_knows_only_ascii_gets_utf_8(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), "ascii", write_through=True)
    monkeypatch.setattr(sys, "stdout", stream)
    print_line("Жатва", stream)
    assert stream.buffer.getvalue().decode("utf-8") == "Жатва\n"  # type: ignore[attr-defined]
