from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Kept
from tests.cli.line import Said, holdfast, inventory_of, tree


def described(kept: Kept, *words: object, **more: Any) -> Said:
    return holdfast("describe", kept.id("harvest.mp4"), *words, "--archive", kept.archive, **more)


def record(kept: Kept) -> dict[str, Any]:
    (shown,) = holdfast("show", kept.id("harvest.mp4"), "--archive", kept.archive, "--json").records
    value: dict[str, Any] = shown["record"]
    return value


def head(kept: Kept) -> str:
    return str(inventory_of(kept.archive, kept.id("harvest.mp4"))["head"])


def editor(tmp_path: Path, program: str) -> str:
    """A program that edits the file it is given: `program` sees its text as `text` and leaves the new one there."""
    script = tmp_path / "my editor.py"
    script.write_text(
        f"import sys\npath = sys.argv[1]\ntext = open(path, encoding='utf-8').read()\n{program}\n"
        "open(path, 'w', encoding='utf-8').write(text)\n"
    )
    return f"{shlex.quote(sys.executable)} {shlex.quote(str(script))}"


@pytest.mark.parametrize(
    ("words", "field", "value"),
    [
        (["--title", "Ernte", "--lang", "de"], "titles", {"text": "Ernte", "language": "de"}),
        (["--description", "夏天", "--lang", "zh-Hans"], "descriptions", {"text": "夏天", "language": "zh-Hans"}),
        (["--date", "1974-05~=recorded"], "dates", {"edtf": "1974-05~", "kind": "recorded"}),
        (["--date", "197X"], "dates", {"edtf": "197X"}),
        (["--person", "Н. Петрова=camera"], "people", {"name": "Н. Петрова", "role": "camera"}),
        (["--person", "N. N.", "--source", "card"], "people", {"name": "N. N.", "source": "card"}),
        (["--place", "Полтава"], "places", {"name": "Полтава"}),
        (["--tag", "조합", "--lang", "ko"], "tags", {"text": "조합", "language": "ko"}),
        (["--collection", "Films of the 1970s"], "collections", "Films of the 1970s"),
        (["--spoken", "uk"], "languages", "uk"),
    ],
)
def test_an_option_adds_to_its_field(kept: Kept, words: list[str], field: str, value: object) -> None:
    before = record(kept).get(field, [])
    assert described(kept, *words).code == 0
    assert record(kept)[field] == [*before, value]


@pytest.mark.parametrize(
    ("words", "path", "value"),
    [
        (["--category", "newsreel"], ["category"], "newsreel"),
        (["--access", "public"], ["access"], "public"),
        (["--rights", "In copyright"], ["rights", "statement"], "In copyright"),
        (["--rights-uri", "https://example.org/r"], ["rights", "uri"], "https://example.org/r"),
        (["--holder", "The Group"], ["rights", "holder"], "The Group"),
    ],
)
def test_an_option_sets_its_field(kept: Kept, words: list[str], path: list[str], value: str) -> None:
    assert described(kept, *words).code == 0
    found: Any = record(kept)
    for name in path:
        found = found[name]
    assert found == value


def test_a_title_in_the_same_language_is_replaced_and_a_tag_taken_away(kept: Kept) -> None:
    assert described(kept, "--title", "Урожай", "--lang", "ru", "--untag", "1974").code == 0
    assert [title["text"] for title in record(kept)["titles"]] == ["Урожай"]
    assert [tag["text"] for tag in record(kept)["tags"]] == ["harvest"]


def test_what_was_said_before_stays_in_the_earlier_version(kept: Kept, tmp_path: Path) -> None:
    assert described(kept, "--title", "Урожай", "--lang", "ru").code == 0
    words = ["record.json", "--version", "v1", "-o", tmp_path / "old.json", "--archive", kept.archive]
    assert holdfast("get", kept.id("harvest.mp4"), *words).code == 0
    assert "Жатва 1974" in (tmp_path / "old.json").read_text("utf-8")


def test_the_difference_names_what_went_and_what_came(kept: Kept) -> None:
    said = described(kept, "--untag", "1974", "--category", "newsreel", "--title", "Урожай", "--lang", "ru", "--json")
    assert said.records[0]["difference"] == [
        '- titles: {"text": "Жатва 1974", "language": "ru", "source": "Example"}',
        '+ titles: {"text": "Урожай", "language": "ru"}',
        '- tags: {"text": "1974", "language": "ru", "source": "Example"}',
        '+ category: "newsreel"',
    ]


def test_the_same_again_makes_no_version(kept: Kept) -> None:
    assert described(kept, "--tag", "field").out.startswith(f"{kept.id('harvest.mp4')} v2: changed tags\n")
    assert described(kept, "--tag", "field").out == "Nothing changed.\n"
    assert head(kept) == "v2"


def test_a_dry_run_shows_the_difference_and_writes_nothing(kept: Kept) -> None:
    before = tree(kept.archive / "ocfl")
    said = described(kept, "--tag", "field", "--dry-run")
    assert said.code == 0
    assert said.lines == ['  + tags: {"text": "field"}', "Nothing was changed: this was a dry run."]
    assert tree(kept.archive / "ocfl") == before


@pytest.mark.parametrize(
    "words",
    [
        ["--date", "31.12.1974"],
        ["--date", "1974-02-30"],
        ["--title", " "],
        ["--tag", ""],
        ["--person", "=director"],
        ["--title", "x", "--lang", "Russian language"],
        ["--title", "bytes \udcff"],
        ["--access", "everybody"],
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_written(kept: Kept, words: list[str]) -> None:
    before = tree(kept.archive / "ocfl")
    said = described(kept, *words)
    assert said.code == 2
    assert "Nothing was changed." in said.err
    assert tree(kept.archive / "ocfl") == before


def test_the_printed_description_goes_back_in_with_its_changes(kept: Kept) -> None:
    plain = described(kept, "--json").records[0]
    plain["category"] = "newsreel"
    said = described(kept, "--from", "-", "--json", stdin=json.dumps(plain).encode())
    assert (said.code, said.records[0]["changed"]) == (0, ["category"])
    assert record(kept)["category"] == "newsreel"


def test_a_description_that_was_outrun_is_refused(kept: Kept, tmp_path: Path) -> None:
    (tmp_path / "d.json").write_text(described(kept, "--json").out, "utf-8")
    assert described(kept, "--tag", "meanwhile").code == 0
    said = described(kept, "--from", tmp_path / "d.json", "--json")
    assert (said.code, said.error["error"]) == (4, "HF-B002")
    assert "meanwhile" in [tag["text"] for tag in record(kept)["tags"]]


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "[]",
        '{"instantiations": []}',
        '{"id": "0000000000000"}',
        '{"titles": "x"}',
        '{"titles": [{"language": "de"}]}',
        '{"asset": "0000000000000"}',
        '{"titles": [{"text": "\\ud800"}]}',
        '{"dates": [{"edtf": "soon"}]}',
    ],
)
def test_a_description_of_the_wrong_form_is_refused(kept: Kept, text: str) -> None:
    before = tree(kept.archive / "ocfl")
    said = described(kept, "--from", "-", "--json", stdin=text.encode())
    assert (said.code, said.error["error"]) == (2, "HF-A005")
    assert tree(kept.archive / "ocfl") == before


def test_fields_that_this_program_does_not_know_survive_an_edit(kept: Kept) -> None:
    plain = described(kept, "--json").records[0]
    plain["titles"][0]["pronunciation"] = "zhatva"
    assert described(kept, "--from", "-", stdin=json.dumps(plain).encode()).code == 0
    assert described(kept, "--tag", "field").code == 0
    assert record(kept)["titles"][0]["pronunciation"] == "zhatva"


def test_the_editor_gets_the_description_and_its_changes_are_kept(kept: Kept, tmp_path: Path) -> None:
    program = editor(tmp_path, "text = text.replace('Жатва', 'Урожай')")
    said = described(kept, EDITOR=program)
    assert (said.code, said.err) == (0, "")
    assert record(kept)["titles"][0]["text"] == "Урожай 1974"


def test_an_editor_that_saves_nothing_changes_nothing(kept: Kept) -> None:
    said = described(kept, EDITOR="true")
    assert (said.code, said.out) == (0, "Nothing changed.\n")
    assert head(kept) == "v1"


def test_what_was_typed_is_saved_when_it_cannot_be_taken(kept: Kept, tmp_path: Path) -> None:
    said = described(kept, EDITOR=editor(tmp_path, "text = text.replace('}', '', 1)"), TMPDIR=str(tmp_path))
    assert said.code == 2
    note = next(line for line in said.err.splitlines() if line.startswith("note: "))
    saved = Path(shlex.split(note)[-1])
    assert "Жатва" in saved.read_text("utf-8")
    saved.unlink()


def test_an_editor_that_fails_is_an_error_and_changes_nothing(kept: Kept) -> None:
    said = described(kept, EDITOR="false")
    assert said.code == 2
    assert head(kept) == "v1"


def test_without_options_editor_or_terminal_it_says_what_to_do(kept: Kept) -> None:
    said = described(kept)
    assert said.code == 2
    assert "$EDITOR" in said.err


def test_an_embargo_closes_until_its_day_and_is_told_by_show_and_ls(kept: Kept) -> None:
    asset, archive = kept.id("harvest.mp4"), ("--archive", kept.archive)
    described(kept, "--access", "public", "--warning", "Flashing lights", "--lang", "en")
    assert described(kept, "--embargo-until", "2931-05-09", "--embargo-reason", "the estate asked").code == 0
    shown = holdfast("show", asset, *archive).out
    assert "access: curators until 2931-05-09T00:00:00Z (the estate asked), then public" in shown
    assert "Flashing lights" in shown
    (line,) = [found for found in holdfast("ls", "--json", *archive).records if found["asset"] == asset]
    assert (line["access"], line["opens_at"]) == ("curators", "2931-05-09T00:00:00Z")
    described(kept, "--no-embargo")
    assert "access: public" in holdfast("show", asset, *archive).out


def test_an_embargo_without_an_end_or_with_one_that_is_no_day_is_refused(kept: Kept) -> None:
    assert described(kept, "--embargo-level", "sealed").code == 2
    assert described(kept, "--embargo-until", "next year").code == 2
    assert head(kept) == "v1"
